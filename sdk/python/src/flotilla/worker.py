"""The worker: one agent at work, as its author describes it."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import logging
import signal
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

from flotilla.api.claims import ITEMS_MAX, WAIT_S_MAX
from flotilla.client import Client
from flotilla.shift import Handler, Orders, Plan, Shift
from flotilla.types import Offering, Registration
from flotilla.work import Work

HandlerT = TypeVar("HandlerT", bound=Callable[[Work], Awaitable[Any]])
log = logging.getLogger("flotilla")

#: How long one claim waits for work, in seconds.
CLAIM_S = 30.0
#: How long handlers have to end when a worker drains, in seconds.
DRAIN_S = 30.0


class Worker:
    """One agent at work.

    ::

        worker = Worker("http://localhost:8080", agent="ann")

        @worker.handles("Answer")
        async def answer(work: Work) -> Result:
            return {"Reply": f"You asked: {work.text('Question')}"}

        worker.run()

    A handler gets a :class:`~flotilla.Work` and ends in one of these ways:

    ===================================  ==============================================================================
    returns a result                     it is checked in: a mapping below a root of the input's name, or XML text
    raises :class:`~flotilla.GiveBack`   the item is given back; others may claim it at once, no attempt is counted
    raises anything else                 the item is failed: it rests, and is a dead letter after too many attempts
    returns what the server refuses      the same: asking again would give the same answer
    is cancelled                         the item was lost, or the worker drains and gives it back
    ===================================  ==============================================================================

    Args:
        server: an address such as ``http://localhost:8080``, or a :class:`~flotilla.Client`, which stays open.
        agent: the agent's name, unique on the server: 1 to 128 letters, digits and ``. _ : @ / -``.
        concurrency: how many items are worked on at once, 1 to 1,000.
        term_s: how long the worker may be silent on an item before others get it, 1 to 86,400.
        claim_s: how long one claim waits for work, 0 to 60.
        drain_s: how long handlers have to end when the worker drains.
        listens: whether to open the session's event stream, by which cancellations come sooner.
        name, description, version, endpoint, metadata, offering: what the registration says of the agent.
    """

    def __init__(
        self,
        server: str | Client = "http://localhost:8080",
        *,
        agent: str,
        concurrency: int = 1,
        term_s: float = 60.0,
        claim_s: float = CLAIM_S,
        drain_s: float = DRAIN_S,
        listens: bool = True,
        name: str = "",
        description: str = "",
        version: str = "",
        endpoint: str = "",
        metadata: Mapping[str, str] | None = None,
        offering: Offering | None = None,
    ) -> None:
        _within("concurrency", concurrency, 1, ITEMS_MAX)
        _within("term_s", term_s, 1, 86_400)
        _within("claim_s", claim_s, 0, WAIT_S_MAX)
        self._owns_client = isinstance(server, str)
        #: For what a handler wants to ask the server.
        self.client: Client = Client(server) if isinstance(server, str) else server
        registration: Registration = {
            "agent": agent,
            "capabilities": [],
            "name": name,
            "description": description,
            "version": version,
            "endpoint": endpoint,
            "metadata": dict(metadata or {}),
        }
        if offering is not None:
            registration["offering"] = offering
        self._handlers: dict[str, Handler] = {}
        self._plan = Plan(registration, self._handlers, concurrency, term_s, claim_s, drain_s, listens)
        self._orders = Orders()
        self._shift: Shift | None = None

    @property
    def agent(self) -> str:
        """The agent's name."""
        return self._plan.registration["agent"]

    @property
    def held(self) -> list[Work]:
        """What it works on now."""
        return [] if self._shift is None else self._shift.held

    async def accept_hand_off(self, token: str) -> Work:
        """Takes an item that another agent hands off, and gives it to the handler of its capability.

        An item may be taken beyond `concurrency`: somebody chose this agent for it.

        Raises:
            ProblemError: ``hand-off-forged``, ``hand-off-expired``, ``hand-off-used``, ``hand-off-wrong-agent``.
            RuntimeError: the worker is not at work.
        """
        if self._shift is None:
            raise RuntimeError("the worker is not at work: call it from a handler, or beside `work()`")
        return await self._shift.accept_hand_off(token)

    def handles(self, capability: str) -> Callable[[HandlerT], HandlerT]:
        """Makes a function the handler of a capability: of what a task asks for, by default its decomposition's id.

        Capitals do not matter. The function is asynchronous, takes a :class:`~flotilla.Work` and returns the result;
        what blocks in it goes through :func:`asyncio.to_thread`.
        """

        def register(handler: HandlerT) -> HandlerT:
            call = getattr(handler, "__call__", handler)  # noqa: B004  # an object with an asynchronous __call__ will do
            if not inspect.iscoroutinefunction(handler) and not inspect.iscoroutinefunction(call):
                raise TypeError(f"{handler!r} is not asynchronous: write `async def`")
            if capability.lower() in self._handlers:
                raise ValueError(f"{capability!r} has a handler already")
            self._handlers[capability.lower()] = handler
            self._plan.registration["capabilities"] = [*self._plan.registration["capabilities"], capability]
            return handler

        return register

    def run(self) -> None:
        """Works until SIGINT (Ctrl-C) or SIGTERM, then drains; a second signal gives everything back at once.

        Raises:
            AgentReplacedError: another process has the agent's name.
            ProblemError: the server refuses the agent for good.
        """
        asyncio.run(self._run())

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            # Where there are no signals, Ctrl-C ends asyncio.run, which cancels us.
            with contextlib.suppress(NotImplementedError):
                loop.add_signal_handler(number, self._on_signal)
        await self.work()

    def _on_signal(self) -> None:
        if self._orders.draining.is_set():
            self.stop()
        else:
            log.info("%s drains; once more, and it gives back what it holds", self.agent)
            self.drain()

    def drain(self) -> None:
        """Claims no more, lets handlers end for up to `drain_s`, gives back what is left, and leaves."""
        self._orders.draining.set()

    def stop(self) -> None:
        """Drains without waiting for handlers: cancels them, gives their items back, and leaves."""
        self._orders.stopping.set()
        self._orders.draining.set()

    async def work(self) -> None:
        """Works until it is told to drain, and has done so. To be awaited where :meth:`run` is too much.

        Cancelling it gives everything back at once.

        Raises:
            AgentReplacedError: another process has the agent's name.
            ProblemError: the server refuses the agent for good.
        """
        if not self._handlers:
            raise ValueError("the worker has no handler: decorate one with @worker.handles(...)")
        if self._shift is not None:
            raise RuntimeError("a worker works once")
        self._shift = Shift(self.client, self._plan, self._orders)
        try:
            await self._shift.work()
        finally:
            if self._owns_client:
                await self.client.close()


def _within(name: str, value: float, least: float, most: float) -> None:
    if not least <= value <= most:
        raise ValueError(f"{name} is {value}, allowed are {least} to {most}")
