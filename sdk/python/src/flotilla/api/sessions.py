"""Sessions: agents of one process that are renewed together, and hear together what becomes of their items."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from flotilla import events, shape
from flotilla.api.batch import outcomes
from flotilla.errors import ProblemError
from flotilla.transport import Request, Transport, path
from flotilla.types import Session, SessionAgents


class Sessions:
    """`client.sessions`"""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def open(self, host: str = "") -> Session:
        """Opens a session. `host` tells people where its agents run.

        An answer that was lost leaves a session without agents behind, which ends by itself.
        """
        request = Request("POST", "sessions", json={"host": host})
        return shape.read(await self._transport.ask(request), Session)

    async def renew(self, sessions: Sequence[int]) -> list[SessionAgents | ProblemError]:
        """Renews up to 10,000 sessions with all their agents. Each has its own answer.

        An entry may be refused with ``no-such-session``; whoever knows of more agents than `agents` says registers
        them again.
        """
        request = Request("POST", "sessions/renew", json={"sessions": list(sessions)})
        return outcomes(await self._transport.ask(request), len(sessions), SessionAgents)

    async def close(self, session: int) -> SessionAgents:
        """Closes a session and deregisters its agents. What they hold ends with its leases.

        Raises:
            ProblemError: ``no-such-session``.
        """
        answer = await self._transport.ask(Request("DELETE", path("sessions", session)))
        return shape.read(answer, SessionAgents)

    async def events(self, session: int) -> AsyncIterator[events.Event]:
        """What happens to items that the session's agents hold, as soon as it happens, until the stream ends.

        The first event, as soon as the stream is open, is :class:`~flotilla.events.Lagged`: what happened before was
        missed, and the answers to renewals say it. A stream can end at any time and is opened once here.

        Raises:
            ProblemError: ``no-such-session``, ``too-many-streams``.
            TransportError: the connection broke.
            AnswerError: what came is no event stream.
        """
        async with self._transport.stream(Request("GET", path("sessions", session, "events"))) as chunks:
            yield events.Lagged()
            async for event in events.read(chunks):
                yield event
