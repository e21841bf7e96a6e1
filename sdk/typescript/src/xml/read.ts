// Reads XML into elements. Well-formed documents only, without document types: no entities that a sender declares, nothing
// fetched, nothing expanded. Time is linear in the text, and depth is bounded.

import { DEPTH_MAX, XmlElement } from './element.js';
import { XmlError } from './error.js';
import { NAME, resolve, unwritable } from './text.js';

/** Characters of a document: more than a server takes as one body. */
export const CHARS_MAX = 16 * 1024 * 1024;

/**
 * Reads a document.
 *
 * @returns its root element; comments and processing instructions are left out, character data is text
 * @throws XmlError with the place if it is not well-formed, too large, too deep, or has a document type
 */
export function readXml(text: string): XmlElement {
  if (text.length > CHARS_MAX) throw new XmlError(`the document has more than ${CHARS_MAX} characters`);
  const found = unwritable(text);
  if (found !== undefined) throw new XmlError(`the document has the character ${found}, which XML cannot hold`);
  const normal = text.replace(/\r\n?/g, '\n');
  return new XmlReader(normal.startsWith('\u{FEFF}') ? normal.slice(1) : normal).document();
}

/** An element whose end has not come. */
interface Open {
  name: string;
  attributes: Record<string, string>;
  children: (XmlElement | string)[];
  /** Text since the last element, in pieces. */
  text: string[];
}

const START = new RegExp(`<(${NAME})`, 'yu');
const END = new RegExp(`</(${NAME})[ \\t\\n]*>`, 'yu');
const ATTRIBUTE = new RegExp(`[ \\t\\n]+(${NAME})[ \\t\\n]*=[ \\t\\n]*(?:"([^<"]*)"|'([^<']*)')`, 'yu');
const TAG_END = /[ \t\n]*(\/?)>/y;
const TARGET = new RegExp(`<\\?(${NAME})(?=[ \\t\\n?])`, 'yu');

class XmlReader {
  readonly #text: string;
  #at = 0;
  readonly #open: Open[] = [];
  #root: XmlElement | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  document(): XmlElement {
    while (this.#at < this.#text.length) this.#piece();
    const unclosed = this.#open.at(-1);
    if (unclosed) throw this.#error(`<${unclosed.name}> has no end`);
    if (!this.#root) throw this.#error('there is no element');
    return this.#root;
  }

  #piece(): void {
    if (this.#text[this.#at] !== '<') return this.#characters();
    if (this.#startsWith('</')) return this.#end();
    if (this.#startsWith('<!--')) return this.#comment();
    if (this.#startsWith('<![CDATA[')) return this.#data();
    if (this.#startsWith('<?')) return this.#instruction();
    if (this.#startsWith('<!')) throw this.#error('a document type or declaration is not taken');
    this.#start();
  }

  #start(): void {
    const name = this.#match(START)?.[1];
    if (name === undefined) throw this.#error('`<` begins no element; write it as &lt;');
    if (this.#root && this.#open.length === 0) throw this.#error('there is a second root element');
    if (this.#open.length >= DEPTH_MAX) throw this.#error(`elements stand deeper than ${DEPTH_MAX}`);
    const element: Open = { name, attributes: this.#attributes(), children: [], text: [] };
    const end = this.#match(TAG_END);
    if (!end) throw this.#error(`the start of <${name}> is malformed`);
    this.#open.push(element);
    if (end[1] === '/') this.#close();
  }

  #attributes(): Record<string, string> {
    // Without a prototype: `__proto__` is a name like any other.
    const attributes: Record<string, string> = Object.create(null) as Record<string, string>;
    for (let found = this.#match(ATTRIBUTE); found; found = this.#match(ATTRIBUTE)) {
      const name = found[1]!;
      if (name in attributes) throw this.#error(`the attribute ${name} stands there twice`);
      attributes[name] = this.#resolved((found[2] ?? found[3] ?? '').replace(/[\t\n]/g, ' '));
    }
    return attributes;
  }

  #end(): void {
    const start = this.#at;
    const name = this.#match(END)?.[1];
    const open = this.#open.at(-1);
    if (name === undefined || name !== open?.name) {
      this.#at = start;
      throw this.#error(open ? `the end of <${open.name}> is expected` : 'nothing is open here');
    }
    this.#close();
  }

  /** The innermost open element is whole. */
  #close(): void {
    const { name, attributes, children, text } = this.#open.pop()!;
    if (text.length > 0) children.push(text.join(''));
    const element = new XmlElement(name, children, attributes);
    const parent = this.#open.at(-1);
    if (!parent) {
      this.#root = element;
      return;
    }
    if (parent.text.length > 0) parent.children.push(parent.text.join(''));
    parent.text = [];
    parent.children.push(element);
  }

  #characters(): void {
    const next = this.#text.indexOf('<', this.#at);
    const text = this.#text.slice(this.#at, next < 0 ? undefined : next);
    if (text.includes(']]>')) throw this.#error('`]]>` stands in text; write it as ]]&gt;');
    this.#add(this.#resolved(text), text);
    this.#at += text.length;
  }

  #data(): void {
    const text = this.#upTo(']]>', '<![CDATA['.length);
    if (this.#open.length === 0) throw this.#error('text stands outside the root element');
    this.#add(text, text);
  }

  /** Text belongs to the innermost open element. Outside the root there may be space, as it stands there. */
  #add(text: string, raw: string): void {
    const open = this.#open.at(-1);
    if (open) {
      if (text !== '') open.text.push(text);
    } else if (!/^[ \t\n]*$/.test(raw)) {
      throw this.#error('text stands outside the root element');
    }
  }

  #comment(): void {
    const text = this.#upTo('-->', '<!--'.length);
    if (text.includes('--') || text.endsWith('-')) throw this.#error('`--` stands in a comment');
  }

  #instruction(): void {
    const start = this.#at;
    const target = this.#match(TARGET)?.[1];
    if (target === undefined) throw this.#error('`<?` begins no instruction');
    if (target.toLowerCase() === 'xml' && start > 0) throw this.#error('the XML declaration must stand first');
    this.#at = start;
    this.#upTo('?>', 2);
  }

  /** What stands between a beginning of this length and `end`; goes on behind it. */
  #upTo(end: string, skip: number): string {
    const from = this.#at + skip;
    const to = this.#text.indexOf(end, from);
    if (to < 0) throw this.#error(`\`${end}\` is missing`);
    this.#at = to + end.length;
    return this.#text.slice(from, to);
  }

  #resolved(text: string): string {
    if (!text.includes('&')) return text;
    return text.replace(/&([^;&]{0,16})(;?)/g, (whole, reference: string, end: string) => {
      const resolved = end && resolve(reference);
      if (resolved) return resolved;
      throw this.#error(`${whole.slice(0, 20)} is no character that is known here; write \`&\` as &amp;`);
    });
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found) this.#at = pattern.lastIndex;
    return found;
  }

  #startsWith(start: string): boolean {
    return this.#text.startsWith(start, this.#at);
  }

  #error(what: string): XmlError {
    const before = this.#text.slice(0, this.#at);
    const line = before.split('\n').length;
    return new XmlError(`${what}, at line ${line}, column ${this.#at - before.lastIndexOf('\n')}`);
  }
}
