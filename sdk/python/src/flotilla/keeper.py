"""The keeper of one held item: brings its result or gives it back, once, however often that has to be said."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from flotilla.api.batch import fresh_id, only
from flotilla.client import Client
from flotilla.errors import LeaseLostError, ProblemError
from flotilla.holdings import Held, Holdings
from flotilla.presence import persist
from flotilla.types import HandOffOffer, HeldItem

T = TypeVar("T")

#: Refusals that mean that the item is not ours any more.
LOST = frozenset({"stale-epoch", "wrong-holder", "no-such-item", "no-such-case"})


class Keeper:
    """What a worker does for one item."""

    def __init__(self, client: Client, holdings: Holdings, agent: str) -> None:
        self._client = client
        self._holdings = holdings
        self._agent = agent
        self._item: Held | None = None

    def keep(self, held: Held) -> None:
        """Says which item it is that is kept."""
        self._item = held

    async def check_in(self, data: str) -> None:
        """Brings the result."""
        work, key = self._held.work, fresh_id()
        items = self._client.work_items
        await self._end(lambda: items.check_in(work.id, data, epoch=work.epoch, command_id=key))

    async def give_back(self) -> None:
        """Gives the item back unharmed."""
        item = self._named()
        await self._end(lambda: _one(self._client.leases.give_back([item])))

    async def fail(self) -> None:
        """Gives the item back as failed."""
        item = self._named()
        await self._end(lambda: _one(self._client.leases.fail([item])))

    async def hand_off(self, receiver: str) -> HandOffOffer:
        """Makes a token for another agent."""
        work = self._held.work
        return await self._ask(
            lambda: self._client.work_items.hand_off(work.id, epoch=work.epoch, sender=self._agent, receiver=receiver)
        )

    @property
    def _held(self) -> Held:
        assert self._item is not None, "a keeper is told what it keeps before the handler begins"
        return self._item

    def _named(self) -> HeldItem:
        work = self._held.work
        return {"item": work.id, "epoch": work.epoch, "command_id": fresh_id()}

    async def _end(self, call: Callable[[], Awaitable[object]]) -> None:
        """Makes the call that ends the hold. Where it is refused for another reason, the item is held as before."""
        with self._holdings.ending(self._held):
            await self._ask(call)
            self._holdings.remove(self._held)

    async def _ask(self, call: Callable[[], Awaitable[T]]) -> T:
        work = self._held.work
        try:
            return await persist(call, lambda: work.left_s > 0)
        except ProblemError as problem:
            if problem.code not in LOST:
                raise
            self._holdings.remove(self._held)
            raise LeaseLostError(work.id, problem.code) from problem


async def _one(call: Awaitable[list[T | ProblemError]]) -> T:
    return only(await call)
