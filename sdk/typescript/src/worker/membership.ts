// The worker's place in the registry: a session, the agent in it, and both kept alive in the background.

import { pause } from '../async.js';
import { Backoff, REST_MS_MIN } from '../backoff.js';
import type { Client } from '../client.js';
import { isPassing, NameTaken, ProblemError } from '../errors.js';
import type { Registration } from '../types.js';
import type { Log } from './log.js';

/** One attempt to renew: another must fit in before the agent is stale. */
const TIMEOUT_MS = 10_000;
/** How long leaving may take: whoever does not get through is dropped by the server after a while. */
const LEAVE_MS = 3_000;

export class Membership {
  readonly #client: Client;
  readonly #registration: Registration;
  readonly #host: string;
  readonly #log: Log;
  #session = 0;
  #epoch = 0;
  #renewEveryMs = 0;
  #joining: Promise<void> | undefined;
  #moved = new AbortController();

  constructor(client: Client, registration: Registration, host: string, log: Log) {
    this.#client = client;
    this.#registration = registration;
    this.#host = host;
    this.#log = log;
  }

  get agent(): string {
    return this.#registration.agent;
  }

  /** Of the agent's present life. */
  get epoch(): number {
    return this.#epoch;
  }

  get session(): number {
    return this.#session;
  }

  /** Aborted once this session is over and another one has taken its place. */
  get moved(): AbortSignal {
    return this.#moved.signal;
  }

  /**
   * Opens a session and registers the agent in it; waits for a server that is not there. Several that ask at once join once.
   *
   * @throws ProblemError if the server does not take the agent as it describes itself
   */
  join(signal: AbortSignal): Promise<void> {
    this.#joining ??= this.#join(signal).finally(() => {
      this.#joining = undefined;
    });
    return this.#joining;
  }

  async #join(signal: AbortSignal): Promise<void> {
    const backoff = new Backoff();
    while (!signal.aborted) {
      try {
        return await this.#register(signal);
      } catch (error) {
        if (signal.aborted) return;
        if (!isPassing(error)) throw error;
        const waitMs = backoff.failed(error.retryAfterMs);
        const fields = { url: this.#client.url, error, waitMs };
        this.#log({ level: 'warn', message: 'the agent could not be registered yet', fields });
        await pause(waitMs, signal);
      }
    }
  }

  async #register(signal: AbortSignal): Promise<void> {
    const options = { signal, attemptsMax: 1 };
    const { session } = await this.#client.sessions.open({ host: this.#host }, options);
    const { results, lifetime } = await this.#client.agents.register([this.#registration], session, options);
    const [registered] = results;
    if (registered === undefined || registered instanceof ProblemError) throw registered;
    this.#session = session;
    this.#epoch = registered.epoch;
    this.#renewEveryMs = lifetime.renew_every_ms;
    this.#moved.abort();
    this.#moved = new AbortController();
    const fields = { agent: registered.agent, session, epoch: registered.epoch };
    this.#log({ level: 'info', message: 'the agent is registered', fields });
  }

  /**
   * Keeps the agent alive until the signal is aborted.
   *
   * @throws NameTaken if another process has the name; ProblemError if the agent is not taken any more
   */
  async run(signal: AbortSignal): Promise<void> {
    const backoff = new Backoff();
    let waitMs = this.#restMs();
    while (!signal.aborted) {
      await pause(waitMs, signal);
      if (signal.aborted) return;
      try {
        await this.renew(signal);
        backoff.succeeded();
        waitMs = this.#restMs();
      } catch (error) {
        if (signal.aborted) return;
        if (!isPassing(error)) throw error;
        waitMs = Math.min(backoff.failed(error.retryAfterMs), this.#restMs());
        this.#log({ level: 'warn', message: 'the session could not be renewed', fields: { error, waitMs } });
      }
    }
  }

  /** Renews the session; joins anew if the server does not know the agent any more. */
  async renew(signal: AbortSignal): Promise<void> {
    const [renewed] = await this.#client.sessions.renew([this.#session], { signal, timeoutMs: TIMEOUT_MS, attemptsMax: 1 });
    if (renewed instanceof ProblemError && renewed.code !== 'no-such-session') throw renewed;
    if (renewed instanceof ProblemError) await this.join(signal);
    else if (renewed?.agents === 0) await this.#rejoin(signal);
  }

  /** The session has lost its agent: to another process, or to somebody who took it off. */
  async #rejoin(signal: AbortSignal): Promise<void> {
    try {
      const { session } = await this.#client.agents.get(this.agent, { signal, attemptsMax: 1 });
      if (session !== this.#session) throw new NameTaken(this.agent);
    } catch (error) {
      if (!(error instanceof ProblemError) || error.code !== 'no-such-agent') throw error;
      await this.join(signal);
    }
  }

  /** Says that the agent stops: it is given nothing more. Never rejects. */
  async stopping(): Promise<void> {
    try {
      const change = { agent: this.agent, epoch: this.#epoch, state: 'STOPPING' };
      await this.#client.agents.setStates([change], { timeoutMs: LEAVE_MS, attemptsMax: 1 });
    } catch (error) {
      this.#log({ level: 'info', message: 'the agent could not say that it stops', fields: { error } });
    }
  }

  /** Takes the agent off. Never rejects. */
  async leave(): Promise<void> {
    if (this.#session === 0) return;
    try {
      await this.#client.sessions.close(this.#session, { timeoutMs: LEAVE_MS, repeatMs: LEAVE_MS });
      this.#log({ level: 'info', message: 'the agent has left', fields: { agent: this.agent } });
    } catch (error) {
      this.#log({ level: 'warn', message: 'the agent could not take leave', fields: { error } });
    }
  }

  /** Spread over a tenth, so that agents that were started together do not renew together. */
  #restMs(): number {
    return Math.max(this.#renewEveryMs * (1 - 0.1 * Math.random()), REST_MS_MIN);
  }
}
