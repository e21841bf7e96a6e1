"""The marketplace: what agents offer, and who of them can do a task, cheapest first."""

from __future__ import annotations

from collections.abc import Sequence

from flotilla import shape
from flotilla.api.batch import outcomes
from flotilla.errors import ProblemError
from flotilla.transport import Request, Transport
from flotilla.types import AgentDone, Found, Incarnation, Publication, Query, Search, Stats


class Marketplace:
    """`client.marketplace`"""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def publish(self, listings: Sequence[Publication]) -> list[AgentDone | ProblemError]:
        """Publishes what up to 10,000 agents offer, in place of what each offered before. Each has its own answer."""
        request = Request("POST", "marketplace/publish", json={"listings": list(listings)})
        return outcomes(await self._transport.ask(request), len(listings), AgentDone)

    async def unpublish(self, agents: Sequence[Incarnation]) -> list[AgentDone | ProblemError]:
        """Takes agents off the marketplace; they stay registered. Each has its own answer."""
        request = Request("POST", "marketplace/unpublish", json={"agents": list(agents)})
        return outcomes(await self._transport.ask(request), len(agents), AgentDone)

    async def search(
        self,
        query: Query,
        *,
        limit: int | None = None,
        staleness_ms: int | None = None,
        after: str | None = None,
    ) -> Found:
        """Finds live agents, cheapest first, then by worst latency, then by name.

        Args:
            query: one of seven kinds, such as ``{"kind": "max-cost", "max_cost_per_cycle": 2.0}``.
            limit: 1 to 1,000.
            staleness_ms: how long ago an agent's last renewal may be, 30,000 to 300,000.
            after: the `next` of the page before, with the same query.

        Raises:
            ProblemError: ``query-invalid``.
        """
        body: Search = {"query": query}
        if limit is not None:
            body["limit"] = limit
        if staleness_ms is not None:
            body["staleness_ms"] = staleness_ms
        if after is not None:
            body["after"] = after
        return shape.read(await self._transport.ask(Request("POST", "marketplace/search", json=body)), Found)

    async def stats(self) -> Stats:
        """Sizes of the marketplace."""
        return shape.read(await self._transport.ask(Request("GET", "marketplace/stats")), Stats)
