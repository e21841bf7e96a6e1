// What keeps a page current: one event stream for the whole page, polling while it is down.

export type LiveState = 'connecting' | 'live' | 'polling';

/** The part of `EventSource` that is used, so that a test can stand in for it. */
export interface Source {
  onopen: ((event: Event) => void) | null;
  onerror: ((event: Event) => void) | null;
  onmessage: ((event: MessageEvent) => void) | null;
  addEventListener(type: string, listener: () => void): void;
  close(): void;
}

/** Called with the case that moved, or with null when anything may have. */
export type Listener = (caseId: string | null) => void;

/** Between two questions while the stream is down. */
const POLL_MS = 2_000;
/** Until a closed stream is opened again; the browser itself retries one that merely broke. */
const REOPEN_MS = 10_000;

export class Live {
  private readonly listeners = new Set<Listener>();
  private source: Source | undefined;
  private poll: ReturnType<typeof setInterval> | undefined;
  private reopen: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly open: () => Source,
    private readonly onState: (state: LiveState) => void,
  ) {}

  /** Opens the stream, anew if there is one. */
  start(): void {
    this.source?.close();
    const source = this.open();
    this.source = source;
    source.onopen = () => {
      this.stopPolling();
      this.onState('live');
      // Whatever happened before the stream stood was not told.
      this.tell(null);
    };
    source.onmessage = (event) => this.tell(caseOf(String(event.data)));
    source.addEventListener('lagged', () => this.tell(null));
    source.onerror = () => {
      this.startPolling();
      clearTimeout(this.reopen);
      this.reopen = setTimeout(() => {
        source.close();
        this.start();
      }, REOPEN_MS);
    };
  }

  stop(): void {
    this.source?.close();
    this.stopPolling();
  }

  /** Listens until the answer is called. */
  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private tell(caseId: string | null): void {
    for (const listener of this.listeners) listener(caseId);
  }

  private startPolling(): void {
    if (this.poll !== undefined) return;
    this.onState('polling');
    this.poll = setInterval(() => this.tell(null), POLL_MS);
  }

  private stopPolling(): void {
    clearTimeout(this.reopen);
    clearInterval(this.poll);
    this.poll = undefined;
  }
}

function caseOf(data: string): string | null {
  try {
    return (JSON.parse(data) as { case?: string }).case ?? null;
  } catch {
    return null;
  }
}

/** Calls `load` every so often while the page is seen: for what no stream tells. Ends when the answer is called. */
export function every(ms: number, load: () => void): () => void {
  const timer = setInterval(() => document.hidden || load(), ms);
  return () => clearInterval(timer);
}

/** Asks for a reload. */
export interface Reload {
  (): void;
  /** Call it when the page is left: what it would load for is then gone. */
  stop(): void;
}

/**
 * Makes many requests for a reload into few: one at a time, at most one more waiting, and a pause
 * between two, so that a busy case cannot flood the server through an open page.
 */
export function coalesce(load: () => Promise<void>, pauseMs = 200): Reload {
  let busy = false;
  let wanted = false;
  let stopped = false;
  const run = async (): Promise<void> => {
    busy = true;
    do {
      wanted = false;
      await load();
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    } while (wanted && !stopped);
    busy = false;
  };
  const request = () => {
    wanted = true;
    if (!busy && !stopped) void run();
  };
  const stop = () => {
    stopped = true;
  };
  return Object.assign(request, { stop });
}
