// Waiting: with an end, with somebody who can call it off, without leaks of listeners.

/**
 * Waits so long, or until the signal is aborted.
 *
 * @returns when either has happened; it never rejects. Look at the signal afterwards.
 */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, Math.min(Math.max(ms, 0), TIMER_MS_MAX));
    signal?.addEventListener('abort', done, { once: true });
  });
}

/** Longest time that a timer takes; Node makes 1 ms of a longer one. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/** A loop waits for it, others ring it. A ring that comes while nobody waits is kept, once. */
export class Bell {
  #rung = false;
  #waiter: (() => void) | undefined;

  ring(): void {
    this.#rung = true;
    this.#waiter?.();
  }

  /** Waits for a ring, but no longer than `ms`, and not once the signal is aborted. One waiter at a time. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    if (!this.#rung) {
      const end = new AbortController();
      const stop = (): void => end.abort();
      signal.addEventListener('abort', stop, { once: true });
      this.#waiter = stop;
      if (!signal.aborted) await pause(ms, end.signal);
      this.#waiter = undefined;
      signal.removeEventListener('abort', stop);
    }
    this.#rung = false;
  }
}

/** A signal that is aborted with the outer one, or after some time. Release it when what it guards is over. */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #ms: number;
  readonly #outer: AbortSignal | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Whether the time ran out. */
  isOver = false;

  constructor(ms: number, outer?: AbortSignal) {
    this.#ms = Math.min(ms, TIMER_MS_MAX);
    this.#outer = outer;
    this.restart();
    outer?.addEventListener('abort', this.#follow, { once: true });
    if (outer?.aborted) this.#follow();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The whole time again. */
  restart(): void {
    this.stopClock();
    this.#timer = setTimeout(() => {
      this.isOver = true;
      this.#controller.abort();
    }, this.#ms);
  }

  /** From now on only the outer signal counts. */
  stopClock(): void {
    clearTimeout(this.#timer);
  }

  /** From now on only the time counts. */
  ignoreOuter(): void {
    this.#outer?.removeEventListener('abort', this.#follow);
  }

  release(): void {
    this.ignoreOuter();
    this.stopClock();
  }

  /** Ends what it guards, if that has not ended. */
  end(): void {
    this.release();
    this.#controller.abort();
  }

  readonly #follow = (): void => this.#controller.abort(this.#outer?.reason);
}
