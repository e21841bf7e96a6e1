// A work item as a handler sees it.

import type { Client } from '../client.js';
import type { ClaimedItem, HandOffOffer } from '../types.js';
import type { XmlElement } from '../xml/element.js';
import { readXml } from '../xml/read.js';
import type { Fields } from '../xml/write.js';

/** An item that this agent holds. */
export class WorkItem {
  /** Such as `7.1:Answer`. */
  readonly id: string;
  readonly case: string;
  /** The specification's key. */
  readonly specification: string;
  /** The task's id and its name for people. */
  readonly task: string;
  readonly taskName: string;
  /** What the task asks for, in small letters. */
  readonly capability: string;
  /** Of the lease. */
  readonly epoch: number;
  /** 1 for the first. */
  readonly attempt: number;
  /** Input data as XML. */
  readonly data: string;
  /** W3C trace context of the request that launched the case, if it had one. */
  readonly traceparent: string | undefined;
  #input: XmlElement | undefined;

  /** @param claimed as a claim hands it out; a test of a handler may make one up */
  constructor(claimed: ClaimedItem) {
    this.id = claimed.item;
    this.case = claimed.case;
    this.specification = claimed.specification;
    this.task = claimed.task;
    this.taskName = claimed.task_name;
    this.capability = claimed.capability ?? '';
    this.epoch = claimed.epoch;
    this.attempt = claimed.attempt;
    this.data = claimed.data;
    this.traceparent = typeof claimed.traceparent === 'string' ? claimed.traceparent : undefined;
  }

  /** Input data, read: its root is named as the task's decomposition. @throws XmlError if it is no XML */
  get input(): XmlElement {
    this.#input ??= readXml(this.data);
    return this.#input;
  }
}

/** What a handler has beside the item. */
export interface Context {
  /**
   * Aborted when working on makes no sense any more. Its reason is a `LostLease` (the item was cancelled, or somebody else
   * has it), or `Draining` (the worker ends and cannot wait longer). Give it to whatever takes time.
   */
  signal: AbortSignal;
  /**
   * How long the item stays this agent's if no renewal comes through, milliseconds; 0 once it is lost. To look at before
   * doing what cannot be undone.
   */
  leaseLeftMs(): number;
  /** For calls of the handler's own; they carry the item's trace context. */
  client: Client;
  /**
   * Brings the result now, so that one that is refused can be mended. What the handler returns after that does not count.
   *
   * @throws ProblemError `data-invalid` and others with `violations`: the item is still held; `stale-epoch` and others: it
   *   was lost
   * @throws XmlError if the result cannot be written
   */
  checkIn(result: Result): Promise<void>;
  /**
   * Makes a token by which one other agent can take this item over. Tell it the token; once it has accepted, `signal` is
   * aborted and whatever this handler does then counts for nothing.
   *
   * @throws ProblemError `no-such-agent`; `stale-epoch` if the item was lost
   */
  handOff(to: string): Promise<HandOffOffer>;
}

/**
 * A result: fields by name, which become the elements of the task's output; or an element; or XML as text, which is sent as
 * it is. Nothing: the task has no output.
 */
export type Result = Fields | XmlElement | string | undefined | void;

/**
 * Does an item. What it returns is checked in. If it throws, the item is given back as failed and may be tried again, by
 * anybody; if it throws a `GiveBack`, it is given back unharmed.
 */
export type Handler = (item: WorkItem, context: Context) => Result | Promise<Result>;
