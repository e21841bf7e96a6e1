// Agents and launchers for Flotilla: what this package gives.

export { Worker, type RunOptions, type WorkerOptions } from './worker/worker.js';
export { WorkItem, type Context, type Handler, type Result } from './worker/work-item.js';
export type { Log, LogEntry } from './worker/log.js';

export { Client } from './client.js';
export type { CallOptions, ClientOptions } from './transport.js';
export type { Outcome } from './calls/answers.js';
export type { Registrations } from './calls/agents.js';
export type * from './session-event.js';

export {
  Draining,
  FlotillaError,
  GiveBack,
  LostLease,
  NameTaken,
  ProblemError,
  TransportError,
  type TransportKind,
} from './errors.js';

export { XmlElement } from './xml/element.js';
export { XmlError } from './xml/error.js';
export { readXml } from './xml/read.js';
export { element, writeXml, type Fields, type Value } from './xml/write.js';

export type * from './types.js';
