// What answers must have so that this package and its users can rely on it. The types say the rest.

import { ProblemError, TransportError } from '../errors.js';
import { asProblem } from '../problem.js';
import { flag, list, maybe, record, text, whole, type Reader } from '../shape.js';
import type {
  CaseDetail,
  CaseSummary,
  Claimed,
  ClaimedItem,
  HandOffOffer,
  ItemDone,
  Launched,
  LeaseRenewed,
  Lifetime,
  Page,
  Registered,
  Session,
  SessionAgents,
  WorkItemDetail,
} from '../types.js';

/** One answer for each entry of a batch, in the order of the request: what was done, or why not. */
export type Outcome<T> = T | ProblemError;

/** Reads the answers to a batch of so many entries. */
export function results<T>(done: Reader<T>, count: number): Reader<Outcome<T>[]> {
  const all = record<{ results: Outcome<T>[] }>({ results: list(outcome(done)) });
  return (value, place) => {
    const { results } = all(value, place);
    if (results.length !== count) {
      const detail = `the answer has ${results.length} results for ${count} entries`;
      throw new TransportError('broken-answer', detail);
    }
    // The list was checked, not rebuilt: refusals become errors here.
    return results.map((one) => (isRefused(one) ? new ProblemError(asProblem(one.problem)!) : one));
  };
}

function isRefused(one: unknown): one is { problem: unknown } {
  return typeof one === 'object' && one !== null && 'problem' in one;
}

function outcome<T>(done: Reader<T>): Reader<T> {
  return (value, place) => {
    if (!isRefused(value)) return done(value, place);
    if (!asProblem(value.problem)) {
      throw new TransportError('broken-answer', `the answer has no problem at ${place}.problem`);
    }
    return value as T;
  };
}

export function page<T>(entry: Reader<T>): Reader<Page<T>> {
  return record<Page<T>>({ items: list(entry), next: maybe(text) });
}

export const item = record<ItemDone>({ item: text });

export const workItem = record<WorkItemDetail>({ item: text, case: text, task: text, status: text });

export const caseSummary = record<CaseSummary>({ case: text, specification: text, status: text });

export const caseDetail = record<CaseDetail>({ case: text, specification: text, status: text, items: list(workItem) });

export const launched = record<Launched>({ case: text, specification: text, status: text });

export const claimedItem = record<ClaimedItem>({
  item: text,
  case: text,
  specification: text,
  task: text,
  task_name: text,
  capability: maybe(text),
  epoch: whole,
  term_ms: whole,
  attempt: whole,
  data: text,
});

export const claimed = record<Claimed>({ items: list(claimedItem), retry_after_ms: maybe(whole) });

export const renewedLease = record<LeaseRenewed>({ item: text, left_ms: whole });

export const handOffOffer = record<HandOffOffer>({ token: text, item: text, epoch: whole, expires_in_ms: whole });

export const lifetime = record<Lifetime>({ renew_every_ms: whole, stale_after_ms: whole, dead_after_ms: whole });

export const session = record<Session>({ session: whole, lifetime });

export const sessionAgents = record<SessionAgents>({ session: whole, agents: whole });

export const registered = record<Registered>({ agent: text, epoch: whole });

/** Of an agent that was renewed: what it should know. */
export const renewedAgent = record<{ agent: string; draining: boolean; quarantined: boolean }>({
  agent: text,
  draining: flag,
  quarantined: flag,
});

/** Any answer that names an agent. */
export function named<T extends { agent: string }>(): Reader<T> {
  return record<{ agent: string }>({ agent: text }) as Reader<T>;
}

/** An object of which nothing more is asked here. */
export function object<T extends object>(): Reader<T> {
  return record<T>({});
}
