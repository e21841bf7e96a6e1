// Sessions: agents of one process that are renewed together, and told together what happens to their items.

import { Deadline } from '../async.js';
import { FlotillaError, TransportError } from '../errors.js';
import { readEvent, type SessionEvent } from '../session-event.js';
import { record, text, whole } from '../shape.js';
import { EventParser } from '../sse.js';
import type { CallOptions, Transport } from '../transport.js';
import type { OpenSession, Page, Pushing, PushTo, Session, SessionAgents, SessionSummary } from '../types.js';
import { page, results, session, sessionAgents, type Outcome } from './answers.js';

/** How long a stream may be silent: the server sends a comment each 15 s. */
const SILENCE_MS_MAX = 45_000;

const summary = record<SessionSummary>({ session: whole, agents: whole });
const pushing = record<Pushing>({ agent: text, in_hand: whole });

export class Sessions {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Opens a session.
   *
   * @returns its number, and how often it must be renewed
   * @throws ProblemError `registry-full`
   */
  open(asked: OpenSession = {}, options?: CallOptions): Promise<Session> {
    return this.#transport.ask({ method: 'POST', path: '/sessions', json: asked, read: session }, options);
  }

  /** Renews up to 10,000 sessions with all their agents. `no-such-session`: open another and register again. */
  renew(sessions: number[], options?: CallOptions): Promise<Outcome<SessionAgents>[]> {
    const read = results(sessionAgents, sessions.length);
    return this.#transport.ask({ method: 'POST', path: '/sessions/renew', json: { sessions }, read }, options);
  }

  /** Closes a session and deregisters its agents. What they hold ends with its leases. @throws ProblemError `no-such-session` */
  close(session: number, options?: CallOptions): Promise<SessionAgents> {
    return this.#transport.ask({ method: 'DELETE', path: `/sessions/${session}`, read: sessionAgents }, options);
  }

  /** One page of sessions, by number. */
  list(query: { after?: number; limit?: number } = {}, options?: CallOptions): Promise<Page<SessionSummary>> {
    return this.#transport.ask({ method: 'GET', path: '/sessions', query, read: page(summary) }, options);
  }

  /** One session. @throws ProblemError `no-such-session` */
  get(session: number, options?: CallOptions): Promise<SessionSummary> {
    return this.#transport.ask({ method: 'GET', path: `/sessions/${session}`, read: summary }, options);
  }

  /**
   * Says to which of the session's agents work is pushed from now on, in place of what was said before. What is pushed comes
   * as events `item` to whoever reads `events`; a `Worker` claims its work and needs no push.
   *
   * @returns for each agent, in order, how many pushed items it still holds, or why nothing is pushed to it
   */
  push(session: number, agents: PushTo[], options?: CallOptions): Promise<Outcome<Pushing>[]> {
    const ask = { path: `/sessions/${session}/push`, json: { agents }, read: results(pushing, agents.length) };
    return this.#transport.ask({ method: 'PUT', ...ask }, options);
  }

  /**
   * What happens to the items of the session's agents, as it happens. It makes things quicker, no more: renewals say the
   * same. Begins with `opened`, ends when the server ends it or the signal is aborted.
   *
   * @throws ProblemError `no-such-session`, `too-many-streams`; `no-such-route` from a server without such streams
   * @throws TransportError if the connection breaks or is silent for too long
   */
  async *events(session: number, signal?: AbortSignal): AsyncGenerator<SessionEvent, void> {
    const silence = new Deadline(SILENCE_MS_MAX, signal);
    try {
      const body = await this.#transport.stream(`/sessions/${session}/events`, silence.signal);
      const parser = new EventParser();
      const reader = body.getReader();
      yield { kind: 'opened' };
      for (;;) {
        silence.restart();
        const { done, value } = await reader.read();
        silence.stopClock();
        if (done) return;
        for (const raw of parser.push(value)) {
          const event = readEvent(raw);
          if (event) yield event;
        }
      }
    } catch (error) {
      if (signal?.aborted) return;
      throw broken(error, silence);
    } finally {
      silence.end();
    }
  }
}

function broken(error: unknown, silence: Deadline): unknown {
  if (error instanceof FlotillaError) return error;
  if (silence.isOver) return new TransportError('timeout', 'the stream of events is silent');
  return new TransportError('unreachable', 'the stream of events broke', { cause: error });
}
