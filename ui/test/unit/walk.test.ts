// A walk of the soundness check, step by step, told from the server's answer.
import { expect, test } from 'vitest';
import type { SoundnessFinding, Step } from '../../src/api';
import { inWords } from '../../src/net/state';
import { stops } from '../../src/net/walk';
import { net } from './nets';

const NET = net('start>A A>c c>B B>d d>C C>c');
const FINDING = { severity: 'warning', element: 'YNet:N', rule: 'sound-livelock', message: '', remedy: '', position: null } as const;

function step(text: string, tokens: Record<string, number>, busy: string[] = []): Step {
  return { text, tokens, busy };
}

function told(finding: SoundnessFinding): string[] {
  return stops(NET, finding).map(({ text, repeats, running }) => {
    return `${text}${repeats ? ' (again)' : ''}: ${inWords(running, NET).join('; ')}`;
  });
}

test('a walk begins with the launch, and each step has the marking after it', () => {
  const walk = [step('start A', {}, ['A']), step('complete A', { c: 2 })];
  expect(told({ ...FINDING, walk, cycle: [] })).toEqual([
    'launch: a token in start',
    'start A: A is busy: 1 executing',
    'complete A: 2 tokens in c',
  ]);
});

test('what is repeated for ever follows the walk', () => {
  const finding = { ...FINDING, walk: [step('A', { c: 1 })], cycle: [step('B', { d: 1 }), step('C', { c: 1 })] };
  expect(told(finding)).toEqual([
    'launch: a token in start',
    'A: a token in c',
    'B (again): a token in d',
    'C (again): a token in c',
  ]);
});

test('the state belongs to the net of the walk', () => {
  const subnet = net('start>A A>end', {}, 'Sub');
  expect(stops(subnet, { ...FINDING, walk: [], cycle: [] }).map(({ running }) => running.net)).toEqual(['Sub']);
});
