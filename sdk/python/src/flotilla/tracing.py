"""Carries the trace context (W3C) through, where OpenTelemetry is installed; elsewhere does nothing.

Outgoing calls show the current span as their parent. What an item brings from the request that launched its case
becomes the parent of the span in which its handler runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

try:
    from opentelemetry import trace
    from opentelemetry.trace import SpanKind, Status, StatusCode
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
except ImportError:  # the extra `opentelemetry` is not installed
    HAS_OPENTELEMETRY = False
else:
    HAS_OPENTELEMETRY = True


def headers() -> dict[str, str]:
    """The headers by which a request says to which trace it belongs."""
    if not HAS_OPENTELEMETRY:
        return {}
    carrier: dict[str, str] = {}
    TraceContextTextMapPropagator().inject(carrier)
    return carrier


@contextmanager
def span(name: str, traceparent: str | None, attributes: dict[str, str | int]) -> Iterator[None]:
    """Runs its body in a span below `traceparent`. An exception out of the body marks the span."""
    if not HAS_OPENTELEMETRY:
        yield
        return
    carrier = {} if traceparent is None else {"traceparent": traceparent}
    parent = TraceContextTextMapPropagator().extract(carrier)
    tracer = trace.get_tracer("flotilla")
    with tracer.start_as_current_span(name, parent, SpanKind.CONSUMER, attributes) as current:
        try:
            yield
        except BaseException as error:
            # start_as_current_span marks exceptions, and leaves out what is none: a cancellation.
            if not isinstance(error, Exception):
                current.set_status(Status(StatusCode.ERROR, type(error).__name__))
            raise
