// How long to stay away after the n-th failure in a row. Pure: chance is an argument.

/** After the first failure, milliseconds. */
export const BASE_MS = 200;
/** Never longer by ourselves: a server that came back is found soon. */
export const CAP_MS = 30_000;
/** Never longer, whatever the server says: a wrong number must not put an agent to sleep for ever. */
export const RETRY_AFTER_MS_MAX = 300_000;

/**
 * Milliseconds to wait.
 *
 * @param failures how many in a row, 1 for the first
 * @param random from 0 to 1: spreads those who failed together over the second half of the wait
 * @param retryAfterMs what the server said, if it did: never less than that
 */
export function backoffMs(failures: number, random: number, retryAfterMs = 0): number {
  const whole = Math.min(CAP_MS, BASE_MS * 2 ** Math.min(failures - 1, 30));
  const asked = Math.min(Math.max(retryAfterMs, 0), RETRY_AFTER_MS_MAX);
  return Math.max(asked, (whole / 2) * (1 + random));
}

/** Shortest time between two requests of one loop: a server that says 0 must not be asked without a pause. */
export const REST_MS_MIN = 100;

/** Failures in a row, and what each costs. */
export class Backoff {
  #failures = 0;

  /** Counts a failure. @returns milliseconds to wait now */
  failed(retryAfterMs?: number): number {
    this.#failures += 1;
    return backoffMs(this.#failures, Math.random(), retryAfterMs);
  }

  succeeded(): void {
    this.#failures = 0;
  }
}
