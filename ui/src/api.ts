// The REST interface under /api/v1 as types and calls. Nothing else in the page talks to the server,
// the event stream aside (live.ts). Types mirror crates/wire.

export type CaseStatus =
  | 'scheduled'
  | 'running'
  | 'suspended'
  | 'completed'
  | 'deadlocked'
  | 'emptied'
  | 'cancelled';

export const CASE_STATUSES: readonly CaseStatus[] = [
  'scheduled',
  'running',
  'suspended',
  'completed',
  'deadlocked',
  'emptied',
  'cancelled',
];

export interface Position {
  line: number;
  column: number;
}

export interface Finding {
  severity: 'error' | 'warning';
  element: string;
  rule: string;
  message: string;
  remedy: string;
  position: Position | null;
}

export interface Violation {
  path: string;
  rule: string;
  value: string;
  message: string;
}

/** An error after RFC 9457; `code` is stable, `detail` is for people. */
export interface Problem {
  title: string;
  status: number;
  code: string;
  detail: string;
  violations?: Violation[];
  findings?: Finding[];
  retry_after_ms?: number;
}

export interface UploadedSpecification {
  key: string;
  uri: string;
  version: string;
  name: string | null;
  findings: Finding[];
}

export interface SpecificationSummary {
  key: string;
  uri: string;
  version: string;
  identifier: string | null;
  name: string | null;
  documentation: string | null;
  uploaded_at: string;
  root_net: string | null;
  nets: string[];
  cases_running: number;
}

export type Gate = 'and' | 'or' | 'xor';

export interface Condition {
  id: string;
  name: string | null;
  kind: 'input' | 'output' | 'ordinary';
}

export interface Task {
  id: string;
  name: string | null;
  join: Gate;
  split: Gate;
  decomposes_to: string | null;
  kind: 'atomic' | 'composite' | 'empty';
  multi_instance: boolean;
  timer: boolean;
  cancels: string[];
}

export interface Flow {
  from: string;
  to: string;
  predicate: string | null;
  is_default: boolean;
  /** How many tokens it carries. */
  tokens: number;
  label: string | null;
}

export interface Net {
  id: string;
  name: string | null;
  is_root: boolean;
  /** When a case of it is over: its output condition is marked, or nothing is enabled or busy. */
  termination: 'explicit' | 'implicit';
  conditions: Condition[];
  tasks: Task[];
  flows: Flow[];
}

