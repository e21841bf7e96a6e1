// The event parser: every way to cut a stream gives the same events, and garbage does no harm.

import { expect, test } from 'vitest';

import { readEvent } from '../../src/session-event.js';
import { EventParser } from '../../src/sse.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test('events are read, whatever ends their lines', () => {
  const stream = 'event: a\ndata: 1\n\nevent:b\r\ndata:2\r\ndata: 3\r\n\r\n: a comment\n\ndata: 4\r\rid: 9\nretry: 5\n\n';
  expect(new EventParser().push(bytes(stream))).toEqual([
    { name: 'a', data: '1' },
    { name: 'b', data: '2\n3' },
    { name: 'message', data: '4' },
  ]);
});

test('where the stream is cut does not matter', () => {
  const stream = bytes('event: ä\r\ndata: „€"\r\n\r\n:x\n\nevent: b\ndata\ndata: 𝄞\n\n');
  const whole = new EventParser().push(stream);
  expect(whole).toEqual([{ name: 'ä', data: '„€"' }, { name: 'b', data: '\n𝄞' }]);
  for (let cut = 0; cut <= stream.length; cut += 1) {
    const parser = new EventParser();
    expect([...parser.push(stream.slice(0, cut)), ...parser.push(stream.slice(cut))]).toEqual(whole);
  }
  const parser = new EventParser();
  expect([...stream].flatMap((byte) => parser.push(Uint8Array.of(byte)))).toEqual(whole);
});

test('garbage gives no events and no errors', () => {
  const parser = new EventParser();
  let seed = 1;
  for (let round = 0; round < 200; round += 1) {
    const noise = Uint8Array.from({ length: 50 }, () => (seed = (seed * 48_271) % 2_147_483_647) & 0xff);
    for (const event of parser.push(noise)) expect(readEvent(event)?.kind ?? 'none').toMatch(/none|lagged/);
  }
});

test('an event beyond its limit is an error, and many small ones are none', () => {
  const parser = new EventParser(1_000);
  for (let i = 0; i < 1_000; i += 1) parser.push(bytes('data: 0123456789\n\n'));
  expect(() => {
    for (let i = 0; i < 100; i += 1) parser.push(bytes('data: no end'));
  }).toThrow('an event has more than 1000 characters');
});

test('what the stream says is read into values', () => {
  const cancelled = { agent: 'ann', item: '1.1:A', case: '1', epoch: 3, reason: 'case-cancelled' };
  expect(readEvent({ name: 'cancelled', data: JSON.stringify(cancelled) })).toEqual({ kind: 'cancelled', ...cancelled });
  expect(readEvent({ name: 'lagged', data: '{"missed":3}' })).toEqual({ kind: 'lagged' });
  expect(readEvent({ name: 'of-tomorrow', data: '{}' })).toBeUndefined();
});

test.each([
  ['cancelled', 'no json'],
  ['cancelled', '{"agent":"ann","item":"1.1:A","case":"1","epoch":"3","reason":"x"}'],
  ['lease-ending', '[]'],
  ['lease-ended', 'null'],
  ['item', '{"agent":"ann"}'],
])('what cannot be read of %s counts as missed', (name, data) => {
  expect(readEvent({ name, data })).toEqual({ kind: 'lagged' });
});
