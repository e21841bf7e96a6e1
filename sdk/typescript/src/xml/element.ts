// An element of XML as a value: read from an item, or built for a result.

import { XmlError } from './error.js';
import { escapeAttribute, escapeText, isName, unwritable } from './text.js';

/** An element with its attributes and what is in it, in order. Names are as written, prefix included. */
export class XmlElement {
  /** Nothing is checked here: what XML cannot hold is found when the element is written. */
  constructor(
    readonly name: string,
    readonly children: readonly (XmlElement | string)[] = [],
    readonly attributes: Readonly<Record<string, string>> = {},
  ) {}

  /** All text in it, that of inner elements included. */
  get text(): string {
    const parts: string[] = [];
    // A stack and no recursion: depth is the sender's choice.
    const open: (XmlElement | string)[] = [this];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (typeof next === 'string') parts.push(next);
      else for (let i = next.children.length - 1; i >= 0; i -= 1) open.push(next.children[i]!);
    }
    return parts.join('');
  }

  /** The elements directly in it, text left out. */
  get elements(): XmlElement[] {
    return this.children.filter((child): child is XmlElement => typeof child !== 'string');
  }

  /** The first element of this name directly in it, if there is one. */
  find(name: string): XmlElement | undefined {
    return this.elements.find((element) => element.name === name);
  }

  /** All elements of this name directly in it. */
  all(name: string): XmlElement[] {
    return this.elements.filter((element) => element.name === name);
  }

  /** The first element of this name directly in it. @throws XmlError if there is none */
  get(name: string): XmlElement {
    const found = this.find(name);
    if (found) return found;
    const names = this.elements.map((element) => element.name).join(', ') || 'nothing';
    throw new XmlError(`<${this.name}> has no <${name}>; it has ${names}`);
  }

  /** The text of the first element of this name. @throws XmlError if there is none */
  textOf(name: string): string {
    return this.get(name).text;
  }

  /** As a number of XML Schema: `INF`, `-INF` and `NaN` included. @throws XmlError if there is none, or it is no number */
  numberOf(name: string): number {
    const text = this.textOf(name).trim();
    const special = SPECIAL_NUMBERS[text];
    if (special !== undefined) return special;
    if (/^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(text)) return Number(text);
    throw new XmlError(`<${name}> of <${this.name}> is "${text.slice(0, 80)}", no number`);
  }

  /** As a boolean of XML Schema: `true`, `false`, `1` or `0`. @throws XmlError if there is none, or it is something else */
  booleanOf(name: string): boolean {
    const text = this.textOf(name).trim();
    if (text === 'true' || text === '1') return true;
    if (text === 'false' || text === '0') return false;
    throw new XmlError(`<${name}> of <${this.name}> is "${text.slice(0, 80)}", neither true nor false`);
  }

  /** As XML, everything escaped. @throws XmlError if a name is none, or a text has characters that XML cannot hold */
  toString(): string {
    const parts: string[] = [];
    write(this, parts, 0);
    return parts.join('');
  }
}

const SPECIAL_NUMBERS: Record<string, number> = { INF: Infinity, '-INF': -Infinity, NaN };

/** How deep elements may stand in each other, read or written. The server's limit is no higher than people's data. */
export const DEPTH_MAX = 256;

function write(element: XmlElement, parts: string[], depth: number): void {
  const { name, attributes, children } = element;
  if (depth >= DEPTH_MAX) throw new XmlError(`<${name}> stands deeper than ${DEPTH_MAX} elements`);
  parts.push('<', checkedName(name));
  for (const [key, value] of Object.entries(attributes)) {
    parts.push(' ', checkedName(key), '="', escapeAttribute(checkedText(value, name)), '"');
  }
  if (children.length === 0) {
    parts.push('/>');
    return;
  }
  parts.push('>');
  for (const child of children) {
    if (typeof child === 'string') parts.push(escapeText(checkedText(child, name)));
    else write(child, parts, depth + 1);
  }
  parts.push('</', name, '>');
}

function checkedName(name: string): string {
  if (isName(name)) return name;
  throw new XmlError(`"${name.slice(0, 80)}" is no name of XML`);
}

function checkedText(text: string, where: string): string {
  const found = unwritable(text);
  if (found === undefined) return text;
  throw new XmlError(`<${where}> has the character ${found}, which XML cannot hold; remove or encode it`);
}
