// Agents: register, renew, say what they do, and what operators do with them.

import { record } from '../shape.js';
import { segment, type CallOptions, type Transport } from '../transport.js';
import type {
  Agent,
  AgentDone,
  AgentQuery,
  Incarnation,
  Lifetime,
  Page,
  Quarantined,
  Registered,
  Registration,
  Released,
  Renewed,
  StateChange,
  StateSet,
} from '../types.js';
import { lifetime, named, page, registered, renewedAgent, results, type Outcome } from './answers.js';

/** What became of registrations, and how to stay registered. */
export interface Registrations {
  results: Outcome<Registered>[];
  lifetime: Lifetime;
}

export class Agents {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Registers up to 10,000 agents. The same again is a renewal; under another session it is another process, and the epoch
   * of the one before is void.
   *
   * @param session renews them together; without it each is renewed by its name
   */
  register(agents: Registration[], session?: number, options?: CallOptions): Promise<Registrations> {
    const json = session === undefined ? { agents } : { session, agents };
    const each = results(registered, agents.length);
    const read = (value: unknown, place: string): Registrations => ({
      results: each(value, place),
      lifetime: record<{ lifetime: Lifetime }>({ lifetime })(value, place).lifetime,
    });
    return this.#transport.ask({ method: 'POST', path: '/agents', json, read }, options);
  }

  /** Renews agents that have no session. */
  renew(agents: Incarnation[], options?: CallOptions): Promise<Outcome<Renewed>[]> {
    return this.#all('renew', { agents }, results(renewedAgent, agents.length), options);
  }

  /** Says what agents are doing. A renewal, too. */
  setStates(changes: StateChange[], options?: CallOptions): Promise<Outcome<StateSet>[]> {
    return this.#all('states', { changes }, results(named<StateSet>(), changes.length), options);
  }

  /** Takes agents off: they get no more work and are not found. What they hold ends with its leases. */
  deregister(agents: Incarnation[], options?: CallOptions): Promise<Outcome<AgentDone>[]> {
    return this.#all('deregister', { agents }, results(named<AgentDone>(), agents.length), options);
  }

  /** No new work for these agents; they finish what they hold. For operators. */
  drain(agents: string[], options?: CallOptions): Promise<Outcome<AgentDone>[]> {
    return this.#all('drain', { agents }, results(named<AgentDone>(), agents.length), options);
  }

  /** No work for agents of these names until they are released, whether they are there or not. For operators. */
  quarantine(agents: string[], reason: string, options?: CallOptions): Promise<Outcome<Quarantined>[]> {
    return this.#all('quarantine', { agents, reason }, results(named<Quarantined>(), agents.length), options);
  }

  /** Ends a quarantine. For operators. */
  release(agents: string[], options?: CallOptions): Promise<Outcome<Released>[]> {
    return this.#all('release', { agents }, results(named<Released>(), agents.length), options);
  }

  /** One page of agents, by name, without what they offer. */
  list(query: AgentQuery = {}, options?: CallOptions): Promise<Page<Agent>> {
    return this.#transport.ask({ method: 'GET', path: '/agents', query, read: page(named<Agent>()) }, options);
  }

  /** One agent with what it offers. @throws ProblemError `no-such-agent` */
  get(agent: string, options?: CallOptions): Promise<Agent> {
    return this.#transport.ask({ method: 'GET', path: `/agents/${segment(agent)}`, read: named<Agent>() }, options);
  }

  #all<T>(
    verb: string,
    json: object,
    read: (value: unknown, place: string) => Outcome<T>[],
    options?: CallOptions,
  ): Promise<Outcome<T>[]> {
    return this.#transport.ask({ method: 'POST', path: `/agents/${verb}`, json, read }, options);
  }
}

