"""The working-day calendar: read as twelve months, changed by notice after a look at what moves."""

from datetime import date

import pytest

from engine.domain.working_time import HOLIDAY, PUBLISHED, NoticedDay
from engine.services import calendar, cases, catalogue, intake
from engine.worker.loop import run_once
from engine.worker.tasks import HANDLERS
from tests.story import application, first_matter
from tests.webui.visitor import Visitor

PAGE = "/admin/calendar"
NOTICE = "国办发明电〔2015〕99号"
DAY = "2015-10-30"


@pytest.fixture
def policy(app):
    return Visitor(app, "policy1")


@pytest.fixture
def officer(cast):
    """Policy staff as the services know it."""
    return cast.holder(None, "policy")


@pytest.fixture
def reader(cast):
    """Who may read every case."""
    return cast.holder(None, "supervisor")


@pytest.fixture
def case(hall, staff):
    """A case of several days, received on the Monday before the changed day."""
    matter = first_matter(hall, "commitment")
    clerk = next(one for one in staff.values() if one.unit_no == matter.unit_no)
    return intake.receive(hall, clerk, application(hall, matter)).case


def notice(*lines, no=NOTICE, scope="days"):
    """Return the fields of the form; a line is from, until, kind and name."""
    columns = zip(*lines, strict=True) if lines else ((),) * 4
    fields = dict(zip(("from", "until", "kind", "name"), map(list, columns), strict=True))
    return {"notice": no, "scope": scope, **fields}


def test_a_year_is_twelve_months_with_days_off_and_days_worked(policy):
    page = policy.read(f"{PAGE}?year=2015")
    assert page.count('class="month"') == 12
    october = page.split("10 月", 1)[1].split("</table>", 1)[0]
    assert october.count(">休<") == 5, "the weekdays of the National Day's week"
    assert october.count(">班<") == 1, "10 October was worked"
    assert "2014" in page
    assert "2016" in page


def test_a_year_without_a_notice_says_that_it_is_provisional(policy):
    assert "还没有全年放假通知" in policy.read(f"{PAGE}?year=2028")
    assert "还没有全年放假通知" not in policy.read(f"{PAGE}?year=2014")


@pytest.mark.parametrize("year", ["x", "0", "99999", "-3"])
def test_a_year_that_is_none_shows_this_one(policy, year):
    assert "2015 年工作日历" in policy.read(f"{PAGE}?year={year}")


def test_what_a_notice_moves_is_seen_before_and_nothing_is_written(policy, reader, hall, case):
    page = policy.post(f"{PAGE}/2015/look", **notice((DAY, "", "holiday", "城市纪念日")))
    assert page.status_code == 200
    assert "1 件在办的到期日会变：1 件推后，0 件提前" in page.text
    assert case.case_no in page.text
    assert "/desk/cases/" not in page.text, "policy staff may not open cases"
    assert f"{case.promised_due.isoformat()} " in page.text
    assert catalogue.calendar(hall).is_working(date(2015, 10, 30))
    assert cases.case(hall, reader, case.id).case.promised_due == case.promised_due


def test_confirmed_it_is_in_force_and_the_due_day_is_the_one_that_was_shown(
    policy, officer, reader, hall, case
):
    fields = notice((DAY, "", "holiday", "城市纪念日"))
    shown = calendar.preview(hall, officer, [noticed(DAY, "城市纪念日")], NOTICE).moves
    answer = policy.post(f"{PAGE}/2015", **fields)
    assert answer.status_code == 303
    assert "已生效，调整了 1 天" in policy.read(answer.location)
    while run_once(hall, HANDLERS):
        pass
    moved = cases.case(hall, reader, case.id).case
    assert {one.after for one in shown if one.kind == "promised"} == {moved.promised_due}
    assert moved.promised_due > case.promised_due


def test_a_day_off_taken_back_makes_cases_due_earlier_and_overdue_ones_are_counted(
    policy, reader, hall, case, now
):
    policy.post(f"{PAGE}/2015", **notice((DAY, "", "holiday", "城市纪念日")))
    while run_once(hall, HANDLERS):
        pass
    due = cases.case(hall, reader, case.id).case.promised_due
    now.advance(days=(due - date(2015, 10, 26)).days)
    later = Visitor(policy.app, "policy1")
    whole = [
        (day.isoformat(), "", kind, "通知")
        for kind, days in by_kind(catalogue.calendar(hall), 2015).items()
        for day in days
        if day.isoformat() != DAY
    ]
    page = later.post(f"{PAGE}/2015/look", **notice(*whole[:20], scope="year"))
    assert "1 件提前" in page.text
    assert "1 件会立刻超时" in page.text


def noticed(day, name):
    return NoticedDay(date.fromisoformat(day), HOLIDAY, name, PUBLISHED)


def by_kind(known, year):
    return {
        "holiday": sorted(day for day in known.holidays if day.year == year),
        "worked_weekend": sorted(day for day in known.worked_weekends if day.year == year),
    }


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (("2015-13-01", "", "holiday", "节"), "请填写日期"),
        (("2015-10-30", "2015-10-29", "holiday", "节"), "结束不能早于开始"),
        (("2015-01-01", "2015-12-31", "holiday", "节"), "一段最多 31 天"),
        (("2015-10-30", "", "holiday", " "), "请填写名称"),
        (("2015-10-30", "", "worked_weekend", "补班"), "不能这样登记"),
        (("2015-10-30", "", "feast", "节"), "不能这样登记"),
    ],
)
def test_a_wrong_line_is_said_where_it_stands_and_what_was_typed_stays(policy, hall, line, said):
    for path in (f"{PAGE}/2015/look", f"{PAGE}/2015"):
        answer = policy.post(path, **notice(line))
        assert answer.status_code == 422
        assert said in answer.text
        assert f'value="{NOTICE}"' in answer.text
        assert f'value="{line[0]}"' in answer.text
    assert catalogue.calendar(hall).is_working(date(2015, 10, 30))


def test_a_notice_without_number_or_lines_is_told(policy):
    line = (DAY, "", "holiday", "<script>alert(1)</script>")
    answer = policy.post(f"{PAGE}/2015/look", **notice(line, no=" "))
    assert answer.status_code == 422
    assert "<script>alert(1)" not in answer.text
    empty = policy.post(f"{PAGE}/2015/look", **notice()).text
    assert "请至少填写一行" in empty
    assert empty.index('href="#from-0"') < empty.index('class="month"'), "said before the year"


def test_a_notice_that_says_nothing_new_offers_no_button(policy):
    known = ("2015-10-01", "", "holiday", "国庆节")
    page = policy.post(f"{PAGE}/2015/look", **notice(known)).text
    assert "没有变化" in page
    assert "确认生效" not in page


def test_who_reads_only_has_no_form_and_a_forged_notice_is_refused(app, hall):
    chief = Visitor(app, "chief26")
    assert "登记通知" not in chief.read(PAGE)
    forged = chief.post(f"{PAGE}/2015", **notice((DAY, "", "holiday", "节")))
    assert forged.status_code == 403
    assert catalogue.calendar(hall).is_working(date(2015, 10, 30))


def test_a_clerk_finds_no_page(clerk):
    assert clerk.get(PAGE).status_code == 403
