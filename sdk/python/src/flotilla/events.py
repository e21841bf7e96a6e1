"""The event stream of a session: what happens to items that its agents hold, as soon as it happens."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TypeAlias

from flotilla.errors import AnswerError

#: Bytes of one event, name and data together. A longer one ends the stream: it is no event of Flotilla's.
EVENT_BYTES_MAX = 1024 * 1024
#: What an item was lost for, where the event does not say.
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Cancelled:
    """An item that an agent held is gone from the net, or was taken away."""

    item: str
    epoch: int
    #: Such as ``cancelled``, ``withdrawn``, ``rolled-back``, ``handed-off``, ``case-cancelled``.
    reason: str


@dataclass(frozen=True, slots=True)
class LeaseEnding:
    """A lease ends soon and has not been renewed."""

    item: str
    epoch: int


@dataclass(frozen=True, slots=True)
class LeaseEnded:
    """A lease has ended."""

    item: str
    epoch: int


@dataclass(frozen=True, slots=True)
class Lagged:
    """Events were missed, or could not be read: what is held must be looked up."""


Event: TypeAlias = Cancelled | LeaseEnding | LeaseEnded | Lagged


async def read(chunks: AsyncIterator[bytes]) -> AsyncIterator[Event]:
    """Reads events until the bytes end. Events of other names are passed over.

    Raises:
        AnswerError: an event is longer than any of Flotilla's.
    """
    async for name, data in _fields(_lines(chunks)):
        event = _event(name, data)
        if event is not None:
            yield event


def _event(name: str, data: str) -> Event | None:
    if name == "lagged":
        return Lagged()
    if name not in ("cancelled", "lease-ending", "lease-ended"):
        return None
    try:
        said = json.loads(data)
    except (ValueError, RecursionError):
        return Lagged()
    item = said.get("item") if isinstance(said, dict) else None
    epoch = said.get("epoch") if isinstance(said, dict) else None
    if not isinstance(item, str) or not isinstance(epoch, int):
        # It meant one of ours, and we cannot tell which.
        return Lagged()
    if name == "lease-ending":
        return LeaseEnding(item, epoch)
    if name == "lease-ended":
        return LeaseEnded(item, epoch)
    reason = said.get("reason")
    return Cancelled(item, epoch, reason if isinstance(reason, str) else UNKNOWN)


async def _fields(lines: AsyncIterator[bytes]) -> AsyncIterator[tuple[str, str]]:
    """The name and the data of each event (HTML standard, 9.2.6). An event that the end cuts off is none."""
    name, data, size = "", list[str](), 0
    async for line in lines:
        if not line:
            if data:
                yield name, "\n".join(data)
            name, data, size = "", [], 0
            continue
        size += len(line)
        if size > EVENT_BYTES_MAX:
            raise AnswerError(f"an event has more than {EVENT_BYTES_MAX} bytes")
        field, _, value = line.decode(errors="replace").partition(":")
        value = value.removeprefix(" ")
        if field == "event":
            name = value
        elif field == "data":
            data.append(value)


async def _lines(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The lines of a stream, whether they end in CR, LF or both."""
    rest = b""
    async for chunk in chunks:
        # A lone CR at the end of a chunk may be the first half of CR LF.
        text = rest + chunk
        held = text.endswith(b"\r")
        lines = (text[:-1] if held else text).replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        rest = lines.pop() + (b"\r" if held else b"")
        for line in lines:
            yield line
        if len(rest) > EVENT_BYTES_MAX:
            raise AnswerError(f"a line of the event stream has more than {EVENT_BYTES_MAX} bytes")
