// Items in hand over time, with a clock that only the test moves and a server that is a few functions.

import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';

import type { Client } from '../../src/client.js';
import { GiveBack, ProblemError, type LeaseRenewal } from '../../src/index.js';
import { tracing } from '../../src/tracing.js';
import type { ClaimedItem, LeaseRenewed } from '../../src/types.js';
import { InHand } from '../../src/worker/in-hand.js';
import { Leases } from '../../src/worker/leases.js';
import type { Handler } from '../../src/worker/work-item.js';
import { Said } from '../agent.js';
import { claimedItem } from '../fake.js';

type Renewal = (leases: LeaseRenewal[]) => Promise<(LeaseRenewed | ProblemError)[]>;

let said: Said;
let renew: ReturnType<typeof vi.fn<Renewal>>;
let ends: { verb: string; items: unknown[] }[];
let inHand: InHand;
let end: AbortController;

// Loaded from disk, which no clock of the test waits for.
beforeAll(tracing);

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(0);
  said = new Said();
  ends = [];
  end = new AbortController();
  renew = vi.fn<Renewal>((leases) =>
    Promise.resolve(leases.map(({ item, term_ms }) => ({ item, left_ms: term_ms ?? 0, ends_at: '' }))),
  );
});

afterEach(() => {
  end.abort();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function start(handler: Handler, concurrency = 1): Leases {
  const ending = (verb: string) => (items: { item: string }[]) => {
    ends.push({ verb, items });
    return Promise.resolve(items.map(({ item }) => ({ item })));
  };
  const client = { leases: { renew, return: ending('return'), fail: ending('fail') } } as unknown as Client;
  const leases = new Leases(client, said.log);
  void leases.run(end.signal);
  inHand = new InHand({ client, agent: 'ann', handlers: new Map([['answer', handler]]), leases, concurrency, log: said.log });
  return leases;
}

function take(more: object = {}): void {
  inHand.take(claimedItem(more) as ClaimedItem);
}

/** Milliseconds after now at which leases were renewed, over a while. */
async function renewals(ms: number): Promise<number[]> {
  const [began, times]: [number, number[]] = [performance.now(), []];
  renew.mockClear();
  for (let at = 0; at < ms; at += 10) {
    await vi.advanceTimersByTimeAsync(10);
    while (times.length < renew.mock.calls.length) times.push(performance.now() - began);
  }
  return times;
}

const FOREVER = (): Promise<undefined> => new Promise(() => {});

test('a lease is renewed after each third of its term', async () => {
  start(FOREVER);
  take({ term_ms: 3_000 });
  expect(await renewals(3_500)).toEqual([1_000, 2_000, 3_000]);
});

test('a server that gives leases of no time at all is not asked without a pause', async () => {
  start(FOREVER);
  take({ term_ms: 0 });
  expect((await renewals(1_000)).length).toBeLessThanOrEqual(10);
});

test('leases that are due about the same time are renewed together', async () => {
  start(FOREVER, 3);
  for (const [index, item] of ['1', '2', '3'].entries()) {
    take({ item, term_ms: 3_000 });
    await vi.advanceTimersByTimeAsync(index * 50);
  }
  await renewals(1_000);
  expect(renew.mock.calls.map(([leases]) => leases.map(({ item }) => item))).toEqual([['1', '2', '3']]);
});

test('a renewal that fails is tried again sooner, with back-off, and nobody is called off', async () => {
  start((_, { signal }) => {
    signal.addEventListener('abort', () => expect.unreachable());
    return FOREVER();
  });
  take({ term_ms: 3_000 });
  renew.mockRejectedValue(new Error('the server is away'));
  expect(await renewals(1_800)).toEqual([1_000, 1_100, 1_300, 1_700]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(inHand.count).toBe(1);
});

test('a refused renewal calls its handler off, and only that one', async () => {
  const lost: unknown[] = [];
  start((item, { signal }) => {
    signal.addEventListener('abort', () => lost.push(item.id, (signal.reason as { why: string }).why));
    return FOREVER();
  }, 2);
  take({ item: '1', term_ms: 3_000 });
  take({ item: '2', term_ms: 3_000 });
  const refusal = { type: '', title: '', status: 409, code: 'stale-epoch', detail: '' };
  renew.mockResolvedValueOnce([new ProblemError(refusal), { item: '2', left_ms: 3_000, ends_at: '' }]);
  await vi.advanceTimersByTimeAsync(2_500);
  expect(lost).toEqual(['1', 'stale-epoch']);
  expect(renew.mock.calls.at(-1)?.[0].map(({ item }) => item)).toEqual(['2']);
});

test('a handler that goes on although it was called off loses its place after five seconds', async () => {
  const leases = start(FOREVER);
  take();
  leases.lose('1.1:Answer', 7, 'cancelled');
  await vi.advanceTimersByTimeAsync(4_900);
  expect(inHand.free).toBe(0);
  await vi.advanceTimersByTimeAsync(200);
  expect(inHand.free).toBe(1);
  expect(said.all('a handler goes on although it was called off').length).toBe(1);
});

test('how long a lease lasts falls with time and rises with renewals', async () => {
  let left = (): number => NaN;
  const leases = start((_, context) => {
    left = context.leaseLeftMs;
    return FOREVER();
  });
  take({ term_ms: 3_000 });
  await vi.advanceTimersByTimeAsync(900);
  expect(left()).toBe(2_100);
  await vi.advanceTimersByTimeAsync(200);
  expect(left()).toBe(2_900);
  leases.lose('1.1:Answer', 7, 'cancelled');
  expect(left()).toBe(0);
});

test('whoever only gives back is not handed items without a pause', async () => {
  start(() => {
    throw new GiveBack();
  });
  const free: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    take({ epoch: round });
    const began = performance.now();
    while (inHand.free === 0) await vi.advanceTimersByTimeAsync(10);
    free.push(performance.now() - began);
  }
  expect(free).toEqual([100, 200, 400]);
  expect(ends.map(({ verb }) => verb)).toEqual(['return', 'return', 'return']);
});

test('an item that is handed out twice under one epoch is done once', async () => {
  let times = 0;
  start(() => {
    times += 1;
    return FOREVER();
  }, 5);
  take();
  take();
  take({ epoch: 8 });
  await vi.advanceTimersByTimeAsync(0);
  await vi.waitFor(() => expect([times, inHand.count]).toEqual([2, 2]));
});

test('an item for which there is no handler is given back', async () => {
  start(FOREVER);
  take({ capability: 'sing' });
  await vi.advanceTimersByTimeAsync(0);
  expect(ends).toMatchObject([{ verb: 'return', items: [{ item: '1.1:Answer', epoch: 7 }] }]);
  expect(inHand.count).toBe(0);
});

test('an answer that XML cannot hold is a failed attempt', async () => {
  start(() => ({ Reply: '\u0000' }));
  take();
  await vi.waitFor(() => expect(ends.map(({ verb }) => verb)).toEqual(['fail']));
  expect(String(said.all('an item failed')[0]?.fields['error'])).toContain('<Reply> has the character U+0000');
});
