// The items that a worker has in hand: each goes to its handler, and what comes of it goes to the server.

import { randomUUID } from 'node:crypto';

import { Bell, pause } from '../async.js';
import { Backoff } from '../backoff.js';
import type { Client } from '../client.js';
import { Draining, GiveBack, ProblemError, type LostLease } from '../errors.js';
import { tracing } from '../tracing.js';
import type { ClaimedItem } from '../types.js';
import { XmlElement } from '../xml/element.js';
import { writeXml } from '../xml/write.js';
import type { Leases } from './leases.js';
import type { Log } from './log.js';
import { WorkItem, type Context, type Handler, type Result } from './work-item.js';

/** How long it is tried to give an item back. Whoever does not get through leaves it to its lease's end. */
const GIVE_BACK_MS = 5_000;
/** How long a handler that was called off may take to end. */
const CALLED_OFF_MS = 5_000;
/** How long at least it is tried to bring a result. */
const RESULT_MS_MIN = 60_000;
/** Refusals of a result that say that the item is not ours any more. Any other one is about the result itself. */
const LOST = new Set([
  'stale-epoch',
  'wrong-holder',
  'lease-held',
  'no-such-item',
  'no-such-case',
  'wrong-status',
  'case-not-running',
]);

/** What the items need. */
export interface Surroundings {
  client: Client;
  agent: string;
  /** By capability, in small letters. */
  handlers: ReadonlyMap<string, Handler>;
  leases: Leases;
  concurrency: number;
  log: Log;
}

/** An item with its handler at work. */
class Running {
  /** Aborted when the handler is called off. */
  readonly controller = new AbortController();
  /** Aborted when the handler has ended and the server knows. */
  readonly ended = new AbortController();
  /** The server has taken a result. */
  isDone = false;

  constructor(
    readonly item: WorkItem,
    readonly termMs: number,
  ) {}
}