export interface Bounds {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** One step of a walk, with the marking after it. */
export interface Step {
  text: string;
  tokens: Record<string, number>;
  busy: string[];
}

export interface SoundnessFinding extends Finding {
  /** How to get there; empty for advice. */
  walk: Step[];
  /** What can then be repeated for ever. */
  cycle: Step[];
}

export type Answer = 'yes' | 'no' | 'unknown';
export type Outcome = 'sound' | 'unsound' | 'undecided';

export interface NetSoundness {
  net: string;
  outcome: Outcome;
  option_to_complete: Answer;
  proper_completion: Answer;
  no_dead_tasks: Answer;
  weakly_sound: Answer;
  /** States looked at and OR-joins tested. */
  states: number;
  /** Why the search ended before all states were seen. */
  open: string | null;
  findings: SoundnessFinding[];
}

export interface SoundnessDetail {
  outcome: Outcome;
  nets: NetSoundness[];
}

export interface SpecificationDetail extends SpecificationSummary {
  findings: Finding[];
  /** Null where the server does not look. */
  soundness: SoundnessDetail | null;
  nets_detail: Net[];
  /** Net → element → where the author put it. */
  layout: Record<string, Record<string, Bounds>> | null;
}

interface CaseHead {
  case: string;
  specification: string;
  status: CaseStatus;
  launched_at: string;
  ended_at: string | null;
  open_items: number;
}

export interface CaseSummary extends CaseHead {
  incidents: number;
}

export interface BusyMark {
  active: number;
  entered: number;
  executing: number;
  complete: number;
}

export type Mark = { tokens: number } | BusyMark;

export interface CaseDetail extends CaseHead {
  /** `7/c1` or `7.2/A` → what the element holds. */
  marking: Record<string, Mark>;
  /** Of a case that ended in a deadlock: the tokens that no task could take. */
  leftover: Record<string, Mark>;
  items: WorkItem[];
  /** Running net, such as `7` or `7.2` → XML of its variables. */
  data: Record<string, string>;
  output: string | null;
  incidents: { item: string; reason: string }[];
}

/** An OR-join with a token before it that has not started. */
export type OrJoin = {
  /** The running net, such as `7` or `7.2`. */
  running: string;
  net: string;
  task: string;
  marked: string[];
  unmarked: string[];
} & (
  | { answer: 'enabled' | 'undecided' }
  /** A token can still come along `path`, elements in turn, to `input`. */
  | { answer: 'waits'; input: string; path: string[] }
);

export type ItemStatus =
  | 'Enabled'
  | 'Fired'
  | 'Executing'
  | 'Complete'
  | 'Is parent'
  | 'Deadlocked'
  | 'Suspended'
  | 'ForcedComplete'
  | 'Failed';

export interface WorkItem {
  item: string;
  case: string;
  specification: string;
  task: string;
  task_name: string;
  net: string;
  status: ItemStatus;
  enabled_at: string;
  started_at: string | null;
  timer_due_at: string | null;
  group: number | null;
  /** What an agent must be able to do to claim it. */
  capability: string | null;
  /** Of an item that was claimed. */
  lease: Lease | null;
  data: string | null;
}

/** How an item that was claimed stands. */
export type LeaseStanding = 'held' | 'free' | 'resting' | 'dead-letter';

export const LEASE_STANDINGS: readonly LeaseStanding[] = ['held', 'free', 'resting', 'dead-letter'];

export interface Lease {
  standing: LeaseStanding;
  holder: string | null;
  epoch: number;
  /** Claims without a result so far. */
  attempts: number;
}

export type Liveness = 'live' | 'stale' | 'dead';

export interface Agent {
  agent: string;
  epoch: number;
  session: number | null;
  host: string | null;
  capabilities: string[];
  name: string;
  description: string;
  state: string;
  liveness: Liveness;
  renewed_ms_ago: number;
  draining: boolean;
  /** Why it is in quarantine, if it is. */
  quarantine: string | null;
}

export interface AgentCounts {
  registered: number;
  live: number;
  stale: number;
  draining: number;
  /** Names, whether an agent has them now or not. */
  quarantined: number;
}

/** Sizes of the marketplace. */
export interface MarketStats {
  listings: number;
  live: number;
  stale: number;
  /** Different ones. */
  offerings: number;
}

export interface HistoryEntry {
  /** Shared by the events of one command. */
  position: number;
  at: string;
  event: string;
  detail: string;
}

export interface Page<T> {
  items: T[];
  /** Asks for the next page; null at the end. A page may be empty and still have a next one. */
  next: string | null;
}

/** A refusal of the server, or no answer at all (`code` is then `unreachable`). */
export class ApiError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail || problem.title);
    this.name = 'ApiError';
  }
}

/** Milliseconds until an unanswered request is given up. */
const REQUEST_MS_MAX = 30_000;
/** Rows asked for at once: two screens. */
export const PAGE_ROWS = 50;
/** The server's limit on one page. */
export const PAGE_ROWS_MAX = 1000;

const BASE = '/api/v1';

/** A path of encoded segments and a query without its empty parameters. */
export function address(segments: string[], query: Record<string, string | number> = {}): string {
  const path = segments.map(encodeURIComponent).join('/');
  const set = Object.entries(query).filter(([, value]) => value !== '');
  const text = new URLSearchParams(set.map(([name, value]) => [name, String(value)])).toString();
  return `${BASE}/${path}${text && `?${text}`}`;
}

/** An id that makes a repeated command count once. Works on plain http too, unlike `randomUUID`. */
export function commandId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function send(method: string, url: string, body?: string | Blob, type?: string): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (type) headers['content-type'] = type;
  if (method === 'POST') headers['idempotency-key'] = commandId();
  const init: RequestInit = { method, headers, signal: AbortSignal.timeout(REQUEST_MS_MAX) };
  if (body !== undefined) init.body = body;
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch {
    throw new ApiError({
      title: 'No answer from the server',
      status: 0,
      code: 'unreachable',
      detail: 'The server cannot be reached. Check that it runs, then try again.',
    });
  }
  if (!response.ok) throw new ApiError(await problemOf(response));
  return response;
}

async function problemOf(response: Response): Promise<Problem> {
  const status = response.status;
  const plain = {
    title: `The server answered ${status}`,
    status,
    code: 'unexpected-answer',
    detail: 'The answer carries no explanation. The log of the server may tell more.',
  };
  if (!response.headers.get('content-type')?.includes('json')) return plain;
  try {
    return { ...plain, ...((await response.json()) as Partial<Problem>) };
  } catch {
    return plain;
  }
}

async function get<T>(segments: string[], query: Record<string, string | number> = {}): Promise<T> {
  return (await (await send('GET', address(segments, query))).json()) as T;
}

