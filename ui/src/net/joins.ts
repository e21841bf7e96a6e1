// What keeps OR-joins from starting: in words, and as the elements and arcs that a token can still come along.

import type { Net, OrJoin } from '../api';
import { nameOf } from './drawing';
import { flowOf } from './state';

/** Why the join waits; an empty text if it does not. */
export function waitInWords(join: OrJoin, net: Net): string {
  const task = nameOf(net, join.task);
  if (join.answer === 'undecided') {
    return `${task} waits: the net is too large to rule out that another token arrives`;
  }
  if (join.answer !== 'waits') return '';
  const flow = flowOf(net, join.input);
  const arc = flow ? `the arc from ${nameOf(net, flow.from)}` : nameOf(net, join.input);
  const before = join.path.slice(0, -1);
  // Between two tasks of the path its implicit condition says nothing more.
  const stops = before.filter((id, index) => index === 0 || !flowOf(net, id));
  const way = stops.map((id) => nameOf(net, id)).join(' → ');
  return `${task} waits, because a token can still arrive over ${arc}, along ${way}`;
}

/** Ids of the elements on the paths, and of their arcs as `from to`. */
export function awaited(joins: OrJoin[], net: Net): Set<string> {
  const ids = new Set<string>();
  for (const join of joins) {
    if (join.answer !== 'waits') continue;
    const way = [...join.path, join.task];
    way.forEach((id, index) => {
      const flow = flowOf(net, id);
      ids.add(flow ? `${flow.from} ${flow.to}` : id);
      const next = way[index + 1];
      if (next !== undefined) ids.add(`${id} ${next}`);
    });
  }
  return ids;
}
