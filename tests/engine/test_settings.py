"""Settings come from the environment, then from the hall's own file, then from the defaults."""

import json
import stat
from datetime import time

import pytest

from engine.kernel.errors import Invalid, Unavailable
from engine.settings import (
    FILE,
    KEYS,
    SETTINGS,
    make_keys,
    read_keys,
    read_settings,
    write_settings,
)


def test_every_setting_has_a_caption():
    assert all(setting.caption for setting in SETTINGS)


def test_the_defaults_make_a_hall_on_this_machine(tmp_path):
    settings = read_settings({"HALL_DATA": str(tmp_path)})
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.database_url == f"sqlite:///{tmp_path / 'hall.sqlite'}"
    assert not settings.demo


def test_the_environment_goes_before_the_file(tmp_path):
    (tmp_path / FILE).write_text(json.dumps({"HALL_PORT": "9000", "HALL_HOST": "127.0.0.2"}))
    settings = read_settings({"HALL_DATA": str(tmp_path), "HALL_PORT": "9001"})
    assert (settings.host, settings.port) == ("127.0.0.2", 9001)


def test_the_database_may_be_elsewhere(tmp_path):
    url = "postgresql+psycopg://hall@127.0.0.1/hall"
    assert read_settings({"HALL_DATA": str(tmp_path), "HALL_DATABASE_URL": url}).database_url == url


@pytest.mark.parametrize("value", ["many", "-1", "８０００", "1.5"])
def test_a_setting_that_is_no_number_is_named(tmp_path, value):
    with pytest.raises(Invalid) as refused:
        read_settings({"HALL_DATA": str(tmp_path), "HALL_PORT": value})
    assert refused.value.params["name"] == "HALL_PORT"


@pytest.mark.parametrize("value", ["half past five", "25:00", "17.30"])
def test_a_setting_that_is_no_time_is_named(tmp_path, value):
    with pytest.raises(Invalid) as refused:
        read_settings({"HALL_DATA": str(tmp_path), "HALL_CLOSE_OF_BUSINESS": value})
    assert refused.value.code == "setting.not_a_time"
    assert refused.value.params["name"] == "HALL_CLOSE_OF_BUSINESS"


def test_the_last_day_may_end_later(tmp_path):
    given = {"HALL_DATA": str(tmp_path), "HALL_CLOSE_OF_BUSINESS": "18:00"}
    assert read_settings(given).close_of_business == time(18)


def test_the_demo_is_a_mark_of_the_data_not_of_the_environment(tmp_path):
    write_settings(tmp_path, demo=True)
    assert read_settings({"HALL_DATA": str(tmp_path)}).demo


def test_keys_are_made_once_and_for_the_owner_only(tmp_path):
    make_keys(tmp_path)
    first = read_keys(tmp_path)
    make_keys(tmp_path)
    assert read_keys(tmp_path) == first
    assert stat.S_IMODE((tmp_path / KEYS).stat().st_mode) == 0o600


def test_lost_keys_are_not_quietly_replaced(tmp_path):
    with pytest.raises(Unavailable) as refused:
        read_keys(tmp_path)
    assert refused.value.code == "vault.no_keys"
