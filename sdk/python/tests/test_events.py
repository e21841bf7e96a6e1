"""The event stream as bytes: whole, in pieces, and as garbage."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from flotilla import AnswerError, events
from flotilla.events import Cancelled, Event, Lagged, LeaseEnded, LeaseEnding

STREAM = (
    b": still here\n\n"
    b'event: cancelled\ndata: {"agent":"a","item":"1.1:A","case":"1","epoch":3,"reason":"withdrawn"}\n\n'
    b'event:lease-ending\r\ndata:{"agent":"a","item":"1.1:A",\r\ndata: "epoch":3}\r\n\r\n'
    b'event: lease-ended\rdata: {"item":"1.1:A","epoch":3}\r\r'
    b'event: weather\ndata: {"it":"rains"}\n\n'
    b"event: lagged\nid: 7\nretry: 100\ndata: {}\n\n"
    b'event: cancelled\ndata: {"item":"never","epoch":1}'
)
WANTED: list[Event] = [
    Cancelled("1.1:A", 3, "withdrawn"),
    LeaseEnding("1.1:A", 3),
    LeaseEnded("1.1:A", 3),
    Lagged(),
]


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def read(*parts: bytes) -> list[Event]:
    return [event async for event in events.read(chunks(*parts))]


async def test_events_are_read_and_what_is_cut_off_is_none() -> None:
    assert await read(STREAM) == WANTED


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
async def test_the_pieces_in_which_they_come_do_not_matter(size: int) -> None:
    assert await read(*(STREAM[at : at + size] for at in range(0, len(STREAM), size))) == WANTED


@pytest.mark.parametrize(
    "data",
    [
        b"no json",
        b"[]",
        b"null",
        b"7",
        b'{"item":7,"epoch":1}',
        b'{"item":"a"}',
        b'{"item":"a","epoch":"1"}',
        b"[" * 9_999,
    ],
)
async def test_an_event_that_cannot_be_read_says_that_something_was_missed(data: bytes) -> None:
    assert await read(b"event: cancelled\ndata: " + data + b"\n\n") == [Lagged()]


async def test_a_reason_that_is_none_is_unknown() -> None:
    got = await read(b'event: cancelled\ndata: {"item":"a","epoch":1,"reason":{}}\n\n')
    assert got == [Cancelled("a", 1, events.UNKNOWN)]


async def test_bytes_that_are_no_stream_say_nothing() -> None:
    assert await read(b"\xff\xfe\x00\n\n<html>\n\ndata\n\n:\n\n") == []


async def test_a_line_and_an_event_without_end_are_refused() -> None:
    piece = b"x" * 65_536
    with pytest.raises(AnswerError, match="a line of the event stream"):
        await read(b"data: ", *[piece] * 20)
    with pytest.raises(AnswerError, match="an event has more than"):
        await read(*[b"data: " + piece + b"\n"] * 20)
