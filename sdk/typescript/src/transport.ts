// One request and its answer: limits on time and size, errors as values of our classes, repetitions where they are safe.

import { randomUUID } from 'node:crypto';

import { pause, Deadline } from './async.js';
import { Backoff } from './backoff.js';
import { isPassing, ProblemError, TransportError } from './errors.js';
import { readProblem } from './problem.js';
import { tracing } from './tracing.js';
import type { Reader } from './shape.js';

/** Bytes of an answer unless told: a thousand items with 64 KB of data each. */
export const ANSWER_BYTES_MAX = 64 * 1024 * 1024;
/** How long an answer may take unless told: as long as the server itself gives one. */
export const TIMEOUT_MS = 30_000;
/** Attempts of one call unless told: with their pauses about six seconds, enough for a restart of the server. */
export const ATTEMPTS_MAX = 6;

/** Where the server is, and how to talk to it. */
export interface ClientOptions {
  /** Base of the server's address. Absent: the environment variable FLOTILLA_URL, or `http://127.0.0.1:8080`. */
  url?: string;
  /** Sent with every request: for what stands before the server. */
  headers?: Record<string, string>;
  /** How long one attempt may take, milliseconds. 30,000 if absent. */
  timeoutMs?: number;
  /** How often at most a request is sent that finds no server or an overloaded one. 6 if absent; 1: never repeated. */
  attemptsMax?: number;
  /** Bytes that an answer may have. 64 MiB if absent. */
  answerBytesMax?: number;
}

/** What may be different for one call. */
export interface CallOptions {
  /** Calls it off. The call then throws the signal's reason; what it asked for may have happened. */
  signal?: AbortSignal;
  /** How long one attempt may take, milliseconds. The client's if absent. */
  timeoutMs?: number;
  /** How often at most it is sent. The client's if absent. */
  attemptsMax?: number;
  /** How long at most the call is repeated, milliseconds. Any time if absent. */
  repeatMs?: number;
  /**
   * Names the change: the same id again gives the same answer and happens once. Absent: one of our own, the same for all
   * attempts of this call.
   */
  commandId?: string;
}

