// The package as its users get it: packed, installed into an empty directory, and the README's own lines run with it.

import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { Flotilla, ROOT } from '../flotilla.js';

const SDK = join(ROOT, 'sdk/typescript');
const README = readFileSync(join(SDK, 'README.md'), 'utf8');

let site: Flotilla;
/** A project that has nothing but the package. */
let project: string;

beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), 'flotilla-package-'));
  site = await Flotilla.start();
  const npm = (cwd: string, ...words: string[]): string => execFileSync('npm', words, { cwd, encoding: 'utf8', stdio: 'pipe' });
  // `npm test` has built it.
  npm(SDK, 'pack', '--ignore-scripts', '--pack-destination', project);
  const tarball = readdirSync(project).find((name) => name.endsWith('.tgz'))!;
  writeFileSync(join(project, 'package.json'), '{"private":true,"type":"module"}');
  // It has no dependencies: nothing is fetched.
  npm(project, 'install', '--offline', '--no-audit', '--no-fund', `./${tarball}`);
});

afterAll(async () => {
  await site?.stop();
  rmSync(project, { recursive: true, force: true });
});

/** The code blocks of the README. */
function snippets(language: string): string[] {
  return [...README.matchAll(new RegExp('```' + language + '\\n([\\s\\S]*?)```', 'g'))].map((found) => found[1]!);
}

test('the ten lines of the README are an agent', async () => {
  const [agent = ''] = snippets('js');
  expect(agent.trim().split('\n').length).toBeLessThanOrEqual(10);
  writeFileSync(join(project, 'agent.js'), agent);
  const child = spawn(process.execPath, ['agent.js'], { cwd: project, env: { ...process.env, FLOTILLA_URL: site.url }, stdio: ['ignore', 'inherit', 'inherit'] });
  const ended = new Promise((done) => child.once('close', (code, signal) => done([code, signal])));
  expect(await site.ended(await site.launch())).toEqual({
    status: 'completed',
    output: '<Hello><Reply>You asked: What is the answer?</Reply></Hello>',
  });
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});

test('the call of the README prints the status of a case', () => {
  const [, call = ''] = snippets('js');
  writeFileSync(join(project, 'call.js'), call.replace('http://127.0.0.1:8080', site.url));
  expect(execFileSync(process.execPath, ['call.js'], { cwd: project, encoding: 'utf8' })).toBe('running\n');
});

test('the package has its types and no more than it needs', () => {
  const installed = join(project, 'node_modules/@flotilla/agents');
  expect(readdirSync(installed).sort()).toEqual(['README.md', 'dist', 'package.json']);
  writeFileSync(
    join(project, 'typed.ts'),
    `import { Client, Worker, type Handler } from '@flotilla/agents';
     const handler: Handler = async (item, { signal }) => ({ Reply: item.input.textOf('Question'), Aborted: signal.aborted });
     export const worker: Worker = new Worker({ agent: 'ann' }).handle('Answer', handler);
     // @ts-expect-error: a launch names its specification
     export const launched = new Client().cases.launch({});
     export const code = (error: { code: string }): string => error.code;`,
  );
  const options = '--strict --noEmit --module NodeNext --target ES2022 --lib ES2022 --types node'.split(' ');
  options.push('--typeRoots', join(SDK, 'node_modules/@types'));
  const tsc = join(SDK, 'node_modules/typescript/bin/tsc');
  expect(execFileSync(process.execPath, [tsc, ...options, 'typed.ts'], { cwd: project, encoding: 'utf8' })).toBe('');
});
