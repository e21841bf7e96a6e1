// Hash routes of the page: what an address shows, and how one is written.

import { AGENT_KINDS, type AgentKind, LEASE_STANDINGS, type LeaseStanding } from './api';

export type Route =
  | { page: 'specifications' }
  | { page: 'specification'; key: string }
  | { page: 'cases'; specification: string; status: string }
  | { page: 'case'; id: string }
  | { page: 'agents'; prefix: string; kind: AgentKind }
  | { page: 'agent'; name: string }
  | { page: 'claims'; lease: LeaseStanding }
  | { page: 'unknown'; hash: string };

/** Reads `location.hash`. */
export function parse(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#?\/?/, '').split('?', 2);
  const [head = '', rest] = path.split('/', 2);
  const parameters = new URLSearchParams(query);
  if (head === '' || head === 'specifications') {
    const key = decode(rest);
    return key ? { page: 'specification', key } : { page: 'specifications' };
  }
  if (head === 'cases') {
    const id = decode(rest);
    if (id) return { page: 'case', id };
    return {
      page: 'cases',
      specification: parameters.get('specification') ?? '',
      status: parameters.get('status') ?? '',
    };
  }
  if (head === 'agents') {
    const name = decode(rest);
    if (name) return { page: 'agent', name };
    const kind = AGENT_KINDS.find((known) => known === parameters.get('kind')) ?? 'all';
    return { page: 'agents', prefix: parameters.get('prefix') ?? '', kind };
  }
  if (head === 'claims') {
    const lease = LEASE_STANDINGS.find((known) => known === parameters.get('lease')) ?? 'held';
    return { page: 'claims', lease };
  }
  return { page: 'unknown', hash };
}

/** The link to a route. */
export const link = {
  specifications: () => '#/specifications',
  specification: (key: string) => `#/specifications/${encodeURIComponent(key)}`,
  cases: (filter: { specification?: string; status?: string } = {}) => filtered('cases', filter),
  case: (id: string) => `#/cases/${encodeURIComponent(id)}`,
  agents: (filter: { prefix?: string; kind?: AgentKind } = {}) => filtered('agents', filter),
  agent: (name: string) => `#/agents/${encodeURIComponent(name)}`,
  claims: (lease?: LeaseStanding) => filtered('claims', lease ? { lease } : {}),
};

/** The link to a list, with what of it is shown. */
function filtered(page: string, filter: Record<string, string>): string {
  const set = Object.entries(filter).filter(([, value]) => value);
  const query = new URLSearchParams(set).toString();
  return query ? `#/${page}?${query}` : `#/${page}`;
}

function decode(text: string | undefined): string {
  try {
    return decodeURIComponent(text ?? '');
  } catch {
    // A hand-written address with a stray `%`: show it as it stands.
    return text ?? '';
  }
}
