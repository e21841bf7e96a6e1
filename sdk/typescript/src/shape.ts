// Reads what came as JSON: a value of the wrong shape is an error with its place, not a surprise later.

import { TransportError } from './errors.js';

/** Reads a value, or throws a [`TransportError`] that names the place. */
export type Reader<T> = (value: unknown, place: string) => T;

function broken(place: string, wanted: string, value: unknown): TransportError {
  const found = value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`;
  return new TransportError('broken-answer', `the answer has ${found} at ${place || 'its root'}, not ${wanted}`);
}

export const text: Reader<string> = (value, place) => {
  if (typeof value !== 'string') throw broken(place, 'a text', value);
  return value;
};

/** A whole number from 0 on that is exact. */
export const whole: Reader<number> = (value, place) => {
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw broken(place, 'a whole number', value);
  return value as number;
};

export const flag: Reader<boolean> = (value, place) => {
  if (typeof value !== 'boolean') throw broken(place, 'true or false', value);
  return value;
};

/** Absent and null are the same here. */
export function maybe<T>(reader: Reader<T>): Reader<T | undefined> {
  return (value, place) => (value === undefined || value === null ? undefined : reader(value, place));
}

export function list<T>(entry: Reader<T>): Reader<T[]> {
  return (value, place) => {
    if (!Array.isArray(value)) throw broken(place, 'a list', value);
    return value.map((one, index) => entry(one, `${place}[${index}]`));
  };
}

/** An object that has these fields. Others stay as they came: a newer server may say more. */
export function record<T extends object>(fields: { [K in keyof T]?: Reader<unknown> }): Reader<T> {
  return (value, place) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw broken(place, 'an object', value);
    for (const [name, reader] of Object.entries<Reader<unknown> | undefined>(fields)) {
      reader?.((value as Record<string, unknown>)[name], place ? `${place}.${name}` : name);
    }
    return value as T;
  };
}