async function post<T>(segments: string[], body?: object): Promise<T> {
  const response = body
    ? await send('POST', address(segments), JSON.stringify(body), 'application/json')
    : await send('POST', address(segments));
  return (await response.json()) as T;
}

export async function specifications(): Promise<SpecificationSummary[]> {
  return (await get<{ items: SpecificationSummary[] }>(['specifications'])).items;
}

export function specification(key: string): Promise<SpecificationDetail> {
  return get(['specifications', key]);
}

/** The document as it was uploaded. */
export async function specificationSource(key: string): Promise<string> {
  return (await send('GET', address(['specifications', key, 'source']))).text();
}

export async function upload(document: Blob): Promise<UploadedSpecification[]> {
  const response = await send('POST', address(['specifications']), document, 'application/xml');
  return ((await response.json()) as { specifications: UploadedSpecification[] }).specifications;
}

export async function unload(key: string): Promise<void> {
  await send('DELETE', address(['specifications', key]));
}

export interface Launch {
  specification: string;
  case?: string;
  data?: string;
}

export function launch(what: Launch): Promise<{ case: string }> {
  return post(['cases'], what);
}

export interface CaseFilter {
  status: string;
  specification: string;
}

export function cases(filter: CaseFilter, after = '', limit = PAGE_ROWS): Promise<Page<CaseSummary>> {
  return get(['cases'], { ...filter, after, limit });
}

export function caseDetail(id: string): Promise<CaseDetail> {
  return get(['cases', id]);
}

export async function orJoins(id: string): Promise<OrJoin[]> {
  return (await get<{ items: OrJoin[] }>(['cases', id, 'or-joins'])).items;
}

export function history(id: string, after: string, limit = 200): Promise<Page<HistoryEntry>> {
  return get(['cases', id, 'history'], { after, limit });
}

export type CaseAction = 'suspend' | 'resume' | 'cancel';

export async function actOnCase(id: string, action: CaseAction): Promise<void> {
  await post(['cases', id, action]);
}

export function workItem(id: string): Promise<WorkItem> {
  return get(['work-items', id]);
}

export function checkOut(id: string): Promise<{ item: string; data: string }> {
  return post(['work-items', id, 'checkout']);
}

export async function checkIn(id: string, data: string): Promise<void> {
  await post(['work-items', id, 'checkin'], { data });
}

/** Which agents of a list: all of them, or those that something sets apart. */
export type AgentKind = 'all' | 'live' | 'stale' | 'draining' | 'quarantined';

export const AGENT_KINDS: readonly AgentKind[] = ['all', 'live', 'stale', 'draining', 'quarantined'];

export interface AgentFilter {
  /** What the name begins with. */
  prefix: string;
  kind: AgentKind;
}

const KIND_QUERIES: Record<AgentKind, Record<string, string>> = {
  all: {},
  live: { liveness: 'live' },
  stale: { liveness: 'stale' },
  draining: { draining: 'true' },
  quarantined: { quarantined: 'true' },
};

export function agents({ prefix, kind }: AgentFilter, after = '', limit = PAGE_ROWS): Promise<Page<Agent>> {
  return get(['agents'], { prefix, ...KIND_QUERIES[kind], after, limit });
}

export function agent(name: string): Promise<Agent> {
  return get(['agents', name]);
}

export function agentCounts(): Promise<AgentCounts> {
  return get(['agent-counts']);
}

export function marketStats(): Promise<MarketStats> {
  return get(['marketplace', 'stats']);
}

export function drain(name: string): Promise<void> {
  return operate('drain', { agents: [name] });
}

export function quarantine(name: string, reason: string): Promise<void> {
  return operate('quarantine', { agents: [name], reason });
}

export function release(name: string): Promise<void> {
  return operate('release', { agents: [name] });
}

/** Does something to one agent. Such requests take many and answer for each. */
async function operate(verb: string, what: object): Promise<void> {
  const { results } = await post<{ results: { problem?: Problem }[] }>(['agents', verb], what);
  const problem = results[0]?.problem;
  if (problem) throw new ApiError(problem);
}

export interface ClaimedFilter {
  lease: LeaseStanding;
  holder?: string;
}

/** Items that were claimed and stand so. */
export function claimedItems(filter: ClaimedFilter, after = '', limit = PAGE_ROWS): Promise<Page<WorkItem>> {
  return get(['work-items'], { ...filter, after, limit });
}

/** Gives a dead letter another chance. */
export async function requeue(id: string): Promise<void> {
  await post(['work-items', id, 'requeue']);
}

export type ItemAction = 'suspend' | 'unsuspend' | 'rollback' | 'skip' | 'complete-task';

export async function actOnItem(id: string, action: ItemAction): Promise<void> {
  await post(['work-items', id, action]);
}
