"""How often a call is repeated, and how long it waits in between."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass

#: A server that says "come back in a week" is not waited for: its refusal goes to the caller.
RETRY_AFTER_S_MAX = 120.0
#: Doublings after which a pause grows no more, so that no power overflows.
DOUBLINGS_MAX = 30
#: Refusals that pass by themselves; so does every one that says when to come back.
PASSING_CODES = frozenset({"overloaded", "stopping", "decision-timeout", "request-timeout"})
#: Statuses by which a proxy says that the server behind it is away.
PASSING_STATUSES = frozenset({502, 503, 504})


@dataclass(frozen=True, slots=True)
class Retry:
    """A rule for repetitions: exponential pauses with jitter, never shorter than what the server asked for."""

    #: How often a call is made at most, the first time included.
    attempts_max: int = 6
    #: The pause after the first failure, in seconds; doubled after each further one.
    base_s: float = 0.2
    #: No pause is longer, unless the server asks for a longer one.
    cap_s: float = 30.0
    #: The part of a pause that is left to chance, 0 to 1, so that clients which failed together do not return together.
    jitter: float = 0.5

    def pause_s(self, failures: int, retry_after_ms: int | None, chance: float) -> float | None:
        """How long to wait after so many failures in a row. None: the server asks for more patience than there is.

        `chance` is a number from 0 to 1.
        """
        doublings = min(max(failures, 1) - 1, DOUBLINGS_MAX)
        pause_s = min(self.base_s * float(2**doublings), self.cap_s)
        pause_s -= pause_s * self.jitter * chance
        if retry_after_ms is None:
            return pause_s
        asked_s = retry_after_ms / 1_000
        if asked_s > RETRY_AFTER_S_MAX:
            return None
        # Later than asked, never sooner: a tenth is enough to spread those who were told the same.
        return max(pause_s, asked_s * (1 + 0.1 * chance))


#: For callers that repeat by themselves.
ONCE = Retry(attempts_max=1)


class Pauses:
    """The pauses of a loop that goes on until it succeeds, or until its caller has had enough."""

    def __init__(self, retry: Retry = Retry()) -> None:  # frozen
        self._retry = retry
        self._failures = 0
        self._chance = random.Random()

    def reset(self) -> None:
        """It went well: the next pause is a short one again."""
        self._failures = 0

    async def take(self, retry_after_ms: int | None = None) -> None:
        """It failed once more: waits. However long the server asks for, two minutes are the longest."""
        self._failures += 1
        pause_s = self._retry.pause_s(self._failures, retry_after_ms, self._chance.random())
        await asyncio.sleep(RETRY_AFTER_S_MAX if pause_s is None else pause_s)
