"""Work items: look at, check out, check in, hand off."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from flotilla import shape
from flotilla.api.batch import fresh_id, outcomes
from flotilla.api.paging import Page, QueryValue, each, page
from flotilla.errors import ProblemError
from flotilla.transport import Request, Transport, path
from flotilla.types import CheckedOut, Checkin, CheckinEntry, HandOff, HandOffOffer, ItemDone, WorkItem


class WorkItems:
    """`client.work_items`"""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def page(
        self,
        *,
        status: str | None = None,
        case: str | None = None,
        task: str | None = None,
        specification: str | None = None,
        lease: str | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> Page[WorkItem]:
        """One page of the work items of open cases, without their data.

        Args:
            status: such as ``Enabled`` or ``Executing``.
            lease: ``held``, ``free``, ``resting`` or ``dead-letter``, of items that were claimed.
        """
        query = _query(status, case, task, specification, lease)
        return await page(self._transport, "work-items", {**query, "after": after, "limit": limit}, WorkItem)

    def each(
        self,
        *,
        status: str | None = None,
        case: str | None = None,
        task: str | None = None,
        specification: str | None = None,
        lease: str | None = None,
    ) -> AsyncIterator[WorkItem]:
        """All work items of open cases, page after page; arguments as for :meth:`page`."""
        query = _query(status, case, task, specification, lease)
        return each(self._transport, "work-items", query, WorkItem)

    async def get(self, item: str) -> WorkItem:
        """One work item with its data.

        Raises:
            ProblemError: ``no-such-item``.
        """
        return shape.read(await self._transport.ask(Request("GET", path("work-items", item))), WorkItem)

    async def check_out(self, item: str, *, command_id: str | None = None) -> CheckedOut:
        """Starts an enabled item without a lease, as people do. The answer names the item that now executes.

        Raises:
            ProblemError: ``no-such-item``, ``wrong-status``, ``not-enabled``, ``lease-held``.
        """
        request = Request("POST", path("work-items", item, "checkout"), key=command_id or fresh_id())
        return shape.read(await self._transport.ask(request), CheckedOut)

    async def check_in(
        self, item: str, data: str, *, epoch: int | None = None, command_id: str | None = None
    ) -> ItemDone:
        """Brings the result of an executing item. It counts once, however often it is brought.

        Args:
            data: XML element named as the task's decomposition (see :func:`flotilla.xml.write`).
            epoch: that of the lease, for an item that was claimed.
            command_id: made up if left out, so that repetitions within this call are safe.

        Raises:
            ProblemError: ``stale-epoch`` where the lease has ended; ``data-invalid`` with `violations`, and the item
                stays as it is; ``no-such-item``, and others.
        """
        body: Checkin = {"data": data}
        if epoch is not None:
            body["epoch"] = epoch
        request = Request("POST", path("work-items", item, "checkin"), json=body, key=command_id or fresh_id())
        return shape.read(await self._transport.ask(request), ItemDone)

    async def check_in_many(self, results: Sequence[CheckinEntry]) -> list[ItemDone | ProblemError]:
        """Brings up to 10,000 results. Each has its own answer, in the order of `results`.

        An entry without a `command_id` is given one, so that repetitions within this call are safe.
        """
        body = {"results": [{"command_id": fresh_id(), **result} for result in results]}
        answer = await self._transport.ask(Request("POST", "work-items/checkin", json=body))
        return outcomes(answer, len(results), ItemDone)

    async def hand_off(self, item: str, *, epoch: int, sender: str, receiver: str) -> HandOffOffer:
        """Makes a token by which `receiver` may take an item that `sender` holds. Until then it stays where it is.

        Raises:
            ProblemError: ``stale-epoch``, ``wrong-holder``, ``no-such-agent``, ``no-such-item``.
        """
        body: HandOff = {"from": sender, "epoch": epoch, "to": receiver}
        request = Request("POST", path("work-items", item, "hand-off"), json=body)
        return shape.read(await self._transport.ask(request), HandOffOffer)

    async def requeue(self, item: str, *, command_id: str | None = None) -> ItemDone:
        """An operator's word: a dead letter can be claimed again.

        Raises:
            ProblemError: ``no-such-item``, ``not-a-dead-letter``.
        """
        request = Request("POST", path("work-items", item, "requeue"), key=command_id or fresh_id())
        return shape.read(await self._transport.ask(request), ItemDone)


def _query(
    status: str | None, case: str | None, task: str | None, specification: str | None, lease: str | None
) -> dict[str, QueryValue]:
    return {"status": status, "case": case, "task": task, "specification": specification, "lease": lease}
