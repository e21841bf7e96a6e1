// Places a net that has no layout of its own, with elkjs. The library is large and loaded only here.

import type { ELK, ElkExtendedEdge, ElkNode } from 'elkjs/lib/elk-api';
import type { Bounds, Net } from '../api';
import { arcsOf, DECORATOR, type Drawing, drawing, LINE_HEIGHT, nodesOf, type Point, wrap } from './drawing';

const TASK = { width: 112, height: 46 };
const CONDITION = { width: 34, height: 34 };

const OPTIONS = {
  'elk.algorithm': 'layered',
  'elk.direction': 'RIGHT',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.layered.spacing.nodeNodeBetweenLayers': '46',
  'elk.layered.spacing.edgeNodeBetweenLayers': '22',
  'elk.spacing.nodeNode': '34',
  'elk.spacing.edgeNode': '18',
  'elk.spacing.edgeEdge': '14',
  // The order in which `forwards` lists the nodes says which arc of a loop leads back.
  'elk.layered.cycleBreaking.strategy': 'MODEL_ORDER',
  'elk.layered.nodePlacement.strategy': 'BRANDES_KOEPF',
  'elk.layered.nodePlacement.bk.fixedAlignment': 'BALANCED',
};

let engine: Promise<ELK> | undefined;

function elk(): Promise<ELK> {
  engine ??= import('elkjs/lib/elk.bundled.js').then(({ default: Elk }) => new Elk());
  return engine;
}

/** Draws `net` from left to right. */
export async function placed(net: Net): Promise<Drawing> {
  const graph = await (await elk()).layout(toElk(net));
  return fromElk(net, graph);
}

/** What elkjs is asked. Tasks have room for a gate on both sides, so that arcs end at the gates. */
export function toElk(net: Net): ElkNode {
  const known = new Set([...net.conditions, ...net.tasks].map(({ id }) => id));
  const conditions = net.conditions.map((condition) => ({
    id: condition.id,
    ...CONDITION,
    labels: [labelOf(condition.name ?? condition.id)],
    layoutOptions: {
      'elk.nodeLabels.placement': 'OUTSIDE V_BOTTOM H_CENTER',
      ...(condition.kind === 'input' && { 'elk.layered.layering.layerConstraint': 'FIRST' }),
      ...(condition.kind === 'output' && { 'elk.layered.layering.layerConstraint': 'LAST' }),
    },
  }));
  const tasks = net.tasks.map(({ id }) => {
    const gates = gatesOf(net, id);
    return { id, width: TASK.width + gates.left + gates.right, height: TASK.height };
  });
  const flows = net.flows
    .map(({ from, to }, index) => ({ from, to, index }))
    .filter(({ from, to }) => known.has(from) && known.has(to));
  const edges = flows.map(({ index }) => ({ id: String(index), sources: [`${index}>`], targets: [`>${index}`] }));
  // Every arc leaves on the right and arrives on the left, also one that leads back.
  const portsOf = (id: string) =>
    flows.flatMap(({ from, to, index }) => [
      ...(from === id ? [{ id: `${index}>`, layoutOptions: { 'elk.port.side': 'EAST' } }] : []),
      ...(to === id ? [{ id: `>${index}`, layoutOptions: { 'elk.port.side': 'WEST' } }] : []),
    ]);
  const rank = new Map(forwards(net).map((id, index) => [id, index]));
  const children = [...conditions, ...tasks]
    .map((node: ElkNode) => ({
      ...node,
      ports: portsOf(node.id),
      layoutOptions: { ...node.layoutOptions, 'elk.portConstraints': 'FIXED_SIDE' },
    }))
    .sort((a, b) => (rank.get(a.id) ?? 0) - (rank.get(b.id) ?? 0));
  return { id: net.id, layoutOptions: OPTIONS, children, edges };
}

/** All elements so that only arcs which close a loop lead backwards: depth first, reverse postorder. */
export function forwards(net: Net): string[] {
  const next = new Map<string, string[]>([...net.conditions, ...net.tasks].map(({ id }) => [id, []]));
  for (const { from, to } of net.flows) next.get(from)?.push(to);
  const inputs = net.conditions.filter(({ kind }) => kind === 'input').map(({ id }) => id);
  const seen = new Set<string>();
  const order: string[] = [];
  for (const root of [...inputs, ...next.keys()]) {
    if (seen.has(root)) continue;
    seen.add(root);
    // A stack of our own: a net may be deeper than the browser's.
    const stack = [{ id: root, ways: [...(next.get(root) ?? [])].reverse() }];
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const way = top.ways.shift();
      if (way === undefined) {
        order.push(top.id);
        stack.pop();
      } else if (next.has(way) && !seen.has(way)) {
        seen.add(way);
        stack.push({ id: way, ways: [...(next.get(way) ?? [])].reverse() });
      }
    }
  }
  return order.reverse();
}

/** What elkjs answered, as a drawing. */
export function fromElk(net: Net, graph: ElkNode): Drawing {
  const boxes = new Map<string, Bounds>();
  const tasks = new Set(net.tasks.map(({ id }) => id));
  for (const { id, x = 0, y = 0, width = 0, height = 0 } of graph.children ?? []) {
    const gates = tasks.has(id) ? gatesOf(net, id) : { left: 0, right: 0 };
    boxes.set(id, { x: x + gates.left, y, width: width - gates.left - gates.right, height });
  }
  const nodes = nodesOf(net, boxes, (_, role) => (role === 'join' ? 'left' : 'right'));
  const edges = new Map((graph.edges ?? []).map((edge) => [edge.id, edge]));
  const arcs = arcsOf(net, (_, index) => pointsOf(edges.get(String(index))));
  return drawing(nodes, arcs);
}

function gatesOf(net: Net, id: string): { left: number; right: number } {
  const ways = (end: 'from' | 'to') => net.flows.filter((flow) => flow[end] === id).length;
  return { left: ways('to') > 1 ? DECORATOR : 0, right: ways('from') > 1 ? DECORATOR : 0 };
}

function pointsOf(edge: ElkExtendedEdge | undefined): Point[] {
  return (edge?.sections ?? []).flatMap(({ startPoint, bendPoints = [], endPoint }) => [
    startPoint,
    ...bendPoints,
    endPoint,
  ]);
}

function labelOf(name: string): { text: string; width: number; height: number } {
  const lines = wrap(name);
  const chars = Math.max(...lines.map((line) => line.length), 1);
  return { text: name, width: chars * 6.2, height: lines.length * LINE_HEIGHT + 2 };
}
