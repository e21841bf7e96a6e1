// What the browser tests stand on: a real server process, Debian's Chromium, and the checks that hold
// on every page (accessibility, content policy, no error in the console).

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';

const ROOT = resolve(fileURLToPath(import.meta.url), '../../../..');
const BINARY = process.env['FLOTILLA_BIN'] ?? join(ROOT, 'target/debug/flotilla');
const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const SCREENSHOTS = process.env['SCREENSHOTS'];
/** A debug build opens its store in well under this. */
const START_MS_MAX = 20_000;

export const EXAMPLES = join(ROOT, 'examples');
export const UNSOUND = join(ROOT, 'testdata/unsound');
export const PATTERNS = join(ROOT, 'conformance/patterns');

export interface Server {
  url: string;
  /** Kills the process and starts it again on the same directory and port, after `meanwhile`. */
  restart: (meanwhile: () => Promise<void>) => Promise<void>;
  stop: () => Promise<void>;
}

/**
 * Starts `flotilla serve` on free ports and an empty directory, with these variables beside the inherited ones, or takes
 * the server at FLOTILLA_URL.
 */
export async function startServer(variables: Record<string, string> = {}): Promise<Server> {
  const running = process.env['FLOTILLA_URL'];
  if (running) return { url: running, restart: (meanwhile) => meanwhile(), stop: async () => {} };
  const directory = mkdtempSync(join(tmpdir(), 'flotilla-ui-'));
  let child = serve(directory, '0', variables);
  process.once('exit', () => child.kill('SIGKILL'));
  const stop = async () => {
    await end(child, 'SIGTERM');
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    const url = await addressOf(child);
    const restart = async (meanwhile: () => Promise<void>) => {
      await end(child, 'SIGKILL');
      await meanwhile();
      child = serve(directory, new URL(url).port, variables);
      await addressOf(child);
    };
    return { url, restart, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function serve(directory: string, port: string, variables: Record<string, string>): ChildProcess {
  const settings = ['--data', directory, '--port', port, '--management-port', '0', '--log', 'warn'];
  return spawn(BINARY, ['serve', ...settings], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...variables },
  });
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const ended = new Promise<void>((done) => child.once('close', () => done()));
  if (child.exitCode === null && child.kill(signal)) await ended;
}

/** The address that `serve` prints once it takes requests. */
function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((found, fail) => {
    const late = setTimeout(() => fail(new Error(`${BINARY} printed no address`)), START_MS_MAX);
    child.once('error', (error) => fail(new Error(`${BINARY} does not start: build it, or set FLOTILLA_BIN`, { cause: error })));
    child.once('close', (code) => fail(new Error(`${BINARY} ended with ${code} before it printed an address`)));
    let printed = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      const url = /https?:\/\/[^\s/]+/.exec(printed)?.[0];
      if (!url) return;
      clearTimeout(late);
      found(url);
    });
  });
}

export interface Browser {
  context: BrowserContext;
  close: () => Promise<void>;
}

/** Starts Chromium with an empty profile. */
export async function startBrowser(): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'flotilla-chromium-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    headless: true,
    viewport: { width: 1280, height: 900 },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  const close = async () => {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  };
  return { context, close };
}

/** Opens a page that remembers what went wrong in it; read by [`expectClean`]. */
export async function openPage(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  const faults: string[] = [];
  faultsOf.set(page, faults);
  page.on('pageerror', (error) => faults.push(`uncaught: ${error.message}`));
  page.on('console', (message) => {
    // The browser writes a line for each refusal, without its address; see below.
    const isRefusal = /the server responded with a status/.test(message.text());
    if (message.type() === 'error' && !isRefusal) faults.push(`console: ${message.text()}`);
  });
  page.on('response', (response) => {
    const { pathname, search } = new URL(response.url());
    if (response.status() >= 400) faults.push(`${response.status()} ${pathname}${search}`);
  });
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      console.error(`content policy: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  return page;
}

const faultsOf = new WeakMap<Page, string[]>();
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeResult {
  violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[];
}

/**
 * No script error, no breach of the content policy, no request refused other than `refusal`, no
 * accessibility rule broken, in both colour schemes.
 */
export async function expectClean(page: Page, name: string, refusal?: RegExp): Promise<void> {
  await page.evaluate(AXE);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const result = (await page.evaluate('axe.run()')) as AxeResult;
    const broken = result.violations.map(({ id, impact, nodes }) => {
      return `${id} (${impact}): ${nodes.map((node) => `${node.html}\n${node.failureSummary}`).join('\n')}`;
    });
    expect(broken, `${name}, ${colorScheme}`).toEqual([]);
    await screenshot(page, `${name}-${colorScheme}`);
  }
  const faults = faultsOf.get(page)?.splice(0) ?? [];
  expect(faults.filter((fault) => !refusal?.test(fault)), name).toEqual([]);
}

async function screenshot(page: Page, name: string): Promise<void> {
  if (!SCREENSHOTS) return;
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true });
}

/** Presses Tab until the focused element has a name that begins with `name`. */
export async function tabTo(page: Page, name: string): Promise<void> {
  const passed: string[] = [];
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press('Tab');
    const focused = await focusedName(page);
    if (focused.startsWith(name)) return;
    passed.push(focused);
  }
  throw new Error(`Tab does not reach "${name}"; it passed ${passed.join(' | ')}`);
}

export function focusedName(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    return (element?.getAttribute('aria-label') ?? element?.textContent?.trim() ?? '').slice(0, 60);
  });
}
