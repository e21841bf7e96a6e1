"""Cases: launch, look at, cancel, suspend, resume."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from flotilla import shape
from flotilla.api.batch import fresh_id, outcomes
from flotilla.api.paging import Page, QueryValue, each, page
from flotilla.errors import ProblemError
from flotilla.transport import Request, Transport, path
from flotilla.types import CaseDetail, CaseDone, CaseSummary, HistoryEntry, Launch, Launched


class Cases:
    """`client.cases`"""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def launch(
        self,
        specification: str,
        *,
        data: str | None = None,
        case: str | None = None,
        start_at: str | None = None,
        command_id: str | None = None,
    ) -> Launched:
        """Launches a case, durably, once.

        Args:
            specification: the specification's key, such as ``UID_flotilla_hello:1.0``.
            data: XML element named as the root net, with one child for each input parameter
                (see :func:`flotilla.xml.write`).
            case: a name for the case; it is numbered without one.
            start_at: RFC 3339 moment at which to start instead of now.
            command_id: the same id again gives the same answer and no second case. Made up if left out, so that
                repetitions within this call are safe; give one of your own where you repeat the call itself.

        Raises:
            ProblemError: ``no-such-specification``, ``case-exists``, ``data-invalid`` with `violations`, and others.
        """
        body = _launch(specification, data=data, case=case, start_at=start_at)
        request = Request("POST", "cases", json=body, key=command_id or fresh_id())
        return shape.read(await self._transport.ask(request), Launched)

    async def launch_many(self, launches: Sequence[Launch]) -> list[Launched | ProblemError]:
        """Launches up to 10,000 cases under one durable write. Each has its own answer, in the order of `launches`.

        An entry without a `command_id` is given one, so that repetitions within this call are safe.
        """
        body = {"launches": [{"command_id": fresh_id(), **launch} for launch in launches]}
        answer = await self._transport.ask(Request("POST", "cases/batch", json=body))
        return outcomes(answer, len(launches), Launched)

    async def page(
        self,
        *,
        status: str | None = None,
        specification: str | None = None,
        prefix: str | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> Page[CaseSummary]:
        """One page of cases. `status` is as in ``running``; `prefix` is how a case's id begins."""
        query: dict[str, QueryValue] = {"status": status, "specification": specification, "prefix": prefix}
        return await page(self._transport, "cases", {**query, "after": after, "limit": limit}, CaseSummary)

    def each(
        self, *, status: str | None = None, specification: str | None = None, prefix: str | None = None
    ) -> AsyncIterator[CaseSummary]:
        """All cases, page after page: ``async for case in client.cases.each(status="running")``."""
        query: dict[str, QueryValue] = {"status": status, "specification": specification, "prefix": prefix}
        return each(self._transport, "cases", query, CaseSummary)

    async def get(self, case: str) -> CaseDetail:
        """A case with its marking, its data and its work items.

        Raises:
            ProblemError: ``no-such-case``.
        """
        return shape.read(await self._transport.ask(Request("GET", path("cases", case))), CaseDetail)

    def history(self, case: str) -> AsyncIterator[HistoryEntry]:
        """What happened in a case, from the first entry on.

        Raises:
            ProblemError: ``no-such-case``.
        """
        return each(self._transport, path("cases", case, "history"), {}, HistoryEntry)

    async def cancel(self, case: str, *, command_id: str | None = None) -> CaseDone:
        """Ends a case. Whoever holds one of its items is told.

        Raises:
            ProblemError: ``no-such-case``, ``case-not-running``.
        """
        return await self._act(case, "cancel", command_id)

    async def suspend(self, case: str, *, command_id: str | None = None) -> CaseDone:
        """Stops a case from going on until it is resumed.

        Raises:
            ProblemError: ``no-such-case``, ``case-not-running``.
        """
        return await self._act(case, "suspend", command_id)

    async def resume(self, case: str, *, command_id: str | None = None) -> CaseDone:
        """Lets a suspended case go on, and tries incidents again.

        Raises:
            ProblemError: ``no-such-case``, ``case-not-running``.
        """
        return await self._act(case, "resume", command_id)

    async def _act(self, case: str, what: str, command_id: str | None) -> CaseDone:
        request = Request("POST", path("cases", case, what), key=command_id or fresh_id())
        return shape.read(await self._transport.ask(request), CaseDone)


def _launch(specification: str, *, data: str | None, case: str | None, start_at: str | None) -> Launch:
    launch: Launch = {"specification": specification}
    if data is not None:
        launch["data"] = data
    if case is not None:
        launch["case"] = case
    if start_at is not None:
        launch["start_at"] = start_at
    return launch
