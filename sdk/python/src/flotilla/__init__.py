"""Agents for Flotilla, the workflow engine: a typed asynchronous client, and a worker that makes an agent in ten lines.

::

    from flotilla import Result, Work, Worker

    worker = Worker("http://localhost:8080", agent="ann")


    @worker.handles("Answer")
    async def answer(work: Work) -> Result:
        return {"Reply": f"You asked: {work.text('Question')}"}


    worker.run()
"""

from flotilla import events, types, xml
from flotilla.api.paging import Page
from flotilla.client import Client
from flotilla.errors import (
    AgentReplacedError,
    AnswerError,
    FlotillaError,
    GiveBack,
    LeaseLostError,
    ProblemError,
    TransportError,
    XmlError,
)
from flotilla.retry import Retry
from flotilla.work import Cancellation, Result, Work
from flotilla.worker import Worker

__all__ = [
    "AgentReplacedError",
    "AnswerError",
    "Cancellation",
    "Client",
    "FlotillaError",
    "GiveBack",
    "LeaseLostError",
    "Page",
    "ProblemError",
    "Result",
    "Retry",
    "TransportError",
    "Work",
    "Worker",
    "XmlError",
    "events",
    "types",
    "xml",
]
