// A worker before a server of the test's making: what the event stream does to it, and what a bad server cannot.

import type { ServerResponse } from 'node:http';
import { afterEach, expect, test } from 'vitest';

import { LostLease } from '../../src/index.js';
import { aborted, agent, deferred, type Said } from '../agent.js';
import { allDone, claimedItem, Fake, json, problem, registry } from '../fake.js';

let fake: Fake;
let drain: () => Promise<void> = () => Promise.resolve();

afterEach(async () => {
  await drain();
  await fake.stop();
});

/** A worker whose only item is claimed at once, and an open event stream to it. */
async function atWork(): Promise<AtWork> {
  const stream = deferred<ServerResponse>();
  let isClaimed = false;
  fake = await Fake.start((response, seen) => {
    if (registry(response, seen)) return;
    if (seen.path === '/api/v1/claims') {
      if (isClaimed) return;
      isClaimed = true;
      return json(response, { items: [claimedItem()], retry_after_ms: null });
    }
    if (seen.path === '/api/v1/sessions/1/events') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(': welcome\n\n', () => stream.resolve(response));
      return;
    }
    if (seen.path.startsWith('/api/v1/leases/')) return allDone(response, seen);
    response.destroy();
  });
  const { worker, said } = agent(fake.url, { agent: 'ann', drainMs: 0 });
  const signal = deferred<AbortSignal>();
  worker.handle('Answer', async (_, context) => {
    signal.resolve(context.signal);
    await aborted(context.signal);
  });
  const running = worker.run({ signals: false });
  drain = async () => {
    await worker.drain();
    await running;
  };
  return { said, signal: await signal.promise, events: await stream.promise };
}

interface AtWork {
  said: Said;
  signal: AbortSignal;
  events: ServerResponse;
}

const HELD = { agent: 'ann', item: '1.1:Answer', case: '1', epoch: 7 };

