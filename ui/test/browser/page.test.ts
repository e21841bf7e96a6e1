// A person's way through the page, in a real browser against a real server: upload, launch, see the
// net, work by keyboard alone, watch the token move, see the case complete.

import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type Browser,
  EXAMPLES,
  expectClean,
  focusedName,
  openPage,
  PATTERNS,
  type Server,
  startBrowser,
  startServer,
  tabTo,
  UNSOUND,
} from './harness';

let server: Server;
let browser: Browser;
let page: Page;
/** A name of our own, so that the tests can run again on the same server. */
const CASE = `ui-${Date.now().toString(36)}`;

beforeAll(async () => {
  server = await startServer();
  browser = await startBrowser();
  page = await openPage(browser.context);
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

function marked(of: Page) {
  return of.locator('[data-part=marked]');
}

function status(of: Page) {
  return of.locator('[data-part=status]');
}

async function textOf(of: Page, part: ReturnType<typeof marked>, wanted: RegExp): Promise<void> {
  const text = part.filter({ hasText: wanted });
  await text.waitFor({ timeout: 10_000 }).catch(async () => {
    throw new Error(`${of.url()} shows "${await part.textContent()}", not ${wanted}`);
  });
}

async function uploadFile(name: string, folder = EXAMPLES): Promise<void> {
  await page.goto(`${server.url}/#/specifications`);
  await page.getByLabel('YAWL specification').setInputFiles(join(folder, name));
  await page.getByRole('button', { name: 'Upload' }).click();
  await page.getByText('Loaded', { exact: false }).first().waitFor();
}

/** Uploads, opens the specification's page and launches a case. */
async function launchFile(name: string, folder = EXAMPLES): Promise<void> {
  await uploadFile(name, folder);
  await page.getByText('Loaded', { exact: false }).getByRole('link').click();
  await page.getByRole('button', { name: 'Launch' }).click();
  await textOf(page, status(page), /running/);
}

async function checkOutAndIn(task: string, result = ''): Promise<void> {
  await page.getByRole('button', { name: `Check out ${task}` }).first().click();
  await checkIn(task, result);
}

/** Of the one item of the task that is at work. */
async function checkIn(task: string, result = ''): Promise<void> {
  await page.getByRole('button', { name: `Check in… ${task}` }).click();
  const field = page.getByLabel('Result as XML');
  if (result) await field.fill(result);
  await page.getByRole('button', { name: 'Check in', exact: true }).click();
  await field.waitFor({ state: 'detached' });
}

test('the server sends a strict content policy', async () => {
  const response = await page.goto(server.url);
  const policy = response?.headers()['content-security-policy'] ?? '';
  expect(await response?.text(), 'a page without the UI: run `npm run build`').toContain('id="app"');
  expect(policy).toContain("default-src 'self'");
  expect(policy).not.toMatch(/unsafe|\*|data:/);
});

test('a specification is uploaded by file and listed', async () => {
  await uploadFile('approval_loop.yawl');
  await page.getByRole('rowheader', { name: /Approval loop/ }).waitFor();
  await expectClean(page, 'specifications');
});

test('a document that is no specification is refused with findings', async () => {
  await page.getByLabel('YAWL specification').setInputFiles({
    name: 'broken.yawl',
    mimeType: 'application/xml',
    buffer: Buffer.from('<specificationSet><specification'),
  });
  await page.getByRole('button', { name: 'Upload' }).click();
  await page.getByRole('alert').getByRole('table', { name: 'Findings' }).waitFor();
  await expectClean(page, 'refused', /^422 .*specifications$/);
});

test('a specification page draws its nets', async () => {
  await page.getByRole('rowheader', { name: /Approval loop/ }).getByRole('link').click();
  await page.getByRole('img', { name: /Task Write draft, XOR-join/ }).waitFor();
  await page.getByRole('img', { name: /Task Review, XOR-split, timer/ }).waitFor();
  await expectClean(page, 'specification');
});

test('a case is launched and its net shows the token', async () => {
  await page.getByLabel('Name of the case').fill(CASE);
  await page.getByRole('button', { name: 'Launch' }).click();
  await page.getByRole('heading', { name: `Case ${CASE}` }).waitFor();
  await textOf(page, status(page), /running/);
  await textOf(page, marked(page), /Write draft is enabled/);
  await page.locator('[data-part=tokens] .token').first().waitFor();
  await expectClean(page, 'case');
});

test('work is checked out and in by keyboard alone while another page watches', async () => {
  const watcher = await openPage(browser.context);
  await watcher.goto(`${server.url}/#/cases/${CASE}`);
  await textOf(watcher, marked(watcher), /Write draft is enabled/);
  await watcher.getByText('Live', { exact: true }).waitFor();
  await page.bringToFront();

  await tabTo(page, 'Check out Write draft');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Check in… Write draft' }).waitFor();
  await textOf(watcher, marked(watcher), /Write draft is busy: 1 executing/);
  await expect.poll(() => focusedName(page)).toMatch(/^Check in… Write draft/);
  await expectClean(page, 'executing');

  await page.keyboard.press('Enter');
  const field = page.getByLabel('Result as XML');
  await expect.poll(() => field.inputValue()).toContain('<Draft>First draft</Draft>');
  await expectClean(page, 'check-in');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('<Write_draft><Draft>By keyboard</Draft>');
  await tabTo(page, 'Check in');
  await page.keyboard.press('Enter');
  await page.getByText('Not well-formed XML').waitFor();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('</Write_draft>');
  await tabTo(page, 'Check in');
  await page.keyboard.press('Enter');

  await textOf(watcher, marked(watcher), /Review is enabled/);
  await textOf(page, marked(page), /Review is enabled/);
  await expect.poll(() => focusedName(page)).toBe('Work items');
  await expectClean(watcher, 'moved');
  await watcher.close();
});

test('a result that breaks its type is refused at the field and can be mended', async () => {
  await tabTo(page, 'Check out Review');
  await page.keyboard.press('Enter');
  await expect.poll(() => focusedName(page)).toMatch(/^Check in… Review/);
  await page.keyboard.press('Enter');
  const field = page.getByLabel('Result as XML');
  // The default of the output parameter is offered.
  await expect.poll(() => field.inputValue()).toContain('<Verdict>approved</Verdict>');
  const good = await field.inputValue();
  await field.fill(good.replace('approved', 'BAD'));
  await page.getByRole('button', { name: 'Check in', exact: true }).click();
  await page.getByRole('alert').getByText('/Review/Verdict', { exact: true }).waitFor();
  expect(await field.getAttribute('aria-invalid')).toBe('true');
  await expectClean(page, 'violations', /^422 .*checkin$/);
  await field.fill(good);
  await page.getByRole('button', { name: 'Check in', exact: true }).click();
  await textOf(page, status(page), /completed/);
  await page.getByText('No work item is open.').waitFor();
  await page.getByText('Output', { exact: true }).waitFor();
  await expectClean(page, 'completed');
});

test('a case is suspended, resumed and cancelled', async () => {
  await page.goto(`${server.url}/#/cases`);
  await page.getByRole('heading', { name: 'Launch a case' }).waitFor();
  await page.getByLabel('Name of the case').fill(`${CASE}-2`);
  await page.getByRole('button', { name: 'Launch' }).click();
  await page.getByRole('button', { name: 'Suspend', exact: true }).click();
  await textOf(page, status(page), /suspended/);
  await page.getByRole('button', { name: 'Resume' }).click();
  await textOf(page, status(page), /running/);
  await page.getByRole('button', { name: 'Cancel the case' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel the case' }).click();
  await textOf(page, status(page), /cancelled/);
});

test('the list of cases is filtered by status', async () => {
  await page.goto(`${server.url}/#/cases`);
  await page.getByRole('rowheader', { name: CASE, exact: true }).waitFor();
  await page.getByLabel('Status').focus();
  await page.keyboard.type('cancelled');
  await page.getByRole('rowheader', { name: `${CASE}-2`, exact: true }).waitFor();
  expect(await page.getByLabel('Status').evaluate((field) => field === document.activeElement)).toBe(true);
  expect(await page.getByRole('rowheader', { name: CASE, exact: true }).count()).toBe(0);
  await expectClean(page, 'cases');
});

test('a net of splits, joins and cancellation is drawn and its region shown on focus', async () => {
  await uploadFile('insurance_claim.yawl');
  await page.getByText('Loaded', { exact: false }).getByRole('link').click();
  await page.getByRole('group', { name: /Drawing of the net/ }).waitFor();
  const canceller = page.getByRole('button', { name: /cancels/ }).first();
  for (const chip of await page.getByRole('list', { name: 'Nets' }).getByRole('button').all()) {
    await chip.click();
    await page.getByRole('group', { name: /Drawing of the net/ }).waitFor();
    if ((await canceller.count()) > 0) break;
  }
  await canceller.focus();
  await page.locator('.cancelled').first().waitFor();
  await expectClean(page, 'cancels');
});

test('an OR-join that waits says which token it expects, and the way is drawn', async () => {
  await launchFile('or_join.yawl');
  const booked = '<Flight>true</Flight><Hotel>true</Hotel><Car>false</Car>';
  await checkOutAndIn('Plan trip', `<Plan_trip>${booked}</Plan_trip>`);
  await textOf(page, marked(page), /Book flight is enabled/);
  const waits = page.locator('[data-part=waits]');
  expect(await waits.count(), 'no token is before the join').toBe(0);

  await checkOutAndIn('Book flight');
  await textOf(page, waits, /^Pay waits, because a token can still arrive over the arc from Book hotel, along between Plan trip and Book hotel → Book hotel$/);
  // The two arcs and the two tasks of that way.
  expect(await page.locator('.arc.awaited').count()).toBe(2);
  expect(await page.locator('.node.awaited title').allTextContents()).toEqual(['Task Book hotel', 'Task Pay, OR-join']);
  await expectClean(page, 'or-join');

  await checkOutAndIn('Book hotel');
  await textOf(page, marked(page), /Pay is enabled/);
  await waits.waitFor({ state: 'detached' });
  expect(await page.locator('.awaited').count()).toBe(0);
});

test('a specification that can go wrong shows the walk in its net', async () => {
  await uploadFile('livelock_two_tasks_in_a_circle.yawl', UNSOUND);
  await page.getByText('Loaded', { exact: false }).getByRole('link').click();
  const soundness = page.locator('[data-part=soundness]');
  await textOf(page, soundness, /unsound.*can no longer complete after A, B; it goes on for ever with C, D/);
  await soundness.getByRole('button', { name: 'Walk there in the drawing' }).first().click();
  expect(await page.locator('[data-part=walk] li').allInnerTexts()).toEqual([
    'launch',
    'A',
    'B',
    expect.stringMatching(/^C\s*again and again$/),
    expect.stringMatching(/^D\s*again and again$/),
  ]);
  await textOf(page, marked(page), /a token in circle/);
  await expectClean(page, 'unsound');
  await soundness.getByRole('button', { name: 'Step back' }).click();
  await textOf(page, marked(page), /a token between C and D/);
  await soundness.getByRole('button', { name: 'launch' }).click();
  await textOf(page, marked(page), /a token in i/);
  await soundness.getByRole('button', { name: 'Close the walk' }).click();
  await marked(page).waitFor({ state: 'detached' });
});

test('a sound specification is called so, one with an extension is not decided', async () => {
  const soundness = page.locator('[data-part=soundness]');
  await uploadFile('four_tasks.yawl');
  await page.getByText('Loaded', { exact: false }).getByRole('link').click();
  await textOf(page, soundness, /Sound: from wherever it is a case can complete/);
  await uploadFile('42_thread_split.yawl', PATTERNS);
  await page.getByText('Loaded', { exact: false }).getByRole('link').click();
  await textOf(page, soundness, /Not decided.*the net uses the extension tokens, which is not modelled/);
  await page.locator('.arc .many').filter({ hasText: '×3' }).first().waitFor();
  await expectClean(page, 'undecided');
});

test('a task of several instances is completed with the results that it has', async () => {
  await launchFile('27_complete_instances.yawl', PATTERNS);
  await page.getByRole('button', { name: 'Check out Ask' }).click();
  await textOf(page, marked(page), /Ask is busy: 1 executing, 3 waiting/);
  await checkIn('Ask', '<Ask><part>1</part></Ask>');
  await textOf(page, marked(page), /1 complete/);
  await page.getByRole('button', { name: 'Complete task Ask' }).first().click();
  await page.getByRole('dialog').getByRole('button', { name: 'Complete the task' }).click();
  await textOf(page, marked(page), /Decide is enabled/);
  await expectClean(page, 'complete-task');
});

test('the page goes on by asking when the event stream is down', async () => {
  const alone = await openPage(browser.context);
  await alone.route('**/api/v1/events', (route) => route.fulfill({ status: 503, body: '' }));
  await alone.goto(`${server.url}/#/specifications`);
  await alone.getByText('Stream down').waitFor();
  await alone.goto(`${server.url}/#/cases/${CASE}`);
  await textOf(alone, status(alone), /completed/);
  await alone.close();
});

test('an unknown case and an unknown address are said', async () => {
  await page.goto(`${server.url}/#/cases/no-such-case-here`);
  await page.getByRole('alert').waitFor();
  await page.goto(`${server.url}/#/elsewhere`);
  await page.getByRole('heading', { name: 'No such page' }).waitFor();
  await expectClean(page, 'unknown', /^404 .*no-such-case-here/);
});

test('the page fits a small screen', async () => {
  await page.setViewportSize({ width: 360, height: 700 });
  await page.goto(`${server.url}/#/cases/${CASE}`);
  await textOf(page, status(page), /completed/);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
  await expectClean(page, 'small');
});

// Last: the kill breaks the stream of every page that is open.
test('the page finds its way back when the server was killed and started again', async () => {
  const watcher = await openPage(browser.context);
  await watcher.goto(`${server.url}/#/cases/${CASE}`);
  await watcher.getByText('Live', { exact: true }).waitFor();
  await server.restart(async () => {
    if (!process.env['FLOTILLA_URL']) await watcher.getByText('Stream down').waitFor();
  });
  await watcher.getByText('Live', { exact: true }).waitFor();
  await textOf(watcher, status(watcher), /completed/);
  await watcher.getByRole('alert').waitFor({ state: 'detached' });
  await watcher.close();
});
