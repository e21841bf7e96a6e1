"""The client: a server's REST interface as typed, asynchronous calls."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from flotilla.api.agents import Agents
from flotilla.api.cases import Cases
from flotilla.api.claims import Claims
from flotilla.api.leases import Leases
from flotilla.api.marketplace import Marketplace
from flotilla.api.sessions import Sessions
from flotilla.api.specifications import Specifications
from flotilla.api.work_items import WorkItems
from flotilla.retry import Retry
from flotilla.transport import ANSWER_BYTES_MAX, ATTEMPT_S_MAX, Transport


class Client:
    """A Flotilla server. Close it when done, or use it as ``async with Client(url) as client``.

    Every call raises :class:`~flotilla.ProblemError` when the server refuses, :class:`~flotilla.TransportError` when no
    answer comes and :class:`~flotilla.AnswerError` when what comes is no answer of Flotilla's. Calls are repeated, with
    pauses, where that is safe: changes carry a command id, by which the server does them once. Answers are dictionaries
    whose types are in :mod:`flotilla.types`, made from the server's OpenAPI description, and are held against them.

    Args:
        url: such as ``http://localhost:8080``.
        retry: how often calls are repeated, and with which pauses.
        answer_bytes_max: a larger answer is an :class:`~flotilla.AnswerError`.
    """

    def __init__(
        self,
        url: str = "http://localhost:8080",
        *,
        retry: Retry | None = None,
        answer_bytes_max: int = ANSWER_BYTES_MAX,
    ) -> None:
        self._open(Transport(url, retry=retry or Retry(), answer_bytes_max=answer_bytes_max))

    def _open(self, transport: Transport) -> None:
        self._transport = transport
        #: Upload, verify, look at, delete.
        self.specifications = Specifications(transport)
        #: Launch, look at, cancel, suspend, resume.
        self.cases = Cases(transport)
        #: Look at, check out, check in, hand off.
        self.work_items = WorkItems(transport)
        #: Open, renew, close, listen.
        self.sessions = Sessions(transport)
        #: Register, renew, drain, deregister, find.
        self.agents = Agents(transport)
        #: Claim work; accept a hand-off.
        self.claims = Claims(transport)
        #: Renew, give back, fail.
        self.leases = Leases(transport)
        #: Publish, search.
        self.marketplace = Marketplace(transport)

    def with_retry(self, retry: Retry, attempt_s_max: float = ATTEMPT_S_MAX) -> Client:
        """The same connections under another rule for repetitions; each attempt may take `attempt_s_max`.

        Closing either closes both.
        """
        other = Client.__new__(Client)
        other._open(self._transport.with_retry(retry, attempt_s_max))
        return other

    async def close(self) -> None:
        """Closes all connections."""
        await self._transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
