// Requests as they leave and answers as they come back.
import { webcrypto } from 'node:crypto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { address, ApiError, caseDetail, cases, checkIn, commandId, upload } from '../../src/api';

// A browser has it as a global, Node 18 does not.
beforeEach(() => vi.stubGlobal('crypto', webcrypto));
afterEach(() => vi.unstubAllGlobals());

function answerWith(status: number, body: unknown, type = 'application/json'): ReturnType<typeof vi.fn> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const fetched = vi.fn(async () => new Response(text, { status, headers: { 'content-type': type } }));
  vi.stubGlobal('fetch', fetched);
  return fetched;
}

async function problemOf(promise: Promise<unknown>) {
  const error = await promise.then(() => null, (reason: unknown) => reason);
  expect(error).toBeInstanceOf(ApiError);
  return (error as ApiError).problem;
}

test('keys and ids are one segment of the path, whatever they hold', () => {
  expect(address(['specifications', 'http://example.com/claim:1.0'])).toBe(
    '/api/v1/specifications/http%3A%2F%2Fexample.com%2Fclaim%3A1.0',
  );
  expect(address(['work-items', '7.1:A', 'checkin'])).toBe('/api/v1/work-items/7.1%3AA/checkin');
});

test('filters that are not set are not sent', async () => {
  const fetched = answerWith(200, { items: [], next: null });
  await cases({ status: '', specification: 's:1.0' }, '', 50);
  expect(fetched.mock.calls[0]?.[0]).toBe('/api/v1/cases?specification=s%3A1.0&limit=50');
});

test('a command carries an id, so that it counts once', async () => {
  const fetched = answerWith(200, { item: '7.1:A' });
  await checkIn('7.1:A', '<A/>');
  const init = fetched.mock.calls[0]?.[1] as RequestInit;
  expect(init.body).toBe('{"data":"<A/>"}');
  expect((init.headers as Record<string, string>)['idempotency-key']).toMatch(/^[0-9a-f]{32}$/);
  expect(commandId()).not.toBe(commandId());
});

test('a document is sent as it is', async () => {
  const fetched = answerWith(201, { specifications: [] });
  const file = new Blob(['<specificationSet/>']);
  await upload(file);
  const init = fetched.mock.calls[0]?.[1] as RequestInit;
  expect(init.body).toBe(file);
  expect((init.headers as Record<string, string>)['content-type']).toBe('application/xml');
});

test('a refusal keeps its code and violations', async () => {
  const violations = [{ path: '/A/v', rule: 'enumeration', value: 'x', message: 'is none of a, b' }];
  answerWith(422, { title: 'Invalid data', status: 422, code: 'invalid-data', detail: 'mend it', violations }, 'application/problem+json');
  expect(await problemOf(checkIn('7.1:A', '<A/>'))).toMatchObject({ code: 'invalid-data', violations });
});

test('an answer without an explanation is said to be one', async () => {
  answerWith(502, '<html>bad gateway</html>', 'text/html');
  expect(await problemOf(caseDetail('7'))).toMatchObject({ code: 'unexpected-answer', status: 502 });
  answerWith(500, '{"broken', 'application/json');
  expect(await problemOf(caseDetail('7'))).toMatchObject({ code: 'unexpected-answer', status: 500 });
});

test('no answer at all is said to be one', async () => {
  vi.stubGlobal('fetch', async () => {
    throw new TypeError('network');
  });
  expect(await problemOf(caseDetail('7'))).toMatchObject({ code: 'unreachable', status: 0 });
});
