// Builds elements out of plain values, as results are written.

import { DEPTH_MAX, XmlElement } from './element.js';
import { XmlError } from './error.js';

/** A value of a field. A list stands for as many elements of the field's name; undefined for none, null for an empty one. */
export type Value = string | number | bigint | boolean | Date | null | undefined | XmlElement | Fields | readonly Value[];

/** Elements by name, in this order. */
export interface Fields {
  [name: string]: Value;
}

/**
 * Builds an element.
 *
 * @param content a text, a value of XML Schema, or fields. An `XmlElement` given for a field is put into the field's
 *   element
 * @throws XmlError if the fields stand too deep in each other; what XML cannot hold is found when it is written
 */
export function element(name: string, content: Value = null, attributes: Record<string, string> = {}): XmlElement {
  if (Array.isArray(content)) throw new XmlError(`<${name}> cannot be a list; give a list as a field`);
  return new XmlElement(name, inside(name, content as Exclude<Value, readonly Value[]>, 0), attributes);
}

function inside(name: string, content: Exclude<Value, readonly Value[]>, depth: number): (XmlElement | string)[] {
  if (depth >= DEPTH_MAX) throw new XmlError(`<${name}> stands deeper than ${DEPTH_MAX} elements`);
  if (content === null || content === undefined) return [];
  if (content instanceof XmlElement) return [content];
  if (content instanceof Date) return [moment(name, content)];
  if (typeof content === 'object') return fields(content, depth);
  if (typeof content === 'number') return [number(content)];
  const text = String(content);
  return text === '' ? [] : [text];
}

function fields(given: Fields, depth: number): XmlElement[] {
  return Object.entries(given).flatMap(([name, value]) => {
    const values = Array.isArray(value) ? (value as readonly Value[]) : [value];
    return values
      .filter((one) => one !== undefined)
      .map((one) => {
        if (Array.isArray(one)) throw new XmlError(`<${name}> is a list in a list; name what is in the inner one`);
        return new XmlElement(name, inside(name, one as Exclude<Value, readonly Value[]>, depth + 1));
      });
  });
}

function number(value: number): string {
  if (value === Infinity) return 'INF';
  if (value === -Infinity) return '-INF';
  return String(value);
}

function moment(name: string, value: Date): string {
  if (Number.isNaN(value.getTime())) throw new XmlError(`<${name}> is no moment`);
  return value.toISOString();
}

/**
 * Writes a result.
 *
 * @param name of the root element: the task's decomposition, which is the name of the item's input, too
 * @returns XML, everything escaped
 */
export function writeXml(name: string, content: Value): string {
  return element(name, content).toString();
}
