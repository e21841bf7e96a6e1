// Claims, leases and hand-offs: how an agent gets an item, keeps it, gives it back, or lets another agent have it.

import { randomUUID } from 'node:crypto';

import { segment, type CallOptions, type Transport } from '../transport.js';
import type {
  Claim,
  Claimed,
  ClaimedItem,
  HandOff,
  HandOffAcceptance,
  HandOffOffer,
  HeldItem,
  ItemDone,
  LeaseRenewal,
  LeaseRenewed,
} from '../types.js';
import { claimed, claimedItem, handOffOffer, item, renewedLease, results, type Outcome } from './answers.js';

/** What a claim's answer may take beyond its wait. */
const SLACK_MS = 30_000;

export class Claims {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Asks for work; with `wait_ms` the answer comes when there is some, or when the time is over. Items are checked out,
   * each under a lease. Never repeated by itself: an answer that got lost takes its items with it until their leases end.
   *
   * The signal calls it off only until the answer begins; then it is read, and what it brings is this agent's.
   *
   * @returns items, or when to ask again
   * @throws ProblemError `stale-agent` if another process has the name; `agent-not-renewed`, `no-such-agent`: register
   *   again; `agent-draining`, `agent-quarantined`; `circuit-open` and `overloaded` with `retryAfterMs`
   */
  claim(claim: Claim, options: CallOptions = {}): Promise<Claimed> {
    const timeoutMs = options.timeoutMs ?? (claim.wait_ms ?? 0) + SLACK_MS;
    const ask = { path: '/claims', json: claim, read: claimed, isRepeatable: false, isKept: true } as const;
    return this.#transport.ask({ method: 'POST', ...ask }, { ...options, timeoutMs });
  }
}

export class Leases {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Lets up to 10,000 leases go on, each from now for its term.
   *
   * @returns for each lease, in order, how long it lasts; a `ProblemError` (`stale-epoch`, `no-such-item`, `no-such-case`)
   *   means that the item is lost
   */
  renew(leases: LeaseRenewal[], options?: CallOptions): Promise<Outcome<LeaseRenewed>[]> {
    const ask = { path: '/leases/renew', json: { leases }, read: results(renewedLease, leases.length) };
    return this.#transport.ask({ method: 'POST', ...ask }, options);
  }

  /** Gives up to 10,000 items back unharmed: others may claim them at once. Each has its own answer. */
  return(items: HeldItem[], options?: CallOptions): Promise<Outcome<ItemDone>[]> {
    return this.#end('return', items, options);
  }

  /**
   * Gives up to 10,000 items back that could not be done: they rest, and after too many attempts are dead letters. Each has
   * its own answer.
   */
  fail(items: HeldItem[], options?: CallOptions): Promise<Outcome<ItemDone>[]> {
    return this.#end('fail', items, options);
  }

  #end(verb: string, items: HeldItem[], options?: CallOptions): Promise<Outcome<ItemDone>[]> {
    const named = items.map((one) => ({ command_id: randomUUID(), ...one }));
    const ask = { path: `/leases/${verb}`, json: { items: named }, read: results(item, named.length) };
    return this.#transport.ask({ method: 'POST', ...ask }, options);
  }
}

export class HandOffs {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * The holder of an item makes a token for one other agent. The item stays where it is until the token is accepted.
   *
   * @throws ProblemError `stale-epoch` or `wrong-holder` if it is not held so; `no-such-agent` if the receiver is unknown
   */
  offer(id: string, handOff: HandOff, options?: CallOptions): Promise<HandOffOffer> {
    const path = `/work-items/${segment(id)}/hand-off`;
    return this.#transport.ask({ method: 'POST', path, json: handOff, read: handOffOffer }, options);
  }

  /**
   * The receiver takes the item, under a new epoch.
   *
   * @throws ProblemError `hand-off-expired`, `hand-off-used`, `hand-off-wrong-agent`, `hand-off-forged`, `not-capable`
   */
  accept(acceptance: HandOffAcceptance, options?: CallOptions): Promise<ClaimedItem> {
    const ask = { path: '/hand-offs/accept', json: acceptance, read: claimedItem };
    return this.#transport.ask({ method: 'POST', ...ask }, options);
  }
}
