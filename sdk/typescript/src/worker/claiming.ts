// Asks for work as long as there is room: long polls, with back-off as the server advises it.

import { pause } from '../async.js';
import { Backoff, REST_MS_MIN, RETRY_AFTER_MS_MAX } from '../backoff.js';
import type { Client } from '../client.js';
import { isPassing, NameTaken, ProblemError, TransportError } from '../errors.js';
import type { Claim, ClaimedItem } from '../types.js';
import type { Log } from './log.js';
import type { Membership } from './membership.js';

/** Refusals after which the agent registers again. */
const FORGOTTEN = new Set(['no-such-agent', 'agent-not-renewed', 'no-such-session']);
/** Refusals that end with an operator's word. */
const HELD_OFF = new Set(['agent-quarantined', 'agent-not-ready']);
/** How often an agent that gets nothing by an operator's word asks whether that still holds. */
const HELD_OFF_MS = 15_000;

/** How claims are made. */
export interface Terms {
  waitMs: number;
  termMs: number;
  class?: string | undefined;
}

/** Where items go. */
export interface Room {
  /** How many more may be taken now. */
  readonly free: number;
  /** Resolves once there is room. */
  whenFree(signal: AbortSignal): Promise<void>;
  /** Takes an item that has just been handed out. */
  take(item: ClaimedItem): void;
}

export class Claiming {
  readonly #client: Client;
  readonly #membership: Membership;
  readonly #terms: Terms;
  readonly #room: Room;
  readonly #log: Log;
  readonly #backoff = new Backoff();

  constructor(client: Client, membership: Membership, terms: Terms, room: Room, log: Log) {
    this.#client = client;
    this.#membership = membership;
    this.#terms = terms;
    this.#room = room;
    this.#log = log;
  }

  /**
   * Claims until the signal is aborted, or an operator drains the agent.
   *
   * @param hungUp aborted: a claim that waits is called off. Later than the signal, so that the server has heard by then that
   *   the agent stops, and an answer that was on its way has come
   * @throws NameTaken if another process has the agent's name; ProblemError if claims like this one are never taken
   */
  async run(signal: AbortSignal, hungUp: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#room.whenFree(signal);
      if (signal.aborted) return;
      const { epoch } = this.#membership;
      const waitMs = await this.#claim(epoch, hungUp).catch((error: unknown) => this.#failed(error, epoch, signal));
      if (waitMs === undefined) return;
      await pause(waitMs, signal);
    }
  }

  /** @returns how long to stay away, milliseconds */
  async #claim(epoch: number, signal: AbortSignal): Promise<number> {
    const asked = this.#asked(epoch);
    const { items, retry_after_ms } = await this.#client.claims.claim(asked, { signal });
    if (items.length > asked.max) {
      throw new TransportError('broken-answer', `${items.length} items came, ${asked.max} were asked for`);
    }
    for (const item of items) this.#room.take(item);
    if (items.length === 0 && typeof retry_after_ms === 'number') {
      return Math.min(Math.max(retry_after_ms, REST_MS_MIN), RETRY_AFTER_MS_MAX) * (1 + 0.1 * Math.random());
    }
    // A server that answers at once with nothing must not be asked in a loop.
    if (items.length === 0) return this.#backoff.failed();
    this.#backoff.succeeded();
    return 0;
  }

  #asked(epoch: number): Claim & { max: number } {
    const { waitMs, termMs } = this.#terms;
    const max = Math.min(this.#room.free, ITEMS_MAX);
    const claim = { agent: this.#membership.agent, epoch, max, wait_ms: waitMs, term_ms: termMs };
    return this.#terms.class === undefined ? claim : { ...claim, class: this.#terms.class };
  }

  /** @returns how long to stay away, milliseconds; nothing if the agent is to claim no more */
  async #failed(error: unknown, epoch: number, signal: AbortSignal): Promise<number | undefined> {
    if (signal.aborted) return undefined;
    const code = error instanceof ProblemError ? error.code : '';
    if (code === 'stale-agent') {
      // Ours, if the agent registered anew while this claim waited.
      if (epoch !== this.#membership.epoch) return 0;
      throw new NameTaken(this.#membership.agent, { cause: error });
    }
    if (code === 'agent-draining') {
      this.#log({ level: 'info', message: 'an operator drains the agent', fields: {} });
      return undefined;
    }
    if (HELD_OFF.has(code)) {
      this.#log({ level: 'warn', message: 'the agent gets no work', fields: { code } });
      return HELD_OFF_MS;
    }
    if (FORGOTTEN.has(code)) {
      await this.#membership.join(signal);
    } else if (!isPassing(error)) {
      throw error;
    }
    const waitMs = this.#backoff.failed((error as { retryAfterMs?: number }).retryAfterMs);
    this.#log({ level: 'warn', message: 'a claim failed', fields: { error, waitMs } });
    return waitMs;
  }
}

/** Items of one claim, by the server's limit. */
const ITEMS_MAX = 1_000;
