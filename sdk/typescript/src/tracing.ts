// W3C trace context: from the item to the handler's span, and from whoever calls to the server.
//
// With @opentelemetry/api beside us the handler runs in a span whose parent is the item's `traceparent`, and requests carry
// the current context. Without it, or with no SDK behind it, the item's header itself is passed on.

import { AsyncLocalStorage } from 'node:async_hooks';

/** What is told about an item's span. */
export interface ItemSpan {
  name: string;
  traceparent: string | undefined;
  attributes: Record<string, string | number>;
}

export interface Tracing {
  /** Headers of the current context. */
  outgoing(): Record<string, string>;
  /** Does the work in a span of its own, which shows its error. */
  within<T>(span: ItemSpan, work: () => Promise<T>): Promise<T>;
}

type Api = typeof import('@opentelemetry/api');

let loaded: Promise<Tracing> | undefined;

/** Looks once whether @opentelemetry/api is installed. */
export function tracing(): Promise<Tracing> {
  loaded ??= import('@opentelemetry/api').then(through, () => plain);
  return loaded;
}

/** The `traceparent` that this handler's item came with. */
const current = new AsyncLocalStorage<string | undefined>();

/** Version, trace, span and flags of the W3C recommendation: anything else is not sent on. */
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

const plain: Tracing = {
  outgoing() {
    const traceparent = current.getStore();
    return traceparent && TRACEPARENT.test(traceparent) ? { traceparent } : {};
  },
  within: ({ traceparent }, work) => current.run(traceparent, work),
};

/** Written against the parts of the API that are there since its first version. */
function through(api: Api): Tracing {
  const { context, propagation, trace, SpanKind, SpanStatusCode } = api;
  return {
    outgoing() {
      const headers: Record<string, string> = {};
      propagation.inject(context.active(), headers);
      return 'traceparent' in headers ? headers : plain.outgoing();
    },
    within({ name, traceparent, attributes }, work) {
      const carrier = traceparent ? { traceparent } : {};
      const parent = propagation.extract(context.active(), carrier);
      const tracer = trace.getTracer('@flotilla/agents');
      return plain.within({ name, traceparent, attributes }, () =>
        tracer.startActiveSpan(name, { kind: SpanKind.CONSUMER, attributes }, parent, async (span) => {
          try {
            return await work();
          } catch (error) {
            span.recordException(error as Error);
            span.setStatus({ code: SpanStatusCode.ERROR, message: String(error) });
            throw error;
          } finally {
            span.end();
          }
        }),
      );
    },
  };
}
