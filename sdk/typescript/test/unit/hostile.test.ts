// Answers that no good server gives: too large, too slow, of the wrong shape, not of this world.

import { afterEach, expect, test } from 'vitest';

import { Client, TransportError, type ClientOptions } from '../../src/index.js';
import { Fake, json, problem, type Answer } from '../fake.js';

let fake: Fake | undefined;

afterEach(async () => {
  await fake?.stop();
  fake = undefined;
});

async function before(answer: Answer, options: ClientOptions = {}): Promise<Client> {
  fake = await Fake.start(answer);
  return new Client({ url: fake.url, attemptsMax: 1, timeoutMs: 2_000, ...options });
}

test('an endless body is given up at the limit', async () => {
  const client = await before(
    (response) => {
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
        if (!response.destroyed) response.once('drain', more);
      };
      response.writeHead(200);
      more();
    },
    { answerBytesMax: 1_000_000 },
  );
  await expect(client.cases.get('1')).rejects.toMatchObject({ name: 'TransportError', kind: 'too-large', status: 200 });
});

test('an endless refusal is given up at the limit', async () => {
  const client = await before((response) => response.writeHead(500).end('x'.repeat(2_000)), { answerBytesMax: 1_000 });
  await expect(client.cases.get('1')).rejects.toMatchObject({ kind: 'too-large', status: 500 });
});

test.each<[string, Answer]>([
  ['no answer', () => {}],
  ['a head alone', (response) => void response.writeHead(200).flushHeaders()],
  ['a body that drips', (response) => {
    response.writeHead(200);
    const drip = setInterval(() => response.write(' '), 20);
    response.on('close', () => clearInterval(drip));
  }],
])('%s is a timeout', async (_, answer) => {
  const client = await before(answer, { timeoutMs: 300 });
  await expect(client.cases.get('1')).rejects.toMatchObject({ kind: 'timeout' });
});

test.each<[string, Answer, string]>([
  ['a connection that is closed', (response) => void response.destroy(), 'unreachable'],
  ['a body that ends early', (response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('{', () => response.destroy());
  }, 'unreachable'],
  ['a page', (response) => void response.end('<html>Welcome</html>'), 'broken-answer'],
  ['nothing', (response) => void response.end(), 'broken-answer'],
  ['a redirection', (response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(), 'unreachable'],
  ['a refusal that is no problem', (response) => json(response, { code: 7 }, 500), 'broken-answer'],
  ['null', (response) => json(response, null), 'broken-answer'],
  ['a list', (response) => json(response, []), 'broken-answer'],
  ['other fields', (response) => json(response, { case: 1, specification: null }), 'broken-answer'],
])('%s is a transport error', async (_, answer, kind) => {
  const client = await before(answer);
  await expect(client.cases.get('1')).rejects.toMatchObject({ name: 'TransportError', kind });
});

test('no server at all is unreachable, and the error says why', async () => {
  const client = await before(() => {});
  await fake?.stop();
  const error = await client.cases.get('1').catch((error: unknown) => error);
  expect(error).toBeInstanceOf(TransportError);
  expect(String(error)).toMatch(/GET http:.*\/api\/v1\/cases\/1: .*ECONNREFUSED/);
});

test('where an answer is wrong is said', async () => {
  const client = await before((response) => json(response, { items: [{ item: '1:A', epoch: '7' }] }));
  const claim = client.claims.claim({ agent: 'ann', epoch: 1 });
  await expect(claim).rejects.toThrow('the answer has a undefined at items[0].case, not a text');
});

test.each([[-1], [1.5], [2 ** 60], ['7'], [null], [{}]])('%o is no epoch', async (epoch) => {
  const results = [{ agent: 'ann', epoch }];
  const lifetime = { renew_every_ms: 1, stale_after_ms: 1, dead_after_ms: 1 };
  const client = await before((response) => json(response, { results, lifetime }));
  await expect(client.agents.register([{ agent: 'ann', capabilities: [] }])).rejects.toThrow('results[0].epoch');
});

test.each([
  [{ results: [] }, '0 results for 1 entries'],
  [{ results: [{ item: '1:A', left_ms: 1 }, { item: '1:A', left_ms: 1 }] }, '2 results for 1 entries'],
  [{ results: [{ problem: 'none' }] }, 'no problem at results[0].problem'],
  [{ results: [{ problem: null }] }, 'no problem at results[0].problem'],
  [{ results: 'none' }, 'a string at results'],
])('results %o are refused', async (answer, why) => {
  const client = await before((response) => json(response, answer));
  await expect(client.leases.renew([{ item: '1:A', epoch: 1 }])).rejects.toThrow(why);
});

test('a problem with parts of any kind is still a problem', async () => {
  const client = await before((response) =>
    problem(response, 422, 'data-invalid', { violations: [null, 'x', { path: '/A', message: 'is bad' }], findings: 7, retry_after_ms: 'x' }),
  );
  const error = await client.cases.get('1').catch((error: unknown) => error);
  expect(error).toMatchObject({ name: 'ProblemError', code: 'data-invalid', findings: [], retryAfterMs: undefined });
  expect(String(error)).toContain('/A: is bad');
});

test('headers of the client go with every request', async () => {
  const client = await before((response) => json(response, { items: [], next: null }), { headers: { authorization: 'Bearer x' } });
  await client.cases.list({ limit: 5 });
  expect(fake?.seen[0]).toMatchObject({ path: '/api/v1/cases?limit=5', headers: { authorization: 'Bearer x' } });
});

test('an address that is none is refused at once', () => {
  expect(() => new Client({ url: 'ftp://server' })).toThrow('none of http or https');
  expect(() => new Client({ url: 'nowhere' })).toThrow(TypeError);
  expect(new Client({ url: 'http://server/base/' }).url).toBe('http://server/base/api/v1');
});
