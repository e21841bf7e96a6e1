// Work items: list, get, check out and in by hand, and what operators do with them.

import { randomUUID } from 'node:crypto';

import { record, text } from '../shape.js';
import { segment, type CallOptions, type Transport } from '../transport.js';
import type { CheckedOut, Checkin, CheckinEntry, Given, ItemDone, ItemQuery, Page, WorkItemDetail } from '../types.js';
import { item, page, results, workItem, type Outcome } from './answers.js';

export class WorkItems {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** One page of work items of open cases, without their data. It may be short and still have a next one. */
  list(query: ItemQuery = {}, options?: CallOptions): Promise<Page<WorkItemDetail>> {
    return this.#transport.ask({ method: 'GET', path: '/work-items', query, read: page(workItem) }, options);
  }

  /** One work item with its data. @throws ProblemError `no-such-item` */
  get(id: string, options?: CallOptions): Promise<WorkItemDetail> {
    return this.#transport.ask({ method: 'GET', path: at(id), read: workItem }, options);
  }

  /**
   * Checks an item out without a lease, as people do. Agents claim instead.
   *
   * @returns the item that now executes; its id differs from the enabled item's
   * @throws ProblemError `lease-held` if an agent has it; `not-enabled`, `wrong-status`, `no-such-item`
   */
  checkOut(id: string, options?: CallOptions): Promise<CheckedOut> {
    const read = record<CheckedOut>({ item: text, data: text });
    return this.#transport.ask({ method: 'POST', path: `${at(id)}/checkout`, read }, options);
  }

  /**
   * Brings a result, with the epoch of the lease if there is one. It counts once, however often it is sent.
   *
   * @throws ProblemError `data-invalid`, `parameter-missing`, `wrong-root` or `not-xml` with `violations`: the item stays
   *   held; `stale-epoch`, `no-such-item` and the like: it was lost
   */
  checkIn(id: string, result: Checkin, options: CallOptions = {}): Promise<ItemDone> {
    const { command_id, ...json } = result;
    const commandId = options.commandId ?? command_id;
    const named = commandId === undefined || commandId === null ? options : { ...options, commandId };
    return this.#transport.ask({ method: 'POST', path: `${at(id)}/checkin`, json, read: item }, named);
  }

  /**
   * Brings up to 10,000 results in one durable write.
   *
   * @returns for each entry, in order, the item or why its result was not taken
   */
  checkInAll(entries: CheckinEntry[], options?: CallOptions): Promise<Outcome<ItemDone>[]> {
    const named = entries.map((entry) => ({ command_id: randomUUID(), ...entry }));
    const ask = { path: '/work-items/checkin', json: { results: named }, read: results(item, named.length) };
    return this.#transport.ask({ method: 'POST', ...ask }, options);
  }

  /** Puts an executing item back, for somebody else to check out. Whoever held it has lost it. */
  rollback(id: string, options?: CallOptions): Promise<ItemDone> {
    return this.#act(id, 'rollback', undefined, options);
  }

  /** Starts an enabled item and completes it with mapped data. */
  skip(id: string, options?: CallOptions): Promise<ItemDone> {
    return this.#act(id, 'skip', undefined, options);
  }

  /** Suspends a live item. @throws ProblemError `wrong-status` */
  suspend(id: string, options?: CallOptions): Promise<ItemDone> {
    return this.#act(id, 'suspend', undefined, options);
  }

  /** Brings a suspended item back to what it was. @throws ProblemError `wrong-status` */
  unsuspend(id: string, options?: CallOptions): Promise<ItemDone> {
    return this.#act(id, 'unsuspend', undefined, options);
  }

  /** Completes an item as failed, with what data there is. A worker's failed attempt is `leases.fail`. */
  fail(id: string, given: Given = {}, options?: CallOptions): Promise<ItemDone> {
    return this.#act(id, 'fail', given, options);
  }

  /** Completes an item by force, defaults filled in. */
  force(id: string, given: Given = {}, options?: CallOptions): Promise<ItemDone> {
    return this.#act(id, 'force', given, options);
  }

  /** Adds an instance beside this executing one of a dynamic multiple-instance task. @returns the new item */
  addInstance(id: string, data: string, options?: CallOptions): Promise<ItemDone> {
    return this.#act(id, 'instances', { data }, options);
  }

  /** Completes the item's multiple-instance task with the results that it has; instances without one are cancelled. */
  completeTask(id: string, options?: CallOptions): Promise<ItemDone> {
    return this.#act(id, 'complete-task', undefined, options);
  }

  /** Gives a dead letter another chance, as if it had never failed. @throws ProblemError `not-a-dead-letter` */
  requeue(id: string, options?: CallOptions): Promise<ItemDone> {
    return this.#act(id, 'requeue', undefined, options);
  }

  #act(id: string, verb: string, json: object | undefined, options?: CallOptions): Promise<ItemDone> {
    return this.#transport.ask({ method: 'POST', path: `${at(id)}/${verb}`, json, read: item }, options);
  }
}

function at(id: string): string {
  return `/work-items/${segment(id)}`;
}