export class InHand {
  readonly #around: Surroundings;
  readonly #running = new Set<Running>();
  readonly #changed = new Bell();
  readonly #givenBack = new Backoff();
  /** Aborted when nothing more is brought or taken. */
  readonly #end = new AbortController();
  /** Items on their way back that no handler has had. */
  readonly #leaving = new Set<Promise<void>>();
  #isClosed = false;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  get count(): number {
    return this.#running.size;
  }

  get free(): number {
    return Math.max(0, this.#around.concurrency - this.#running.size);
  }

  async whenFree(signal: AbortSignal): Promise<void> {
    while (this.free === 0 && !signal.aborted) await this.#changed.wait(LOOK_MS, signal);
  }

  /** Waits until nothing is in hand. */
  async whenIdle(signal: AbortSignal): Promise<void> {
    while (this.#running.size > 0 && !signal.aborted) await this.#changed.wait(LOOK_MS, signal);
  }

  /** Takes an item that was handed out just now, and does it. Once closed, gives it back. */
  take(claimed: ClaimedItem): void {
    const item = new WorkItem(claimed);
    const handler = this.#handlerFor(item);
    if (this.#isClosed || !handler) {
      const why = handler ? 'the worker ends' : 'there is no handler for it';
      const gone = this.#giveBack([item], why).finally(() => this.#leaving.delete(gone));
      this.#leaving.add(gone);
      return;
    }
    // Handed out twice, as by a token that was accepted twice: it is in hand already.
    if ([...this.#running].some((one) => one.item.id === item.id && one.item.epoch === item.epoch)) return;
    const running = new Running(item, claimed.term_ms);
    this.#running.add(running);
    const lost = (error: LostLease): void => running.controller.abort(error);
    this.#around.leases.add({ item: item.id, epoch: item.epoch, termMs: claimed.term_ms, lost });
    running.controller.signal.addEventListener('abort', () => void this.#wait(running), { once: true });
    void this.#do(running, handler);
  }

  /** An item whose task asks for nothing came by name: whoever can do one thing only does that. */
  #handlerFor({ capability }: WorkItem): Handler | undefined {
    const { handlers } = this.#around;
    const only = handlers.size === 1 ? [...handlers.values()][0] : undefined;
    return capability === '' ? only : handlers.get(capability);
  }

  /** A handler that was called off has a while to end. It cannot be stopped, but then its place is free for others. */
  async #wait(running: Running): Promise<void> {
    await pause(CALLED_OFF_MS, running.ended.signal);
    if (!this.#running.delete(running)) return;
    const fields = { item: running.item.id };
    this.#around.log({ level: 'warn', message: 'a handler goes on although it was called off', fields });
    this.#changed.ring();
  }

  /** From now on what is taken is given back. */
  close(): void {
    this.#isClosed = true;
  }

  /** Calls off what is in hand and gives it back. */
  async abandon(): Promise<void> {
    const running = [...this.#running].filter(({ controller }) => !controller.signal.aborted);
    const items = running.filter(({ isDone }) => !isDone).map(({ item }) => item);
    for (const { controller } of running) controller.abort(new Draining());
    this.#end.abort(new Draining());
    if (items.length > 0) await this.#giveBack(items, 'the worker ends');
    await Promise.all(this.#leaving);
  }

  /** Never rejects: what goes wrong with one item is logged and told to the server. */
  async #do(running: Running, handler: Handler): Promise<void> {
    const { item, controller } = running;
    const { client, agent, leases, log } = this.#around;
    const context: Context = {
      signal: controller.signal,
      client,
      handOff: (to) => client.handOffs.offer(item.id, { from: agent, epoch: item.epoch, to }),
      leaseLeftMs: () => leases.leftMs(item.id, item.epoch),
      checkIn: (result) => this.#bring(running, result),
    };
    log({ level: 'debug', message: 'an item is begun', fields: { item: item.id, attempt: item.attempt } });
    try {
      const traced = await tracing();
      await traced.within(span(item), async () => {
        const result = await handler(item, context);
        if (!running.isDone) await this.#bring(running, result);
      });
    } catch (error) {
      await this.#failed(running, error);
    } finally {
      this.#around.leases.remove(item.id, item.epoch);
      running.ended.abort();
      this.#running.delete(running);
      this.#changed.ring();
    }
  }

  /** @throws what the handler was called off with, if it was */
  async #bring(running: Running, result: Result): Promise<void> {
    const { client, leases, log } = this.#around;
    const { item, controller, termMs } = running;
    controller.signal.throwIfAborted();
    const data = typeof result === 'string' ? result : output(item, result);
    leases.settle(item.id, item.epoch);
    const repeatMs = Math.max(termMs, RESULT_MS_MIN);
    const options = { signal: this.#end.signal, commandId: randomUUID(), attemptsMax: Infinity, repeatMs };
    try {
      await client.workItems.checkIn(item.id, { data, epoch: item.epoch }, options);
    } catch (error) {
      leases.resume(item.id, item.epoch);
      throw error;
    }
    running.isDone = true;
    leases.remove(item.id, item.epoch);
    this.#givenBack.succeeded();
    log({ level: 'debug', message: 'an item is done', fields: { item: item.id } });
  }

  /** The handler threw, or its result was not taken. */
  async #failed({ item, controller, isDone }: Running, error: unknown): Promise<void> {
    const { client, log } = this.#around;
    if (isDone) {
      log({ level: 'warn', message: 'a handler failed after its result was taken', fields: { item: item.id, error } });
      return;
    }
    if (controller.signal.aborted || this.#end.signal.aborted) return;
    if (error instanceof ProblemError && LOST.has(error.code)) {
      log({ level: 'warn', message: 'a result came too late', fields: { item: item.id, why: error.code } });
      return;
    }
    if (error instanceof GiveBack) {
      await this.#giveBack([item], error.message);
      // Whoever wants nothing must not be handed the same item over and over without a pause.
      return pause(this.#givenBack.failed(), this.#end.signal);
    }
    log({ level: 'error', message: 'an item failed', fields: { item: item.id, attempt: item.attempt, error } });
    const held = { item: item.id, epoch: item.epoch, command_id: randomUUID() };
    await this.#tell(() => client.leases.fail([held], { repeatMs: GIVE_BACK_MS }), [item]);
  }

  async #giveBack(items: WorkItem[], why: string): Promise<void> {
    const { client, log } = this.#around;
    const held = items.map(({ id, epoch }) => ({ item: id, epoch, command_id: randomUUID() }));
    log({ level: 'info', message: 'items are given back', fields: { items: items.map(({ id }) => id), why } });
    await this.#tell(() => client.leases.return(held, { timeoutMs: GIVE_BACK_MS, repeatMs: GIVE_BACK_MS }), items);
  }

  /** Tells the server what became of items. If that fails their leases end by themselves. */
  async #tell(send: () => Promise<unknown[]>, items: WorkItem[]): Promise<void> {
    const { leases, log } = this.#around;
    try {
      for (const { id, epoch } of items) leases.settle(id, epoch);
      const refused = (await send()).filter((answer) => answer instanceof ProblemError);
      for (const error of refused) log({ level: 'debug', message: 'an item was not ours any more', fields: { error } });
    } catch (error) {
      log({ level: 'warn', message: 'items are left to the end of their leases', fields: { error } });
    } finally {
      for (const { id, epoch } of items) leases.remove(id, epoch);
    }
  }
}

/** A ring is never lost; this only bounds a wait. */
const LOOK_MS = 60_000;

function output(item: WorkItem, result: Exclude<Result, string>): string {
  return result instanceof XmlElement ? result.toString() : writeXml(item.input.name, result ?? null);
}

function span(item: WorkItem): { name: string; traceparent: string | undefined; attributes: Record<string, string | number> } {
  const attributes = {
    'flotilla.item': item.id,
    'flotilla.case': item.case,
    'flotilla.specification': item.specification,
    'flotilla.task': item.task,
    'flotilla.attempt': item.attempt,
    'flotilla.epoch': item.epoch,
  };
  return { name: `work ${item.task}`, traceparent: item.traceparent, attributes };
}
