// Nets that elkjs lays out: what it is asked, and that its answer becomes a sound drawing.
import { expect, test } from 'vitest';
import { centre } from '../../src/net/drawing';
import { forwards, placed } from '../../src/net/placed';
import { net } from './nets';

test('only the arc that closes a loop leads backwards', () => {
  expect(forwards(net('start>A A>B B>A B>C C>end A>C'))).toEqual(['start', 'A', 'B', 'C', 'end']);
});

test('a net runs from left to right and a loop comes back to the join', async () => {
  const loop = net('start>A A>B B>A B>end');
  const drawing = await placed(loop);
  const at = (id: string) => centre(drawing.nodes.find((node) => node.id === id)?.box ?? { x: 0, y: 0, width: 0, height: 0 }).x;
  expect(at('start')).toBeLessThan(at('A'));
  expect(at('A')).toBeLessThan(at('B'));
  expect(at('B')).toBeLessThan(at('end'));
  const back = drawing.arcs.find(({ from, to }) => from === 'B' && to === 'A');
  expect(back?.points[0]?.x).toBeGreaterThan(at('B'));
  expect(back?.points.at(-1)?.x).toBeLessThan(at('A'));
});

test('every arc starts and ends at the gate or border of its elements', async () => {
  const drawing = await placed(net('start>A A>B A>C A>c c>D B>D C>D D>end D>D', { A: { split: 'or' }, D: { join: 'or' } }));
  const box = (id: string) => drawing.nodes.find((node) => node.id === id);
  for (const { from, to, points } of drawing.arcs) {
    const [source, target] = [box(from), box(to)];
    const right = (source?.box.x ?? 0) + (source?.box.width ?? 0) + (source?.split ? 11 : 0);
    const left = (target?.box.x ?? 0) - (target?.join ? 11 : 0);
    expect(points[0]?.x, `${from}→${to} starts`).toBeCloseTo(right, 0);
    expect(points.at(-1)?.x, `${from}→${to} ends`).toBeCloseTo(left, 0);
  }
});

test('a flow to an element that does not exist is left out of the picture', async () => {
  const drawing = await placed({ ...net('start>A A>end'), conditions: net('start>A').conditions.slice(0, 1) });
  expect(drawing.arcs.map(({ points }) => points.length > 0)).toEqual([true, false]);
});
