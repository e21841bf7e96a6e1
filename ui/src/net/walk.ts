// A walk of the soundness check as states of its net, one per step, that the drawing can show.

import type { Net, SoundnessFinding, Step } from '../api';
import type { RunningNet } from './state';

export interface Stop {
  text: string;
  /** Belongs to what is repeated for ever. */
  repeats: boolean;
  running: RunningNet;
}

/** The launch, then the steps of the walk, then those of its cycle. */
export function stops(net: Net, { walk, cycle }: SoundnessFinding): Stop[] {
  const input = net.conditions.find(({ kind }) => kind === 'input');
  const launch: Step = { text: 'launch', tokens: input ? { [input.id]: 1 } : {}, busy: [] };
  return [
    ...[launch, ...walk].map((step) => stop(net, step, false)),
    ...cycle.map((step) => stop(net, step, true)),
  ];
}

function stop(net: Net, { text, tokens, busy }: Step, repeats: boolean): Stop {
  const one = { active: 1, entered: 0, executing: 1, complete: 0 };
  const running: RunningNet = {
    path: 'the walk',
    net: net.id,
    tokens: new Map(Object.entries(tokens)),
    busy: new Map(busy.map((task) => [task, one])),
    enabled: new Set(),
    stuck: new Set(),
  };
  return { text, repeats, running };
}
