// Everything that agents and launchers ask of a server, typed, by noun.

import { Agents } from './calls/agents.js';
import { Cases } from './calls/cases.js';
import { Claims, HandOffs, Leases } from './calls/claims.js';
import { Marketplace } from './calls/marketplace.js';
import { Sessions } from './calls/sessions.js';
import { Specifications } from './calls/specifications.js';
import { WorkItems } from './calls/work-items.js';
import { Transport, type ClientOptions } from './transport.js';

/**
 * A server, as calls. Requests and answers are what docs/api.md describes, field by field.
 *
 * Every change carries a command id, so that it happens once however often it is sent; what finds no server or an
 * overloaded one is sent again with back-off, as `retry_after_ms` asks. A call throws `ProblemError` if the server refuses
 * it and `TransportError` if no answer came that can be read. A call for many has one result for each entry: what was done,
 * or a `ProblemError` in its place.
 *
 * ```ts
 * const client = new Client({ url: 'http://127.0.0.1:8080' });
 * const launched = await client.cases.launch({ specification: 'UID_flotilla_hello:1.0' });
 * ```
 */
export class Client {
  /** Base of the interface, such as `http://127.0.0.1:8080/api/v1`. */
  readonly url: string;
  /** What is run: upload, verify, show, remove. */
  readonly specifications: Specifications;
  /** Runs of it: launch, show, cancel. */
  readonly cases: Cases;
  /** Work, by hand: list, check out, check in, and what operators do. */
  readonly workItems: WorkItems;
  /** Agents of one process that are renewed together, and what happens to their items. */
  readonly sessions: Sessions;
  /** Who is there: register, renew, drain, quarantine. */
  readonly agents: Agents;
  /** Asking for work. */
  readonly claims: Claims;
  /** Keeping work, and giving it back. */
  readonly leases: Leases;
  /** Letting another agent have it. */
  readonly handOffs: HandOffs;
  /** Who offers what. */
  readonly marketplace: Marketplace;

  /** @throws TypeError if the url is none, or neither of http nor https */
  constructor(options: ClientOptions = {}) {
    const transport = new Transport(options);
    this.url = transport.url;
    this.specifications = new Specifications(transport);
    this.cases = new Cases(transport);
    this.workItems = new WorkItems(transport);
    this.sessions = new Sessions(transport);
    this.agents = new Agents(transport);
    this.claims = new Claims(transport);
    this.leases = new Leases(transport);
    this.handOffs = new HandOffs(transport);
    this.marketplace = new Marketplace(transport);
  }
}
