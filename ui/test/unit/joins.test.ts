// Why an OR-join waits, told and shown from the server's answer.
import { expect, test } from 'vitest';
import type { OrJoin } from '../../src/api';
import { awaited, waitInWords } from '../../src/net/joins';
import { net } from './nets';

const NET = net('start>A A>B A>D B>J D>c c>E E>J J>end', { J: { join: 'or' } });
const AT = { running: '7', net: 'N', task: 'J', marked: ['c{B_J}'], unmarked: ['c{E_J}'] };
const WAITS: OrJoin = { ...AT, answer: 'waits', input: 'c{E_J}', path: ['c{A_D}', 'D', 'c', 'E', 'c{E_J}'] };

test('a join that waits names the arc and the path', () => {
  expect(waitInWords(WAITS, NET)).toBe(
    'J waits, because a token can still arrive over the arc from E, along between A and D → D → c → E',
  );
});

test('a busy task can be where the path begins, a condition where it ends', () => {
  const other = net('start>D D>c c>J J>end');
  expect(waitInWords({ ...AT, answer: 'waits', input: 'c', path: ['D', 'c'] }, other)).toBe(
    'J waits, because a token can still arrive over c, along D',
  );
});

test('a join that may start says nothing, one that is not decided says so', () => {
  expect(waitInWords({ ...AT, answer: 'enabled' }, NET)).toBe('');
  expect(waitInWords({ ...AT, answer: 'undecided' }, NET)).toBe(
    'J waits: the net is too large to rule out that another token arrives',
  );
});

test('the drawing shows the elements and the arcs of the path, and nothing for a join that may start', () => {
  const shown = awaited([WAITS, { ...AT, answer: 'enabled' }], NET);
  for (const id of ['A D', 'D', 'D c', 'c', 'c E', 'E', 'E J', 'J']) expect(shown).toContain(id);
  for (const id of ['A', 'B', 'A B', 'B J']) expect(shown).not.toContain(id);
  expect(awaited([{ ...AT, answer: 'enabled' }], NET).size).toBe(0);
});
