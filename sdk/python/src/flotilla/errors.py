"""What can go wrong: one class for each thing that a caller does about it."""

from __future__ import annotations

from flotilla.types import Finding, Problem, Violation


class FlotillaError(Exception):
    """Whatever this package raises on its own account."""


class ProblemError(FlotillaError):
    """The server has refused. Decide on :attr:`code`, which never changes its meaning; docs/api.md lists them all.

    In the answer to a batch an entry that was refused is one of these, returned and not raised.
    """

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem['code']}: {problem['detail']}")
        #: The problem as the server wrote it (RFC 9457).
        self.problem: Problem = problem

    @property
    def code(self) -> str:
        """What went wrong, in kebab case, such as ``stale-epoch``."""
        return self.problem["code"]

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.problem["status"]

    @property
    def detail(self) -> str:
        """This occurrence in words: the place and the remedy."""
        return self.problem["detail"]

    @property
    def violations(self) -> list[Violation]:
        """Every rule that the data broke: path, rule, value, message."""
        return self.problem.get("violations") or []

    @property
    def findings(self) -> list[Finding]:
        """What verification found in a specification."""
        return self.problem.get("findings") or []

    @property
    def retry_after_ms(self) -> int | None:
        """When a repetition makes sense, if it does."""
        return self.problem.get("retry_after_ms")


class TransportError(FlotillaError):
    """No answer came: no connection, a broken one, or too late.

    Whether the request was carried out is unknown, unless :attr:`sent` is false. Repeating it with the same command id
    is safe.
    """

    def __init__(self, message: str, *, sent: bool) -> None:
        super().__init__(message)
        #: Whether anything can have reached the server.
        self.sent = sent


class AnswerError(FlotillaError):
    """What answered is no Flotilla server, or a broken one: the wrong form, the wrong type, too large."""

    def __init__(self, message: str, *, status: int | None = None) -> None:
        super().__init__(message)
        #: The HTTP status, if there was one.
        self.status = status


class LeaseLostError(FlotillaError):
    """The item is not held any more: another has it, or it is gone from the net. Its result does not count."""

    def __init__(self, item: str, reason: str) -> None:
        super().__init__(f"{item}: {reason}")
        #: The work item's id.
        self.item = item
        #: Why: the code of the refusal, or the reason that the event stream gave.
        self.reason = reason


class AgentReplacedError(FlotillaError):
    """Another process has registered under the agent's name. Two cannot share one: give each its own."""


class XmlError(FlotillaError, ValueError):
    """Text that is no XML, XML that is refused for safety, or a value that cannot be written as XML."""


class GiveBack(FlotillaError):
    """A handler raises this to give its item back unharmed: others may claim it at once, no attempt is counted."""
