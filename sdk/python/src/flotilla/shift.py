"""A worker's shift: from its registration until it has drained.

Four tasks at once: claims, renewals of the session, renewals of leases, the event stream; and one for each handler.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

from flotilla import events, tracing
from flotilla.client import Client
from flotilla.errors import AgentReplacedError, FlotillaError, GiveBack, LeaseLostError, ProblemError
from flotilla.holdings import CANCELLED_S_MAX, Held, Holdings
from flotilla.keeper import Keeper
from flotilla.presence import Presence, is_final
from flotilla.retry import ONCE, Pauses
from flotilla.types import Claimed, ClaimedItem, Registration
from flotilla.work import DRAINING, Result, Work

T = TypeVar("T")
log = logging.getLogger("flotilla")

#: Does the work of one capability.
Handler: TypeAlias = Callable[[Work], Awaitable[Result]]

#: How long one attempt to reach the server may take, in seconds: a quarter of a lease's term, within these bounds.
ATTEMPT_S_MIN, ATTEMPT_S_MAX = 5.0, 10.0
#: How long a claim that waits when the worker drains may still bring items, to be given back. Once the server has heard
#: that the agent stops it gives none, and what it gave before is on its way.
LAST_CLAIM_S = 0.25
#: How often an agent in quarantine asks whether it still is.
QUARANTINE_MS = 30_000


@dataclass(frozen=True, slots=True)
class Plan:
    """How a worker is to work."""

    registration: Registration
    #: By capability, in small letters.
    handlers: Mapping[str, Handler]
    concurrency: int
    term_s: float
    claim_s: float
    drain_s: float
    listens: bool


@dataclass(frozen=True, slots=True)
class Orders:
    """What a worker is told while it works."""

    #: Claim no more, and leave when all is done.
    draining: asyncio.Event = field(default_factory=asyncio.Event)
    #: Wait for no handler.
    stopping: asyncio.Event = field(default_factory=asyncio.Event)


class Shift:
    """One worker's working life."""

    def __init__(self, client: Client, plan: Plan, orders: Orders) -> None:
        # What a worker asks it repeats itself, and an answer that is late for a lease is of no use.
        self._client = client.with_retry(ONCE, min(max(plan.term_s / 4, ATTEMPT_S_MIN), ATTEMPT_S_MAX))
        self._plan = plan
        self._orders = orders
        self._presence = Presence(self._client, plan.registration, socket.gethostname()[:128])
        self._holdings = Holdings(self._client)
        #: Handlers that run, those of lost items included: each takes one of the places.
        self._running: set[asyncio.Task[None]] = set()
        self._room = asyncio.Event()
        self._error: FlotillaError | None = None

    @property
    def held(self) -> list[Work]:
        """What is worked on now."""
        return [held.work for held in self._holdings]

    async def work(self) -> None:
        """Works until it is told to drain, and has done so."""
        background: list[asyncio.Task[None]] = []
        try:
            if await self._unless_draining(self._presence.enter()) is not _DRAINED:
                keeping = [self._presence.keep(), self._holdings.keep()]
                if self._plan.listens:
                    keeping.append(self._listen())
                background += [asyncio.create_task(self._watched(keep)) for keep in keeping]
                await self._claim_until_draining()
        except asyncio.CancelledError:
            self._orders.stopping.set()
            raise
        finally:
            self._orders.draining.set()
            await self._finish()
            await _end(background)
            await self._presence.leave()
        if self._error is not None:
            raise self._error

    async def accept_hand_off(self, token: str) -> Work:
        """Takes an item that another agent hands off."""
        asked_s = asyncio.get_running_loop().time()
        registration, epoch = self._plan.registration, self._presence.epoch
        item = await self._client.claims.accept_hand_off(token, registration["agent"], epoch)
        return self._start(item, asked_s)

    # Claims

    async def _claim_until_draining(self) -> None:
        pauses = Pauses()
        while not self._orders.draining.is_set():
            free = self._plan.concurrency - len(self._running)
            if free <= 0:
                self._room.clear()
                await self._unless_draining(self._room.wait())
                continue
            epoch, asked_s = self._presence.epoch, asyncio.get_running_loop().time()
            try:
                claimed = await self._claim(free)
            except FlotillaError as error:
                await self._unless_draining(self._after(error, epoch, pauses))
                continue
            pauses.reset()
            for item in claimed["items"]:
                self._start(item, asked_s)
            after_ms = claimed.get("retry_after_ms")
            if not claimed["items"] and not self._orders.draining.is_set():
                await self._unless_draining(asyncio.sleep((after_ms or 0) / 1_000))

    async def _claim(self, free: int) -> Claimed:
        """Claims for as many items as there is room. When the worker drains the claim ends, and brings what it got."""
        claim = asyncio.create_task(
            self._client.claims.claim(
                self._plan.registration["agent"],
                self._presence.epoch,
                items_max=free,
                wait_s=self._plan.claim_s,
                term_s=self._plan.term_s,
            )
        )
        try:
            await self._race(claim)
            if not claim.done():
                await self._presence.say("STOPPING")
                await asyncio.wait([claim], timeout=LAST_CLAIM_S)
            return claim.result() if claim.done() else {"items": []}
        finally:
            claim.cancel()

    async def _after(self, error: FlotillaError, epoch: int, pauses: Pauses) -> None:
        """Does what a claim that failed asks for, and waits."""
        after_ms = None
        try:
            after_ms = await self._mend(error, epoch)
        except AgentReplacedError:
            raise
        except FlotillaError as worse:
            if is_final(worse):
                raise
            log.warning("no claim was answered: %s", worse)
            after_ms = worse.retry_after_ms if isinstance(worse, ProblemError) else None
        await pauses.take(after_ms)

    async def _mend(self, error: FlotillaError, epoch: int) -> int | None:
        """Does away with the reason why a claim failed. How long to wait then, if that was said."""
        code = error.code if isinstance(error, ProblemError) else None
        match code:
            case "no-such-agent" | "stale-agent":
                await self._presence.ask_after(epoch)
            case "agent-not-renewed":
                await self._presence.renew()
            case "agent-not-ready":
                await self._presence.say("DISCOVERING")
            case "agent-draining":
                log.info("an operator drains %s", self._plan.registration["agent"])
                self._orders.draining.set()
            case "agent-quarantined":
                log.warning("%s", error)
                return QUARANTINE_MS
            case _:
                raise error
        return None

    # Handlers

    def _start(self, item: ClaimedItem, asked_s: float) -> Work:
        """Gives an item to its handler."""
        keeper = Keeper(self._client, self._holdings, self._plan.registration["agent"])
        held = Held(Work(item, keeper), asked_s)
        keeper.keep(held)
        self._holdings.add(held)
        task = asyncio.create_task(self._handle(held), name=f"flotilla {held.work.id}")
        held.task = task
        self._running.add(task)
        task.add_done_callback(self._ended)
        self._tell()
        return held.work

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._room.set()
        self._tell()

    def _tell(self) -> None:
        """What the agent is doing is said with its next renewal."""
        if not self._orders.draining.is_set():
            self._presence.state = "PROCESSING" if self._running else "DISCOVERING"

    async def _handle(self, held: Held) -> None:
        """Runs the handler, and does what its end means."""
        work = held.work
        handler = self._plan.handlers.get(work.capability.lower())
        attributes: dict[str, str | int] = {
            "flotilla.item": work.id,
            "flotilla.case": work.case,
            "flotilla.task": work.task,
            "flotilla.attempt": work.attempt,
        }
        try:
            if self._orders.draining.is_set() or handler is None:
                raise GiveBack
            with tracing.span(f"work {work.capability}", work.traceparent, attributes):
                result = await handler(work)
                if not work.is_ended and not work.is_lost:
                    await work.check_in(result)
        except LeaseLostError as lost:
            log.info("the result does not count: %s", lost)
        except GiveBack:
            await self._close(work, work.give_back)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if work.cancellation is None and task is not None and task.cancelling():
                raise  # the loop is being closed
            # Without a cancellation of ours, the handler waited for something else that was cancelled: it failed.
            await self._close(work, work.fail if work.cancellation is None else work.give_back)
        except ProblemError as refused:
            log.error("%s: the result was refused: %s %s", work, refused, refused.violations or "")
            await self._close(work, work.fail)
        except Exception:
            log.exception("%s: the handler failed", work)
            await self._close(work, work.fail)
        finally:
            # Whatever could not be given back is not renewed any more.
            self._holdings.remove(held)

    async def _close(self, work: Work, how: Callable[[], Awaitable[None]]) -> None:
        """Gives an item back in one way or another, unless it is over or lost."""
        if work.is_ended or work.is_lost:
            return
        try:
            await how()
        except FlotillaError as error:
            log.warning("%s could not be given back, its lease ends by itself: %s", work, error)

    # The event stream

    async def _listen(self) -> None:
        """Hears what becomes of the items, for as long as the server has a stream."""
        pauses = Pauses()
        while True:
            after_ms = None
            session = self._presence.session
            assert session is not None, "a worker listens after it has entered"
            try:
                async for event in self._client.sessions.events(session):
                    if not isinstance(event, events.Lagged):
                        pauses.reset()
                    self._holdings.on_event(event)
            except ProblemError as problem:
                if problem.code == "no-such-route":
                    log.info("the server has no event stream: cancellations come with renewals")
                    return
                after_ms = problem.retry_after_ms
            except FlotillaError as error:
                log.debug("the event stream broke: %s", error)
            await pauses.take(after_ms)

    # Draining

    async def _finish(self) -> None:
        """Lets handlers end, cancels those that do not, and gives their items back."""
        if self._presence.session is not None:
            await self._presence.say("STOPPING")
        if self._running and not self._orders.stopping.is_set():
            ended = asyncio.create_task(_all(self._running))
            hurried = asyncio.create_task(self._orders.stopping.wait())
            await asyncio.wait([ended, hurried], timeout=self._plan.drain_s, return_when=asyncio.FIRST_COMPLETED)
            await _end([ended, hurried])
        for held in self._holdings:
            held.cancel(DRAINING)
        if self._running:
            await asyncio.wait(self._running, timeout=CANCELLED_S_MAX)
        for held in self._holdings:
            log.error("%s: the handler does not end; its item is given back", held.work)
            await self._close(held.work, held.work.give_back)

    async def _watched(self, keep: Coroutine[Any, Any, None]) -> None:
        """Runs what is kept up in the background. If it cannot be, the worker drains and ends with the reason."""
        try:
            await keep
        except FlotillaError as error:
            self._error = error
            self._orders.draining.set()

    async def _unless_draining(self, call: Coroutine[Any, Any, T]) -> T | object:
        """Awaits `call`, and drops it when the worker drains."""
        task = asyncio.create_task(call)
        try:
            await self._race(task)
            return task.result() if task.done() else _DRAINED
        finally:
            task.cancel()

    async def _race(self, task: asyncio.Task[T]) -> None:
        """Waits for a task, or for the worker to drain."""
        draining = asyncio.create_task(self._orders.draining.wait())
        try:
            await asyncio.wait([task, draining], return_when=asyncio.FIRST_COMPLETED)
        finally:
            draining.cancel()


#: In place of the answer to a call that was dropped because the worker drains.
_DRAINED = object()


async def _all(tasks: set[asyncio.Task[None]]) -> None:
    while tasks:
        await asyncio.wait(tasks)


async def _end(tasks: list[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
