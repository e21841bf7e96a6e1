// A worker's life before a real server.

import { afterAll, beforeAll, expect, test } from 'vitest';

import { Client, Draining, element, GiveBack, LostLease, NameTaken, type WorkItem } from '../../src/index.js';
import { aborted, agent, deferred } from '../agent.js';
import { Flotilla, FOUR_TASKS, HELLO } from '../flotilla.js';

let site: Flotilla;

beforeAll(async () => {
  site = await Flotilla.start();
});

afterAll(() => site?.stop());

test('an agent registers, works, brings its result and leaves', async () => {
  const { worker, said } = agent(site.url, { description: 'Answers', metadata: { colour: 'blue' } });
  worker.handle('answer', (item) => ({ Reply: `${item.input.textOf('Question')} <42> & "more"` }));
  const running = worker.run({ signals: false });
  const { fields } = await said.first('the agent is registered');
  const shown = await site.client.agents.get(String(fields['agent']));
  expect(shown).toMatchObject({ capabilities: ['answer'], description: 'Answers', metadata: { colour: 'blue' } });
  const id = await site.launch();
  expect(await site.ended(id)).toEqual({
    status: 'completed',
    output: '<Hello><Reply>What is the answer? &lt;42&gt; &amp; "more"</Reply></Hello>',
  });
  await worker.drain();
  await running;
  await expect(site.client.agents.get(String(fields['agent']))).rejects.toMatchObject({ code: 'no-such-agent' });
});

test('a result may be an element or XML as text', async () => {
  const { worker } = agent(site.url);
  const results = [element('Answer', { Reply: 'one' }), '<Answer><Reply>two</Reply></Answer>'];
  worker.handle('Answer', () => results.shift()!);
  const running = worker.run({ signals: false });
  for (const reply of ['one', 'two']) {
    expect((await site.ended(await site.launch())).output).toBe(`<Hello><Reply>${reply}</Reply></Hello>`);
  }
  await worker.drain();
  await running;
});

test('no more items are in hand than the limit says', async () => {
  const { worker } = agent(site.url, { concurrency: 3 });
  let [now, most] = [0, 0];
  const three = deferred();
  worker.handle('Answer', async () => {
    most = Math.max(most, ++now);
    if (now === 3) three.resolve();
    await three.promise;
    now -= 1;
    return { Reply: 'done' };
  });
  const running = worker.run({ signals: false });
  const launches = Array.from({ length: 10 }, () => ({ specification: 'UID_flotilla_hello:1.0' }));
  const launched = await site.client.cases.launchAll(launches);
  for (const one of launched) {
    if (one instanceof Error) throw one;
    expect((await site.ended(one.case)).status).toBe('completed');
  }
  await worker.drain();
  await running;
  expect(most).toBe(3);
});

test('each capability goes to its own handler, and data goes from task to task', async () => {
  const { worker } = agent(site.url);
  const done: string[] = [];
  const note = (item: WorkItem): void => void done.push(`${item.capability} does ${item.task}`);
  worker
    .handle('Take_order', (item) => {
      note(item);
      return { Order: { Customer: 'Ann & Sons', Quantity: 3, Express: true } };
    })
    .handle('Pick_goods', (item) => {
      note(item);
      return { Picked: item.input.get('Order').numberOf('Quantity') };
    })
    .handle('Pack_parcel', (item) => {
      note(item);
      return { Weight: item.input.numberOf('Picked') * 2 };
    })
    .handle('Ship_parcel', (item) => {
      note(item);
      return { Shipped: item.input.numberOf('Weight') === 6 };
    });
  const running = worker.run({ signals: false });
  const { case: id } = await site.client.cases.launch({ specification: FOUR_TASKS });
  expect((await site.ended(id)).output).toBe('<Delivery><Shipped>true</Shipped></Delivery>');
  await worker.drain();
  await running;
  expect(done).toEqual([
    'take_order does Take_order',
    'pick_goods does Pick_goods',
    'pack_parcel does Pack_parcel',
    'ship_parcel does Ship_parcel',
  ]);
});

test('a handler whose case is cancelled is told at once', async () => {
  const { worker, said } = agent(site.url, { termMs: 600_000 });
  const begun = deferred<string>();
  const told = deferred<unknown>();
  worker.handle('Answer', async (item, { signal }) => {
    begun.resolve(item.case);
    told.resolve(await aborted(signal));
    signal.throwIfAborted();
  });
  const running = worker.run({ signals: false });
  await site.launch();
  await site.client.cases.cancel(await begun.promise);
  // Why, only the event stream says.
  expect(await told.promise).toMatchObject({ name: 'LostLease', why: 'case-cancelled' });
  await worker.drain();
  await running;
  expect(said.all('an item failed')).toEqual([]);
});

