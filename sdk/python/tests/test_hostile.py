"""What answers need not be a Flotilla server, nor a good one."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from flotilla import AnswerError, Client, ProblemError, Retry, TransportError
from flotilla.transport import path

from .fake import Asked, always, answer, fake, problem

#: For tests that want to see the first failure.
ONCE = Retry(attempts_max=1)
#: For those that count repetitions.
QUICK = Retry(attempts_max=4, base_s=0.001, cap_s=0.002)


@pytest.mark.parametrize(
    ("bytes_", "message"),
    [
        (answer(200, b"<html>welcome</html>", "text/html"), "the answer is no JSON"),
        (answer(200, b"[" * 100_000), "the answer is no JSON"),
        (answer(200, b'{"case":\xff}'), "the answer is no JSON"),
        (answer(200, []), "the answer is no CaseDetail: \\$ is of type list"),
        (answer(200, {"case": 7}), "the answer is no CaseDetail"),
        (answer(200, {}, content_encoding="gzip"), "the answer is encoded as gzip"),
        (answer(302, {}, location="http://127.0.0.1:1/"), "status 302, and no problem of Flotilla's"),
        (answer(404, b"not here", "text/plain"), "status 404, and no problem of Flotilla's: 'not here'"),
        (answer(500, {"code": 7}), "status 500, and no problem of Flotilla's"),
    ],
)
async def test_what_is_no_answer_of_flotillas_is_refused(bytes_: bytes, message: str) -> None:
    say, asked = always(bytes_)
    async with fake(say) as url, Client(url, retry=ONCE) as client:
        with pytest.raises(AnswerError, match=message):
            await client.cases.get("1")
    assert len(asked) == 1


async def test_a_body_without_end_is_not_read_to_it() -> None:
    async def say(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
            await writer.drain()

    async with fake(say) as url, Client(url, answer_bytes_max=1_000_000) as client:
        with pytest.raises(AnswerError, match="more than 1000000 bytes"):
            await client.cases.get("1")


async def test_an_answer_that_does_not_come_is_not_waited_for() -> None:
    async def say(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{")
        await writer.drain()
        await asyncio.Event().wait()

    async with fake(say) as url, Client(url).with_retry(ONCE, attempt_s_max=0.05) as client:
        with pytest.raises(TransportError, match="no whole answer came within") as caught:
            await client.cases.get("1")
    assert caught.value.sent


async def test_an_answer_that_breaks_off_is_asked_for_again_with_the_same_key() -> None:
    done = answer(201, {"case": "1", "specification": "S", "status": "running", "launched_at": "2026-11-21T17:00:00Z"})
    keys: list[str] = []

    async def say(asked: Asked, writer: asyncio.StreamWriter) -> None:
        keys.append(asked.headers["idempotency-key"])
        writer.write(done if len(keys) == 3 else done[:-5])
        if len(keys) < 3:
            writer.close()

    async with fake(say) as url, Client(url, retry=QUICK) as client:
        assert (await client.cases.launch("S"))["case"] == "1"
    assert len(keys) == 3
    assert len(set(keys)) == 1


async def test_a_claim_whose_answer_was_lost_is_not_repeated_and_one_that_was_refused_is() -> None:
    asked: list[Asked] = []

    async def say(request: Asked, writer: asyncio.StreamWriter) -> None:
        asked.append(request)
        if len(asked) == 1:
            writer.write(problem(503, "overloaded", 1))
        else:
            writer.close()

    async with fake(say) as url, Client(url, retry=QUICK) as client:
        with pytest.raises(TransportError):
            await client.claims.claim("ann", 1)
    assert len(asked) == 2


async def test_nobody_listens() -> None:
    say, _ = always(b"")
    async with fake(say) as url:
        pass
    async with Client(url, retry=QUICK) as client:
        with pytest.raises(TransportError) as caught:
            await client.claims.claim("ann", 1)
    assert not caught.value.sent


@pytest.mark.parametrize(
    ("refusal", "attempts"),
    [
        (problem(503, "overloaded"), 4),
        (problem(503, "stopping"), 4),
        (problem(504, "decision-timeout"), 4),
        (problem(408, "request-timeout"), 4),
        (problem(429, "too-many-streams", 1), 4),
        (problem(503, "fault"), 1),
        (problem(500, "internal"), 1),
        (problem(404, "no-such-case"), 1),
        (problem(503, "overloaded", 10**9), 1),
        (answer(502, b"bad gateway", "text/plain"), 4),
    ],
)
async def test_what_passes_is_repeated_and_what_does_not_is_not(refusal: bytes, attempts: int) -> None:
    say, asked = always(refusal)
    async with fake(say) as url, Client(url, retry=QUICK) as client:
        with pytest.raises((ProblemError, AnswerError)):
            await client.cases.get("1")
    assert len(asked) == attempts


async def test_a_server_is_given_the_time_that_it_asks_for() -> None:
    found: dict[str, Any] = {"items": [], "next": None, "partial": False}
    say, asked = always(problem(503, "overloaded", 80), answer(200, found))
    loop = asyncio.get_running_loop()
    async with fake(say) as url, Client(url, retry=QUICK) as client:
        began_s = loop.time()
        await client.marketplace.search({"kind": "all-live"})
    assert loop.time() - began_s >= 0.08
    assert len(asked) == 2


@pytest.mark.parametrize("results", [[], [{}] * 3, "no list", None])
async def test_a_batch_that_is_not_answered_entry_by_entry_is_refused(results: object) -> None:
    say, _ = always(answer(200, {"results": results}))
    async with fake(say) as url, Client(url) as client:
        with pytest.raises(AnswerError):
            await client.leases.renew([{"item": "a", "epoch": 1}, {"item": "b", "epoch": 1}])


async def test_a_list_that_goes_round_in_circles_comes_to_an_end() -> None:
    say, asked = always(answer(200, {"items": [], "next": "x"}))
    async with fake(say) as url, Client(url) as client:
        assert [item async for item in client.work_items.each()] == []
    assert [one.path for one in asked] == ["/api/v1/work-items", "/api/v1/work-items?after=x"]


async def test_no_id_leads_to_another_path() -> None:
    say, asked = always(answer(200, {}))
    async with fake(say) as url, Client(url, retry=ONCE) as client:
        with pytest.raises(AnswerError):
            await client.work_items.get("1.1:A/../?#ü")
        for wrong in ("", ".", ".."):
            with pytest.raises(ValueError, match="is no id"):
                await client.cases.get(wrong)
    assert [one.path for one in asked] == ["/api/v1/work-items/1.1%3AA%2F..%2F%3F%23%C3%BC"]
    assert path("cases", 7, "history") == "cases/7/history"


@pytest.mark.parametrize("url", ["localhost:8080", "ftp://localhost", "http://", "", "//host"])
def test_what_is_no_address_is_refused_with_an_example(url: str) -> None:
    with pytest.raises(ValueError, match="write it as http://localhost:8080"):
        Client(url)


async def test_a_refusal_carries_all_that_the_server_said() -> None:
    violation = {"path": "/A/B", "rule": "maxInclusive", "value": "7", "message": "7 is more than 5"}
    body: dict[str, Any] = {
        "type": "t",
        "title": "t",
        "status": 422,
        "code": "data-invalid",
        "detail": "see violations",
    }
    say, _ = always(answer(422, body | {"violations": [violation]}, "application/problem+json"))
    async with fake(say) as url, Client(url) as client:
        with pytest.raises(ProblemError) as caught:
            await client.cases.launch("S")
    refused = caught.value
    assert (refused.code, refused.status, refused.detail) == ("data-invalid", 422, "see violations")
    assert refused.violations == [violation]
    assert refused.findings == []
    assert refused.retry_after_ms is None
    assert str(refused) == "data-invalid: see violations"
