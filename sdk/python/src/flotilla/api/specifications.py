"""Specifications: upload, verify, look at, delete."""

from __future__ import annotations

from flotilla import shape
from flotilla.transport import Request, Transport, path
from flotilla.types import SpecificationDetail, Uploaded, Verified
from flotilla.types import Specifications as Listed


class Specifications:
    """`client.specifications`"""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def upload(self, document: str) -> Uploaded:
        """Loads every specification of a `.yawl` document. The same document again changes nothing.

        Returns:
            The specifications with their keys, and what verification found.

        Raises:
            ProblemError: ``specification-invalid`` or ``specification-unsound`` with `findings`;
                ``specification-conflict`` where another document has the same id and version.
        """
        answer = await self._transport.ask(Request("POST", "specifications", xml=document))
        return shape.read(answer, Uploaded)

    async def verify(self, document: str) -> Verified:
        """Says what is wrong with a document, and where, and loads nothing."""
        answer = await self._transport.ask(Request("POST", "specifications/verify", xml=document))
        return shape.read(answer, Verified)

    async def list(self) -> Listed:
        """Lists what is loaded."""
        return shape.read(await self._transport.ask(Request("GET", "specifications")), Listed)

    async def get(self, key: str) -> SpecificationDetail:
        """One specification with its nets. `key` is as in ``UID_flotilla_hello:1.0``.

        Raises:
            ProblemError: ``no-such-specification``.
        """
        answer = await self._transport.ask(Request("GET", path("specifications", key)))
        return shape.read(answer, SpecificationDetail)

    async def source(self, key: str) -> str:
        """The document that a specification came with.

        Raises:
            ProblemError: ``no-such-specification``.
        """
        body = await self._transport.ask_bytes(Request("GET", path("specifications", key, "source")))
        return body.decode(errors="replace")

    async def delete(self, key: str) -> None:
        """Unloads a specification that has no open case.

        Raises:
            ProblemError: ``no-such-specification``, ``specification-in-use``.
        """
        await self._transport.ask(Request("DELETE", path("specifications", key)))
