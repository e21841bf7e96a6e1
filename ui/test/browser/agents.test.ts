// An operator's way through agents and claims: counts, search, an agent and what it holds, drain, quarantine,
// release, a dead letter and another chance for it. Agents are played by plain requests.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Browser, EXAMPLES, expectClean, openPage, type Server, startBrowser, startServer } from './harness';

let server: Server;
let browser: Browser;
let page: Page;
/** Names of our own, so that the tests can run again on the same server. */
const RUN = `ui-${Date.now().toString(36)}`;
const ANN = `${RUN}/ann`;
/** More than a page of the list. */
const OTHERS = Array.from({ length: 60 }, (_, number) => `${RUN}/b${String(number).padStart(2, '0')}`);

interface Item {
  item: string;
  epoch: number;
}

async function ask<T>(path: string, body: object | string): Promise<T> {
  const isText = typeof body === 'string';
  const response = await fetch(`${server.url}/api/v1/${path}`, {
    method: 'POST',
    headers: { 'content-type': isText ? 'application/xml' : 'application/json' },
    body: isText ? body : JSON.stringify(body),
  });
  expect(response.ok, `${path}: ${response.status}`).toBe(true);
  return (await response.json()) as T;
}

async function claim(epoch: number): Promise<Item> {
  const claimed = await ask<{ items: Item[] }>('claims', { agent: ANN, epoch, wait_ms: 30_000 });
  const item = claimed.items[0];
  if (!item) throw new Error('nothing to claim');
  return { item: item.item, epoch: item.epoch };
}

async function deadLetters(): Promise<string[]> {
  const answer = await fetch(`${server.url}/api/v1/work-items?lease=dead-letter&limit=1000`);
  return ((await answer.json()) as { items: Item[] }).items.map(({ item }) => item);
}

/** Of ann's life, and the item that she holds. */
let epoch = 0;
let held: Item;

beforeAll(async () => {
  server = await startServer({ FLOTILLA_ATTEMPTS_MAX: '1' });
  browser = await startBrowser();
  page = await openPage(browser.context);
  await ask('specifications', readFileSync(join(EXAMPLES, 'hello.yawl'), 'utf8'));
  const { session } = await ask<{ session: number }>('sessions', { host: 'rack 7' });
  const agents = [ANN, ...OTHERS].map((agent) => ({ agent, capabilities: ['Answer'] }));
  const { results } = await ask<{ results: { epoch: number }[] }>('agents', { session, agents });
  epoch = results[0]?.epoch ?? 0;
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

test('agents are counted, listed a page at a time and found by their names', async () => {
  await page.goto(`${server.url}/#/agents?prefix=${encodeURIComponent(RUN)}`);
  await page.getByText('50 agents shown, there may be more.').waitFor();
  await page.getByRole('button', { name: 'More agents' }).click();
  await page.getByText('61 agents shown.').waitFor();
  const live = page.locator('[data-part=counts] div', { hasText: 'Live' }).locator('dd');
  expect(Number(await live.textContent())).toBeGreaterThanOrEqual(61);
  await expectClean(page, 'agents');

  await page.getByLabel('Name begins with').fill(ANN);
  await page.getByText('1 agent shown.').waitFor();
  await page.getByRole('link', { name: ANN }).click();
  await page.getByRole('heading', { name: `Agent ${ANN}` }).waitFor();
});

test('an agent shows what it holds', async () => {
  await ask('cases', { specification: 'UID_flotilla_hello:1.0' });
  held = await claim(epoch);
  await page.getByRole('table', { name: 'Holds' }).getByText(held.item).waitFor();
  await page.getByText('rack 7').waitFor();
  await expectClean(page, 'agent');
  await page.goto(`${server.url}/#/claims`);
  await page.getByRole('table', { name: 'Held by agents' }).getByRole('link', { name: ANN }).waitFor();
  await expectClean(page, 'claims');
});

test('a dead letter is given another chance', async () => {
  await ask('leases/fail', { items: [held] });
  // A server that is more patient with its items has it claimed again.
  while (!(await deadLetters()).includes(held.item)) {
    held = await claim(epoch);
    await ask('leases/fail', { items: [held] });
  }
  await page.getByLabel('Standing').selectOption('dead-letter');
  await page.getByRole('button', { name: `Requeue` }).first().waitFor();
  await expectClean(page, 'dead-letters');
  await page.getByRole('button', { name: new RegExp(`Requeue .* ${held.item.replace('.', '\\.')}$`) }).click();
  await page.getByText('can be claimed again').waitFor({ state: 'attached' });
  const again = await claim(epoch);
  expect(again.item).toBe(held.item);
});

test('an agent is put into quarantine, released and drained', async () => {
  await page.goto(`${server.url}/#/agents/${encodeURIComponent(ANN)}`);
  const standing = page.locator('[data-part=standing]');
  await page.getByRole('button', { name: `Quarantine ${ANN}` }).click();
  await page.getByRole('button', { name: 'Quarantine it' }).click();
  await standing.getByText('quarantined').waitFor();
  await page.getByText('put there by an operator').waitFor();
  await expectClean(page, 'quarantined');
  await page.getByRole('button', { name: 'Release', exact: true }).click();
  await standing.getByText('quarantined').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: `Drain ${ANN}` }).click();
  await page.getByRole('button', { name: 'Drain it' }).click();
  await standing.getByText('draining').waitFor();
  await page.goto(`${server.url}/#/agents?kind=draining&prefix=${encodeURIComponent(RUN)}`);
  await page.getByText('1 agent shown.').waitFor();
  await expectClean(page, 'draining');
});