function event(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

test('a cancellation on the event stream reaches the handler with its reason', async () => {
  const { signal, events } = await atWork();
  events.write(event('cancelled', { ...HELD, reason: 'case-cancelled' }));
  expect(await aborted(signal)).toMatchObject({ name: 'LostLease', item: '1.1:Answer', why: 'case-cancelled' });
});

test('a lease that has ended does, too', async () => {
  const { signal, events } = await atWork();
  events.write(event('lease-ended', HELD));
  expect(await aborted(signal)).toBeInstanceOf(LostLease);
});

test('events about other agents, epochs and items are none of the handler\'s business', async () => {
  const { said, signal, events } = await atWork();
  const renewed = said.next('leases were renewed');
  for (const other of [{ agent: 'bob' }, { epoch: 6 }, { item: '2.1:Answer' }]) {
    events.write(event('cancelled', { ...HELD, reason: 'withdrawn', ...other }));
  }
  // By its answer we know that all before was read.
  events.write(event('lease-ending', { ...HELD, left_ms: 100, ends_at: '2026-01-01T00:00:00Z' }));
  await renewed;
  expect(signal.aborted).toBe(false);
});

test('garbage on the event stream makes the worker look its items up, and nothing else', async () => {
  const { said, signal, events } = await atWork();
  const renewed = said.next('leases were renewed');
  events.write(Buffer.from([0xff, 0xfe, 0x00, 0x0a]));
  events.write('data: x\n\nevent: unknown\ndata: {}\n\nevent: cancelled\ndata: {"agent":\n\n');
  await renewed;
  expect(signal.aborted).toBe(false);
});

test('a stream that ends or grows without end is opened again', async () => {
  const { said, signal, events } = await atWork();
  const broken = said.next('the stream of events broke');
  events.on('error', () => {});
  const flood = (): void => {
    while (!events.destroyed && events.write('data: '.repeat(10_000)));
    if (!events.destroyed) events.once('drain', flood);
  };
  flood();
  expect(String((await broken).fields['error'])).toContain('an event has more than');
  expect(signal.aborted).toBe(false);
});

test('the events of a new session are read, not those of the old one', async () => {
  const streams: string[] = [];
  const second = deferred();
  let sessions = 0;
  fake = await Fake.start((response, seen) => {
    if (seen.path === '/api/v1/sessions') {
      sessions += 1;
      const lifetime = { renew_every_ms: 30_000, stale_after_ms: 60_000, dead_after_ms: 120_000 };
      return json(response, { session: sessions, lifetime }, 201);
    }
    if (registry(response, seen)) return;
    if (seen.path.endsWith('/events')) {
      streams.push(seen.path);
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      response.on('close', () => streams.push('closed'));
      if (streams.length > 1) second.resolve();
      return;
    }
    // The first claim learns that the server has forgotten the agent, once its stream is open.
    if (sessions > 1 || streams.length === 0) return void setTimeout(() => problem(response, 503, 'overloaded'), 10);
    problem(response, 404, 'no-such-agent');
  });
  const { worker } = agent(fake.url);
  worker.handle('Answer', () => ({}));
  const running = worker.run({ signals: false });
  await second.promise;
  await worker.drain();
  await running;
  expect(streams.slice(0, 3).sort()).toEqual(['/api/v1/sessions/1/events', '/api/v1/sessions/2/events', 'closed']);
  drain = () => Promise.resolve();
});

test('work that comes while the worker ends is given back, not lost', async () => {
  const begun = deferred();
  const returned = deferred<unknown>();
  let answer = (): void => {};
  fake = await Fake.start((response, seen) => {
    if (registry(response, seen)) return;
    if (seen.path === '/api/v1/claims') {
      answer = () => json(response, { items: [claimedItem()] });
      return begun.resolve();
    }
    if (seen.path === '/api/v1/agents/states') {
      expect(JSON.parse(seen.body)).toMatchObject({ changes: [{ agent: 'ann', epoch: 1, state: 'STOPPING' }] });
      answer();
      return json(response, { results: [{ agent: 'ann', state: 'STOPPING', changed: true }] });
    }
    if (seen.path === '/api/v1/leases/return') {
      returned.resolve(JSON.parse(seen.body));
      return allDone(response, seen);
    }
    problem(response, 404, 'no-such-route');
  });
  const { worker } = agent(fake.url, { agent: 'ann' });
  worker.handle('Answer', () => expect.unreachable());
  const running = worker.run({ signals: false });
  await begun.promise;
  await worker.drain();
  await running;
  expect(await returned.promise).toMatchObject({ items: [{ item: '1.1:Answer', epoch: 7 }] });
  drain = () => Promise.resolve();
});

test('a worker that ends gives back what it holds and closes its session', async () => {
  await atWork();
  await drain();
  const [returned] = fake.to('/api/v1/leases/return');
  expect(JSON.parse(returned?.body ?? '')).toMatchObject({ items: [{ item: '1.1:Answer', epoch: 7 }] });
  expect(fake.seen.at(-1)).toMatchObject({ method: 'DELETE', path: '/api/v1/sessions/1' });
});

test('a server that does not answer cannot keep a worker from ending', async () => {
  const silent = new Set<string>();
  fake = await Fake.start((response, seen) => {
    if (seen.method === 'DELETE' || seen.path.startsWith('/api/v1/leases/')) return void silent.add(seen.path);
    if (registry(response, seen)) return;
    if (seen.path === '/api/v1/claims') return json(response, { items: [claimedItem()] });
    problem(response, 404, 'no-such-route');
  });
  const { worker } = agent(fake.url, { drainMs: 0 });
  const begun = deferred();
  worker.handle('Answer', () => {
    begun.resolve();
    return new Promise(() => {});
  });
  const running = worker.run({ signals: false });
  await begun.promise;
  await worker.drain();
  await running;
  expect([...silent]).toContain('/api/v1/leases/return');
  drain = () => Promise.resolve();
}, 20_000);

test('more items than were asked for are not begun', async () => {
  fake = await Fake.start((response, seen) => {
    if (registry(response, seen)) return;
    if (seen.path === '/api/v1/claims') return json(response, { items: [claimedItem(), claimedItem()] });
    problem(response, 404, 'no-such-route');
  });
  const { worker, said } = agent(fake.url);
  worker.handle('Answer', () => expect.unreachable());
  const running = worker.run({ signals: false });
  expect(String((await said.first('a claim failed')).fields['error'])).toContain('2 items came, 1 were asked for');
  drain = async () => {
    await worker.drain();
    await running;
  };
});

test('an agent that the server does not take is an error of run', async () => {
  fake = await Fake.start((response, seen) => {
    if (seen.path === '/api/v1/sessions') return void registry(response, seen);
    if (seen.method === 'DELETE') return json(response, { session: 1, agents: 0 });
    problem(response, 422, 'not-an-agent-id');
  });
  const { worker } = agent(fake.url);
  worker.handle('Answer', () => ({}));
  await expect(worker.run({ signals: false })).rejects.toMatchObject({ code: 'not-an-agent-id' });
  drain = () => Promise.resolve();
});

test('a worker says what is wrong with how it is used', async () => {
  fake = await Fake.start(() => {});
  const { worker } = agent(fake.url);
  expect(() => worker.run()).toThrow('give it a handler');
  worker.handle('Answer', () => ({}));
  expect(() => worker.handle(' ANSWER ', () => ({}))).toThrow('there is a handler');
  await expect(worker.accept('token')).rejects.toThrow('the agent is not registered');
  expect(() => agent(fake.url, { concurrency: 0 })).toThrow(RangeError);
  drain = () => Promise.resolve();
});

test('a server that is away at first is waited for', async () => {
  let requests = 0;
  const up = deferred();
  fake = await Fake.start((response, seen) => {
    requests += 1;
    if (requests < 3) return void response.destroy();
    if (registry(response, seen)) return;
    if (seen.path === '/api/v1/claims') return up.resolve();
    problem(response, 404, 'no-such-route');
  });
  const { worker, said } = agent(fake.url);
  worker.handle('Answer', () => ({}));
  const running = worker.run({ signals: false });
  await up.promise;
  expect(said.all('the agent could not be registered yet').length).toBe(2);
  drain = async () => {
    await worker.drain();
    await running;
  };
});
