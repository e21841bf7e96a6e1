// An agent at work: registers, claims, hands each item to its handler, brings results, and leaves in good order.

import { hostname } from 'node:os';

import { pause } from '../async.js';
import { Client } from '../client.js';
import type { ClientOptions } from '../transport.js';
import type { Offering } from '../types.js';
import { Claiming } from './claiming.js';
import { InHand } from './in-hand.js';
import { Leases } from './leases.js';
import { listen } from './listening.js';
import { careful, consoleLog, type Log } from './log.js';
import { Membership } from './membership.js';
import type { SessionEvent } from '../session-event.js';
import type { Handler } from './work-item.js';

/** What an agent is, and how it works. Where its server is, is said as for a `Client`. */
export interface WorkerOptions extends ClientOptions {
  /** The agent's name, unique on the server: 1 to 128 letters, digits and `. _ : @ / -`. */
  agent: string;
  /** For people. */
  name?: string;
  description?: string;
  version?: string;
  /** Where the agent itself can be reached, if it can. */
  endpoint?: string;
  /** Anything else about it: at most 16 entries. */
  metadata?: Record<string, string>;
  /** Published on the marketplace. */
  offering?: Offering;
  /** Where it runs, for people. The machine's name if absent. */
  host?: string;
  /** Items in hand at once. 1 if absent. */
  concurrency?: number;
  /** How long it may be silent on an item before others get it, 1,000 to 86,400,000 milliseconds. 60,000 if absent. */
  termMs?: number;
  /** How long one claim waits for work, at most 60,000 milliseconds. 30,000 if absent. */
  waitMs?: number;
  /** When the worker ends: how long what is in hand may take before it is given back, milliseconds. 30,000 if absent. */
  drainMs?: number;
  /** Kind of client: claims of one kind share a circuit breaker. `agent` if absent. */
  class?: string;
  /** Whether the session's event stream is read, so that cancellations come at once. True if absent. */
  events?: boolean;
  /** Takes what the worker says about itself. Warnings and errors go to the console if absent. */
  log?: Log;
}

/** How a worker is run. */
export interface RunOptions {
  /** Drains the worker when it is aborted. */
  signal?: AbortSignal;
  /** Whether SIGINT and SIGTERM drain the worker; a second one ends it without waiting. True if absent. */
  signals?: boolean;
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * An agent.
 *
 * ```ts
 * const worker = new Worker({ agent: 'ann' });
 * worker.handle('Answer', (item) => ({ Reply: `You asked: ${item.input.textOf('Question')}` }));
 * await worker.run();
 * ```
 *
 * A handler gets an item and gives its result; the rest is done for it: the agent and the items' leases are renewed in the
 * background, a handler whose item was cancelled or lost is told by its signal, results are brought once however often they
 * must be sent, and a server that goes away and comes back is waited for.
 */
export class Worker {
  /** The same server, for other calls. */
  readonly client: Client;
  readonly #options: WorkerOptions;
  readonly #log: Log;
  readonly #handlers = new Map<string, Handler>();
  /** As they were given, for the registration. */
  readonly #capabilities: string[] = [];
  /** Aborted: claim no more. */
  readonly #drain = new AbortController();
  /** Aborted: do not even wait for the answer to a claim. */
  readonly #hungUp = new AbortController();
  /** Aborted: wait no longer for what is in hand. */
  readonly #hurry = new AbortController();
  /** Aborted: the background ends. */
  readonly #end = new AbortController();
  #membership: Membership | undefined;
  #inHand: InHand | undefined;
  #running: Promise<void> | undefined;

  /** @throws RangeError if a limit makes no sense; TypeError if the url is none */
  constructor(options: WorkerOptions) {
    const { concurrency = 1 } = options;
    if (!Number.isSafeInteger(concurrency) || concurrency < 1) {
      throw new RangeError(`concurrency: is ${concurrency}, use a whole number from 1`);
    }
    this.client = new Client(options);
    this.#options = options;
    this.#log = careful(options.log ?? consoleLog);
  }

  /** How many items are in hand. */
  get inHand(): number {
    return this.#inHand?.count ?? 0;
  }

