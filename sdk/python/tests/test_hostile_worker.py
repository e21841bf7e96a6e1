"""A worker whose server is hostile or broken: it neither falls over nor runs hot."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from flotilla import AnswerError, Result, Work, Worker

from .conftest import until
from .fake import Asked, answer, fake, problem

LIFETIME = {"renew_every_ms": 30_000, "stale_after_ms": 60_000, "dead_after_ms": 120_000}
REGISTERED = {"agent": "brave", "slot": 1, "epoch": 1, "arrival": "new"}
GOOD: dict[str, bytes] = {
    "POST /api/v1/sessions": answer(201, {"session": 1, "lifetime": LIFETIME}),
    "POST /api/v1/agents": answer(200, {"results": [REGISTERED], "lifetime": LIFETIME}),
    "POST /api/v1/agents/states": answer(
        200, {"results": [{"agent": "brave", "state": "DISCOVERING", "changed": True}]}
    ),
    "POST /api/v1/claims": answer(200, {"items": [], "retry_after_ms": 60_000}),
    "GET /api/v1/sessions/1/events": problem(404, "no-such-route"),
    "DELETE /api/v1/sessions/1": answer(200, {"session": 1, "agents": 1}),
}
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
}
CLAIMED = answer(200, {"items": [ITEM]})


class Broken:
    """A server that is good but for what a test says; each of a route's answers once, the last one for ever."""

    def __init__(self, **routes: list[bytes]) -> None:
        names = {"events": "GET /api/v1/sessions/1/events", "claims": "POST /api/v1/claims"}
        names |= {"register": "POST /api/v1/agents", "checkin": "POST /api/v1/work-items/1.1%3AA/checkin"}
        names |= {"renew": "POST /api/v1/leases/renew", "failed": "POST /api/v1/leases/fail"}
        self._routes = {names[name]: answers for name, answers in routes.items()}
        self.asked: list[str] = []

    def count(self, route: str) -> int:
        return self.asked.count(route)

    async def __call__(self, request: Asked, writer: asyncio.StreamWriter) -> None:
        route = f"{request.method} {request.path}"
        self.asked.append(route)
        answers = self._routes.get(route, [GOOD.get(route, problem(404, "no-such-route"))])
        writer.write(answers[min(self.count(route), len(answers)) - 1])


async def work(server: Broken, until_: Callable[[], bool], handler_waits: bool = False) -> list[str]:
    """Lets a worker work until something has happened; the items that its handler saw, and how they ended."""
    seen: list[str] = []
    async with fake(server) as url:
        worker = Worker(url, agent="brave", drain_s=0.1)

        @worker.handles("Answer")
        async def handle(work: Work) -> Result:
            seen.append(work.id)
            if handler_waits:
                try:
                    await asyncio.Event().wait()
                except asyncio.CancelledError:
                    assert work.cancellation is not None
                    seen.append(work.cancellation.reason)
                    raise
            return None

        working = asyncio.create_task(worker.work())
        await until(lambda: until_() or working.done())
        worker.drain()
        await working
    return seen


GARBAGE = [
    answer(200, b"<html>", "text/html"),
    answer(200, []),
    answer(200, {"items": [{"item": 7}], "retry_after_ms": 1}),
    answer(200, {"items": {}}),
    answer(502, b"bad gateway"),
]


async def test_claims_that_are_answered_with_garbage_are_repeated_with_pauses() -> None:
    server = Broken(
        claims=[*GARBAGE[-1:], *GARBAGE[-1:], CLAIMED, GOOD["POST /api/v1/claims"]],
        checkin=[answer(200, {"item": "1.1:A"})],
    )
    loop = asyncio.get_running_loop()
    began_s = loop.time()
    assert await work(server, lambda: server.count("POST /api/v1/work-items/1.1%3AA/checkin") == 1) == ["1.1:A"]
    # 200 and 400 ms, at least half of each.
    assert loop.time() - began_s >= 0.3


@pytest.mark.parametrize("garbage", GARBAGE)
async def test_garbage_in_place_of_claims_is_waited_out_and_never_makes_a_worker_run_hot(garbage: bytes) -> None:
    server = Broken(claims=[garbage])
    assert await work(server, lambda: server.count("POST /api/v1/claims") >= 2) == []
    assert server.count("POST /api/v1/claims") <= 3


