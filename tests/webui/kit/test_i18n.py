"""Words for days, moments and counts in both languages."""

from datetime import UTC, date, datetime

import pytest

from webui.kit.i18n import (
    _,
    counted,
    day,
    language,
    left,
    minutes,
    moment,
    named,
    time_of_day,
    word,
)


@pytest.fixture(params=["zh", "en"])
def reader(app, request):
    with app.test_request_context("/", headers={"Cookie": f"language={request.param}"}):
        yield request.param


@pytest.mark.parametrize(
    ("days", "zh", "en"),
    [
        (2, "剩 2 个工作日", "2 working days left"),
        (1, "剩 1 个工作日", "1 working day left"),
        (0, "今天到期", "due today"),
        (-1, "已超 1 个工作日", "1 working day overdue"),
        (-12, "已超 12 个工作日", "12 working days overdue"),
    ],
)
def test_days_left_are_words(reader, days, zh, en):
    assert left(days) == {"zh": zh, "en": en}[reader]


def test_a_day_has_its_weekday(reader):
    assert day(date(2015, 10, 26)) == {"zh": "2015-10-26 周一", "en": "2015-10-26 Mon"}[reader]


def test_a_moment_is_shown_on_the_clock_of_the_hall(reader):
    at = datetime(2015, 10, 25, 17, 30, tzinfo=UTC)
    assert (moment(at), time_of_day(at)) == ("2015-10-26 01:30", "01:30")


def test_a_span_is_words(reader):
    assert minutes(65) == {"zh": "1 小时 5 分钟", "en": "1 h 5 min"}[reader]
    assert minutes(20) == {"zh": "20 分钟", "en": "20 min"}[reader]


def test_lists_are_joined_by_the_language(reader):
    assert word(["甲", "乙"]) == {"zh": "甲、乙", "en": "甲, 乙"}[reader]


def test_one_thing_may_have_its_own_sentence(reader):
    assert counted("days.working", 1) == {"zh": "1 个工作日", "en": "1 working day"}[reader]


def test_names_of_data_follow_the_language(reader, hall):
    unit = hall.library.shelf
    with hall.reading() as reading:
        zone = unit(reading).zones[1]
    assert named(zone) == {"zh": zone.name, "en": zone.name_en}[reader]
    assert zone.name != zone.name_en


def test_a_per_cent_sign_in_a_sentence_is_one(reader):
    assert "60.2%" in _("home.cut", percent="60.2")
    assert "%%" not in _("home.cut", percent="60.2")


@pytest.mark.parametrize("cookie", ["fr", "", "zh_Hans; x", "<script>"])
def test_an_unknown_language_is_chinese(app, cookie):
    with app.test_request_context("/", headers={"Cookie": f"language={cookie}"}):
        assert language() == "zh"
