// Where a case stands, told from the server's answer.
import { expect, test } from 'vitest';
import type { CaseDetail, WorkItem } from '../../src/api';
import { inWords, runningNets } from '../../src/net/state';
import { net } from './nets';

const NETS = [net('start>A A>S S>c c>end', { S: { kind: 'composite', decomposes_to: 'Sub' } }), net('in>X X>out', {}, 'Sub')];

function item(id: string, status: WorkItem['status']): WorkItem {
  const task = id.split(':')[1] ?? '';
  const at = '2026-01-01T00:00:00Z';
  return {
    item: id,
    case: '7',
    specification: 's:1.0',
    task,
    task_name: task,
    net: '',
    status,
    enabled_at: at,
    started_at: null,
    timer_due_at: null,
    group: null,
    capability: null,
    lease: null,
    data: null,
  };
}

function detail(part: Partial<CaseDetail>): CaseDetail {
  const head = { case: '7', specification: 's:1.0', status: 'running', open_items: 0 } as const;
  return { ...head, launched_at: '', ended_at: null, marking: {}, leftover: {}, items: [], data: {}, output: null, incidents: [], ...part };
}

/** Each running net and its state in words. */
function show(part: Partial<CaseDetail>): string[] {
  return runningNets(detail(part), NETS).map((running) => {
    const of = NETS.find(({ id }) => id === running.net) ?? NETS[0];
    return `${running.path} ${running.net}: ${of ? inWords(running, of).join('; ') : ''}`;
  });
}

test('tokens, busy tasks and enabled tasks are told per running net', () => {
  const busy = { active: 2, entered: 0, executing: 2, complete: 0 };
  expect(
    show({
      data: { '7': '<N/>', '7.10': '<Sub><v/></Sub>', '7.2': '<Sub/>' },
      marking: { '7/S': busy, '7.2/in': { tokens: 1 }, '7.10/X': { active: 1, entered: 0, executing: 1, complete: 0 } },
      items: [item('7.2:X', 'Enabled'), item('7.10.1:X', 'Executing')],
    }),
  ).toEqual([
    '7 N: S is busy: 2 executing',
    '7.2 Sub: a token in in; X is enabled',
    '7.10 Sub: X is busy: 1 executing',
  ]);
});

test('tokens in explicit and implicit conditions are told by name', () => {
  expect(show({ data: { '7': '<N/>' }, marking: { '7/c': { tokens: 3 }, '7/c{A_S}': { tokens: 1 } } })).toEqual([
    '7 N: 3 tokens in c; a token between A and S',
  ]);
});

test('instances that wait or are complete are counted', () => {
  const busy = { active: 4, entered: 1, executing: 3, complete: 2 };
  expect(show({ data: { '7': '<N/>' }, marking: { '7/A': busy } })).toEqual([
    '7 N: A is busy: 3 executing, 1 waiting, 2 complete',
  ]);
});

test('deadlocked tasks and incidents are stuck', () => {
  expect(
    show({
      data: { '7': '<N/>' },
      items: [item('7:S', 'Deadlocked')],
      incidents: [{ item: '7:A', reason: 'no value' }],
    }),
  ).toEqual(['7 N: S is stuck; A is stuck']);
});

test('a net whose data is not named after it is found by what it holds', () => {
  expect(show({ data: { '7': '<data/>', '7.1': '<data/>' }, marking: { '7.1/X': { active: 1, entered: 0, executing: 1, complete: 0 } } })).toEqual([
    '7 N: ',
    '7.1 Sub: X is busy: 1 executing',
  ]);
});
