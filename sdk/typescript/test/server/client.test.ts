// The client's calls before a real server: launching, looking, results, refusals, and answers that get lost.

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { Client, ProblemError, type ClaimedItem } from '../../src/index.js';
import { agent } from '../agent.js';
import { example, Flotilla, HELLO } from '../flotilla.js';
import { Proxy } from '../proxy.js';

let site: Flotilla;
let proxy: Proxy;
/** Behind the proxy. */
let client: Client;

beforeAll(async () => {
  site = await Flotilla.start();
  proxy = await Proxy.start(site.url);
  client = new Client({ url: proxy.url });
});

afterEach(() => {
  proxy.loses = () => false;
});

afterAll(async () => {
  await proxy?.stop();
  await site?.stop();
});

async function register(name: string): Promise<number> {
  const { session } = await client.sessions.open({ host: 'here' });
  const { results, lifetime } = await client.agents.register([{ agent: name, capabilities: ['Answer'] }], session);
  expect(lifetime.renew_every_ms).toBeGreaterThan(0);
  const [registered] = results;
  if (registered === undefined || registered instanceof ProblemError) throw registered;
  return registered.epoch;
}

/** Claims the item of a new case. */
async function claimOne(name: string): Promise<ClaimedItem> {
  const epoch = await register(name);
  await site.launch();
  const { items } = await client.claims.claim({ agent: name, epoch, wait_ms: 30_000 });
  await client.agents.deregister([{ agent: name, epoch }]);
  return items[0]!;
}

test('a specification is uploaded, shown, verified and removed', async () => {
  const xml = example('approval_loop');
  const [{ key } = { key: '' }] = (await client.specifications.upload(xml)).specifications;
  expect((await client.specifications.list()).map((one) => one.key)).toContain(key);
  expect((await client.specifications.get(key)).nets_detail[0]?.is_root).toBe(true);
  expect(await client.specifications.source(key)).toBe(xml);
  expect((await client.specifications.verify(xml)).verdict).toBe('valid');
  await client.specifications.delete(key);
  await expect(client.specifications.get(key)).rejects.toMatchObject({ code: 'no-such-specification', status: 404 });
});

test('a specification that is invalid is refused with what was found', async () => {
  const error = await client.specifications.upload('<specificationSet/>').catch((error: unknown) => error);
  expect(error).toBeInstanceOf(ProblemError);
  expect((error as ProblemError).code).toBe('specification-invalid');
  expect((error as ProblemError).findings.length).toBeGreaterThan(0);
});

test('cases are launched, listed, suspended, resumed and cancelled', async () => {
  const { case: id } = await client.cases.launch({ specification: HELLO, case: 'by-name' });
  await expect(client.cases.launch({ specification: HELLO, case: 'by-name' })).rejects.toMatchObject({ code: 'case-exists' });
  expect((await client.cases.list({ specification: HELLO })).items.map((one) => one.case)).toContain(id);
  await client.cases.suspend(id);
  expect((await client.cases.get(id)).status).toBe('suspended');
  await client.cases.resume(id);
  expect((await client.cases.history(id)).items.map((entry) => entry.event)).toContain('enabled');
  await client.cases.cancel(id);
  await expect(client.cases.cancel(id)).rejects.toMatchObject({ code: 'case-not-running' });
});

test('a batch has one answer for each entry', async () => {
  const [good, bad] = await client.cases.launchAll([{ specification: HELLO }, { specification: 'none:1' }]);
  expect(good).toMatchObject({ specification: HELLO, status: 'running' });
  expect(bad).toBeInstanceOf(ProblemError);
  expect(bad).toMatchObject({ code: 'no-such-specification' });
});

test('a person checks an item out and in', async () => {
  const id = await site.launch();
  const { items } = await client.workItems.list({ case: id });
  const { item, data } = await client.workItems.checkOut(items[0]!.item);
  expect(data).toContain('What is the answer?');
  const refused = await client.workItems.checkIn(item, { data: '<Answer/>' }).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(ProblemError);
  await client.workItems.checkIn(item, { data: '<Answer><Reply>42</Reply></Answer>' });
  expect((await client.cases.get(id)).status).toBe('completed');
});

