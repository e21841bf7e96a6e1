// The leases that a worker holds: renewed together in the background, over when the server says so. While it says nothing
// nobody is called off: after a restart each lease begins its term anew, and a result under an old epoch is refused anyway.

import { Bell } from '../async.js';
import { Backoff, REST_MS_MIN } from '../backoff.js';
import type { Client } from '../client.js';
import { LostLease, ProblemError } from '../errors.js';
import type { Log } from './log.js';

/** A renewal each third of the term: two may get lost. */
const RENEWALS_PER_TERM = 3;
/** What is due within this share of the term goes with what is due now. */
const TOGETHER = 0.1;
/** Leases in one request. The server takes as many as this. */
const BATCH_MAX = 10_000;
/** How long one renewal may take: another one must fit in before the end of the term. */
const TIMEOUT_MS_MAX = 10_000;
/** Nothing is due for so long: the loop looks anyway. */
const IDLE_MS = 60_000;

/** A lease from the claim on. */
export interface Lease {
  readonly item: string;
  readonly epoch: number;
  readonly termMs: number;
  /** Told once, when the item is lost. */
  readonly lost: (error: LostLease) => void;
}

interface Held extends Lease {
  /** By our own clock. After a renewal counted from when we asked for it: never later than by the server's. */
  endsAt: number;
  renewAt: number;
  /** The result is on its way: only its own answer says what became of the item. */
  isSettling: boolean;
}

export class Leases {
  readonly #client: Client;
  readonly #log: Log;
  readonly #held = new Map<string, Held>();
  readonly #bell = new Bell();
  readonly #backoff = new Backoff();

  constructor(client: Client, log: Log) {
    this.#client = client;
    this.#log = log;
  }

  /** Holds what was handed out just now. */
  add(lease: Lease): void {
    const held = { ...lease, isSettling: false, ...times(performance.now(), lease.termMs, lease.termMs) };
    this.#held.set(lease.item, held);
    this.#bell.ring();
  }

  /** How long this lease lasts if it is not renewed, milliseconds. 0 if it is over. */
  leftMs(item: string, epoch: number): number {
    const held = this.#held.get(item);
    return held?.epoch === epoch ? Math.max(0, held.endsAt - performance.now()) : 0;
  }

  /** The result is on its way. */
  settle(item: string, epoch: number): void {
    const held = this.#held.get(item);
    if (held?.epoch === epoch) held.isSettling = true;
  }

  /** The result was not taken, and the item is still held. */
  resume(item: string, epoch: number): void {
    const held = this.#held.get(item);
    if (held?.epoch !== epoch) return;
    held.isSettling = false;
    // A renewal that was refused meanwhile is asked for again.
    this.renew(item, epoch);
  }

  /** The item is not ours any more, and we know why. */
  remove(item: string, epoch: number): void {
    if (this.#held.get(item)?.epoch === epoch) this.#held.delete(item);
  }

  /** The item is not ours any more: whoever works on it is told. Ignored if it is held under another epoch, or settling. */
  lose(item: string, epoch: number, why: string): void {
    const held = this.#held.get(item);
    if (held?.epoch !== epoch || held.isSettling) return;
    this.#held.delete(item);
    this.#log({ level: 'warn', message: 'an item was lost', fields: { item, why } });
    held.lost(new LostLease(item, why));
  }

  /** Looks up everything that is held, by renewing it: after news may have been missed. */
  renewAll(): void {
    for (const held of this.#held.values()) held.renewAt = 0;
    this.#bell.ring();
  }

  /** Renews this one at once, if it is held. */
  renew(item: string, epoch: number): void {
    const held = this.#held.get(item);
    if (held?.epoch === epoch) held.renewAt = 0;
    this.#bell.ring();
  }

  /** Renews what is due until the signal is aborted. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const now = performance.now();
      const due = this.#due(now);
      if (due.length === 0) await this.#bell.wait(this.#next() - now, signal);
      else await this.#renew(due, now, signal);
    }
  }

  #next(): number {
    let next = performance.now() + IDLE_MS;
    for (const { renewAt } of this.#held.values()) next = Math.min(next, renewAt);
    return next;
  }

  #due(now: number): Held[] {
    const all = [...this.#held.values()];
    if (!all.some(({ renewAt }) => renewAt <= now)) return [];
    return all.filter(({ renewAt, termMs }) => renewAt <= now + termMs * TOGETHER).slice(0, BATCH_MAX);
  }

  async #renew(due: Held[], askedAt: number, signal: AbortSignal): Promise<void> {
    const timeouts = due.map(({ termMs }) => Math.max(termMs / RENEWALS_PER_TERM, REST_MS_MIN));
    const timeoutMs = Math.min(TIMEOUT_MS_MAX, ...timeouts);
    const leases = due.map(({ item, epoch, termMs }) => ({ item, epoch, term_ms: termMs }));
    try {
      const answers = await this.#client.leases.renew(leases, { signal, timeoutMs, attemptsMax: 1 });
      this.#backoff.succeeded();
      this.#log({ level: 'debug', message: 'leases were renewed', fields: { count: due.length } });
      answers.forEach((answer, index) => this.#renewed(due[index]!, answer, askedAt));
    } catch (error) {
      if (signal.aborted) return;
      const retryAfterMs = (error as { retryAfterMs?: number }).retryAfterMs;
      const waitMs = this.#backoff.failed(retryAfterMs);
      this.#log({ level: 'warn', message: 'leases could not be renewed', fields: { count: due.length, error, waitMs } });
      for (const held of due) held.renewAt = performance.now() + waitMs;
    }
  }

  #renewed(held: Held, answer: { left_ms: number } | ProblemError, askedAt: number): void {
    if (!(answer instanceof ProblemError)) {
      Object.assign(held, times(askedAt, answer.left_ms, held.termMs));
    } else if (answer.status < 500) {
      this.lose(held.item, held.epoch, answer.code);
      // One that settles is not asked about again.
      held.renewAt = Infinity;
    } else {
      held.renewAt = performance.now() + this.#backoff.failed(answer.retryAfterMs);
    }
  }
}

/** When a lease that has so much left ends, and when it is renewed: a little early, so that many do not come together. */
function times(askedAt: number, leftMs: number, termMs: number): { endsAt: number; renewAt: number } {
  const early = 1 - TOGETHER * Math.random();
  const restMs = Math.min(leftMs, (termMs / RENEWALS_PER_TERM) * early);
  return { endsAt: askedAt + leftMs, renewAt: askedAt + Math.max(restMs, REST_MS_MIN) };
}
