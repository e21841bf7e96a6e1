// A server that says what a test wants it to say, well-formed or not.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it came. */
export interface Seen {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** Gives an answer, or none; what it returns does not matter. */
export type Answer = (response: ServerResponse, seen: Seen) => unknown;

export class Fake {
  readonly seen: Seen[] = [];
  readonly #server: Server;
  url = '';

  constructor(answer: Answer) {
    this.#server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        const { method = '', url: path = '', headers } = request;
        const seen = { method, path, headers, body };
        this.seen.push(seen);
        answer(response, seen);
      });
    });
  }

  static async start(answer: Answer): Promise<Fake> {
    const fake = new Fake(answer);
    await new Promise<void>((listening) => fake.#server.listen(0, '127.0.0.1', listening));
    fake.url = `http://127.0.0.1:${(fake.#server.address() as AddressInfo).port}`;
    return fake;
  }

  /** Requests to this path. */
  to(path: string): Seen[] {
    return this.seen.filter((one) => one.path === path);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }
}

export function json(response: ServerResponse, value: unknown, status = 200, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(value));
}

/** A problem as the server writes it. */
export function problem(response: ServerResponse, status: number, code: string, more: object = {}): void {
  const body = { type: `urn:flotilla:problem:${code}`, title: code, status, code, detail: 'as the test says', ...more };
  response.writeHead(status, { 'content-type': 'application/problem+json' });
  response.end(JSON.stringify(body));
}

const LIFETIME = { renew_every_ms: 30_000, stale_after_ms: 60_000, dead_after_ms: 120_000 };

/** An item as a claim hands it out. */
export function claimedItem(more: object = {}): object {
  return {
    item: '1.1:Answer',
    case: '1',
    specification: 'UID_flotilla_hello:1.0',
    task: 'Answer',
    task_name: 'Answer',
    capability: 'answer',
    epoch: 7,
    term_ms: 3_000,
    ends_at: '2026-01-01T00:00:00Z',
    attempt: 1,
    enabled_at: '2026-01-01T00:00:00Z',
    data: '<Answer><Question>Why?</Question></Answer>',
    ...more,
  };
}

/** Answers what every worker asks for; the rest is the test's. @returns whether it answered */
export function registry(response: ServerResponse, { method, path, body }: Seen): boolean {
  if (path === '/api/v1/sessions') json(response, { session: 1, lifetime: LIFETIME }, 201);
  else if (path === '/api/v1/agents') {
    const agents = (JSON.parse(body) as { agents: { agent: string }[] }).agents;
    const results = agents.map(({ agent }) => ({ agent, slot: 0, epoch: 1, arrival: 'new' }));
    json(response, { results, lifetime: LIFETIME });
  } else if (method === 'DELETE') json(response, { session: 1, agents: 1 });
  else return false;
  return true;
}

/** The answer to a batch in which every entry is done. */
export function allDone(response: ServerResponse, { body }: Seen): void {
  const [entries] = Object.values(JSON.parse(body) as Record<string, { item: string }[]>);
  json(response, { results: (entries ?? []).map(({ item }) => ({ item, left_ms: 3_000 })) });
}
