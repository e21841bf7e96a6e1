"""Work: a claimed item as its handler sees it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, TypeAlias
from xml.etree.ElementTree import Element

from flotilla import xml
from flotilla.errors import LeaseLostError
from flotilla.types import ClaimedItem, HandOffOffer

#: What a handler returns: the children of the result by name, XML text, or None for a result without children.
Result: TypeAlias = Mapping[str, xml.Value] | str | None
#: The reason of a cancellation by the worker itself.
DRAINING = "draining"


@dataclass(frozen=True, slots=True)
class Cancellation:
    """Why a handler is cancelled."""

    #: ``draining`` when the worker ends and will give the item back; else the item is lost, by the code of the refusal
    #: (``stale-epoch``, ``no-such-item``) or the word of the event stream (``cancelled``, ``handed-off`` and others).
    reason: str

    @property
    def is_lost(self) -> bool:
        """Whether the item is not this worker's any more."""
        return self.reason != DRAINING


class Keeper(Protocol):
    """What a worker does for one item."""

    async def check_in(self, data: str) -> None:
        """Brings the result."""

    async def give_back(self) -> None:
        """Gives the item back unharmed."""

    async def fail(self) -> None:
        """Gives the item back as failed."""

    async def hand_off(self, receiver: str) -> HandOffOffer:
        """Makes a token for another agent."""
        ...


class Work:
    """An item that this worker holds under a lease, which is renewed in the background while the handler runs.

    The handler is an asyncio task. When the item is lost it is cancelled: :class:`asyncio.CancelledError` is raised
    where it waits, :attr:`cancellation` says why, and nothing that it returns afterwards counts.
    """

    def __init__(self, item: ClaimedItem, keeper: Keeper) -> None:
        self._item = item
        self._keeper = keeper
        self._ends_s = 0.0
        self._ended = False
        #: Why the handler is cancelled, once it is.
        self.cancellation: Cancellation | None = None
        self.renewed(item["term_ms"], asyncio.get_running_loop().time())

    def __repr__(self) -> str:
        return f"Work({self.id}, {self.capability})"

    @property
    def id(self) -> str:
        """The work item's id, such as ``7.1:A``."""
        return self._item["item"]

    @property
    def case(self) -> str:
        """The case that it is of."""
        return self._item["case"]

    @property
    def specification(self) -> str:
        """The key of the case's specification."""
        return self._item["specification"]

    @property
    def task(self) -> str:
        """The task's id."""
        return self._item["task"]

    @property
    def task_name(self) -> str:
        """The task's name, for people."""
        return self._item["task_name"]

    @property
    def capability(self) -> str:
        """What the task asks for, in small letters. Where the server does not say, its decomposition's id."""
        return self._item.get("capability") or self.input.tag.lower()

    @property
    def epoch(self) -> int:
        """Of the lease: one hold of the item. Good as a fencing token towards other systems: it only grows."""
        return self._item["epoch"]

    @property
    def attempt(self) -> int:
        """Which attempt this is, 1 for the first."""
        return self._item["attempt"]

    @property
    def traceparent(self) -> str | None:
        """The trace (W3C) of the request that launched the case, if it had one."""
        traceparent: object = self._item.get("traceparent")
        return traceparent if isinstance(traceparent, str) else None

    @property
    def term_ms(self) -> int:
        """How long the worker may be silent before the item is taken away."""
        return self._item["term_ms"]

    @property
    def left_s(self) -> float:
        """How much of the lease is left if it is not renewed any more. Less than 0: the server may have ended it."""
        return self._ends_s - asyncio.get_running_loop().time()

    @property
    def data(self) -> str:
        """The input data as XML text."""
        return self._item["data"]

    @cached_property
    def input(self) -> Element:
        """The input data, read.

        Raises:
            XmlError: it is more than what is read for safety.
        """
        return xml.parse(self.data)

    def text(self, path: str) -> str:
        """The text at `path` below the input's root, such as ``Claim/Number``.

        Raises:
            XmlError: there is no such element.
        """
        return xml.text_of(self.input, path)

    def integer(self, path: str) -> int:
        """The integer at `path`.

        Raises:
            XmlError: there is no such element, or it holds something else.
        """
        return xml.integer_of(self.input, path)

    def boolean(self, path: str) -> bool:
        """The truth at `path`.

        Raises:
            XmlError: there is no such element, or it holds something else.
        """
        return xml.boolean_of(self.input, path)

    def output(self, result: Result) -> str:
        """`result` as XML text: a mapping below a root of the input's name, a text or an element as it is.

        Raises:
            XmlError: it cannot be written as XML.
        """
        if isinstance(result, str):
            return result
        return xml.write(self.input.tag, {} if result is None else result)

    async def check_in(self, result: Result) -> None:
        """Brings the result before the handler ends; what it then returns is passed over.

        For handlers that want to mend a result which was refused: the item stays with them until it is taken.

        Raises:
            ProblemError: the result was refused, as ``data-invalid`` with `violations`.
            LeaseLostError: the item is not held any more.
            XmlError: `result` cannot be written as XML.
        """
        self._check_open()
        await self._keeper.check_in(self.output(result))
        self._ended = True

    async def give_back(self) -> None:
        """Gives the item back unharmed before the handler ends. Others may claim it at once; no attempt is counted.

        Raises:
            LeaseLostError: the item is not held any more.
        """
        self._check_open()
        await self._keeper.give_back()
        self._ended = True

    async def fail(self) -> None:
        """Gives the item back as failed before the handler ends. It rests, and is a dead letter after too many times.

        Raises:
            LeaseLostError: the item is not held any more.
        """
        self._check_open()
        await self._keeper.fail()
        self._ended = True

    async def hand_off(self, receiver: str) -> HandOffOffer:
        """Makes a token by which the agent `receiver` may take the item. Bring it to that agent, and keep it secret.

        When it is accepted the handler is cancelled with ``handed-off`` or ``stale-epoch``; until then the item is its
        own.

        Raises:
            ProblemError: ``no-such-agent``.
            LeaseLostError: the item is not held any more.
        """
        self._check_open()
        return await self._keeper.hand_off(receiver)

    @property
    def is_lost(self) -> bool:
        """Whether the item is not held any more, for another reason than that it was ended from here."""
        return self.cancellation is not None and self.cancellation.is_lost

    @property
    def is_ended(self) -> bool:
        """Whether the item was checked in or given back already."""
        return self._ended

    def renewed(self, left_ms: int, asked_s: float) -> None:
        """Notes that the lease lasts for `left_ms` from `asked_s` on, a moment of the event loop."""
        self._ends_s = asked_s + left_ms / 1_000

    def _check_open(self) -> None:
        if self.cancellation is not None and self.is_lost:
            raise LeaseLostError(self.id, self.cancellation.reason)
        if self._ended:
            raise LeaseLostError(self.id, "it was checked in or given back already")
