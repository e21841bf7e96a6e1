"""Servers that answer as no Flotilla does, and a way to a real one on which answers get lost."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

#: Bytes of the head of a request.
HEAD_BYTES_MAX = 65_536


@dataclass
class Asked:
    """A request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> dict[str, object]:
        read = json.loads(self.body)
        assert isinstance(read, dict)
        return read


Answer = Callable[[Asked, asyncio.StreamWriter], Awaitable[None]]


def answer(status: int, body: object, kind: str = "application/json", **headers: str) -> bytes:
    """A whole answer as bytes; `body` as it is, or as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status} Whatever", f"content-type: {kind}", f"content-length: {len(content)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + content


def problem(status: int, code: str, retry_after_ms: int | None = None) -> bytes:
    """A refusal."""
    body: dict[str, object] = {"type": f"urn:flotilla:problem:{code}", "title": code, "status": status}
    body |= {"code": code, "detail": "for a test"}
    if retry_after_ms is not None:
        body["retry_after_ms"] = retry_after_ms
    return answer(status, body, "application/problem+json")


async def read(reader: asyncio.StreamReader) -> Asked | None:
    """The next request of a connection; None when it is over."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    first, *lines = head.decode().split("\r\n")
    method, path, _ = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Asked(method, path, headers, body)


@asynccontextmanager
async def serve(
    each: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> AsyncIterator[str]:
    """Listens on a free port, and gives its address. All connections end with it."""
    open_now: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        open_now.add(task)
        try:
            with suppress(ConnectionError):
                await each(reader, writer)
        except asyncio.CancelledError:
            pass  # the server ends
        finally:
            open_now.discard(task)
            writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0, limit=HEAD_BYTES_MAX)
    port = server.sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.close()
        for task in list(open_now):
            task.cancel()
        await asyncio.gather(*open_now, return_exceptions=True)


@asynccontextmanager
async def fake(say: Answer) -> AsyncIterator[str]:
    """A server whose every answer is written by `say`."""

    async def each(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while (asked := await read(reader)) is not None:
            await say(asked, writer)
            await writer.drain()

    async with serve(each) as url:
        yield url


def always(*answers: bytes) -> tuple[Answer, list[Asked]]:
    """Says these answers in turn, the last one for ever; and what was asked."""
    asked: list[Asked] = []

    async def say(request: Asked, writer: asyncio.StreamWriter) -> None:
        asked.append(request)
        writer.write(answers[min(len(asked), len(answers)) - 1])

    return say, asked


@asynccontextmanager
async def losing(url: str, is_lost: Callable[[Asked], bool]) -> AsyncIterator[str]:
    """A way to a server on which the answers to chosen requests are lost. The server has heard of them."""
    parts = urlsplit(url)

    async def each(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(parts.hostname, parts.port)
        try:
            while (asked := await read(reader)) is not None:
                lines = [f"{asked.method} {asked.path} HTTP/1.1"]
                lines += [f"{name}: {value}" for name, value in asked.headers.items()]
                back.write("\r\n".join([*lines, "", ""]).encode() + asked.body)
                await back.drain()
                head = await there.readuntil(b"\r\n\r\n")
                if is_lost(asked):
                    return
                writer.write(head + await _rest(there, head))
                await writer.drain()
        finally:
            back.close()

    async with serve(each) as through:
        yield through


async def _rest(reader: asyncio.StreamReader, head: bytes) -> bytes:
    lines = head.decode().lower().split("\r\n")
    lengths = [int(line.partition(":")[2]) for line in lines if line.startswith("content-length:")]
    assert lengths, "tests lose answers of a known length"
    return await reader.readexactly(lengths[0])
