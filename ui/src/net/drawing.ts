// A net as shapes on a plane: nodes with their bounds, arcs with their points. Pure; NetDrawing.svelte
// paints it. Places come from the author's layout here, or from elkjs in placed.ts.

import type { Bounds, Condition, Gate, Net, Task } from '../api';

export interface Point {
  x: number;
  y: number;
}

export type Side = 'left' | 'right' | 'top' | 'bottom';

export interface Decorator {
  gate: Gate;
  side: Side;
}

export interface DrawnNode {
  id: string;
  name: string;
  box: Bounds;
  condition: Condition['kind'] | null;
  task: Task | null;
  join: Decorator | null;
  split: Decorator | null;
  /** The name in lines; inside the box if that is wide enough, else below it. */
  lines: string[];
  inside: boolean;
}

export interface DrawnArc {
  from: string;
  to: string;
  points: Point[];
  /** Where a token of the implicit condition is drawn; null if one end is a condition. */
  implicit: { id: string; at: Point } | null;
  isDefault: boolean;
  /** How many it carries, where that is more than one. */
  many: { tokens: number; at: Point } | null;
  predicate: string | null;
  label: string | null;
}

export interface Drawing {
  nodes: DrawnNode[];
  arcs: DrawnArc[];
  /** All of it, labels included. */
  bounds: Bounds;
}

/** Thickness of a split or join decorator, as YAWL's editor has it. */
export const DECORATOR = 11;
/** From here on a box has room for its name. */
const INSIDE_WIDTH_MIN = 90;
export const LINE_HEIGHT = 13;
const LINE_CHARS_MAX = 16;
const LINES_MAX = 3;
const MARGIN = 12;
/** YAWL's editor gives such an id to what its author left without a name. */
const GENERATED_ID = /^null_\d+$/;

/** The id that the engine gives to the condition between two tasks. */
export function implicitId(from: string, to: string): string {
  return `c{${from}_${to}}`;
}

/** `c{A_B}` and plain ids in words. */
export function nameOf(net: Net, id: string): string {
  const element = [...net.tasks, ...net.conditions].find((candidate) => candidate.id === id);
  if (element) return element.name ?? id;
  const flow = net.flows.find(({ from, to }) => implicitId(from, to) === id);
  return flow ? `between ${nameOf(net, flow.from)} and ${nameOf(net, flow.to)}` : id;
}

/** Draws by the author's places; null if they do not cover the net. */
export function fromLayout(net: Net, places: Record<string, Bounds> | undefined): Drawing | null {
  const elements = [...net.conditions, ...net.tasks];
  if (!places || elements.some(({ id }) => !usable(places[id]))) return null;
  const boxes = new Map(elements.map(({ id }) => [id, places[id] as Bounds]));
  const nodes = nodesOf(net, boxes, (id, role) => sideTowards(net, boxes, id, role));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  let bent = 0;
  const opposite = new Set(net.flows.map(({ from, to }) => `${to}\n${from}`));
  const arcs = arcsOf(net, ({ from, to }) => {
    const [source, target] = [byId.get(from), byId.get(to)];
    if (!source || !target) return [];
    if (from === to) return loop(source.box);
    // Two arcs that would lie on each other are drawn side by side.
    const shift = opposite.has(`${from}\n${to}`) ? 5 : 0;
    const others = nodes.filter((node) => node !== source && node !== target).map(withName);
    const points = around(straight(source, target, shift), others, bent);
    bent += points.length > 2 ? 1 : 0;
    return points;
  });
  return drawing(nodes, arcs);
}

/** Makes nodes of `boxes`; `sideOf` says where a join or split sits. */
export function nodesOf(
  net: Net,
  boxes: Map<string, Bounds>,
  sideOf: (id: string, role: 'join' | 'split') => Side,
): DrawnNode[] {
  const count = (end: 'from' | 'to', id: string) => net.flows.filter((flow) => flow[end] === id).length;
  return [...net.conditions, ...net.tasks].map((element) => {
    const box = boxes.get(element.id) ?? { x: 0, y: 0, width: 0, height: 0 };
    const task = 'join' in element ? element : null;
    const { id } = element;
    // A gate with one way has nothing to decide and is not drawn.
    const join = task && count('to', id) > 1 ? { gate: task.join, side: sideOf(id, 'join') } : null;
    const split = task && count('from', id) > 1 ? { gate: task.split, side: sideOf(id, 'split') } : null;
    const condition = 'join' in element ? null : element.kind;
    // The ends of a net carry their sign; generated ids such as `InputCondition_1` would only be noise.
    const name = element.name ?? (task || condition === 'ordinary' ? id : condition === 'input' ? 'start' : 'end');
    const lines = GENERATED_ID.test(name) ? [] : wrap(name);
    return { id, name, box, condition, task, join, split, lines, inside: box.width >= INSIDE_WIDTH_MIN };
  });
}