test('a launch whose answer is lost twice happens once', async () => {
  const before = (await client.cases.list({ limit: 1_000 })).items.length;
  const lost = proxy.loseFirst(2, '/cases');
  const launched = await client.cases.launch({ specification: HELLO });
  expect(lost.length).toBe(2);
  expect(new Set(lost.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
  const after = (await client.cases.list({ limit: 1_000 })).items;
  expect(after.length).toBe(before + 1);
  expect(after.map((one) => one.case)).toContain(launched.case);
});

test('a batch of launches whose answer is lost happens once', async () => {
  const before = (await client.cases.list({ limit: 1_000 })).items.length;
  proxy.loseFirst(1, '/cases/batch');
  await client.cases.launchAll([{ specification: HELLO }, { specification: HELLO }]);
  expect((await client.cases.list({ limit: 1_000 })).items.length).toBe(before + 2);
});

test('a result whose answer is lost counts once, and its repetition is answered as the first time', async () => {
  const { item, epoch, case: id } = await claimOne('loser');
  const lost = proxy.loseFirst(2, '/checkin');
  expect(await client.workItems.checkIn(item, { data: '<Answer><Reply>once</Reply></Answer>', epoch })).toEqual({ item });
  expect(lost.length).toBe(2);
  expect((await client.cases.get(id)).output).toBe('<Hello><Reply>once</Reply></Hello>');
});

test('results in a batch, items given back and items failed survive lost answers', async () => {
  const [one, two, three] = [await claimOne('one'), await claimOne('two'), await claimOne('three')];
  proxy.loseFirst(1, '/checkin');
  const entries = [{ item: one.item, epoch: one.epoch, data: '<Answer><Reply>1</Reply></Answer>' }];
  expect(await client.workItems.checkInAll(entries)).toEqual([{ item: one.item }]);
  proxy.loseFirst(1, '/leases/return');
  expect(await client.leases.return([{ item: two.item, epoch: two.epoch }])).toEqual([{ item: two.item }]);
  proxy.loseFirst(1, '/leases/fail');
  expect(await client.leases.fail([{ item: three.item, epoch: three.epoch }])).toEqual([{ item: three.item }]);
  const [gone] = await client.leases.renew([{ item: three.item, epoch: three.epoch }]);
  expect(gone).toMatchObject({ code: 'stale-epoch' });
  await client.cases.cancel(two.case);
  await client.cases.cancel(three.case);
});

test('a worker whose results get no answer brings each once', async () => {
  const lost = proxy.loseFirst(3, '/checkin');
  const { worker } = agent(proxy.url, { concurrency: 8 });
  const times = new Map<string, number>();
  worker.handle('Answer', ({ id }) => {
    times.set(id, (times.get(id) ?? 0) + 1);
    return { Reply: `time ${times.get(id)}` };
  });
  const running = worker.run({ signals: false });
  for (const id of [await site.launch(), await site.launch()]) {
    expect((await site.ended(id)).output).toBe('<Hello><Reply>time 1</Reply></Hello>');
  }
  await worker.drain();
  await running;
  expect([lost.length, Math.max(...times.values())]).toEqual([3, 1]);
});

test('agents are found on the marketplace by what they offer', async () => {
  const offering = { domain: 'freight', cost: { base_price_per_cycle: 0.25 } };
  const { results } = await client.agents.register([{ agent: 'carrier', capabilities: ['Ship'], offering }]);
  const epoch = (results[0] as { epoch: number }).epoch;
  const query = { kind: 'transition-slot', capability_keyword: 'FREIGHT' } as const;
  const { items, partial } = await client.marketplace.search({ query });
  expect([items.map((one) => one.agent), partial]).toEqual([['carrier'], false]);
  expect((await client.marketplace.stats()).listings).toBe(1);
  await client.marketplace.unpublish([{ agent: 'carrier', epoch }]);
  expect((await client.marketplace.search({ query })).items).toEqual([]);
  await client.marketplace.publish([{ agent: 'carrier', epoch, offering }]);
  expect((await client.marketplace.search({ query: { kind: 'id', agent: 'carrier' } })).items.length).toBe(1);
  expect(await client.agents.renew([{ agent: 'carrier', epoch }])).toEqual([
    { agent: 'carrier', draining: false, quarantined: false },
  ]);
  expect(await client.agents.setStates([{ agent: 'carrier', epoch, state: 'DISCOVERING' }])).toMatchObject([
    { agent: 'carrier', state: 'DISCOVERING' },
  ]);
  await client.agents.deregister([{ agent: 'carrier', epoch }]);
});

test('agents are listed, put in quarantine and released', async () => {
  await register('suspect');
  expect((await client.agents.list({ capability: 'answer' })).items.map((one) => one.agent)).toContain('suspect');
  expect(await client.agents.quarantine(['suspect'], 'strange results')).toMatchObject([{ agent: 'suspect', registered: true }]);
  const epoch = (await client.agents.get('suspect')).epoch;
  await expect(client.claims.claim({ agent: 'suspect', epoch })).rejects.toMatchObject({ code: 'agent-quarantined' });
  expect(await client.agents.release(['suspect'])).toMatchObject([{ agent: 'suspect', was_quarantined: true }]);
});

test('work is pushed on the event stream to agents that asked for it', async () => {
  const { session } = await client.sessions.open({ host: 'push' });
  const { results } = await client.agents.register([{ agent: 'pushed-to', capabilities: ['Answer'] }], session);
  const { epoch } = results[0] as { epoch: number };
  for await (const event of client.sessions.events(session)) {
    if (event.kind === 'opened') {
      expect(await client.sessions.push(session, [{ agent: 'pushed-to', epoch, max_in_hand: 1 }])).toEqual([
        { agent: 'pushed-to', in_hand: 0 },
      ]);
      await site.launch();
    } else if (event.kind === 'item') {
      expect(event).toMatchObject({ agent: 'pushed-to', item: { task: 'Answer', capability: 'answer' } });
      const { item, epoch } = event.item;
      await client.workItems.checkIn(item, { data: '<Answer><Reply>pushed</Reply></Answer>', epoch });
      break;
    }
  }
  expect(await client.sessions.get(session)).toMatchObject({ session, host: 'push', agents: 1 });
  expect((await client.sessions.list()).items.map((one) => one.session)).toContain(session);
  await client.sessions.close(session);
  await expect(client.sessions.get(session)).rejects.toMatchObject({ code: 'no-such-session' });
});

test('a call that is called off throws the reason at once', async () => {
  const epoch = await register('patient');
  const stop = new AbortController();
  const claiming = client.claims.claim({ agent: 'patient', epoch, wait_ms: 60_000 }, { signal: stop.signal });
  stop.abort(new Error('enough'));
  await expect(claiming).rejects.toThrow('enough');
});

test('ids with any characters reach the server as they are', async () => {
  for (const id of ['a/b', '...', '7.1:Ä?#%', "it's (*)!", '%2e%2e']) {
    const error = await client.workItems.get(id).catch((error: unknown) => error);
    expect(error).toMatchObject({ code: 'no-such-item' });
    expect(String(error)).toContain(id);
  }
  for (const id of ['', '.', '..']) expect(() => client.workItems.get(id)).toThrow(TypeError);
});
