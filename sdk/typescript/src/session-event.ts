// What a session's event stream says, as values.

import { claimedItem } from './calls/answers.js';
import { record, text, whole, type Reader } from './shape.js';
import type { RawEvent } from './sse.js';
import type { ClaimedItem } from './types.js';

/** The item that an agent holds is gone from its net, or was taken away. */
export interface Cancelled {
  kind: 'cancelled';
  agent: string;
  item: string;
  case: string;
  /** Of the lease that ended. */
  epoch: number;
  /** `cancelled`, `withdrawn`, `rolled-back`, `handed-off`, `completed-elsewhere`, `case-cancelled` and others. */
  reason: string;
}

/** A lease ends soon and has not been renewed. */
export interface LeaseEnding {
  kind: 'lease-ending';
  agent: string;
  item: string;
  epoch: number;
  left_ms: number;
}

/** A lease has ended. */
export interface LeaseEnded {
  kind: 'lease-ended';
  agent: string;
  item: string;
  epoch: number;
}

/** Work that was pushed, already leased, to an agent that asked for that. */
export interface Pushed {
  kind: 'item';
  agent: string;
  item: ClaimedItem;
}

/** The reader was too slow, or something could not be read: what is held must be looked up, by renewing it. */
export interface Lagged {
  kind: 'lagged';
}

export type SessionEvent = { kind: 'opened' } | Cancelled | LeaseEnding | LeaseEnded | Pushed | Lagged;

const cancelled = record<Cancelled>({ agent: text, item: text, case: text, epoch: whole, reason: text });
const leaseEnding = record<LeaseEnding>({ agent: text, item: text, epoch: whole, left_ms: whole });
const leaseEnded = record<LeaseEnded>({ agent: text, item: text, epoch: whole });
const pushed: Reader<Pushed> = (value, place) => {
  const { agent } = record<{ agent: string }>({ agent: text })(value, place);
  return { kind: 'item', agent, item: claimedItem(value, place) };
};

/** Reads an event: nothing if a newer server means something by it that we do not know. */
export function readEvent({ name, data }: RawEvent): SessionEvent | undefined {
  try {
    switch (name) {
      case 'cancelled':
        return { ...cancelled(JSON.parse(data), name), kind: name };
      case 'lease-ending':
        return { ...leaseEnding(JSON.parse(data), name), kind: name };
      case 'lease-ended':
        return { ...leaseEnded(JSON.parse(data), name), kind: name };
      case 'item':
        return pushed(JSON.parse(data), name);
      case 'lagged':
        return { kind: name };
      default:
        return undefined;
    }
  } catch {
    // Something was said and is lost to us: as if it had never come.
    return { kind: 'lagged' };
  }
}
