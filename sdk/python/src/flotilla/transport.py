"""Requests and answers: bounded in time and size, repeated where that is safe, each failure one of our errors."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from urllib.parse import quote, urlsplit

import httpx

from flotilla import shape, tracing
from flotilla.errors import AnswerError, FlotillaError, ProblemError, TransportError
from flotilla.retry import PASSING_CODES, PASSING_STATUSES, Retry
from flotilla.types import Problem

#: How long one attempt may take, beside what the server is asked to wait: longer than the server's own limit of 30 s.
ATTEMPT_S_MAX = 35.0
#: How long a connection may take to come about.
CONNECT_S_MAX = 10.0
#: Bytes of an answer: a page of a thousand entries has about one megabyte, a claim may bring more.
ANSWER_BYTES_MAX = 64 * 1024 * 1024
#: Bytes of what is no answer of ours that an error shows.
SHOWN_BYTES_MAX = 200


class Repeat(Enum):
    """After which failures a request may be made again."""

    #: Also when no answer came: it is a question, or has a command id, or twice is as good as once.
    ALWAYS = auto()
    #: Only when the server has said that it did nothing, or cannot have heard of it.
    IF_REFUSED = auto()


@dataclass(frozen=True, slots=True)
class Request:
    """One request, as often as it is made."""

    method: str
    path: str
    query: Mapping[str, str | int | bool | None] = field(default_factory=dict)
    json: object = None
    xml: str | None = None
    #: The command id: the same one again is the same command.
    key: str | None = None
    repeat: Repeat = Repeat.ALWAYS
    #: How long the server is asked to wait with its answer.
    wait_s: float = 0.0

    def content(self) -> tuple[bytes | None, dict[str, str]]:
        """The body with the headers that describe it."""
        headers = {"accept-encoding": "identity"}
        if self.key is not None:
            headers["idempotency-key"] = self.key
        if self.xml is not None:
            return self.xml.encode(), headers | {"content-type": "application/xml"}
        if self.json is not None:
            text = json.dumps(self.json, ensure_ascii=False, separators=(",", ":"))
            return text.encode(), headers | {"content-type": "application/json"}
        return None, headers


def path(*segments: str | int) -> str:
    """A path below the interface's root, each segment encoded.

    Raises:
        ValueError: a segment is empty or dots alone: it would name another path.
    """
    for segment in segments:
        if str(segment) in ("", ".", ".."):
            raise ValueError(f"{segment!r} is no id")
    return "/".join(quote(str(segment), safe="") for segment in segments)


class Transport:
    """A server's address, and the connections to it."""

    def __init__(self, url: str, *, retry: Retry, answer_bytes_max: int = ANSWER_BYTES_MAX) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{url!r} is no address of a server; write it as http://localhost:8080")
        self._root = f"{url.rstrip('/')}/api/v1/"
        self._retry = retry
        self._attempt_s_max = ATTEMPT_S_MAX
        self._answer_bytes_max = answer_bytes_max
        self._chance = random.Random()
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=20)
        timeout = httpx.Timeout(None, connect=CONNECT_S_MAX)
        self._http = httpx.AsyncClient(limits=limits, timeout=timeout, follow_redirects=False)

    def with_retry(self, retry: Retry, attempt_s_max: float = ATTEMPT_S_MAX) -> Transport:
        """The same connections under another rule for repetitions, and with other patience for one attempt."""
        other = Transport.__new__(Transport)
        other.__dict__.update(self.__dict__)
        other._retry = retry
        other._attempt_s_max = attempt_s_max
        return other

    async def close(self) -> None:
        """Closes all connections."""
        await self._http.aclose()

    async def ask(self, request: Request) -> object:
        """Makes the request, again where that makes sense, and returns the JSON of the answer.

        Raises:
            ProblemError: the server refused.
            TransportError: no answer came.
            AnswerError: what came is no answer of a Flotilla server.
        """
        body = await self.ask_bytes(request)
        if not body:
            return None
        try:
            answer: object = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise AnswerError(f"the answer is no JSON: {error}", status=200) from error
        return answer

    async def ask_bytes(self, request: Request) -> bytes:
        """As :meth:`ask`, for an answer that is not JSON."""
        failures = 0
        while True:
            try:
                return await self._attempt(request)
            except FlotillaError as error:
                failures += 1
                pause_s = self._pause_s(request, error, failures)
                if pause_s is None:
                    raise
            await asyncio.sleep(pause_s)

    def _pause_s(self, request: Request, error: FlotillaError, failures: int) -> float | None:
        """How long to wait before the next attempt; None: there is none."""
        if failures >= self._retry.attempts_max or not may_repeat(request.repeat, error):
            return None
        after_ms = error.retry_after_ms if isinstance(error, ProblemError) else None
        return self._retry.pause_s(failures, after_ms, self._chance.random())

    async def _attempt(self, request: Request) -> bytes:
        async with self._deadline(self._attempt_s_max + request.wait_s), self._open(request) as response:
            body = await self._body(response)
        if response.status_code in (200, 201, 204):
            return body
        raise failure_of(response, body)

    async def _body(self, response: httpx.Response) -> bytes:
        encoding = response.headers.get("content-encoding", "identity")
        if encoding != "identity":
            # Not asked for, and a few bytes could become gigabytes.
            raise AnswerError(f"the answer is encoded as {encoding}", status=response.status_code)
        body = bytearray()
        async for chunk in response.aiter_raw():
            body += chunk
            if len(body) > self._answer_bytes_max:
                message = f"the answer has more than {self._answer_bytes_max} bytes"
                raise AnswerError(message, status=response.status_code)
        return bytes(body)

    @asynccontextmanager
    async def stream(self, request: Request) -> AsyncIterator[AsyncIterator[bytes]]:
        """Makes the request once, and gives the bytes of its answer as they come, for as long as they come.

        Raises:
            ProblemError, TransportError, AnswerError: as :meth:`ask`; also while the bytes are read.
        """
        async with self._open(request, {"accept": "text/event-stream"}) as response:
            if response.status_code != 200:
                async with self._deadline(self._attempt_s_max):
                    raise failure_of(response, await self._body(response))
            yield response.aiter_raw()

    @asynccontextmanager
    async def _open(self, request: Request, more: Mapping[str, str] | None = None) -> AsyncIterator[httpx.Response]:
        content, headers = request.content()
        headers |= tracing.headers() | dict(more or {})
        query = {name: _query_text(value) for name, value in request.query.items() if value is not None}
        url = self._root + request.path
        try:
            async with self._http.stream(
                request.method, url, params=query or None, content=content, headers=headers
            ) as response:
                yield response
        except httpx.HTTPError as error:
            sent = not isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout))
            words = str(error) or type(error).__name__
            raise TransportError(f"{request.method} {url}: {words}", sent=sent) from error

    @asynccontextmanager
    async def _deadline(self, seconds: float) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(seconds):
                yield
        except TimeoutError as error:
            raise TransportError(f"no whole answer came within {seconds:.0f} s", sent=True) from error


def may_repeat(repeat: Repeat, error: FlotillaError) -> bool:
    """Whether a request that failed like this may be made again."""
    match error:
        case ProblemError():
            return error.code in PASSING_CODES or error.retry_after_ms is not None
        case TransportError():
            return repeat is Repeat.ALWAYS or not error.sent
        case AnswerError():
            # A proxy between us and a server that is away.
            return repeat is Repeat.ALWAYS and error.status in PASSING_STATUSES
        case _:
            return False


def failure_of(response: httpx.Response, body: bytes) -> FlotillaError:
    """The error that an answer of this status means."""
    status = response.status_code
    try:
        problem = json.loads(body)
    except (ValueError, RecursionError):
        problem = None
    if status < 400 or not shape.fits(problem, Problem):
        start = body[:SHOWN_BYTES_MAX].decode(errors="replace")
        return AnswerError(f"status {status}, and no problem of Flotilla's: {start!r}", status=status)
    return ProblemError(problem)


def _query_text(value: str | int | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
