// The session's event stream: opened again whenever it ends. It makes cancellations quicker; without it renewals say them.

import { pause } from '../async.js';
import { Backoff } from '../backoff.js';
import type { Client } from '../client.js';
import { ProblemError } from '../errors.js';
import type { SessionEvent } from '../session-event.js';
import type { Log } from './log.js';
import type { Membership } from './membership.js';

/** A stream that ends sooner than this counts as a failure. */
const SHORT_MS = 1_000;

/** Listens until the signal is aborted, or the server turns out to have no such streams. Never rejects. */
export async function listen(
  client: Client,
  membership: Membership,
  take: (event: SessionEvent) => void,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  const backoff = new Backoff();
  while (!signal.aborted) {
    const began = performance.now();
    let retryAfterMs: number | undefined;
    const stop = new AbortController();
    const ends = [signal, membership.moved];
    const end = (): void => stop.abort();
    for (const one of ends) one.addEventListener('abort', end, { once: true });
    try {
      for await (const event of client.sessions.events(membership.session, stop.signal)) take(event);
    } catch (error) {
      if (error instanceof ProblemError && error.code === 'no-such-route') {
        log({ level: 'info', message: 'the server has no streams of events', fields: {} });
        return;
      }
      log({ level: 'debug', message: 'the stream of events broke', fields: { error } });
      retryAfterMs = (error as { retryAfterMs?: number }).retryAfterMs;
    } finally {
      for (const one of ends) one.removeEventListener('abort', end);
    }
    if (performance.now() - began > SHORT_MS) backoff.succeeded();
    await pause(backoff.failed(retryAfterMs), signal);
  }
}
