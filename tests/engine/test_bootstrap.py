"""A hall is joined from its settings."""

from dataclasses import replace

import pytest

from engine.bootstrap import make_hall, open_hall
from engine.kernel.errors import Unavailable
from engine.settings import read_settings


@pytest.fixture
def settings(tmp_path):
    return read_settings({"HALL_DATA": str(tmp_path / "data")})


def test_a_hall_that_was_never_made_says_what_to_do(settings):
    settings.data.mkdir()
    with pytest.raises(Unavailable) as refused:
        open_hall(settings)
    assert refused.value.code == "hall.not_set_up"


def test_a_new_hall_is_empty_and_real(settings):
    hall = make_hall(settings, demo=False)
    assert not hall.demo
    hall.store.dispose()
    opened = open_hall(settings)
    with opened.reading() as unit, pytest.raises(Unavailable) as empty:
        opened.library.shelf(unit)
    assert empty.value.code == "calendar.empty"
    opened.store.dispose()


def test_making_it_again_loses_nothing(hall, city):
    again = make_hall(city, demo=True)
    with again.reading() as unit:
        assert len(again.library.shelf(unit).windows) == 258
    again.store.dispose()


def test_the_rules_of_the_house_come_from_the_settings(city):
    opened = open_hall(replace(city, sign_in_tries=3))
    assert opened.rules.sign_in_tries == 3
    opened.store.dispose()
