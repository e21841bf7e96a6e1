// Where a case stands, per running net: tokens in conditions, instances of busy tasks, what is
// enabled. A net may run several times at once, so each run has its path, such as `7.2`.

import type { BusyMark, CaseDetail, Net } from '../api';
import { implicitId, nameOf } from './drawing';

export interface RunningNet {
  /** `7` for the root net, `7.2` for a child. */
  path: string;
  net: string;
  tokens: Map<string, number>;
  busy: Map<string, BusyMark>;
  enabled: Set<string>;
  /** Tasks that wait for a person: deadlocked, or with an incident. */
  stuck: Set<string>;
}

/** All running nets of a case, the root first. */
export function runningNets(detail: CaseDetail, nets: Net[]): RunningNet[] {
  const paths = new Set(Object.keys(detail.data));
  const marks = Object.entries({ ...detail.marking, ...detail.leftover }).map(([key, mark]) => {
    const [path, element] = cut(key, '/');
    paths.add(path);
    return { path, element, mark };
  });
  return [...paths].sort(byNumbers).map((path) => {
    const here = marks.filter((mark) => mark.path === path);
    const running: RunningNet = {
      path,
      net: netOf(path, here.map(({ element }) => element), detail, nets),
      tokens: new Map(),
      busy: new Map(),
      enabled: new Set(),
      stuck: new Set(),
    };
    for (const { element, mark } of here) {
      if ('tokens' in mark) running.tokens.set(element, mark.tokens);
      else running.busy.set(element, mark);
    }
    for (const { item, status, task } of detail.items) {
      if (cut(item, ':')[0] !== path) continue;
      if (status === 'Enabled') running.enabled.add(task);
      if (status === 'Deadlocked') running.stuck.add(task);
    }
    for (const { item } of detail.incidents) {
      const [at, task] = cut(item, ':');
      if (at === path) running.stuck.add(task);
    }
    return running;
  });
}

/** The net in words, one line per marked element: the drawing for those who cannot see it. */
export function inWords(running: RunningNet, net: Net): string[] {
  const words: string[] = [];
  for (const [id, tokens] of running.tokens) {
    const name = nameOf(net, id);
    const place = name.startsWith('between ') ? name : `in ${name}`;
    words.push(`${tokens === 1 ? 'a token' : `${tokens} tokens`} ${place}`);
  }
  for (const [id, { executing, active, complete }] of running.busy) {
    const parts = [`${executing} executing`];
    if (active > executing) parts.push(`${active - executing} waiting`);
    if (complete > 0) parts.push(`${complete} complete`);
    words.push(`${nameOf(net, id)} is busy: ${parts.join(', ')}`);
  }
  for (const id of running.enabled) words.push(`${nameOf(net, id)} is enabled`);
  for (const id of running.stuck) words.push(`${nameOf(net, id)} is stuck`);
  return words;
}

/** Elements that lose their tokens when `task` ends, in words. */
export function cancelsInWords(net: Net, cancels: string[]): string {
  return cancels.map((id) => nameOf(net, id)).join(', ');
}

/** The flow whose implicit condition `id` is, if any. */
export function flowOf(net: Net, id: string): { from: string; to: string } | undefined {
  return net.flows.find(({ from, to }) => implicitId(from, to) === id);
}

function netOf(path: string, elements: string[], detail: CaseDetail, nets: Net[]): string {
  const root = nets.find((net) => net.is_root)?.id ?? '';
  if (path === detail.case) return root;
  // The variables of a net are an element of its name, except before Beta 4, where it is `data`.
  const name = /^<([^\s/>]+)/.exec(detail.data[path] ?? '')?.[1];
  if (nets.some(({ id }) => id === name)) return name as string;
  const holds = (net: Net, element: string) =>
    [...net.tasks, ...net.conditions].some(({ id }) => id === element) || flowOf(net, element) !== undefined;
  return nets.find((net) => elements.every((element) => holds(net, element)))?.id ?? root;
}

function cut(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function byNumbers(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
