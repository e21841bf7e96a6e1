// A worker in a test, and ways to wait for what it does.

import { Worker, type LogEntry, type WorkerOptions } from '../src/index.js';

/** A promise and its keys. */
export interface Deferred<T> {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (error: unknown) => void;
}

export function deferred<T = void>(): Deferred<T> {
  let [resolve, reject]: [(value: T) => void, (error: unknown) => void] = [() => {}, () => {}];
  const promise = new Promise<T>((yes, no) => {
    [resolve, reject] = [yes, no];
  });
  return { promise, resolve, reject };
}

let agents = 0;

/** What a worker said, and waiting for what it will say. */
export class Said {
  readonly entries: LogEntry[] = [];
  readonly #waiting: { message: string; found: (entry: LogEntry) => void }[] = [];

  readonly log = (entry: LogEntry): void => {
    this.entries.push(entry);
    for (const one of this.#waiting.filter(({ message }) => message === entry.message)) {
      this.#waiting.splice(this.#waiting.indexOf(one), 1);
      one.found(entry);
    }
  };

  /** The entries with this message. */
  all(message: string): LogEntry[] {
    return this.entries.filter((entry) => entry.message === message);
  }

  /** The first entry with this message, said already or to come. */
  first(message: string): Promise<LogEntry> {
    const [found] = this.all(message);
    return found ? Promise.resolve(found) : this.next(message);
  }

  /** The next one with this message. */
  next(message: string): Promise<LogEntry> {
    return new Promise((found) => this.#waiting.push({ message, found }));
  }
}

/** A worker with a name of its own that says nothing on the console. */
export function agent(url: string, options: Partial<WorkerOptions> = {}): { worker: Worker; said: Said } {
  agents += 1;
  const said = new Said();
  const defaults = { agent: `agent-${process.pid}-${agents}`, url, log: said.log, termMs: 3_000 };
  return { worker: new Worker({ ...defaults, ...options }), said };
}

/** Resolves when the signal is aborted, with its reason. */
export function aborted(signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(signal.reason);
    signal.addEventListener('abort', () => resolve(signal.reason), { once: true });
  });
}
