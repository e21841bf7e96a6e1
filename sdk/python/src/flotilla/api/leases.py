"""Leases: let them go on, give items back unharmed, give them back failed."""

from __future__ import annotations

from collections.abc import Sequence

from flotilla.api.batch import fresh_id, outcomes
from flotilla.errors import ProblemError
from flotilla.transport import Request, Transport
from flotilla.types import HeldItem, ItemDone, LeaseRenewal, LeaseRenewed


class Leases:
    """`client.leases`"""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def renew(self, leases: Sequence[LeaseRenewal]) -> list[LeaseRenewed | ProblemError]:
        """Lets up to 10,000 leases go on, each from now for its term. Each has its own answer.

        An entry that is refused (``stale-epoch``, ``no-such-item``) is held no more: its result would not count.
        """
        request = Request("POST", "leases/renew", json={"leases": list(leases)})
        return outcomes(await self._transport.ask(request), len(leases), LeaseRenewed)

    async def give_back(self, items: Sequence[HeldItem]) -> list[ItemDone | ProblemError]:
        """Gives up to 10,000 items back unharmed: others may claim them at once. Each has its own answer."""
        return await self._end("leases/return", items)

    async def fail(self, items: Sequence[HeldItem]) -> list[ItemDone | ProblemError]:
        """Gives up to 10,000 items back that their holder could not do. Each has its own answer.

        They rest, can be claimed again, and after too many attempts are dead letters.
        """
        return await self._end("leases/fail", items)

    async def _end(self, path: str, items: Sequence[HeldItem]) -> list[ItemDone | ProblemError]:
        body = {"items": [{"command_id": fresh_id(), **item} for item in items]}
        answer = await self._transport.ask(Request("POST", path, json=body))
        return outcomes(answer, len(items), ItemDone)
