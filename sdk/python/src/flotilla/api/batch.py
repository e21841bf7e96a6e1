"""Answers to batches: one for each entry, in the order of the request."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TypedDict, TypeVar

from flotilla import shape
from flotilla.errors import AnswerError, ProblemError
from flotilla.types import Problem

T = TypeVar("T")


class _Refused(TypedDict):
    problem: Problem


class _Results(TypedDict):
    results: list[object]


def outcomes(answer: object, entries: int, done: type[T]) -> list[T | ProblemError]:
    """What became of each entry: what was done, or why it was refused.

    Raises:
        AnswerError: the answer has another form, or not as many entries as the request.
    """
    results = shape.read(answer, _Results)["results"]
    if len(results) != entries:
        raise AnswerError(f"{entries} entries were asked about and {len(results)} answered")
    return [_outcome(result, done) for result in results]


def _outcome(result: object, done: type[T]) -> T | ProblemError:
    if isinstance(result, dict) and "problem" in result:
        return ProblemError(shape.read(result, _Refused)["problem"])
    return shape.read(result, done)


def only(results: Sequence[T | ProblemError]) -> T:
    """The one answer of a batch of one.

    Raises:
        ProblemError: it was refused.
    """
    (result,) = results
    if isinstance(result, ProblemError):
        raise result
    return result


def fresh_id() -> str:
    """A command id that nobody had before."""
    return uuid.uuid4().hex
