"""Lists: a page at a time, or entry by entry to the end."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Generic, NotRequired, TypedDict, TypeVar

from flotilla import shape
from flotilla.transport import Request, Transport

T = TypeVar("T")

#: A part of a query string, or nothing.
QueryValue = str | int | bool | None


class _Page(TypedDict):
    items: list[object]
    next: NotRequired[str | None]


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some entries of a list. It may be short, even empty, and still have a next one."""

    items: list[T]
    #: Give this as `after` to go on; None at the end.
    next: str | None


async def page(transport: Transport, path: str, query: Mapping[str, QueryValue], entry: type[T]) -> Page[T]:
    """Asks for one page of a list."""
    answer = shape.read(await transport.ask(Request("GET", path, query=query)), _Page)
    return Page([shape.read(one, entry) for one in answer["items"]], answer.get("next"))


async def each(transport: Transport, path: str, query: Mapping[str, QueryValue], entry: type[T]) -> AsyncIterator[T]:
    """Asks for page after page, and gives the entries of all of them."""
    after: str | None = None
    while True:
        got = await page(transport, path, {**query, "after": after}, entry)
        for one in got.items:
            yield one
        # A server that repeats itself must not keep us for ever.
        if got.next is None or got.next == after:
            return
        after = got.next