/** Makes arcs; `route` gives the points of a flow. */
export function arcsOf(net: Net, route: (flow: Net['flows'][number], index: number) => Point[]): DrawnArc[] {
  const tasks = new Set(net.tasks.map(({ id }) => id));
  return net.flows.map((flow, index) => {
    const points = route(flow, index);
    const betweenTasks = tasks.has(flow.from) && tasks.has(flow.to);
    return {
      from: flow.from,
      to: flow.to,
      points,
      implicit: betweenTasks ? { id: implicitId(flow.from, flow.to), at: middle(points) } : null,
      isDefault: flow.is_default,
      many: flow.tokens > 1 ? { tokens: flow.tokens, at: middle(points) } : null,
      predicate: flow.predicate,
      label: flow.label,
    };
  });
}

export function drawing(nodes: DrawnNode[], arcs: DrawnArc[]): Drawing {
  const corners = nodes.flatMap(({ box, inside, lines }) => {
    const below = inside ? 0 : lines.length * LINE_HEIGHT + 4;
    const reach = inside ? 0 : Math.max(0, (Math.max(0, ...lines.map((line) => line.length)) * 6.2 - box.width) / 2);
    return [
      { x: box.x - reach - DECORATOR, y: box.y - DECORATOR },
      { x: box.x + box.width + reach + DECORATOR, y: box.y + box.height + Math.max(below, DECORATOR) },
    ];
  });
  const points = [...corners, ...arcs.flatMap((arc) => arc.points)];
  if (points.length === 0) return { nodes, arcs, bounds: { x: 0, y: 0, width: 1, height: 1 } };
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const [x, y] = [Math.min(...xs) - MARGIN, Math.min(...ys) - MARGIN];
  const bounds = { x, y, width: Math.max(...xs) + MARGIN - x, height: Math.max(...ys) + MARGIN - y };
  return { nodes, arcs, bounds };
}

/** Breaks a name into at most three lines, between words or after `_` and `-`. */
export function wrap(name: string): string[] {
  const lines: string[] = [];
  for (const word of name.replaceAll('_', '_ ').split(/\s+/).filter(Boolean)) {
    const last = lines.at(-1);
    const joint = last?.endsWith('_') ? '' : ' ';
    if (last !== undefined && last.length + joint.length + word.length <= LINE_CHARS_MAX) {
      lines[lines.length - 1] = last + joint + word;
    } else {
      lines.push(word);
    }
  }
  const kept = lines.slice(0, LINES_MAX).map((line) => clip(line, LINE_CHARS_MAX + 3));
  if (lines.length > LINES_MAX) kept[LINES_MAX - 1] = `${clip(kept[LINES_MAX - 1] ?? '', LINE_CHARS_MAX)}…`;
  return kept;
}

function clip(line: string, chars: number): string {
  return line.length > chars ? `${line.slice(0, chars - 1)}…` : line;
}

/** The point half-way along a line. */
export function middle(points: Point[]): Point {
  const lengths = points.slice(1).map((point, index) => distance(points[index] as Point, point));
  let rest = lengths.reduce((sum, length) => sum + length, 0) / 2;
  for (const [index, length] of lengths.entries()) {
    const [a, b] = [points[index] as Point, points[index + 1] as Point];
    if (rest <= length) {
      const part = length === 0 ? 0 : rest / length;
      return { x: a.x + (b.x - a.x) * part, y: a.y + (b.y - a.y) * part };
    }
    rest -= length;
  }
  return points[0] ?? { x: 0, y: 0 };
}

function usable(bounds: Bounds | undefined): boolean {
  return bounds !== undefined && bounds.width > 0 && bounds.height > 0;
}

function distance(a: Point, b: Point): number {
  return Math.hypot(b.x - a.x, b.y - a.y);
}

