"""Claims: an agent asks for work and is given items that are already checked out, each under a lease."""

from __future__ import annotations

from collections.abc import Sequence

from flotilla import shape
from flotilla.api.batch import fresh_id
from flotilla.transport import Repeat, Request, Transport
from flotilla.types import Claim, Claimed, ClaimedItem, HandOffAcceptance

#: The server's words for what a claim may ask.
ITEMS_MAX = 1_000
WAIT_S_MAX = 60.0


class Claims:
    """`client.claims`"""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def claim(
        self,
        agent: str,
        epoch: int,
        *,
        capabilities: Sequence[str] | None = None,
        items_max: int = 1,
        wait_s: float = 0.0,
        term_s: float = 60.0,
        kind: str | None = None,
    ) -> Claimed:
        """Claims work, and waits for it if asked to.

        No claim is repeated whose answer was lost: what it got, if anything, comes back when its lease ends.

        Args:
            agent, epoch: the agent in its present life, as the registration gave it.
            capabilities: those that it wants to use; all of them if left out.
            items_max: 1 to 1,000.
            wait_s: how long to wait for work, 60 at most.
            term_s: how long the agent may be silent on each item.
            kind: the kind of client; claims of one kind that fail do not keep the others away.

        Returns:
            The items; where there are none, `retry_after_ms` says how long to stay away.

        Raises:
            ProblemError: ``no-such-agent``, ``stale-agent``, ``agent-not-renewed``, ``agent-draining``,
                ``agent-quarantined``, ``not-capable``, ``circuit-open``, and others.
        """
        body: Claim = {"agent": agent, "epoch": epoch, "max": items_max}
        body["wait_ms"], body["term_ms"] = round(wait_s * 1_000), round(term_s * 1_000)
        if capabilities is not None:
            body["capabilities"] = list(capabilities)
        if kind is not None:
            body["class"] = kind
        request = Request("POST", "claims", json=body, repeat=Repeat.IF_REFUSED, wait_s=wait_s)
        return shape.read(await self._transport.ask(request), Claimed)

    async def accept_hand_off(
        self, token: str, agent: str, epoch: int, *, command_id: str | None = None
    ) -> ClaimedItem:
        """The receiver of a hand-off takes the item: it is the holder from now on, under a new epoch.

        Raises:
            ProblemError: ``hand-off-forged``, ``hand-off-expired``, ``hand-off-used``, ``hand-off-wrong-agent``,
                and what a claim is refused with.
        """
        body: HandOffAcceptance = {"token": token, "agent": agent, "epoch": epoch}
        request = Request("POST", "hand-offs/accept", json=body, key=command_id or fresh_id())
        return shape.read(await self._transport.ask(request), ClaimedItem)
