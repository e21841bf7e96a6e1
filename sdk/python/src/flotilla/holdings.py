"""What a worker holds: items with their leases, renewed in batches, taken from their handlers when they are lost."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from flotilla import events
from flotilla.client import Client
from flotilla.errors import FlotillaError, ProblemError
from flotilla.retry import Pauses, Retry
from flotilla.transport import Repeat, may_repeat
from flotilla.types import LeaseRenewal
from flotilla.work import Cancellation, Work

log = logging.getLogger("flotilla")

#: Leases of one renewal: what the server takes.
BATCH_MAX = 10_000
#: Renewals that failed are repeated at this pace: a lease should live through a short outage.
PACE = Retry(cap_s=2.0)
#: How long a cancelled handler has to end by itself.
CANCELLED_S_MAX = 5.0


class Held:
    """One item, and the handler that works on it."""

    def __init__(self, work: Work, asked_s: float) -> None:
        self.work = work
        self.task: asyncio.Task[None] | None = None
        #: When its lease is to be renewed, a moment of the event loop.
        self.due_s = 0.0
        #: Whether its result, or its return, is on the way: the answer to that decides what becomes of it.
        self.is_ending = False
        #: Whether it was said to be lost in that time.
        self.is_doubtful = False
        self.renewed(work.term_ms, asked_s)

    def renewed(self, left_ms: int, asked_s: float) -> None:
        """Its lease lasts for `left_ms` from `asked_s` on."""
        self.work.renewed(left_ms, asked_s)
        # Two renewals may be lost.
        self.due_s = asked_s + left_ms / 3_000

    def cancel(self, reason: str) -> None:
        """Ends its handler, for this reason."""
        if self.work.cancellation is None:
            self.work.cancellation = Cancellation(reason)
        if self.task is not None:
            self.task.cancel(reason)


class Holdings:
    """All items that a worker holds."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._held: dict[str, Held] = {}
        self._look = asyncio.Event()

    def __len__(self) -> int:
        return len(self._held)

    def __iter__(self) -> Iterator[Held]:
        return iter(list(self._held.values()))

    def add(self, held: Held) -> None:
        """Takes an item in."""
        self._held[held.work.id] = held
        self._look.set()

    def remove(self, held: Held) -> None:
        """Lets go of an item."""
        if self._held.get(held.work.id) is held:
            del self._held[held.work.id]

    def on_event(self, event: events.Event) -> None:
        """Does what an event of the session's stream asks for. What it says of other leases is old."""
        if isinstance(event, events.Lagged):
            return self.renew_soon()
        held = self._held.get(event.item)
        if held is None or held.work.epoch != event.epoch:
            return
        match event:
            case events.Cancelled():
                self._lose(held, event.reason)
            case events.LeaseEnded():
                self._lose(held, "lease-ended")
            case events.LeaseEnding():
                held.due_s = 0.0
                self._look.set()

    def renew_soon(self) -> None:
        """Renews everything now: the answers say what was lost unheard."""
        for held in self._held.values():
            held.due_s = 0.0
        self._look.set()

    def _lose(self, held: Held, reason: str) -> None:
        if held.is_ending:
            # Perhaps our own result made it go. If it did not, the next renewal says so.
            held.is_doubtful = True
            held.due_s = asyncio.get_running_loop().time() + PACE.cap_s
            return
        log.info("%s is lost: %s", held.work.id, reason)
        held.cancel(reason)
        self.remove(held)

    async def keep(self) -> None:
        """Renews leases for as long as it runs."""
        pauses = Pauses(PACE)
        while True:
            await self._until_due()
            now_s = asyncio.get_running_loop().time()
            due = [held for held in self if held.due_s <= now_s]
            try:
                for start in range(0, len(due), BATCH_MAX):
                    await self._renew(due[start : start + BATCH_MAX])
                pauses.reset()
            except FlotillaError as error:
                log.warning("%d leases could not be renewed: %s", len(due), error)
                await pauses.take(error.retry_after_ms if isinstance(error, ProblemError) else None)

    async def _until_due(self) -> None:
        """Waits until a lease is to be renewed."""
        while True:
            self._look.clear()
            dues = [held.due_s for held in self._held.values()]
            left_s = min(dues) - asyncio.get_running_loop().time() if dues else None
            if left_s is not None and left_s <= 0:
                return
            try:
                async with asyncio.timeout(left_s):
                    await self._look.wait()
            except TimeoutError:
                return

    async def _renew(self, due: list[Held]) -> None:
        asked_s = asyncio.get_running_loop().time()
        answers = await self._client.leases.renew([_renewal(held.work) for held in due])
        for held, answer in zip(due, answers, strict=True):
            if self._held.get(held.work.id) is not held:
                continue  # It ended while we asked.
            if not isinstance(answer, ProblemError):
                held.renewed(answer["left_ms"], asked_s)
            elif may_repeat(Repeat.ALWAYS, answer):
                held.due_s = asked_s + PACE.cap_s
            else:
                self._lose(held, answer.code)

    @contextmanager
    def ending(self, held: Held) -> Iterator[None]:
        """The item's result, or its return, is on the way for as long as this lasts."""
        held.is_ending = True
        try:
            yield
        finally:
            held.is_ending = False
            if held.is_doubtful:
                held.is_doubtful, held.due_s = False, 0.0
                self._look.set()


def _renewal(work: Work) -> LeaseRenewal:
    return {"item": work.id, "epoch": work.epoch, "term_ms": work.term_ms}