export function centre(box: Bounds): Point {
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** The side of an element on which most of its neighbours lie. */
function sideTowards(net: Net, boxes: Map<string, Bounds>, id: string, role: 'join' | 'split'): Side {
  const here = centre(boxes.get(id) as Bounds);
  let [dx, dy] = [0, 0];
  for (const flow of net.flows) {
    const other = role === 'split' ? flow.from === id && flow.to : flow.to === id && flow.from;
    const box = other ? boxes.get(other) : undefined;
    if (!box || other === id) continue;
    const there = centre(box);
    const length = distance(here, there) || 1;
    dx += (there.x - here.x) / length;
    dy += (there.y - here.y) / length;
  }
  if (Math.abs(dx) < 1e-6 && Math.abs(dy) < 1e-6) return role === 'split' ? 'right' : 'left';
  if (Math.abs(dx) >= Math.abs(dy)) return dx > 0 ? 'right' : 'left';
  return dy > 0 ? 'bottom' : 'top';
}

function straight(source: DrawnNode, target: DrawnNode, shift: number): Point[] {
  const [a, b] = [centre(source.box), centre(target.box)];
  const length = distance(a, b) || 1;
  const off = { x: (-(b.y - a.y) / length) * shift, y: ((b.x - a.x) / length) * shift };
  const moved = (point: Point) => ({ x: point.x + off.x, y: point.y + off.y });
  const gates = {
    start: source.split && gateEnd(source.box, source.split.side),
    end: target.join && gateEnd(target.box, target.join.side),
  };
  const start = gates.start ?? edge(source, moved(a), gates.end ?? moved(b));
  return [start, gates.end ?? edge(target, moved(b), gates.start ?? moved(a))];
}

/** The middle of a decorator's outer side. */
function gateEnd(box: Bounds, side: Side): Point {
  const { x, y } = centre(box);
  switch (side) {
    case 'left':
      return { x: box.x - DECORATOR, y };
    case 'right':
      return { x: box.x + box.width + DECORATOR, y };
    case 'top':
      return { x, y: box.y - DECORATOR };
    case 'bottom':
      return { x, y: box.y + box.height + DECORATOR };
  }
}

/** Where the line from inside a node towards `to` leaves it. */
function edge(node: DrawnNode, from: Point, to: Point): Point {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy) || 1;
  const half = { x: node.box.width / 2, y: node.box.height / 2 };
  const reach = node.condition
    ? Math.min(half.x, half.y) / length
    : Math.min(dx === 0 ? Infinity : half.x / Math.abs(dx), dy === 0 ? Infinity : half.y / Math.abs(dy));
  return { x: from.x + dx * reach, y: from.y + dy * reach };
}

/** How far aside an arc may pass what lies in its way; the nearest free one is taken. */
const DETOURS = [60, -60, 110, -110, 170, -170];
/** Keeps one detour off the other. */
const DETOUR_GAP = 14;

/** An element's bounds with the name below it. */
function withName({ box, inside, lines }: DrawnNode): Bounds {
  return inside ? box : { ...box, height: box.height + lines.length * LINE_HEIGHT };
}

/** Bends a line that would run through other elements; `bent` lines have been bent before it. */
function around(line: Point[], others: Bounds[], bent: number): Point[] {
  const [a, b] = [line[0] as Point, line[line.length - 1] as Point];
  const isFree = (points: Point[]) =>
    points.slice(1).every((point, index) => !others.some((box) => crosses(points[index] as Point, point, box)));
  if (isFree(line)) return line;
  const length = distance(a, b) || 1;
  for (const detour of DETOURS) {
    const aside = (detour + Math.sign(detour) * DETOUR_GAP * bent) * (bent % 2 === 0 ? 1 : -1);
    const off = { x: ((b.y - a.y) / length) * aside, y: (-(b.x - a.x) / length) * aside };
    const via = [0.3, 0.7].map((part) => ({ x: a.x + (b.x - a.x) * part + off.x, y: a.y + (b.y - a.y) * part + off.y }));
    const detoured = [a, ...via, b];
    if (isFree(detoured)) return detoured;
  }
  return line;
}

/** Whether a segment meets a box, by clipping it to the box's slabs. */
function crosses(a: Point, b: Point, box: Bounds): boolean {
  let [enter, leave] = [0, 1];
  for (const [from, to, low, high] of [
    [a.x, b.x, box.x, box.x + box.width],
    [a.y, b.y, box.y, box.y + box.height],
  ] as const) {
    const by = to - from;
    if (by === 0) {
      if (from < low || from > high) return false;
      continue;
    }
    const [first, last] = [(low - from) / by, (high - from) / by];
    enter = Math.max(enter, Math.min(first, last));
    leave = Math.min(leave, Math.max(first, last));
  }
  return enter <= leave;
}

function loop(box: Bounds): Point[] {
  const [left, right, top] = [box.x + box.width / 3, box.x + (box.width * 2) / 3, box.y];
  return [
    { x: right, y: top },
    { x: right, y: top - 22 },
    { x: left, y: top - 22 },
    { x: left, y: top },
  ];
}