test('a handler whose item was taken away is told by the next renewal, without events', async () => {
  const { worker, said } = agent(site.url, { events: false, termMs: 1_000 });
  const begun = deferred<string>();
  const told = deferred<unknown>();
  worker.handle('Answer', async (item, { signal }) => {
    if (item.attempt > 1 || told.promise !== undefined && said.all('an item was lost').length > 0) return { Reply: 'again' };
    begun.resolve(item.id);
    told.resolve(await aborted(signal));
    return { Reply: 'too late' };
  });
  const running = worker.run({ signals: false });
  const id = await site.launch();
  await site.client.workItems.rollback(await begun.promise);
  expect(await told.promise).toMatchObject({ name: 'LostLease', why: 'stale-epoch' });
  expect((await site.ended(id)).output).toBe('<Hello><Reply>again</Reply></Hello>');
  await worker.drain();
  await running;
});

test('leases are renewed while a handler works, and the handler sees how long its lease lasts', async () => {
  const { worker, said } = agent(site.url, { termMs: 1_000, events: false });
  const left: number[] = [];
  worker.handle('Answer', async (item, { signal, leaseLeftMs }) => {
    left.push(leaseLeftMs());
    // Longer than one term.
    for (let renewal = 0; renewal < 5; renewal += 1) await said.next('leases were renewed');
    left.push(leaseLeftMs());
    return { Reply: `${item.attempt} ${signal.aborted}` };
  });
  const running = worker.run({ signals: false });
  expect((await site.ended(await site.launch())).output).toBe('<Hello><Reply>1 false</Reply></Hello>');
  await worker.drain();
  await running;
  expect(said.all('an item was lost')).toEqual([]);
  for (const ms of left) expect(ms).toBeGreaterThan(300);
});

test('what a handler throws counts as an attempt, and what it gives back does not', async () => {
  const { worker, said } = agent(site.url);
  const attempts: number[] = [];
  worker.handle('Answer', (item) => {
    attempts.push(item.attempt);
    if (attempts.length === 1) throw new GiveBack('not now');
    if (attempts.length === 2) throw new Error('the model is down');
    return { Reply: 'at last' };
  });
  const running = worker.run({ signals: false });
  expect((await site.ended(await site.launch())).output).toBe('<Hello><Reply>at last</Reply></Hello>');
  await worker.drain();
  await running;
  expect(attempts).toEqual([1, 1, 2]);
  expect(said.all('an item failed').map(({ fields }) => String(fields['error']))).toEqual(['Error: the model is down']);
});

test('a result that the server does not take is a failed attempt that says what is wrong', async () => {
  const { worker, said } = agent(site.url);
  worker.handle('Answer', ({ attempt }) => (attempt === 1 ? { Wrong: 'name' } : { Reply: 'right' }));
  const running = worker.run({ signals: false });
  expect((await site.ended(await site.launch())).output).toBe('<Hello><Reply>right</Reply></Hello>');
  await worker.drain();
  await running;
  const [failed] = said.all('an item failed');
  expect(failed?.fields['error']).toMatchObject({ name: 'ProblemError', status: 422 });
});

test('a server that restarts in the middle loses nothing', async () => {
  const { worker, said } = agent(site.url, { termMs: 10_000 });
  const begun = deferred();
  const go = deferred();
  worker.handle('Answer', async (item) => {
    begun.resolve();
    await go.promise;
    return { Reply: `attempt ${item.attempt}` };
  });
  const running = worker.run({ signals: false });
  const first = await site.launch();
  await begun.promise;
  await site.kill();
  go.resolve();
  await site.again();
  expect(await site.ended(first)).toEqual({ status: 'completed', output: '<Hello><Reply>attempt 1</Reply></Hello>' });
  expect((await site.ended(await site.launch())).status).toBe('completed');
  await worker.drain();
  await running;
  expect(said.all('an item was lost')).toEqual([]);
});

test('drain waits for what is in hand', async () => {
  const { worker } = agent(site.url);
  const begun = deferred();
  const go = deferred();
  worker.handle('Answer', async () => {
    begun.resolve();
    await go.promise;
    return { Reply: 'finished' };
  });
  const running = worker.run({ signals: false });
  const id = await site.launch();
  await begun.promise;
  const drained = worker.drain();
  go.resolve();
  await drained;
  await running;
  expect((await site.client.cases.get(id)).output).toBe('<Hello><Reply>finished</Reply></Hello>');
});