/** A request, before it has an address. */
export interface Ask<T> {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/api/v1`, parts encoded. */
  path: string;
  query?: Record<string, string | number | boolean | null | undefined>;
  json?: unknown;
  xml?: string;
  /** Reads the answer's JSON; without it the answer is text. */
  read?: Reader<T>;
  /** It changes nothing twice that it should change once. Almost all: false for a claim, whose items would be lost. */
  isRepeatable?: false;
  /** Once the answer has begun, calling off does not count any more. */
  isKept?: true;
}

export class Transport {
  readonly url: string;
  readonly #headers: Record<string, string>;
  readonly #timeoutMs: number;
  readonly #attemptsMax: number;
  readonly #bytesMax: number;

  constructor(options: ClientOptions = {}) {
    const url = new URL(options.url ?? process.env['FLOTILLA_URL'] ?? 'http://127.0.0.1:8080');
    if (url.protocol !== 'http:' && url.protocol !== 'https:') {
      throw new TypeError(`the url ${url.href} is none of http or https`);
    }
    this.url = `${url.origin}${url.pathname.replace(/\/+$/, '')}/api/v1`;
    this.#headers = options.headers ?? {};
    this.#timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
    this.#attemptsMax = options.attemptsMax ?? ATTEMPTS_MAX;
    this.#bytesMax = options.answerBytesMax ?? ANSWER_BYTES_MAX;
  }

  /**
   * Asks, and asks again where that is safe and may help.
   *
   * @throws ProblemError if the server refuses
   * @throws TransportError if there is no answer that can be read
   */
  async ask<T>(ask: Ask<T>, options: CallOptions = {}): Promise<T> {
    const commandId = ask.method === 'GET' ? undefined : (options.commandId ?? randomUUID());
    const attemptsMax = ask.isRepeatable === false ? 1 : (options.attemptsMax ?? this.#attemptsMax);
    const end = performance.now() + (options.repeatMs ?? Infinity);
    const backoff = new Backoff();
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#once(ask, commandId, options);
      } catch (error) {
        if (options.signal?.aborted || attempt >= attemptsMax || !isPassing(error)) throw error;
        const ms = backoff.failed(error.retryAfterMs);
        if (performance.now() + ms >= end) throw error;
        await pause(ms, options.signal);
        options.signal?.throwIfAborted();
      }
    }
  }

  /**
   * Opens a stream of events. The signal ends it.
   *
   * @throws ProblemError, TransportError as [`Transport.ask`]; never repeated
   */
  async stream(path: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const ask: Ask<never> = { method: 'GET', path };
    const deadline = new Deadline(this.#timeoutMs, signal);
    try {
      const response = await this.#fetch(ask, undefined, 'text/event-stream', deadline);
      if (!response.ok) throw await this.#refusal(ask, response, deadline);
      const kind = response.headers.get('content-type') ?? 'nothing';
      if (response.body && kind.startsWith('text/event-stream')) return response.body;
      await response.body?.cancel();
      throw new TransportError('broken-answer', `${path} is answered with ${kind}, not with events`);
    } finally {
      deadline.stopClock();
    }
  }

  async #once<T>(ask: Ask<T>, commandId: string | undefined, options: CallOptions): Promise<T> {
    const deadline = new Deadline(options.timeoutMs ?? this.#timeoutMs, options.signal);
    try {
      const response = await this.#fetch(ask, commandId, 'application/json', deadline);
      if (ask.isKept) deadline.ignoreOuter();
      if (!response.ok) throw await this.#refusal(ask, response, deadline);
      const body = await this.#text(ask, response, deadline);
      return ask.read ? ask.read(parse(ask, response, body), '') : (body as T);
    } finally {
      deadline.release();
    }
  }

  async #fetch(
    ask: Ask<unknown>,
    commandId: string | undefined,
    accept: string,
    deadline: Deadline,
  ): Promise<Response> {
    const headers: Record<string, string> = { ...(await tracing()).outgoing(), ...this.#headers, accept };
    if (commandId !== undefined) headers['idempotency-key'] = commandId;
    if (ask.json !== undefined) headers['content-type'] = 'application/json';
    if (ask.xml !== undefined) headers['content-type'] = 'application/xml';
    const body = ask.json === undefined ? (ask.xml ?? null) : JSON.stringify(ask.json);
    const init: RequestInit = { method: ask.method, headers, body, redirect: 'error', signal: deadline.signal };
    try {
      return await fetch(this.#address(ask), init);
    } catch (error) {
      throw this.#unanswered(ask, error, deadline);
    }
  }

  #address({ path, query = {} }: Ask<unknown>): string {
    const parts = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined && value !== null) parts.set(name, String(value));
    }
    const text = parts.toString();
    return `${this.url}${path}${text && `?${text}`}`;
  }

  /** The body as text, within its limit. */
  async #text(ask: Ask<unknown>, response: Response, deadline: Deadline): Promise<string> {
    const decoder = new TextDecoder();
    let [text, bytes] = ['', 0];
    try {
      for await (const chunk of response.body ?? []) {
        bytes += chunk.length;
        if (bytes > this.#bytesMax) break;
        text += decoder.decode(chunk, { stream: true });
      }
    } catch (error) {
      throw this.#unanswered(ask, error, deadline);
    }
    if (bytes <= this.#bytesMax) return text + decoder.decode();
    const detail = `${ask.method} ${ask.path}: the answer has more than ${this.#bytesMax} bytes`;
    throw new TransportError('too-large', detail, { status: response.status });
  }

  async #refusal(ask: Ask<unknown>, response: Response, deadline: Deadline): Promise<Error> {
    const { status } = response;
    const problem = readProblem(await this.#text(ask, response, deadline));
    if (problem) return new ProblemError(problem);
    const seconds = Number(response.headers.get('retry-after') ?? NaN);
    const retryAfterMs = Number.isFinite(seconds) ? seconds * 1_000 : undefined;
    const detail = `${ask.method} ${ask.path} is answered with status ${status} and no problem: is this the server?`;
    return new TransportError('broken-answer', detail, { status, retryAfterMs });
  }

  #unanswered(ask: Ask<unknown>, error: unknown, deadline: Deadline): unknown {
    const what = `${ask.method} ${this.url}${ask.path}`;
    if (deadline.isOver) return new TransportError('timeout', `${what}: no answer in time`);
    // Called off: the caller's own reason.
    if (deadline.signal.aborted) return deadline.signal.reason;
    return new TransportError('unreachable', `${what}: ${reason(error)}`, { cause: error });
  }
}

/** What `fetch` says is "fetch failed"; what happened is the cause. */
function reason(error: unknown): string {
  const { cause } = error as { cause?: unknown };
  return cause instanceof Error ? cause.message || cause.name : String(error);
}

function parse(ask: Ask<unknown>, { status }: Response, body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    const detail = `${ask.method} ${ask.path} is answered with what is no JSON: is this the server?`;
    throw new TransportError('broken-answer', detail, { cause, status });
  }
}

/**
 * A part of a path: every byte but `A-Z a-z 0-9 - . _ ~` encoded.
 *
 * @throws TypeError if it is empty, `.` or `..`: addresses have no such parts, encoded or not
 */
export function segment(part: string): string {
  if (/^\.{0,2}$/.test(part)) throw new TypeError(`"${part}" cannot stand in an address`);
  return encodeURIComponent(part).replace(/[!'()*]/g, (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`);
}
