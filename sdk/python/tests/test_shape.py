"""Answers are what their types say, or are refused with the place."""

from __future__ import annotations

from typing import Any

import pytest

from flotilla import AnswerError, shape, types

ITEM: dict[str, Any] = {
    "item": "1.1:A",
    "case": "1",
    "specification": "S:1.0",
    "task": "A",
    "task_name": "A",
    "capability": "a",
    "epoch": 1,
    "term_ms": 60_000,
    "ends_at": "2026-11-21T17:00:00Z",
    "attempt": 1,
    "enabled_at": "2026-11-21T17:00:00Z",
    "data": "<A/>",
}


def test_what_fits_is_given_back_with_all_that_it_says() -> None:
    answer = {"items": [ITEM | {"of a newer server": {}}], "retry_after_ms": None}
    read: object = shape.read(answer, types.Claimed)
    assert read is answer


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (None, r"the answer is no Claimed: \$ is null, not an object"),
        ([], r"\$ is of type list, not an object"),
        ({}, r"\$\.items is missing"),
        ({"items": {}}, r"\$\.items is of type dict, not an array"),
        ({"items": [7]}, r"\$\.items\[0\] is of type int, not an object"),
        ({"items": [ITEM | {"epoch": "1"}]}, r"\$\.items\[0\]\.epoch is of type str, not int"),
        ({"items": [ITEM | {"epoch": True}]}, r"\$\.items\[0\]\.epoch is of type bool, not int"),
        ({"items": [ITEM | {"epoch": 1.5}]}, r"\$\.items\[0\]\.epoch is of type float, not int"),
        ({"items": [ITEM | {"data": None}]}, r"\$\.items\[0\]\.data is null, not str"),
        ({"items": [], "retry_after_ms": "soon"}, r"\$\.retry_after_ms is of type str, not int"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(answer: object, message: str) -> None:
    with pytest.raises(AnswerError, match=message):
        shape.read(answer, types.Claimed)


def test_words_and_maps_and_truths_are_held_against_their_types() -> None:
    agent = {"agent": "a", "slot": 1, "epoch": 1, "arrival": "new"}
    assert shape.fits(agent, types.OutcomeRegistered1)
    assert not shape.fits(agent | {"arrival": "late"}, types.OutcomeRegistered1)
    depth = {"keys": 1, "entries": 1, "depth_max": 1, "depth_avg": 1}
    stats: dict[str, Any] = {"listings": 0, "live": 0, "stale": 0, "offerings": 0, "indexes": {"rank": depth}}
    assert shape.fits(stats, types.Stats)
    assert not shape.fits(stats | {"indexes": {"rank": 7}}, types.Stats)
    assert not shape.fits(stats | {"indexes": []}, types.Stats)
