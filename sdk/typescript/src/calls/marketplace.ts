// The marketplace: what agents offer, and who of them can do a task, cheapest first.

import { flag, list, maybe, record, text } from '../shape.js';
import type { CallOptions, Transport } from '../transport.js';
import type { AgentDone, Found, Incarnation, Publication, Search, Stats } from '../types.js';
import { named, object, results, type Outcome } from './answers.js';

export class Marketplace {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Publishes what agents offer, in place of what each offered before. Up to 10,000; each has its own answer. */
  publish(listings: Publication[], options?: CallOptions): Promise<Outcome<AgentDone>[]> {
    const ask = { path: '/marketplace/publish', json: { listings }, read: results(named<AgentDone>(), listings.length) };
    return this.#transport.ask({ method: 'POST', ...ask }, options);
  }

  /** Takes agents off the marketplace; they stay registered. */
  unpublish(agents: Incarnation[], options?: CallOptions): Promise<Outcome<AgentDone>[]> {
    const ask = { path: '/marketplace/unpublish', json: { agents }, read: results(named<AgentDone>(), agents.length) };
    return this.#transport.ask({ method: 'POST', ...ask }, options);
  }

  /**
   * Finds live agents by one of seven kinds of query, cheapest first.
   *
   * @returns one page; where `partial`, looking further would have taken too long, and `next` goes on
   * @throws ProblemError `query-invalid`
   */
  search(search: Search, options?: CallOptions): Promise<Found> {
    const read = record<Found>({ items: list(named()), next: maybe(text), partial: flag });
    return this.#transport.ask({ method: 'POST', path: '/marketplace/search', json: search, read }, options);
  }

  /** Sizes of the marketplace and of its indexes. */
  stats(options?: CallOptions): Promise<Stats> {
    return this.#transport.ask({ method: 'GET', path: '/marketplace/stats', read: object<Stats>() }, options);
  }
}
