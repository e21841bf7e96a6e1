"""The trace context: from the item to the handler's span, and on to what the handler asks for."""

from __future__ import annotations

import asyncio

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from flotilla import Client, Result, Work, Worker, tracing

from .conftest import HELLO_KEY, Server, until
from .fake import Asked, answer, fake, problem

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
ITEM = {
    "item": "1.1:A",
    "case": "1",
    "specification": "S:1.0",
    "task": "A",
    "task_name": "A",
    "capability": "answer",
    "epoch": 1,
    "term_ms": 60_000,
    "ends_at": "2026-11-21T17:00:00Z",
    "attempt": 1,
    "enabled_at": "2026-11-21T17:00:00Z",
    "data": "<Answer/>",
    "traceparent": f"00-{TRACE}-{PARENT}-01",
}


@pytest.fixture(scope="module")
def spans() -> InMemorySpanExporter:
    """What a process with OpenTelemetry would send."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    return exporter


class Answers:
    """A server with one item."""

    def __init__(self, asked: list[Asked]) -> None:
        self._asked = asked

    async def __call__(self, request: Asked, writer: asyncio.StreamWriter) -> None:
        self._asked.append(request)
        claims = sum(one.path == "/api/v1/claims" for one in self._asked)
        lifetime = {"renew_every_ms": 30_000, "stale_after_ms": 60_000, "dead_after_ms": 120_000}
        agent = {"agent": "traced", "slot": 1, "epoch": 1, "arrival": "new"}
        known: dict[str, object] = {
            "/api/v1/sessions": {"session": 1, "lifetime": lifetime},
            "/api/v1/agents": {"results": [agent], "lifetime": lifetime},
            "/api/v1/agents/states": {"results": [{"agent": "traced", "state": "DISCOVERING", "changed": True}]},
            "/api/v1/claims": {"items": [ITEM] if claims == 1 else [], "retry_after_ms": 60_000},
            "/api/v1/work-items/1.1%3AA/checkin": {"item": "1.1:A"},
            "/api/v1/sessions/1": {"session": 1, "agents": 1},
        }
        found = known.get(request.path)
        writer.write(problem(404, "no-such-route") if found is None else answer(200, found))


async def work_once(url: str, fails: bool = False) -> None:
    worker = Worker(url, agent="traced")
    done = asyncio.Event()

    @worker.handles("Answer")
    async def handle(work: Work) -> Result:
        done.set()
        assert work.traceparent == ITEM["traceparent"]
        if fails:
            raise ValueError("not today")
        return None

    working = asyncio.create_task(worker.work())
    await done.wait()
    await until(lambda: not worker.held)
    worker.drain()
    await working


async def test_the_handlers_span_is_below_the_one_that_launched_the_case(spans: InMemorySpanExporter) -> None:
    spans.clear()
    asked: list[Asked] = []
    async with fake(Answers(asked)) as url:
        await work_once(url)
    (span,) = spans.get_finished_spans()
    assert span.name == "work answer"
    assert span.parent is not None
    assert span.context is not None
    assert f"{span.parent.trace_id:032x}-{span.parent.span_id:016x}" == f"{TRACE}-{PARENT}"
    assert span.attributes is not None
    assert span.attributes["flotilla.item"] == "1.1:A"
    # What is asked in it says that it is its child; the claim is nobody's.
    (result,) = [one for one in asked if one.path.endswith("/checkin")]
    assert result.headers["traceparent"] == f"00-{TRACE}-{span.context.span_id:016x}-01"
    assert all("traceparent" not in one.headers for one in asked if one.path.endswith("/claims"))


async def test_the_trace_of_a_launch_reaches_whoever_works_on_the_case(
    spans: InMemorySpanExporter, client: Client, server: Server
) -> None:
    spans.clear()
    with trace.get_tracer("launcher").start_as_current_span("launch"):
        launched = await client.cases.launch(HELLO_KEY)
    worker = Worker(server.url, agent="traced-for-real")
    seen: list[str | None] = []

    @worker.handles("Answer")
    async def handle(work: Work) -> Result:
        seen.append(work.traceparent)
        return {"Reply": "traced"}

    working = asyncio.create_task(worker.work())
    await until(lambda: bool(seen))
    worker.drain()
    await working
    assert (await client.cases.get(launched["case"]))["status"] == "completed"
    launch, handled = spans.get_finished_spans()
    assert (launch.name, handled.name) == ("launch", "work answer")
    assert launch.context is not None
    assert handled.parent is not None
    assert (handled.parent.trace_id, handled.parent.span_id) == (launch.context.trace_id, launch.context.span_id)


async def test_a_handler_that_fails_marks_its_span(spans: InMemorySpanExporter) -> None:
    spans.clear()
    asked: list[Asked] = []
    async with fake(Answers(asked)) as url:
        await work_once(url, fails=True)
    (span,) = spans.get_finished_spans()
    assert not span.status.is_ok
    assert [event.name for event in span.events] == ["exception"]
    # The route is not there, and the worker has gone on.
    assert [one.path for one in asked].count("/api/v1/leases/fail") == 1


async def test_without_opentelemetry_the_handler_has_the_context_all_the_same(
    spans: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    spans.clear()
    monkeypatch.setattr(tracing, "HAS_OPENTELEMETRY", False)
    asked: list[Asked] = []
    async with fake(Answers(asked)) as url:
        await work_once(url)
    assert spans.get_finished_spans() == ()
    assert all("traceparent" not in one.headers for one in asked)
