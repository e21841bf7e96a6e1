// A net as shapes: names, gates, arcs, what lies where.
import { describe, expect, test } from 'vitest';
import type { Net, Task } from '../../src/api';
import { fromLayout, implicitId, middle, nameOf, wrap } from '../../src/net/drawing';
import { net } from './nets';

const PLACES = {
  start: { x: 0, y: 0, width: 32, height: 32 },
  A: { x: 100, y: 0, width: 32, height: 32 },
  B: { x: 200, y: 0, width: 32, height: 32 },
  end: { x: 300, y: 0, width: 32, height: 32 },
};

/** A drawing in a few words a line. */
function show(of: Net, places: Record<string, typeof PLACES.A>): string {
  const drawing = fromLayout(of, places);
  if (!drawing) return 'no drawing';
  const nodes = drawing.nodes.map(({ id, join, split }) => {
    const gates = [join && `${join.gate}-join ${join.side}`, split && `${split.gate}-split ${split.side}`];
    return [id, ...gates.filter(Boolean)].join(' ');
  });
  const arcs = drawing.arcs.map(({ from, to, points, implicit }) => {
    const way = points.map(({ x, y }) => `${Math.round(x)},${Math.round(y)}`).join(' ');
    return `${from}→${to} ${way}${implicit ? ` ${implicit.id} at ${Math.round(implicit.at.x)},${Math.round(implicit.at.y)}` : ''}`;
  });
  return [...nodes, ...arcs].join('\n');
}

describe('by the author’s layout', () => {
  test('arcs end at the border of what they join and carry the implicit condition', () => {
    expect(show(net('start>A A>B B>end'), PLACES)).toMatchInlineSnapshot(`
      "start
      end
      A
      B
      start→A 32,16 100,16
      A→B 132,16 200,16 c{A_B} at 166,16
      B→end 232,16 300,16"
    `);
  });

  test('an arc that carries several tokens says so in its middle', () => {
    const plain = net('start>A A>B B>end');
    const flows = plain.flows.map((flow) => (flow.from === 'A' ? { ...flow, tokens: 3 } : flow));
    const arcs = fromLayout({ ...plain, flows }, PLACES)?.arcs ?? [];
    expect(arcs.map(({ many }) => many)).toEqual([null, { tokens: 3, at: { x: 166, y: 16 } }, null]);
  });

  test('gates sit on the side of their neighbours, and arcs end at them', () => {
    const below = { ...PLACES, B: { x: 0, y: 200, width: 32, height: 32 }, end: { x: 200, y: 200, width: 32, height: 32 } };
    expect(show(net('start>A A>B A>end B>end', { A: { split: 'or' } }), below)).toMatchInlineSnapshot(`
      "start
      end
      A or-split bottom
      B
      start→A 32,16 100,16
      A→B 116,43 25,200 c{A_B} at 71,122
      A→end 116,43 208,202
      B→end 32,216 200,216"
    `);
  });

  test('an arc and its opposite do not lie on each other', () => {
    const lines = show(net('start>A A>B B>A B>end'), PLACES).split('\n');
    expect(lines.filter((line) => /^(A→B|B→A)/.test(line))).toMatchInlineSnapshot(`
      [
        "A→B 132,21 200,21 c{A_B} at 166,21",
        "B→A 243,16 89,16 c{B_A} at 166,16",
      ]
    `);
  });

  test('an arc goes round an element in its way', () => {
    expect(show(net('start>B B>end A>end'), PLACES)).toContain('start→B 32,16 82,-44 150,-44 200,16');
  });

  test('a net with an element that has no place is not drawn by the layout', () => {
    const { B: _, ...without } = PLACES;
    expect(show(net('start>A A>B B>end'), without as typeof PLACES)).toBe('no drawing');
  });
});

test('a gate with one way is not drawn', () => {
  const task = { join: 'and', split: 'xor' } satisfies Partial<Task>;
  expect(show(net('start>A A>B B>end', { A: task, B: task }), PLACES)).not.toMatch(/join|split/);
});

test('names break between words and after underscores, and are cut after three lines', () => {
  expect(wrap('Issue Shipment Remittance Advice')).toEqual(['Issue Shipment', 'Remittance', 'Advice']);
  expect(wrap('Issue_Shipment_Invoice')).toEqual(['Issue_Shipment_', 'Invoice']);
  expect(wrap('one two three four five six seven eight nine ten eleven twelve')).toEqual([
    'one two three',
    'four five six',
    'seven eight nine…',
  ]);
  expect(wrap('Donaudampfschifffahrtsgesellschaft')).toEqual(['Donaudampfschifffa…']);
});

test('the middle of a line is measured along it', () => {
  expect(middle([{ x: 0, y: 0 }, { x: 10, y: 0 }, { x: 10, y: 30 }])).toEqual({ x: 10, y: 10 });
});

test('an implicit condition is named by its ends', () => {
  expect(nameOf(net('start>A A>B B>end'), implicitId('A', 'B'))).toBe('between A and B');
});
