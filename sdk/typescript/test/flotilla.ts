// A real server for tests: its own process, free ports, a directory that is gone afterwards.

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Client } from '../src/index.js';

export const ROOT = resolve(fileURLToPath(import.meta.url), '../../../..');
export const BINARY = process.env['FLOTILLA_BIN'] ?? join(ROOT, 'target/debug/flotilla');
/** A debug build opens its store in well under this. */
const START_MS_MAX = 20_000;

/** A specification with one task, Answer, that asks for the capability of that name. */
export const HELLO = 'UID_flotilla_hello:1.0';
/** Four tasks in a row. */
export const FOUR_TASKS = 'UID_flotilla_four_tasks:1.0';

export class Flotilla {
  readonly #directory: string;
  #child: ChildProcess;
  readonly url: string;
  readonly client: Client;

  private constructor(directory: string, child: ChildProcess, url: string) {
    this.#directory = directory;
    this.#child = child;
    this.url = url;
    this.client = new Client({ url });
  }

  /** Starts a server and loads the examples. */
  static async start(): Promise<Flotilla> {
    const directory = mkdtempSync(join(tmpdir(), 'flotilla-sdk-'));
    const child = serve(directory, '0');
    try {
      const site = new Flotilla(directory, child, await addressOf(child));
      for (const name of ['hello', 'four_tasks']) {
        await site.client.specifications.upload(example(name));
      }
      return site;
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
  }

  /** Ends the process as a power cut would. */
  async kill(): Promise<void> {
    await end(this.#child, 'SIGKILL');
  }

  /** Starts it again, on the same directory and port. */
  async again(): Promise<void> {
    this.#child = serve(this.#directory, new URL(this.url).port);
    await addressOf(this.#child);
  }

  async stop(): Promise<void> {
    await end(this.#child, 'SIGTERM');
    rmSync(this.#directory, { recursive: true, force: true });
  }

  /** Launches a case of the specification with one task. @returns its id */
  async launch(): Promise<string> {
    return (await this.client.cases.launch({ specification: HELLO })).case;
  }

  /** Waits until a case has ended, by its events. @returns how it ended */
  async ended(id: string): Promise<{ status: string; output: string | null }> {
    const response = await fetch(`${this.url}/api/v1/events`);
    const reader = response.body!.getReader();
    try {
      // Asked after the stream is open: nothing is missed.
      for (;;) {
        const { status, output } = await this.client.cases.get(id);
        if (status !== 'running') return { status, output: output ?? null };
        await reader.read();
      }
    } finally {
      await reader.cancel();
    }
  }
}

export function example(name: string): string {
  return readFileSync(join(ROOT, 'examples', `${name}.yawl`), 'utf8');
}

function serve(directory: string, port: string): ChildProcess {
  const ports = ['--port', port, '--management-port', '0', '--registry-port', '0'];
  return spawn(BINARY, ['serve', '--data', directory, '--log', 'warn', ...ports], { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const ended = new Promise<void>((done) => child.once('close', () => done()));
  if (child.exitCode === null && child.signalCode === null && child.kill(signal)) await ended;
}

/** The address that a server prints once it takes requests. */
export function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((found, fail) => {
    const late = setTimeout(() => fail(new Error(`${BINARY} printed no address`)), START_MS_MAX);
    child.once('error', (cause) => fail(new Error(`${BINARY} does not start: build it, or set FLOTILLA_BIN`, { cause })));
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
