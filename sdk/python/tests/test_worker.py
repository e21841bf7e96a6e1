"""A worker's life at a real server."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from flotilla import (
    AgentReplacedError,
    Cancellation,
    Client,
    GiveBack,
    LeaseLostError,
    ProblemError,
    Result,
    Work,
    Worker,
    xml,
)

from .conftest import FOUR_TASKS_KEY, HELLO, HELLO_KEY, PATIENCE_S, Server, ServerOf, until
from .fake import Asked, losing


@asynccontextmanager
async def at_work(worker: Worker) -> AsyncIterator[asyncio.Task[None]]:
    """A worker at work in the background; drained in the end if it still is."""
    working = asyncio.create_task(worker.work())
    try:
        yield working
        worker.drain()
        async with asyncio.timeout(PATIENCE_S):
            await working
    finally:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)


async def launch(client: Client, cases: int = 1, specification: str = HELLO_KEY) -> list[str]:
    return [(await client.cases.launch(specification))["case"] for _ in range(cases)]


async def statuses(client: Client, cases: list[str]) -> set[str]:
    return {(await client.cases.get(case))["status"] for case in cases}


def done_with(wanted: int, seen: list[str]) -> Callable[[], bool]:
    return lambda: len(seen) >= wanted


async def test_a_worker_finishes_what_there_is_and_leaves(client: Client, server: Server) -> None:
    cases = await launch(client, 12)
    seen: list[str] = []
    busiest = 0
    worker = Worker(server.url, agent="whole-life", concurrency=4, metadata={"team": "tests"})

    @worker.handles("answer")  # capitals do not matter
    async def answer(work: Work) -> Result:
        nonlocal busiest
        busiest = max(busiest, len(worker.held))
        assert work.text("Question") == "What is the answer?"
        assert work.left_s > 0
        seen.append(work.case)
        return {"Reply": f"<{work.case} & more>"}

    async with at_work(worker):
        await until(lambda: set(cases) <= set(seen))
        known = await client.agents.get("whole-life")
        assert known["capabilities"] == ["answer"]
        assert known["metadata"] == {"team": "tests"}
    assert await statuses(client, cases) == {"completed"}
    assert len(seen) == len(set(seen))
    assert 1 < busiest <= 4
    with pytest.raises(ProblemError, match="no-such-agent"):
        await client.agents.get("whole-life")
    case = await client.cases.get(cases[0])
    assert case["output"] == f"<Hello><Reply>&lt;{cases[0]} &amp; more&gt;</Reply></Hello>"


async def test_each_capability_has_its_handler(client: Client, server: Server) -> None:
    (case,) = await launch(client, specification=FOUR_TASKS_KEY)
    worker = Worker(server.url, agent="four-tasks")
    done: list[str] = []

    @worker.handles("Take_order")
    async def take(work: Work) -> Result:
        return {"Order": {"Customer": "A & B", "Quantity": 3, "Express": True}}

    @worker.handles("Pick_goods")
    async def pick(work: Work) -> Result:
        return {"Picked": work.integer("Order/Quantity")}

    @worker.handles("Pack_parcel")
    async def pack(work: Work) -> Result:
        assert work.text("Label") == "A & B (express)"
        return "<Pack_parcel><Weight>7</Weight></Pack_parcel>"

    @worker.handles("Ship_parcel")
    async def ship(work: Work) -> Result:
        done.append(work.id)
        return {"Shipped": work.integer("Weight") == 7}

    async with at_work(worker):
        await until(done_with(1, done))
    detail = await client.cases.get(case)
    assert (detail["status"], detail.get("output")) == ("completed", "<Delivery><Shipped>true</Shipped></Delivery>")


async def test_a_handler_that_fails_is_asked_again_and_giving_back_counts_no_attempt(
    client: Client, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    (case,) = await launch(client)
    attempts: list[int] = []
    worker = Worker(server.url, agent="fails")

    @worker.handles("Answer")
    async def answer(work: Work) -> Result:
        attempts.append(work.attempt)
        match len(attempts):
            case 1:
                raise ValueError("not today")
            case 2:
                raise GiveBack
            case 3:
                return {"Reply": "one", "Unknown": "two"}
            case 4:
                return {"Reply": "\x00"}
            case _:
                return {"Reply": "done"}

    async with at_work(worker):
        await until(lambda: len(attempts) == 5)
    assert attempts == [1, 2, 2, 3, 4]
    assert await statuses(client, [case]) == {"completed"}
    told = caplog.text
    assert "the handler failed" in told
    assert "not today" in told
    assert "the result was refused: data-invalid" in told
    assert "XML cannot carry the character U+0000" in told


async def test_a_refused_result_can_be_mended(client: Client, server: Server) -> None:
    await launch(client, specification=FOUR_TASKS_KEY)
    broken: list[str] = []
    worker = Worker(server.url, agent="mends")

    @worker.handles("Take_order")
    async def take(work: Work) -> Result:
        order: dict[str, xml.Value] = {"Customer": "A", "Quantity": 101, "Express": False}
        try:
            await work.check_in({"Order": order})
        except ProblemError as refused:
            broken.extend(violation["path"] for violation in refused.violations)
        await work.check_in({"Order": order | {"Quantity": 100}})
        with pytest.raises(LeaseLostError, match="checked in or given back already"):
            await work.check_in({"Order": order})
        broken.append("mended")
        return {"passed": "over"}

    async with at_work(worker):
        await until(done_with(2, broken))
    assert broken == ["/Take_order/Order/Quantity", "mended"]


@pytest.mark.parametrize(
    ("listens", "term_s", "reasons"),
    [
        # By the first renewal, in two thirds of a second.
        (False, 2, {"no-such-item", "no-such-case", "stale-epoch"}),
        # By the event stream: the first renewal would be in minutes.
        (True, 3_600, {"case-cancelled"}),
    ],
)
async def test_a_handler_whose_case_is_cancelled_is_cancelled(
    server: Server, client: Client, listens: bool, term_s: float, reasons: set[str]
) -> None:
    started = asyncio.Event()
    seen: list[Cancellation | None] = []
    worker = Worker(server.url, agent=f"cancelled-{listens}", term_s=term_s, listens=listens)
    (case,) = await launch(client)

    @worker.handles("Answer")
    async def answer(work: Work) -> Result:
        started.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            seen.append(work.cancellation)
            with pytest.raises(LeaseLostError):
                await work.check_in({"Reply": "too late"})
            raise
        raise AssertionError("it waits for ever")

    async with at_work(worker):
        await started.wait()
        await client.cases.cancel(case)
        await until(lambda: len(seen) >= 1)
        assert worker.held == []
    assert seen[0] is not None
    assert seen[0].is_lost
    assert seen[0].reason in reasons


async def test_an_item_that_an_operator_takes_away_is_lost_and_its_late_result_does_not_count(
    server: Server, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "flotilla")
    (case,) = await launch(client)
    worker = Worker(server.url, agent="loses", term_s=1, listens=False)
    epochs: list[int] = []

    @worker.handles("Answer")
    async def answer(work: Work) -> Result:
        epochs.append(work.epoch)
        if len(epochs) == 1:
            # As another holder would: under our epoch, so that the server thinks that we did.
            await client.leases.give_back([{"item": work.id, "epoch": work.epoch}])
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                return {"Reply": "late"}
        return {"Reply": "in time"}

    async with at_work(worker):
        await until(lambda: len(epochs) == 2)
    assert epochs[0] < epochs[1]
    detail = await client.cases.get(case)
    assert detail.get("output") == "<Hello><Reply>in time</Reply></Hello>"
    assert "is lost: stale-epoch" in caplog.text


async def test_a_lease_is_renewed_for_as_long_as_its_handler_works(server: Server, client: Client) -> None:
    (case,) = await launch(client)
    worker = Worker(server.url, agent="slow", term_s=2)
    renewals: list[float] = []

    @worker.handles("Answer")
    async def answer(work: Work) -> Result:
        while len(renewals) < 4:
            await until(lambda: work.left_s < 1.6)
            await until(lambda: work.left_s > 1.6)
            renewals.append(work.left_s)
        return {"Reply": "at last"}

    async with at_work(worker):
        await until(lambda: len(renewals) == 4)
    assert await statuses(client, [case]) == {"completed"}


async def test_a_server_that_is_killed_and_comes_back_is_worked_for_as_before(server_of: ServerOf) -> None:
    server = server_of()
    async with Client(server.url) as client:
        await client.specifications.upload(HELLO)
        cases = await launch(client, 3)
        started, go_on = asyncio.Event(), asyncio.Event()
        seen: list[str] = []
        worker = Worker(server.url, agent="survives", term_s=5)

        @worker.handles("Answer")
        async def answer(work: Work) -> Result:
            started.set()
            await go_on.wait()
            seen.append(work.case)
            return {"Reply": "done"}

        async with at_work(worker):
            await started.wait()
            server.kill()
            go_on.set()
            await until(done_with(1, seen))
            server.start()
            await until(done_with(3, seen))
        assert await statuses(client, cases) == {"completed"}
        assert sorted(seen) == sorted(cases)


async def test_a_server_that_has_forgotten_the_agent_is_told_anew(server_of: ServerOf, tmp_path: Path) -> None:
    server = server_of(FLOTILLA_AGENTS_STALE_AFTER_MS="1000", FLOTILLA_AGENTS_DEAD_AFTER_MS="2000")
    seen: list[str] = []
    worker = Worker(server.url, agent="forgotten", claim_s=0.2)

    @worker.handles("Answer")
    async def answer(work: Work) -> Result:
        seen.append(work.case)
        return {"Reply": "done"}

    async with Client(server.url) as client, at_work(worker):
        for data in ("first", "second"):
            await client.specifications.upload(HELLO)
            seen.clear()
            await launch(client)
            await until(done_with(1, seen))
            if data == "first":
                server.forget(tmp_path / "other")


async def test_two_processes_cannot_share_a_name(server: Server) -> None:
    first, second = Worker(server.url, agent="twins", claim_s=0.1), Worker(server.url, agent="twins", claim_s=0.1)
    for worker in (first, second):

        @worker.handles("Nothing")
        async def nothing(work: Work) -> Result:
            return None

    async with Client(server.url) as client:
        replaced = asyncio.create_task(first.work())
        async with asyncio.timeout(PATIENCE_S):
            while [agent async for agent in client.agents.each(capability="nothing")] == []:
                await asyncio.sleep(0.01)
            async with at_work(second):
                with pytest.raises(AgentReplacedError, match="give each process a name of its own"):
                    await replaced
                assert (await client.agents.get("twins"))["liveness"] == "live"


async def test_a_worker_that_drains_waits_for_its_handlers_and_claims_nothing_more(
    server: Server, client: Client
) -> None:
    (case,) = await launch(client)
    started, go_on = asyncio.Event(), asyncio.Event()
    worker = Worker(server.url, agent="drains")

    @worker.handles("Answer")
    async def answer(work: Work) -> Result:
        started.set()
        await go_on.wait()
        return {"Reply": "done"}

    async with at_work(worker) as working:
        await started.wait()
        worker.drain()
        (other,) = await launch(client)
        go_on.set()
        async with asyncio.timeout(PATIENCE_S):
            await working
    assert await statuses(client, [case]) == {"completed"}
    assert await statuses(client, [other]) == {"running"}
    await client.cases.cancel(other)


async def test_what_is_not_done_when_the_time_is_over_is_given_back_unharmed(server: Server, client: Client) -> None:
    (case,) = await launch(client)
    reasons: list[str] = []
    started = asyncio.Event()
    worker = Worker(server.url, agent="gives-back", drain_s=0.05)

    @worker.handles("Answer")
    async def answer(work: Work) -> Result:
        started.set()
        try:
            await asyncio.Event().wait()
        finally:
            assert work.cancellation is not None
            reasons.append(work.cancellation.reason)
        return None

    async with at_work(worker):
        await started.wait()
    assert reasons == ["draining"]
    (item,) = [item async for item in client.work_items.each(case=case, status="Fired")]
    lease = item.get("lease")
    assert lease is not None
    assert (lease["standing"], lease["attempts"]) == ("free", 0)
    await client.cases.cancel(case)


async def test_stopping_waits_for_nobody(server: Server, client: Client) -> None:
    (case,) = await launch(client)
    started = asyncio.Event()
    worker = Worker(server.url, agent="stops", drain_s=10_000)

    @worker.handles("Answer")
    async def answer(work: Work) -> Result:
        started.set()
        await asyncio.Event().wait()
        return None

    async with at_work(worker):
        await started.wait()
        worker.drain()
        worker.stop()
    assert [item["status"] async for item in client.work_items.each(case=case, lease="free")] == ["Fired"]
    await client.cases.cancel(case)


async def test_a_worker_that_is_cancelled_gives_back_what_it_holds(server: Server, client: Client) -> None:
    (case,) = await launch(client)
    started = asyncio.Event()
    worker = Worker(server.url, agent="is-cancelled")

    @worker.handles("Answer")
    async def answer(work: Work) -> Result:
        started.set()
        await asyncio.Event().wait()
        return None

    working = asyncio.create_task(worker.work())
    await started.wait()
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
    assert [item["status"] async for item in client.work_items.each(case=case, lease="free")] == ["Fired"]
    await client.cases.cancel(case)


async def test_a_result_whose_answer_is_lost_counts_once(server: Server, client: Client) -> None:
    (case,) = await launch(client)
    lost: list[str] = []

    def is_lost(asked: Asked) -> bool:
        if asked.path.endswith("/checkin") and len(lost) < 2:
            lost.append(asked.headers["idempotency-key"])
            return True
        return False

    async with losing(server.url, is_lost) as through:
        worker = Worker(through, agent="unheard", listens=False)

        @worker.handles("Answer")
        async def answer(work: Work) -> Result:
            return {"Reply": "once"}

        async with at_work(worker):
            await until(done_with(2, lost))
    assert lost[0] == lost[1]
    detail = await client.cases.get(case)
    assert (detail["status"], detail.get("output")) == ("completed", "<Hello><Reply>once</Reply></Hello>")
    happened = [entry["event"] async for entry in client.cases.history(case)]
    assert happened.count("completed") == 1


async def test_an_operator_can_drain_a_worker(server: Server) -> None:
    worker = Worker(server.url, agent="sent-home", claim_s=0.1)

    @worker.handles("Nothing at all")
    async def nothing(work: Work) -> Result:
        return None

    async with Client(server.url) as client, at_work(worker) as working:
        async with asyncio.timeout(PATIENCE_S):
            while isinstance((await client.agents.drain(["sent-home"]))[0], ProblemError):
                await asyncio.sleep(0.01)
            await working


async def test_an_item_is_handed_from_one_worker_to_another(server: Server, client: Client) -> None:
    (case,) = await launch(client)
    tokens: asyncio.Queue[str] = asyncio.Queue()
    reasons: list[str] = []
    sender = Worker(server.url, agent="sender", term_s=1)
    receiver = Worker(server.url, agent="receiver", claim_s=0)
    done: list[str] = []

    @sender.handles("Answer")
    async def send(work: Work) -> Result:
        tokens.put_nowait((await work.hand_off("receiver"))["token"])
        try:
            await asyncio.Event().wait()
        finally:
            assert work.cancellation is not None
            reasons.append(work.cancellation.reason)
        return None

    async with at_work(sender):
        token_waits = asyncio.create_task(tokens.get())

        # It can do what is handed to it, and finds no work of its own.
        @receiver.handles("Answer")
        async def receive(work: Work) -> Result:
            done.append(work.id)
            return {"Reply": f"from {receiver.agent}"}

        # The sender must have it before the receiver is there.
        await until(lambda: len(sender.held) == 1)
        async with at_work(receiver):
            token = await token_waits
            work = await receiver.accept_hand_off(token)
            assert work.case == case
            await until(done_with(1, done))
            await until(lambda: len(reasons) == 1)
    detail = await client.cases.get(case)
    assert detail.get("output") == "<Hello><Reply>from receiver</Reply></Hello>"
    assert reasons[0] in (
        "handed-off",
        "stale-epoch",
        "wrong-holder",
        "no-such-item",
        "no-such-case",
        "completed-elsewhere",
    )


def test_what_cannot_be_a_worker_is_refused_at_once() -> None:
    for wrong in ({"concurrency": 0}, {"concurrency": 1_001}, {"term_s": 0.5}, {"claim_s": 61}):
        with pytest.raises(ValueError, match="allowed are"):
            Worker(agent="a", **wrong)
    worker = Worker(agent="a")
    with pytest.raises(TypeError, match="write `async def`"):
        worker.handles("A")(lambda work: None)  # type: ignore[type-var]

    @worker.handles("A")
    async def first(work: Work) -> Result:
        return None

    with pytest.raises(ValueError, match="'a' has a handler already"):
        worker.handles("a")(first)


async def test_a_worker_without_a_handler_has_nothing_to_do() -> None:
    with pytest.raises(ValueError, match="no handler"):
        await Worker(agent="a").work()


async def test_a_registration_that_the_server_refuses_ends_the_worker(server: Server) -> None:
    worker = Worker(server.url, agent="not a name!")

    @worker.handles("Answer")
    async def answer(work: Work) -> Result:
        return None

    with pytest.raises(ProblemError, match="not-an-agent-id"):
        await worker.work()
