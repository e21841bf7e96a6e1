// Cases: launch one or many, look at them, cancel, suspend, resume.

import { randomUUID } from 'node:crypto';

import { segment, type CallOptions, type Transport } from '../transport.js';
import type { CaseDetail, CaseDone, CaseQuery, CaseSummary, HistoryEntry, Launch, Launched, Page } from '../types.js';
import { caseDetail, caseSummary, launched, object, page, results, type Outcome } from './answers.js';

export class Cases {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Launches a case. An answer means that it is there, also after a crash.
   *
   * @throws ProblemError `no-such-specification`; `case-exists` if the name is taken; `data-invalid` with `violations`
   */
  launch(launch: Launch, options: CallOptions = {}): Promise<Launched> {
    const { command_id, ...json } = launch;
    const commandId = options.commandId ?? command_id;
    const named = commandId === undefined || commandId === null ? options : { ...options, commandId };
    return this.#transport.ask({ method: 'POST', path: '/cases', json, read: launched }, named);
  }

  /**
   * Launches up to 10,000 cases in one durable write.
   *
   * @returns for each launch, in order, the case or why there is none
   */
  launchAll(launches: Launch[], options?: CallOptions): Promise<Outcome<Launched>[]> {
    const named = launches.map((launch) => ({ command_id: randomUUID(), ...launch }));
    const ask = { path: '/cases/batch', json: { launches: named }, read: results(launched, named.length) };
    return this.#transport.ask({ method: 'POST', ...ask }, options);
  }

  /** One page of cases, by id. @throws ProblemError `malformed-query` */
  list(query: CaseQuery = {}, options?: CallOptions): Promise<Page<CaseSummary>> {
    return this.#transport.ask({ method: 'GET', path: '/cases', query, read: page(caseSummary) }, options);
  }

  /** One case with its marking, items and data; its output once it has completed. @throws ProblemError `no-such-case` */
  get(id: string, options?: CallOptions): Promise<CaseDetail> {
    return this.#transport.ask({ method: 'GET', path: at(id), read: caseDetail }, options);
  }

  /** One page of what happened in a case, oldest first. @throws ProblemError `no-such-case` */
  history(
    id: string,
    query: { after?: string; limit?: number } = {},
    options?: CallOptions,
  ): Promise<Page<HistoryEntry>> {
    const read = page(object<HistoryEntry>());
    return this.#transport.ask({ method: 'GET', path: `${at(id)}/history`, query, read }, options);
  }

  /** Ends a case. Who works on its items is told. @throws ProblemError `case-not-running` */
  cancel(id: string, options?: CallOptions): Promise<CaseDone> {
    return this.#act(id, 'cancel', options);
  }

  /** Lets a case rest: nothing new begins in it. @throws ProblemError `case-not-running` */
  suspend(id: string, options?: CallOptions): Promise<CaseDone> {
    return this.#act(id, 'suspend', options);
  }

  /** Goes on with a suspended case, and tries again what the engine could not go on with. */
  resume(id: string, options?: CallOptions): Promise<CaseDone> {
    return this.#act(id, 'resume', options);
  }

  #act(id: string, verb: string, options?: CallOptions): Promise<CaseDone> {
    return this.#transport.ask({ method: 'POST', path: `${at(id)}/${verb}`, read: object<CaseDone>() }, options);
  }
}

function at(id: string): string {
  return `/cases/${segment(id)}`;
}
