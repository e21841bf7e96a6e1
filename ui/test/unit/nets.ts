// Small nets written as text, for tests.
import type { Net, Task } from '../../src/api';

/** `start>A A>end`: ids in capitals are tasks, `start` and `end` the ends, others conditions. */
export function net(arcs: string, tasks: Record<string, Partial<Task>> = {}, id = 'N'): Net {
  const flows = arcs.split(' ').map((arc) => arc.split('>') as [string, string]);
  const ids = [...new Set(['start', 'end', ...flows.flat()])];
  return {
    id,
    name: null,
    is_root: id === 'N',
    termination: 'explicit',
    conditions: ids
      .filter((name) => !/^[A-Z]/.test(name))
      .map((name) => ({ id: name, name: null, kind: name === 'start' ? 'input' : name === 'end' ? 'output' : 'ordinary' })),
    tasks: ids
      .filter((name) => /^[A-Z]/.test(name))
      .map((name) => ({
        id: name,
        name: null,
        join: 'xor',
        split: 'and',
        decomposes_to: name,
        kind: 'atomic',
        multi_instance: false,
        timer: false,
        cancels: [],
        ...tasks[name],
      })),
    flows: flows.map(([from, to]) => ({ from, to, predicate: null, is_default: false, tokens: 1, label: null })),
  };
}