async def test_garbage_in_place_of_a_registration_ends_the_worker() -> None:
    with pytest.raises(AnswerError, match="no JSON"):
        await work(Broken(register=[GARBAGE[0]]), lambda: False)


async def test_an_event_stream_of_garbage_changes_nothing() -> None:
    stream = b"event: cancelled\ndata: nonsense\n\n" * 50 + b"\xff" * 1_000 + b"\n\nevent: item\ndata: {}\n\n"
    server = Broken(
        events=[answer(200, stream, "text/event-stream")],
        claims=[CLAIMED, GOOD["POST /api/v1/claims"]],
        renew=[answer(200, {"results": [{"item": "1.1:A", "left_ms": 60_000, "ends_at": "2026-11-21T17:00:00Z"}]})],
    )
    stream_of = "GET /api/v1/sessions/1/events"
    assert await work(server, lambda: server.count(stream_of) == 3, handler_waits=True) == ["1.1:A", "draining"]
    # What was missed was looked up, once for many events.
    assert 1 <= server.count("POST /api/v1/leases/renew") <= 20


async def test_an_event_without_end_is_given_up() -> None:
    endless = answer(200, b"data: " + b"x" * 3_000_000, "text/event-stream")
    server = Broken(events=[endless])
    await work(server, lambda: server.count("GET /api/v1/sessions/1/events") == 2)


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        (
            [{"problem": {"type": "t", "title": "t", "status": 409, "code": "stale-epoch", "detail": "d"}}],
            "stale-epoch",
        ),
        (
            [{"problem": {"type": "t", "title": "t", "status": 404, "code": "no-such-item", "detail": "d"}}],
            "no-such-item",
        ),
    ],
)
async def test_a_refused_renewal_cancels_the_handler(answers: object, reason: str) -> None:
    server = Broken(
        events=[answer(200, b"event: lagged\ndata: {}\n\n", "text/event-stream")],
        claims=[CLAIMED, GOOD["POST /api/v1/claims"]],
        renew=[answer(200, {"results": answers})],
    )
    seen = await work(server, lambda: server.count("POST /api/v1/leases/renew") >= 1, handler_waits=True)
    assert seen == ["1.1:A", reason]
    assert server.count("POST /api/v1/leases/return") == 0


async def test_an_event_of_the_stream_cancels_the_handler_of_this_lease_and_no_other() -> None:
    def cancelled(epoch: int) -> bytes:
        return b'event: cancelled\ndata: {"item":"1.1:A","epoch":%d,"reason":"withdrawn"}\n\n' % epoch

    renewed = answer(200, {"results": [{"item": "1.1:A", "left_ms": 60_000, "ends_at": "2026-11-21T17:00:00Z"}]})
    server = Broken(
        events=[
            answer(200, cancelled(0) + cancelled(2), "text/event-stream"),
            answer(200, cancelled(1), "text/event-stream"),
            problem(404, "no-such-route"),
        ],
        claims=[CLAIMED, GOOD["POST /api/v1/claims"]],
        renew=[renewed],
    )
    seen = await work(server, lambda: server.count("GET /api/v1/sessions/1/events") == 3, handler_waits=True)
    assert seen == ["1.1:A", "withdrawn"]


async def test_renewals_that_are_answered_with_garbage_are_repeated_and_nobody_is_cancelled() -> None:
    server = Broken(
        events=[answer(200, b"event: lagged\ndata: {}\n\n", "text/event-stream")],
        claims=[CLAIMED, GOOD["POST /api/v1/claims"]],
        renew=[answer(200, b"nonsense"), answer(200, {"results": []}), problem(503, "overloaded")],
    )
    seen = await work(server, lambda: server.count("POST /api/v1/leases/renew") >= 3, handler_waits=True)
    assert seen == ["1.1:A", "draining"]


async def test_a_registration_that_is_answered_late_is_repeated() -> None:
    server = Broken(register=[problem(503, "overloaded", 5), GOOD["POST /api/v1/agents"]])
    await work(server, lambda: server.count("POST /api/v1/claims") == 1)
    assert server.count("POST /api/v1/agents") == 2
