// Specifications: upload, look at, verify, remove.

import { list, record, text } from '../shape.js';
import { segment, type CallOptions, type Transport } from '../transport.js';
import type { SpecificationDetail, SpecificationSummary, Uploaded, Verified } from '../types.js';
import { object } from './answers.js';

export class Specifications {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Uploads a YAWL document. The same document again is the same specification.
   *
   * @returns the keys of its specifications, and warnings
   * @throws ProblemError `specification-invalid` or `specification-unsound` with `findings`; `specification-conflict` if
   *   another document has this id and version
   */
  upload(xml: string, options?: CallOptions): Promise<Uploaded> {
    const entry = record<Uploaded['specifications'][number]>({ key: text });
    const read = record<Uploaded>({ specifications: list(entry) });
    return this.#transport.ask({ method: 'POST', path: '/specifications', xml, read }, options);
  }

  /** What is wrong with a YAWL document, without loading it. */
  verify(xml: string, options?: CallOptions): Promise<Verified> {
    const read = record<Verified>({ verdict: text });
    return this.#transport.ask({ method: 'POST', path: '/specifications/verify', xml, read }, options);
  }

  /** All loaded specifications, by key. */
  async list(options?: CallOptions): Promise<SpecificationSummary[]> {
    const read = record<{ items: SpecificationSummary[] }>({ items: list(record({ key: text })) });
    return (await this.#transport.ask({ method: 'GET', path: '/specifications', read }, options)).items;
  }

  /** One specification with its nets. @throws ProblemError `no-such-specification` */
  get(key: string, options?: CallOptions): Promise<SpecificationDetail> {
    return this.#transport.ask({ method: 'GET', path: at(key), read: object<SpecificationDetail>() }, options);
  }

  /** The document as it was uploaded. @throws ProblemError `no-such-specification` */
  source(key: string, options?: CallOptions): Promise<string> {
    return this.#transport.ask<string>({ method: 'GET', path: `${at(key)}/source` }, options);
  }

  /** Removes a specification. @throws ProblemError `specification-in-use` while cases of it are open */
  async delete(key: string, options?: CallOptions): Promise<void> {
    await this.#transport.ask<string>({ method: 'DELETE', path: at(key) }, options);
  }
}

function at(key: string): string {
  return `/specifications/${segment(key)}`;
}
