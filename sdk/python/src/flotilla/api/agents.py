"""Agents: register, renew, say what they do, drain, deregister, find."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from flotilla import shape
from flotilla.api.batch import outcomes
from flotilla.api.paging import Page, QueryValue, each, page
from flotilla.errors import ProblemError
from flotilla.transport import Request, Transport, path
from flotilla.types import (
    Agent,
    AgentDone,
    Incarnation,
    Lifetime,
    OutcomeRegistered1,
    Registration,
    Renewed,
    StateChange,
    StateSet,
)

#: An agent is registered. The description has no name for it.
Registered: TypeAlias = OutcomeRegistered1


@dataclass(frozen=True, slots=True)
class Registrations:
    """What became of each registration, and how to stay registered."""

    #: In the order of the request.
    results: list[Registered | ProblemError]
    lifetime: Lifetime


class Agents:
    """`client.agents`"""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def register(self, agents: Sequence[Registration], *, session: int | None = None) -> Registrations:
        """Registers up to 10,000 agents, durably; publishes what they offer. The same again is a renewal.

        Args:
            session: the session that renews them. Without one each is renewed by its name.

        Returns:
            For each agent its epoch, to be shown with everything that it asks for.
        """
        body: dict[str, object] = {"agents": list(agents)}
        if session is not None:
            body["session"] = session
        answer = await self._transport.ask(Request("POST", "agents", json=body))
        results = outcomes(answer, len(agents), Registered)
        lifetime = answer.get("lifetime") if isinstance(answer, dict) else None
        return Registrations(results, shape.read(lifetime, Lifetime))

    async def renew(self, agents: Sequence[Incarnation]) -> list[Renewed | ProblemError]:
        """Renews up to 10,000 agents by name and epoch. Each has its own answer.

        An entry may be refused with ``no-such-agent`` or ``stale-agent``.
        """
        request = Request("POST", "agents/renew", json={"agents": list(agents)})
        return outcomes(await self._transport.ask(request), len(agents), Renewed)

    async def set_states(self, changes: Sequence[StateChange]) -> list[StateSet | ProblemError]:
        """Says what up to 10,000 agents are doing, such as ``PROCESSING``; a renewal, too. Each has its own answer.

        An entry may be refused with ``illegal-state``, ``no-such-agent`` or ``stale-agent``.
        """
        request = Request("POST", "agents/states", json={"changes": list(changes)})
        return outcomes(await self._transport.ask(request), len(changes), StateSet)

    async def drain(self, agents: Sequence[str]) -> list[AgentDone | ProblemError]:
        """An operator's word: these agents finish what they hold and get nothing new in their present lives."""
        request = Request("POST", "agents/drain", json={"agents": list(agents)})
        return outcomes(await self._transport.ask(request), len(agents), AgentDone)

    async def deregister(self, agents: Sequence[Incarnation]) -> list[AgentDone | ProblemError]:
        """Takes agents out of the registry and off the marketplace. What they hold ends with its leases.

        An entry whose first answer was lost is refused with ``no-such-agent`` when it is repeated.
        """
        request = Request("POST", "agents/deregister", json={"agents": list(agents)})
        return outcomes(await self._transport.ask(request), len(agents), AgentDone)

    async def page(
        self,
        *,
        capability: str | None = None,
        state: str | None = None,
        session: int | None = None,
        liveness: str | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> Page[Agent]:
        """One page of agents in the order of their names.

        Args:
            state: such as ``DISCOVERING``.
            liveness: ``live``, ``stale`` or ``dead``.
        """
        query = _query(capability, state, session, liveness)
        return await page(self._transport, "agents", {**query, "after": after, "limit": limit}, Agent)

    def each(
        self,
        *,
        capability: str | None = None,
        state: str | None = None,
        session: int | None = None,
        liveness: str | None = None,
    ) -> AsyncIterator[Agent]:
        """All agents, page after page; arguments as for :meth:`page`."""
        return each(self._transport, "agents", _query(capability, state, session, liveness), Agent)

    async def get(self, agent: str) -> Agent:
        """One agent with what it offers.

        Raises:
            ProblemError: ``no-such-agent``.
        """
        return shape.read(await self._transport.ask(Request("GET", path("agents", agent))), Agent)


def _query(
    capability: str | None, state: str | None, session: int | None, liveness: str | None
) -> dict[str, QueryValue]:
    return {"capability": capability, "state": state, "session": session, "liveness": liveness}
