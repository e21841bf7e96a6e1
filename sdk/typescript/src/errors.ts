// Everything that this package throws. Programs decide on the class and on `code`, people read the message.

import type { Finding, Problem, Violation } from './types.js';

/** What all errors of this package have in common. */
export abstract class FlotillaError extends Error {}

/** The server answered, and refused. */
export class ProblemError extends FlotillaError {
  override readonly name = 'ProblemError';
  /** The answer as it came. */
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(message(problem));
    this.problem = problem;
  }

  /** Stable, in kebab case: what programs decide on. docs/api.md lists them. */
  get code(): string {
    return this.problem.code;
  }

  /** The HTTP status. */
  get status(): number {
    return this.problem.status;
  }

  /** The place and the remedy, for people. */
  get detail(): string {
    return this.problem.detail;
  }

  /** What data broke, all of it at once. */
  get violations(): readonly Violation[] {
    return this.problem.violations ?? [];
  }

  /** What verification found in a specification. */
  get findings(): readonly Finding[] {
    return this.problem.findings ?? [];
  }

  /** When a repetition makes sense, if the server said so. */
  get retryAfterMs(): number | undefined {
    return this.problem.retry_after_ms ?? undefined;
  }
}

/** Violations in a message: enough to see what is wrong. The error itself has all. */
const SHOWN_MAX = 3;

function message({ code, detail, violations = [] }: Problem): string {
  const shown = violations.slice(0, SHOWN_MAX).map(({ path, message }) => `${path}: ${message}`);
  const more = violations.length - shown.length;
  if (more > 0) shown.push(`and ${more} more`);
  return [`${code}: ${detail}`, ...shown].join('; ');
}

/**
 * - `unreachable`: no connection, or it broke.
 * - `timeout`: no whole answer in time.
 * - `broken-answer`: an answer that this server would not give: no JSON, other fields, or an error that is no problem.
 * - `too-large`: an answer beyond the limit.
 */
export type TransportKind = 'unreachable' | 'timeout' | 'broken-answer' | 'too-large';

/** There is no answer, or one that cannot be read. What was asked for may have happened. */
export class TransportError extends FlotillaError {
  override readonly name = 'TransportError';

  constructor(
    readonly kind: TransportKind,
    detail: string,
    options: { cause?: unknown; status?: number | undefined; retryAfterMs?: number | undefined } = {},
  ) {
    super(detail, 'cause' in options ? { cause: options.cause } : undefined);
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
  }

  /** The HTTP status, if there was one. */
  readonly status: number | undefined;
  /** What the header `Retry-After` said, if there was one. */
  readonly retryAfterMs: number | undefined;
}

/**
 * The item is not this agent's any more: its result will not be taken. The reason of a handler's aborted signal.
 *
 * `why` is what the server said: `cancelled`, `withdrawn`, `rolled-back`, `handed-off`, `case-cancelled` and others,
 * `lease-ended`, or a code such as `stale-epoch` where a renewal was refused.
 */
export class LostLease extends FlotillaError {
  override readonly name = 'LostLease';

  constructor(
    readonly item: string,
    readonly why: string,
  ) {
    super(`the item ${item} was lost: ${why}`);
  }
}

/** The worker ends and the time for what is in hand is over. The reason of a handler's aborted signal. */
export class Draining extends FlotillaError {
  override readonly name = 'Draining';

  constructor() {
    super('the worker ends; the item is given back');
  }
}

/** For handlers to throw: the item goes back unharmed, for others to claim at once. It counts as no attempt. */
export class GiveBack extends FlotillaError {
  override readonly name = 'GiveBack';

  constructor(why = 'the agent does not want it') {
    super(why);
  }
}

/** Another process has registered the agent's name, so that this one is void. What `run` of a worker ends with then. */
export class NameTaken extends FlotillaError {
  override readonly name = 'NameTaken';

  constructor(agent: string, options?: ErrorOptions) {
    super(`another process has the name ${agent}; give each agent a name of its own`, options);
  }
}

/** Statuses that say "not now". Anything else would be refused again. */
const NOT_NOW = new Set([408, 429, 502, 503, 504]);

/** Whether the same request may fare better a little later. Whether it may be repeated at all is another question. */
export function isPassing(error: unknown): error is ProblemError | TransportError {
  if (error instanceof ProblemError) return NOT_NOW.has(error.status) || error.retryAfterMs !== undefined;
  if (!(error instanceof TransportError) || error.kind === 'too-large') return false;
  const wasAnswered = error.status === undefined || error.status < 300;
  return wasAnswered || NOT_NOW.has(error.status ?? 0);
}
