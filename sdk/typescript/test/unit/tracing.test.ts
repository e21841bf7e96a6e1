// Trace context: from the item to the handler's span and to what the handler asks for.

import { AsyncLocalStorage } from 'node:async_hooks';
import {
  context,
  propagation,
  ROOT_CONTEXT,
  trace,
  type Context,
  type ContextManager,
  type Span,
  type TextMapPropagator,
  type TracerProvider,
} from '@opentelemetry/api';
import { afterEach, expect, test } from 'vitest';

import { agent, deferred } from '../agent.js';
import { claimedItem, Fake, json, problem, registry } from '../fake.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const ITEM = `00-${TRACE}-b7ad6b7169203331-01`;

let fake: Fake;

afterEach(async () => {
  await fake.stop();
  for (const api of [context, propagation, trace]) api.disable();
});

/** Runs a worker over one item whose handler asks for a case. @returns the headers of that request and of the result's */
async function work(traceparent: unknown): Promise<{ asked: string | undefined; brought: string | undefined }> {
  const done = deferred();
  let isClaimed = false;
  fake = await Fake.start((response, seen) => {
    if (registry(response, seen)) return;
    if (seen.path === '/api/v1/claims') {
      if (!isClaimed) json(response, { items: [claimedItem({ traceparent })] });
      isClaimed = true;
      return;
    }
    if (seen.path === '/api/v1/cases/1') return json(response, { case: '1', specification: '', status: '', items: [] });
    if (seen.path.endsWith('/checkin')) {
      json(response, { item: '1.1:Answer' });
      return done.resolve();
    }
    problem(response, 404, 'no-such-route');
  });
  const { worker } = agent(fake.url);
  worker.handle('Answer', async (item, { client }) => {
    await client.cases.get(item.case);
    return { Reply: 'x' };
  });
  const running = worker.run({ signals: false });
  await done.promise;
  await worker.drain();
  await running;
  const header = (end: string): string | undefined => {
    const value = fake.seen.find(({ path }) => path.endsWith(end))?.headers['traceparent'];
    return value === undefined ? undefined : String(value);
  };
  expect(header('/claims')).toBeUndefined();
  return { asked: header('/cases/1'), brought: header('/checkin') };
}

test('without an SDK of OpenTelemetry the item\'s header is passed on as it is', async () => {
  expect(await work(ITEM)).toEqual({ asked: ITEM, brought: ITEM });
});

test.each([[undefined], [null], [''], ['nonsense\r\nx-evil: 1'], [`${ITEM}-more`], [7]])(
  '%o is no trace context and is not passed on',
  async (traceparent) => {
    expect(await work(traceparent)).toEqual({ asked: undefined, brought: undefined });
  },
);

test('with one the handler runs in a span whose parent is the item\'s, and requests carry that span', async () => {
  const spans = install();
  expect(await work(ITEM)).toEqual({ asked: `00-${TRACE}-000000000000000a-01`, brought: `00-${TRACE}-000000000000000a-01` });
  expect(spans).toEqual([
    { name: 'work Answer', parent: 'b7ad6b7169203331', item: '1.1:Answer', hasEnded: true },
  ]);
});

interface Seen {
  name: string;
  parent: string | undefined;
  item: unknown;
  hasEnded: boolean;
}

/** The least of an SDK: contexts that follow promises, the W3C header, and spans that are remembered. */
function install(): Seen[] {
  const spans: Seen[] = [];
  context.setGlobalContextManager(new Contexts());
  propagation.setGlobalPropagator(w3c);
  const provider = {
    getTracer: () => ({
      startSpan: () => expect.unreachable(),
      startActiveSpan: (name: string, options: { attributes: Record<string, unknown> }, parent: Context, run: (span: Span) => unknown) => {
        const from = trace.getSpanContext(parent);
        const seen = { name, parent: from?.spanId, item: options.attributes['flotilla.item'], hasEnded: false };
        spans.push(seen);
        const span = trace.wrapSpanContext({ traceId: from?.traceId ?? '', spanId: '000000000000000a', traceFlags: 1 });
        span.end = () => void (seen.hasEnded = true);
        return context.with(trace.setSpan(parent, span), () => run(span));
      },
    }),
  };
  trace.setGlobalTracerProvider(provider as unknown as TracerProvider);
  return spans;
}

class Contexts implements ContextManager {
  readonly #current = new AsyncLocalStorage<Context>();

  active(): Context {
    return this.#current.getStore() ?? ROOT_CONTEXT;
  }

  with: ContextManager['with'] = (at, work, that, ...given) =>
    this.#current.run(at, () => work.call(that as ThisParameterType<typeof work>, ...given));

  bind: ContextManager['bind'] = (_, target) => target;

  enable(): this {
    return this;
  }

  disable(): this {
    return this;
  }
}

const w3c: TextMapPropagator<Record<string, string>> = {
  fields: () => ['traceparent'],
  inject(at, carrier) {
    const span = trace.getSpanContext(at);
    if (span) carrier['traceparent'] = `00-${span.traceId}-${span.spanId}-01`;
  },
  extract(at, carrier) {
    const [, traceId, spanId] = (carrier['traceparent'] ?? '').split('-');
    return traceId && spanId ? trace.setSpanContext(at, { traceId, spanId, traceFlags: 1, isRemote: true }) : at;
  },
};
