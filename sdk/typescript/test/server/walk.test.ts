// A newcomer's walk: what the README says under "Try it", step by step, with free ports and without the waiting.

import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';

import { Client } from '../../src/index.js';
import { addressOf, BINARY, ROOT } from '../flotilla.js';

const README = readFileSync(join(ROOT, 'sdk/typescript/README.md'), 'utf8');
const STEPS = README.slice(README.indexOf('## Try it')).split('\n## ', 2)[0]!;

const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** The lines of the shell that the section names, in order. */
function lines(): string[] {
  return [...STEPS.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap((found) => found[1]!.trim().split('\n'));
}

function start(program: string, words: string[], environment: Record<string, string> = {}): ChildProcess {
  const env = { ...process.env, ...environment };
  const child = spawn(program, words, { cwd: join(ROOT, 'sdk/typescript'), env, stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  return child;
}

test('the demo waits for the example agent, which finishes its cases', async () => {
  const [demo = '', directory, install, agent] = lines();
  // `npm test` stands in this directory, and what is installed is installed.
  expect([directory, install, agent]).toEqual(['cd sdk/typescript', 'npm install', 'npm run example:adjuster']);
  const words = demo.split(' ');
  expect(words.shift()).toBe('./run-demo');
  const ports = ['--port', '0', '--management-port', '0', '--think', '0', '--cases', '2'];
  const url = await addressOf(start(BINARY, ['demo', ...words, ...ports]));

  const client = new Client({ url });
  const changes = (await fetch(`${url}/api/v1/events`)).body!.getReader();
  const adjuster = start(process.execPath, ['examples/dist/adjuster.js'], { FLOTILLA_URL: url });
  while ((await client.cases.list({ status: 'completed' })).items.length === 0) await changes.read();
  await changes.cancel();

  const printed = String(await new Promise((said) => adjuster.stdout?.once('data', said)));
  expect(printed).toMatch(/^case \d+: \d+ claimed, (fast|standard|complex|suspicious)\n/);
  const ended = new Promise((done) => adjuster.once('close', (code, signal) => done([code, signal])));
  adjuster.kill('SIGINT');
  expect(await ended).toEqual([0, null]);
  await expect(client.agents.get('adjuster-in-typescript')).rejects.toMatchObject({ code: 'no-such-agent' });
});
