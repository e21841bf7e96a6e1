// What a worker says about itself.

/** One thing that happened. */
export interface LogEntry {
  level: 'debug' | 'info' | 'warn' | 'error';
  /** Constant text; what differs is in `fields`. */
  message: string;
  fields: Record<string, unknown>;
}

/** Takes what a worker says. */
export type Log = (entry: LogEntry) => void;

/** What a log throws must not end the worker. */
export function careful(log: Log): Log {
  return (entry) => {
    try {
      log(entry);
    } catch (error) {
      console.error('flotilla: the log failed', error);
    }
  };
}

/** Warnings and errors on the console, nothing else. */
export function consoleLog({ level, message, fields }: LogEntry): void {
  if (level === 'error') console.error(`flotilla: ${message}`, fields);
  else if (level === 'warn') console.warn(`flotilla: ${message}`, fields);
}
