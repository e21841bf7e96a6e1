"""How long a repetition waits."""

from __future__ import annotations

import pytest

from flotilla import Retry


@pytest.mark.parametrize(
    ("failures", "retry_after_ms", "chance", "pause_s"),
    [
        (1, None, 0.0, 0.2),
        (2, None, 0.0, 0.4),
        (3, None, 0.0, 0.8),
        (3, None, 1.0, 0.4),
        (9, None, 0.0, 30.0),
        (10_000, None, 0.0, 30.0),
        (1, 1_000, 0.0, 1.0),
        (1, 1_000, 1.0, 1.1),
        (9, 1_000, 0.0, 30.0),
        (1, 0, 0.0, 0.2),
        (1, 120_000, 0.0, 120.0),
        (1, 120_001, 0.0, None),
        (1, 10**18, 0.5, None),
    ],
)
def test_pauses_double_up_to_a_cap_and_are_never_shorter_than_asked(
    failures: int, retry_after_ms: int | None, chance: float, pause_s: float | None
) -> None:
    assert Retry().pause_s(failures, retry_after_ms, chance) == pause_s
