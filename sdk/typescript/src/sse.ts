// Server-sent events, out of chunks of bytes. After the HTML standard, without ids and retry times, which the server does
// not send.

import { TransportError } from './errors.js';

/** One event as it came. */
export interface RawEvent {
  /** Its name; `message` if it has none. */
  name: string;
  data: string;
}

/** Characters of one event: a pushed item's data fits many times. */
export const EVENT_CHARS_MAX = 1024 * 1024;

/** Keeps what came until an event is whole. */
export class EventParser {
  readonly #decoder = new TextDecoder();
  readonly #charsMax: number;
  #line: string[] = [];
  #name = '';
  #data: string[] = [];
  #chars = 0;
  /** The last chunk ended with a carriage return: a line feed that follows belongs to it. */
  #endedWithReturn = false;

  constructor(charsMax = EVENT_CHARS_MAX) {
    this.#charsMax = charsMax;
  }

  /**
   * Takes the next bytes. Bytes that are no UTF-8, unknown fields and comments do no harm.
   *
   * @returns the events that they complete
   * @throws TransportError if an event is too large
   */
  push(chunk: Uint8Array): RawEvent[] {
    let text = this.#decoder.decode(chunk, { stream: true });
    if (text === '') return [];
    if (this.#endedWithReturn && text.startsWith('\n')) text = text.slice(1);
    this.#endedWithReturn = text.endsWith('\r');
    this.#chars += text.length;
    if (this.#chars > this.#charsMax) {
      throw new TransportError('too-large', `an event has more than ${this.#charsMax} characters`);
    }
    const events: RawEvent[] = [];
    const lines = text.split(/\r\n|\r|\n/);
    const rest = lines.pop() ?? '';
    for (const part of lines) {
      const event = this.#endLine(part);
      if (event) events.push(event);
    }
    if (rest !== '') this.#line.push(rest);
    return events;
  }

  #endLine(end: string): RawEvent | undefined {
    const line = [...this.#line, end].join('');
    this.#line = [];
    if (line === '') return this.#endEvent();
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.#name = value;
    if (field === 'data') this.#data.push(value);
    return undefined;
  }

  #endEvent(): RawEvent | undefined {
    const event = { name: this.#name || 'message', data: this.#data.join('\n') };
    const isEmpty = this.#data.length === 0;
    [this.#name, this.#data, this.#chars] = ['', [], 0];
    return isEmpty ? undefined : event;
  }
}
