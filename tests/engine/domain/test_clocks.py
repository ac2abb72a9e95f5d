"""The light of a clock."""

import pytest

from engine.domain.clocks import light


@pytest.mark.parametrize(
    ("days_left", "shows"),
    [
        pytest.param(None, "ok", id="no clock runs"),
        pytest.param(2, "ok", id="time enough"),
        pytest.param(1, "soon", id="one working day before (M-SUP-1)"),
        pytest.param(0, "soon", id="today"),
        pytest.param(-1, "overdue", id="yesterday"),
    ],
)
def test_the_light_follows_the_working_days_left(days_left, shows):
    assert light(days_left) == shows
