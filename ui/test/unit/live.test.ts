// The event stream and what takes its place while it is down.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { coalesce, Live, type Source } from '../../src/live';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

class FakeSource implements Source {
  onopen: Source['onopen'] = null;
  onerror: Source['onerror'] = null;
  onmessage: Source['onmessage'] = null;
  closed = false;
  readonly named = new Map<string, () => void>();
  addEventListener(type: string, listener: () => void): void {
    this.named.set(type, listener);
  }
  close(): void {
    this.closed = true;
  }
  say(data: string): void {
    this.onmessage?.({ data } as MessageEvent);
  }
}

function start() {
  const sources: FakeSource[] = [];
  const states: string[] = [];
  const told: (string | null)[] = [];
  const live = new Live(
    () => {
      const source = new FakeSource();
      sources.push(source);
      return source;
    },
    (state) => states.push(state),
  );
  const leave = live.listen((id) => told.push(id));
  live.start();
  return { live, sources, states, told, leave };
}

const EVENT = {} as Event;

test('a listener hears which case moved, and that all may have after a gap', () => {
  const { sources, states, told } = start();
  sources[0]?.onopen?.(EVENT);
  sources[0]?.say('{"case":"7","position":3,"what":"completed"}');
  sources[0]?.say('not json');
  sources[0]?.named.get('lagged')?.();
  expect(told).toEqual([null, '7', null, null]);
  expect(states).toEqual(['live']);
});

test('while the stream is down listeners are told every two seconds, until it stands again', () => {
  const { sources, states, told } = start();
  sources[0]?.onerror?.(EVENT);
  vi.advanceTimersByTime(6_000);
  expect(told).toEqual([null, null, null]);
  sources[0]?.onopen?.(EVENT);
  vi.advanceTimersByTime(60_000);
  expect(told.length).toBe(4);
  expect(states).toEqual(['polling', 'live']);
  expect(sources.length).toBe(1);
});

test('a stream that stays down is opened anew', () => {
  const { sources } = start();
  sources[0]?.onerror?.(EVENT);
  vi.advanceTimersByTime(10_000);
  expect(sources.length).toBe(2);
  expect(sources[0]?.closed).toBe(true);
});

test('who has left is not told', () => {
  const { sources, told, leave, live } = start();
  leave();
  sources[0]?.say('{"case":"7"}');
  live.stop();
  expect(told).toEqual([]);
  expect(sources[0]?.closed).toBe(true);
});

test('many requests become one load at a time and one after it', async () => {
  let loads = 0;
  const request = coalesce(async () => {
    loads += 1;
  }, 100);
  for (let times = 0; times < 50; times += 1) request();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(loads).toBe(2);
  request();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(loads).toBe(3);
  request();
  request();
  request.stop();
  await vi.advanceTimersByTimeAsync(1_000);
  request();
  expect(loads).toBe(4);
});
