"""Presence: a worker's session and the registration of its agent in it, kept alive."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from flotilla.api.agents import Registered
from flotilla.api.batch import only
from flotilla.client import Client
from flotilla.errors import AgentReplacedError, FlotillaError, ProblemError
from flotilla.retry import Pauses
from flotilla.transport import Repeat, may_repeat
from flotilla.types import Registration, StateChange

T = TypeVar("T")
log = logging.getLogger("flotilla")

#: However short a server says that it waits for renewals, they are not made more often.
RENEW_S_MIN = 0.05
#: However long, they are not made less often.
RENEW_S_MAX = 3_600.0


class Presence:
    """Registers the agent, renews its session, and registers anew when the server has forgotten it."""

    def __init__(self, client: Client, registration: Registration, host: str) -> None:
        self._client = client
        self._registration = registration
        self._host = host
        self._entering = asyncio.Lock()
        self._renew_s = RENEW_S_MAX
        self._said = "INITIALIZING"
        #: What the agent is doing; said with the next renewal.
        self.state = "DISCOVERING"
        #: The session, once there is one.
        self.session: int | None = None
        #: The agent's epoch: of its present life.
        self.epoch = 0

    @property
    def agent(self) -> str:
        """The agent's name."""
        return self._registration["agent"]

    async def enter(self, epoch: int = 0) -> None:
        """Opens a session and registers in it, however long that takes, unless somebody did it since `epoch`.

        Raises:
            ProblemError: the registration is refused for good.
        """
        async with self._entering:
            if self.epoch != epoch:
                return
            self.session, self.epoch = await self._enter()
            log.info("%s is registered, epoch %d of session %d", self.agent, self.epoch, self.session)
        # The first state after a registration; from it every other can be reached.
        wanted = self.state
        await self.say("DISCOVERING")
        if wanted != "DISCOVERING":
            await self.say(wanted)

    async def _enter(self) -> tuple[int, int]:
        """A fresh session, and the agent's epoch in it."""
        while True:
            session = (await persist(lambda: self._client.sessions.open(self._host)))["session"]
            try:
                return session, (await self._registered(session))["epoch"]
            except ProblemError as problem:
                if problem.code != "no-such-session":
                    raise
            # The server was restarted in between, without its data.

    async def _registered(self, session: int) -> Registered:
        return await persist(lambda: self._register(session))

    async def _register(self, session: int) -> Registered:
        answer = await self._client.agents.register([self._registration], session=session)
        renew_s = answer.lifetime["renew_every_ms"] / 1_000
        self._renew_s = min(max(renew_s, RENEW_S_MIN), RENEW_S_MAX)
        return only(answer.results)

    async def keep(self) -> None:
        """Renews for as long as it runs.

        Raises:
            AgentReplacedError: another process has the agent's name.
            ProblemError: registering anew is refused for good.
        """
        pauses = Pauses()
        early = random.Random()
        while True:
            try:
                # Those that came together do not stay together.
                await asyncio.sleep(self._renew_s * (1 - 0.1 * early.random()))
                await self.renew()
                pauses.reset()
            except FlotillaError as error:
                if isinstance(error, AgentReplacedError) or is_final(error):
                    raise
                log.warning("%s could not renew: %s", self.agent, error)
                await pauses.take(error.retry_after_ms if isinstance(error, ProblemError) else None)

    async def renew(self) -> None:
        """Renews once, and registers anew if the server does not know the session or the agent any more."""
        epoch, session = self.epoch, self.session
        if session is None:
            return await self.enter(epoch)
        try:
            renewed = only(await self._client.sessions.renew([session]))
        except ProblemError as problem:
            if problem.code != "no-such-session":
                raise
            return await self.enter(epoch)
        if renewed["agents"] == 0:
            await self.ask_after(epoch)
        elif self.state != self._said:
            await self.say(self.state)

    async def ask_after(self, epoch: int) -> None:
        """Finds out why the server does not take the agent for what it is, and registers it anew if it may.

        Raises:
            AgentReplacedError: another process has the agent's name.
        """
        if epoch != self.epoch:
            return
        try:
            only(await self._client.agents.renew([{"agent": self.agent, "epoch": epoch}]))
        except ProblemError as problem:
            if problem.code == "no-such-agent":
                return await self.enter(epoch)
            if problem.code == "stale-agent" and epoch == self.epoch:
                raise AgentReplacedError(f"{problem.detail}; give each process a name of its own") from problem
            raise

    async def say(self, state: str) -> None:
        """Says what the agent is doing, once; if it is not heard, the next renewal says it again."""
        self.state = state
        change: StateChange = {"agent": self.agent, "epoch": self.epoch, "state": state}
        try:
            only(await self._client.agents.set_states([change]))
            self._said = state
        except FlotillaError as error:
            log.debug("%s could not say %s: %s", self.agent, state, error)

    async def leave(self) -> None:
        """Closes the session, which takes the agent out of the registry. If it is not heard, time does it."""
        if self.session is None:
            return
        try:
            await self._client.sessions.close(self.session)
        except FlotillaError as error:
            log.debug("%s could not close its session: %s", self.agent, error)


def is_final(error: FlotillaError) -> bool:
    """Whether the server would say the same again."""
    return isinstance(error, ProblemError) and not may_repeat(Repeat.ALWAYS, error)


async def persist(call: Callable[[], Awaitable[T]], go_on: Callable[[], bool] = lambda: True) -> T:
    """Calls until there is an answer that another call would not change, and for as long as `go_on` says.

    Raises:
        FlotillaError: that answer, or the last failure.
    """
    pauses = Pauses()
    while True:
        try:
            return await call()
        except FlotillaError as error:
            if not may_repeat(Repeat.ALWAYS, error) or not go_on():
                raise
            after_ms = error.retry_after_ms if isinstance(error, ProblemError) else None
            log.info("again: %s", error)
        await pauses.take(after_ms)
