"""Holds what a server answered against the generated types, so that nothing behind it need doubt them.

What a type does not name is let through: a newer server may say more than this package knows.
"""

from __future__ import annotations

import types
from collections.abc import Callable
from functools import cache
from typing import (
    Any,
    Literal,
    NotRequired,
    Required,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from flotilla.errors import AnswerError

T = TypeVar("T")

#: Answers whether a value fits: None, or what is wrong and where.
Check = Callable[[object, str], str | None]


def read(value: object, shape: type[T]) -> T:
    """Returns `value` as what it is, a `shape`.

    Raises:
        AnswerError: it is something else; the message names the place.
    """
    check: Any = shape
    wrong = _check(check)(value, "$")
    if wrong is not None:
        raise AnswerError(f"the answer is no {shape.__name__}: {wrong}")
    return value  # type: ignore[return-value]  # has just been checked


def fits(value: object, shape: type[object]) -> bool:
    """Whether `value` is a `shape`."""
    check: Any = shape
    return _check(check)(value, "$") is None


@cache  # as many entries as there are types
def _check(shape: Any) -> Check:
    if shape is Any or shape is object:
        return lambda value, place: None
    if is_typeddict(shape):
        return _record(shape)
    origin, arguments = get_origin(shape), get_args(shape)
    if origin in (NotRequired, Required):
        return _check(arguments[0])
    if origin in (Union, types.UnionType):
        return _one_of([_check(argument) for argument in arguments])
    if origin is Literal:
        return _literal(arguments)
    if origin is list:
        return _list(_check(arguments[0]))
    if origin is dict:
        return _map(_check(arguments[1]))
    return _plain(shape)


def _record(shape: Any) -> Check:
    fields: dict[str, Any] = get_type_hints(shape, include_extras=True)
    # Not `__required_keys__`: before 3.14 it cannot see through annotations that are texts.
    required = [name for name, field in fields.items() if get_origin(field) is not NotRequired]

    def check(value: object, place: str) -> str | None:
        if not isinstance(value, dict):
            return f"{place} is {_name(value)}, not an object"
        for name in required:
            if name not in value:
                return f"{place}.{name} is missing"
        for name, field in fields.items():
            if name in value:
                wrong = _check(field)(value[name], f"{place}.{name}")
                if wrong is not None:
                    return wrong
        return None

    return check


def _one_of(checks: list[Check]) -> Check:
    def check(value: object, place: str) -> str | None:
        wrong = [check(value, place) for check in checks]
        return None if None in wrong else wrong[0]

    return check


def _literal(allowed: tuple[object, ...]) -> Check:
    def check(value: object, place: str) -> str | None:
        return None if value in allowed else f"{place} is none of {', '.join(map(str, allowed))}"

    return check


def _list(entry: Check) -> Check:
    def check(value: object, place: str) -> str | None:
        if not isinstance(value, list):
            return f"{place} is {_name(value)}, not an array"
        for index, one in enumerate(value):
            wrong = entry(one, f"{place}[{index}]")
            if wrong is not None:
                return wrong
        return None

    return check


def _map(entry: Check) -> Check:
    def check(value: object, place: str) -> str | None:
        if not isinstance(value, dict):
            return f"{place} is {_name(value)}, not an object"
        for name, one in value.items():
            wrong = entry(one, f"{place}.{name}")
            if wrong is not None:
                return wrong
        return None

    return check


def _plain(shape: Any) -> Check:
    wanted: tuple[type, ...] = (int, float) if shape is float else (shape,)

    def check(value: object, place: str) -> str | None:
        # Python counts true and false among the integers, JSON does not.
        is_flag = isinstance(value, bool)
        if isinstance(value, wanted) and is_flag == (shape is bool):
            return None
        return f"{place} is {_name(value)}, not {shape.__name__}"

    return check


def _name(value: object) -> str:
    return "null" if value is None else f"of type {type(value).__name__}"
