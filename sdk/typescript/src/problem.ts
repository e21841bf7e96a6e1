// Reads a problem from a body that may be anything.

import type { Problem } from './types.js';

/** The problem that this text is; nothing if it is something else. */
export function readProblem(body: string): Problem | undefined {
  try {
    return asProblem(JSON.parse(body));
  } catch {
    return undefined;
  }
}

/** The problem that this value is; nothing if it is something else. What is no list of violations counts as none. */
export function asProblem(value: unknown): Problem | undefined {
  const given = value as Partial<Problem> | null;
  if (typeof given?.code !== 'string' || typeof given.status !== 'number') return undefined;
  const { type = '', title = '', detail = '', retry_after_ms } = given;
  return {
    type: String(type),
    title: String(title),
    status: given.status,
    code: given.code,
    detail: String(detail),
    violations: objects(given.violations),
    findings: objects(given.findings),
    ...(typeof retry_after_ms === 'number' && Number.isFinite(retry_after_ms) ? { retry_after_ms } : {}),
  };
}

function objects<T>(value: T[] | undefined): T[] {
  if (!Array.isArray(value)) return [];
  return value.filter((one) => typeof one === 'object' && one !== null);
}