test('drain gives back what takes too long, for others to claim at once', async () => {
  const { worker } = agent(site.url, { drainMs: 0, termMs: 60_000 });
  const begun = deferred();
  const told = deferred<unknown>();
  worker.handle('Answer', async (_, { signal }) => {
    begun.resolve();
    told.resolve(await aborted(signal));
  });
  const running = worker.run({ signals: false });
  const id = await site.launch();
  await begun.promise;
  await worker.drain();
  await running;
  expect(await told.promise).toBeInstanceOf(Draining);
  const other = agent(site.url);
  other.worker.handle('Answer', (item) => ({ Reply: `attempt ${item.attempt}` }));
  const ended = other.worker.run({ signals: false });
  expect((await site.ended(id)).output).toBe('<Hello><Reply>attempt 1</Reply></Hello>');
  await other.worker.drain();
  await ended;
});

test('SIGTERM drains', async () => {
  const { worker, said } = agent(site.url);
  worker.handle('Answer', () => ({ Reply: 'never' }));
  const running = worker.run();
  await said.first('the agent is registered');
  process.emit('SIGTERM', 'SIGTERM');
  await running;
  expect(process.listenerCount('SIGTERM')).toBe(0);
});

test('a worker whose name another process takes ends with an error', async () => {
  const one = agent(site.url, { waitMs: 300 });
  one.worker.handle('Answer', () => ({ Reply: 'one' }));
  const running = one.worker.run({ signals: false });
  const { fields } = await one.said.first('the agent is registered');
  const two = agent(site.url, { agent: String(fields['agent']) });
  two.worker.handle('Answer', () => ({ Reply: 'two' }));
  const second = two.worker.run({ signals: false });
  await two.said.first('the agent is registered');
  const claims = site.launch();
  await expect(running).rejects.toBeInstanceOf(NameTaken);
  expect((await site.ended(await claims)).output).toBe('<Hello><Reply>two</Reply></Hello>');
  await two.worker.drain();
  await second;
});

test('an operator drains an agent, and its worker ends', async () => {
  const { worker, said } = agent(site.url, { waitMs: 1_000 });
  worker.handle('Answer', () => ({ Reply: 'never' }));
  const running = worker.run({ signals: false });
  const { fields } = await said.first('the agent is registered');
  await site.client.agents.drain([String(fields['agent'])]);
  await running;
  expect(said.all('an operator drains the agent').length).toBe(1);
});

test('an agent that the server has forgotten registers again', async () => {
  const { worker, said } = agent(site.url, { waitMs: 500 });
  worker.handle('Answer', () => ({ Reply: 'still here' }));
  const running = worker.run({ signals: false });
  const { fields } = await said.first('the agent is registered');
  const again = said.next('the agent is registered');
  await site.client.sessions.close(Number(fields['session']));
  await again;
  expect((await site.ended(await site.launch())).output).toBe('<Hello><Reply>still here</Reply></Hello>');
  await worker.drain();
  await running;
});

test('an item carries the trace of the request that launched its case', async () => {
  const { worker } = agent(site.url);
  worker.handle('Answer', (item) => ({ Reply: item.traceparent ?? 'none' }));
  const running = worker.run({ signals: false });
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const traced = new Client({ url: site.url, headers: { traceparent } });
  const { case: id } = await traced.cases.launch({ specification: HELLO });
  expect((await site.ended(id)).output).toBe(`<Hello><Reply>${traceparent}</Reply></Hello>`);
  expect((await site.ended(await site.launch())).output).toBe('<Hello><Reply>none</Reply></Hello>');
  await worker.drain();
  await running;
});

test('an item goes from one agent to another by a token', async () => {
  const token = deferred<string>();
  const receiver = agent(site.url);
  receiver.worker.handle('Answer', (item) => ({ Reply: `taken over at epoch ${item.epoch > 0}` }));
  const receiving = receiver.worker.run({ signals: false, signal: AbortSignal.timeout(30_000) });
  const { fields } = await receiver.said.first('the agent is registered');
  // The receiver shall get it by the token and not by a claim.
  const giver = agent(site.url);
  const lost = deferred<unknown>();
  const begun = deferred();
  giver.worker.handle('Answer', async (_, { signal, handOff }) => {
    begun.resolve();
    token.resolve((await handOff(String(fields['agent']))).token);
    lost.resolve(await aborted(signal));
  });
  await site.client.agents.quarantine([String(fields['agent'])], 'for a test');
  const giving = giver.worker.run({ signals: false });
  const id = await site.launch();
  await begun.promise;
  await site.client.agents.release([String(fields['agent'])]);
  await receiver.worker.accept(await token.promise);
  expect((await site.ended(id)).output).toBe('<Hello><Reply>taken over at epoch true</Reply></Hello>');
  expect(await lost.promise).toBeInstanceOf(LostLease);
  await Promise.all([receiver.worker.drain(), giver.worker.drain()]);
  await Promise.all([receiving, giving]);
});