  /**
   * Says who does items that ask for this capability: the id of a task's decomposition, unless it asks for another one.
   * Capitals do not count. Before `run`.
   *
   * @throws Error if the capability has a handler, or the worker runs
   */
  handle(capability: string, handler: Handler): this {
    const key = capability.trim().toLowerCase();
    if (this.#running) throw new Error('the worker runs; say what it can do before');
    if (this.#handlers.has(key)) throw new Error(`there is a handler for ${capability}`);
    this.#handlers.set(key, handler);
    this.#capabilities.push(capability);
    return this;
  }

  /**
   * Works until it is drained.
   *
   * @throws NameTaken if another process registers the agent's name
   * @throws ProblemError if the server does not take the agent or its claims as they are; what is in hand is brought or
   *   given back before
   */
  run(options: RunOptions = {}): Promise<void> {
    if (this.#running) throw new Error('the worker runs, or has run; make another one');
    if (this.#handlers.size === 0) throw new Error('the worker can do nothing; give it a handler');
    this.#running = this.#run(options);
    return this.#running;
  }

  /**
   * Ends the worker: claims no more, lets handlers finish for `drainMs`, calls off and gives back what they still hold then,
   * and deregisters. Again: does not wait for handlers any longer.
   *
   * @returns when all that is done; it never rejects, see `run`
   */
  async drain(): Promise<void> {
    if (this.#drain.signal.aborted) this.#hurry.abort();
    else this.#drain.abort();
    await this.#running?.catch(() => {});
  }

  /**
   * Takes an item over from another agent, by its token. Goes beyond `concurrency` if there is no room.
   *
   * @throws ProblemError `hand-off-expired`, `hand-off-used`, `hand-off-wrong-agent`, `hand-off-forged`, `not-capable`
   */
  async accept(token: string): Promise<void> {
    const { agent, epoch } = this.#membership ?? { agent: '', epoch: 0 };
    if (epoch === 0 || this.#drain.signal.aborted) throw new Error('the agent is not registered, or the worker ends');
    this.#inHand?.take(await this.client.handOffs.accept({ token, agent, epoch }));
  }

  async #run({ signal, signals = true }: RunOptions): Promise<void> {
    const drain = (): void => void this.drain();
    if (signal?.aborted) return;
    signal?.addEventListener('abort', drain, { once: true });
    for (const name of signals ? SIGNALS : []) process.on(name, drain);
    try {
      await this.#live();
    } finally {
      signal?.removeEventListener('abort', drain);
      for (const name of SIGNALS) process.removeListener(name, drain);
    }
  }

  async #live(): Promise<void> {
    const { client } = this;
    const { agent, waitMs = 30_000, termMs = 60_000, concurrency = 1, host = hostname() } = this.#options;
    const log = this.#log;
    const membership = new Membership(client, this.#registration(), host.slice(0, HOST_CHARS_MAX), log);
    const leases = new Leases(client, log);
    const inHand = new InHand({ client, agent, handlers: this.#handlers, leases, concurrency, log });
    this.#membership = membership;
    this.#inHand = inHand;
    const terms = { waitMs, termMs, class: this.#options.class };
    const claiming = new Claiming(client, membership, terms, inHand, log);

    await membership.join(this.#drain.signal);
    if (this.#drain.signal.aborted) return membership.leave();
    const failures: unknown[] = [];
    const failed = (error: unknown): void => {
      failures.push(error);
      this.#drain.abort();
    };
    const background = [membership.run(this.#end.signal).catch(failed), leases.run(this.#end.signal)];
    if (this.#options.events ?? true) {
      const take = (event: SessionEvent): void => this.#on(event, leases, inHand);
      background.push(listen(client, membership, take, log, this.#end.signal));
    }
    const stop = (): void => {
      inHand.close();
      background.push(this.#hangUp(membership));
    };
    this.#drain.signal.addEventListener('abort', stop, { once: true });
    await claiming.run(this.#drain.signal, this.#hungUp.signal).catch(failed);
    await this.#finish(inHand);
    this.#end.abort();
    await Promise.all([...background, membership.leave()]);
    if (failures.length > 0) throw failures[0];
  }

  /** Before the server has heard that the agent stops, an answer with work could be on its way, and would be lost. */
  async #hangUp(membership: Membership): Promise<void> {
    await membership.stopping();
    await pause(LINGER_MS, this.#hurry.signal);
    this.#hungUp.abort();
  }

  #registration(): { agent: string; capabilities: string[] } {
    const { agent, name = '', description = '', version = '', endpoint = '', metadata = {}, offering } = this.#options;
    const about = { name, description, version, endpoint, metadata, ...(offering ? { offering } : {}) };
    return { agent, capabilities: this.#capabilities, ...about };
  }

  /** Nothing new is claimed any more: waits for what is in hand, and gives back what takes too long. */
  async #finish(inHand: InHand): Promise<void> {
    inHand.close();
    const fields = { inHand: inHand.count };
    this.#log({ level: 'info', message: 'the worker ends', fields });
    const end = new AbortController();
    const stop = (): void => end.abort();
    this.#hurry.signal.addEventListener('abort', stop, { once: true });
    if (this.#hurry.signal.aborted) stop();
    await Promise.race([inHand.whenIdle(end.signal), pause(this.#options.drainMs ?? 30_000, end.signal)]);
    stop();
    await inHand.abandon();
  }

  #on(event: SessionEvent, leases: Leases, inHand: InHand): void {
    if ('agent' in event && event.agent !== this.#options.agent) return;
    switch (event.kind) {
      case 'cancelled':
        return leases.lose(event.item, event.epoch, event.reason);
      case 'lease-ended':
        return leases.lose(event.item, event.epoch, 'lease-ended');
      case 'lease-ending':
        return leases.renew(event.item, event.epoch);
      case 'item':
        return inHand.take(event.item);
      // News may have been missed while nobody listened.
      case 'opened':
      case 'lagged':
        return leases.renewAll();
    }
  }
}

/** How long an answer may take that the server had begun before it heard that the agent stops. */
const LINGER_MS = 200;
/** Of the host's name, by the server's limit. */
const HOST_CHARS_MAX = 128;
