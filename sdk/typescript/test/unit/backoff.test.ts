// How long to stay away, and that a call really stays away so long. No clock runs here.

import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';

import { Backoff, backoffMs, CAP_MS, RETRY_AFTER_MS_MAX } from '../../src/backoff.js';
import { Client, ProblemError, TransportError } from '../../src/index.js';
import { tracing } from '../../src/tracing.js';

test('pauses double up to a cap, half of each by chance', () => {
  expect([1, 2, 3, 4].map((failures) => backoffMs(failures, 1))).toEqual([200, 400, 800, 1_600]);
  expect([1, 2, 3, 4].map((failures) => backoffMs(failures, 0))).toEqual([100, 200, 400, 800]);
  expect(backoffMs(1_000, 1)).toBe(CAP_MS);
});

test('never shorter than the server asks, and never for ever', () => {
  expect(backoffMs(1, 0, 5_000)).toBe(5_000);
  expect(backoffMs(10, 1, 5)).toBe(CAP_MS);
  expect(backoffMs(1, 0, 1e12)).toBe(RETRY_AFTER_MS_MAX);
  expect(backoffMs(1, 0, -1e12)).toBe(100);
});

test('after a success pauses begin anew', () => {
  vi.spyOn(Math, 'random').mockReturnValue(1);
  const backoff = new Backoff();
  expect([backoff.failed(), backoff.failed()]).toEqual([200, 400]);
  backoff.succeeded();
  expect(backoff.failed()).toBe(200);
  vi.restoreAllMocks();
});

describe('a call', () => {
  let sent: { at: number; id: string | null }[];
  let answers: (Response | Error)[];
  const client = new Client({ url: 'http://server' });

  // Loaded from disk, which no clock of the test waits for.
  beforeAll(tracing);

  beforeEach(() => {
    vi.useFakeTimers();
    vi.spyOn(Math, 'random').mockReturnValue(1);
    sent = [];
    vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
      sent.push({ at: performance.now(), id: new Request(url, init).headers.get('idempotency-key') });
      const answer = answers.shift() ?? new Error('there is nothing more to say');
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    });
  });

  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });

  function refusal(status: number, code: string, more: object = {}): Response {
    return new Response(JSON.stringify({ type: '', title: '', detail: '', status, code, ...more }), { status });
  }

  /** When each attempt was made, milliseconds after the first. */
  async function attempts(call: Promise<unknown>): Promise<number[]> {
    let isOver = false;
    call.then(() => (isOver = true), () => (isOver = true));
    while (!isOver) await vi.advanceTimersByTimeAsync(50);
    return sent.map(({ at }) => at - sent[0]!.at);
  }

  test('is repeated six times at most, under the same command id', async () => {
    answers = [];
    const call = client.cases.launch({ specification: 'S:1' });
    const times = await attempts(call);
    expect(times).toEqual([0, 200, 600, 1_400, 3_000, 6_200]);
    expect(new Set(sent.map(({ id }) => id)).size).toBe(1);
    await expect(call).rejects.toMatchObject({ name: 'TransportError', kind: 'unreachable' });
  });

  test('obeys retry_after_ms', async () => {
    const done = new Response('{"case":"1","specification":"S:1","status":"running"}');
    answers = [refusal(503, 'overloaded', { retry_after_ms: 7_000 }), done];
    const call = client.cases.launch({ specification: 'S:1' });
    expect(await attempts(call)).toEqual([0, 7_000]);
    expect((await call).case).toBe('1');
  });

  test('obeys the header Retry-After of what is no server of ours', async () => {
    answers = [new Response('busy', { status: 503, headers: { 'retry-after': '3' } }), refusal(409, 'case-exists')];
    const call = client.cases.launch({ specification: 'S:1' });
    expect(await attempts(call)).toEqual([0, 3_000]);
    await expect(call).rejects.toBeInstanceOf(ProblemError);
  });

  test.each([
    [refusal(409, 'case-exists'), ProblemError],
    [refusal(500, 'internal'), ProblemError],
    [new Response('<h1>Not here</h1>', { status: 404 }), TransportError],
  ])('that is refused for good is not repeated', async (answer, kind) => {
    answers = [answer];
    const call = client.cases.launch({ specification: 'S:1' });
    expect(await attempts(call)).toEqual([0]);
    await expect(call).rejects.toBeInstanceOf(kind);
  });

  test('for work is never repeated: its answer may have been items', async () => {
    answers = [];
    const call = client.claims.claim({ agent: 'ann', epoch: 1 });
    expect(await attempts(call)).toEqual([0]);
    await expect(call).rejects.toMatchObject({ kind: 'unreachable' });
  });

  test('is not begun again once it was called off', async () => {
    answers = [];
    const stop = new AbortController();
    const call = client.cases.launch({ specification: 'S:1' }, { signal: stop.signal });
    setTimeout(() => stop.abort(new Error('enough')), 100);
    expect(await attempts(call)).toEqual([0]);
    await expect(call).rejects.toThrow('enough');
  });

  test('ends when its time is over', async () => {
    answers = [];
    const call = client.cases.launch({ specification: 'S:1' }, { repeatMs: 1_000, attemptsMax: Infinity });
    expect(await attempts(call)).toEqual([0, 200, 600]);
    await expect(call).rejects.toMatchObject({ kind: 'unreachable' });
  });
});
