"""Replays on pages: begun, followed, stopped, explained."""

import io
import re

import pytest

from engine.demo.carry import carry
from engine.paths import stock_dir
from engine.services import catalogue
from engine.storage.what_if import RUNS
from engine.worker.loop import run_once
from engine.worker.tasks import HANDLERS
from tests.story import first_matter, walk_through_matter
from tests.webui.chromium import READY, page, sign_in, until
from tests.webui.visitor import Visitor

PAGE = "/policy/what-if"
DAYS = {"first_day": "2015-10-01", "last_day": "2015-12-31"}
PROMISE = {"what": "promise", "type": "instant", "days": "1", **DAYS}
AUTHORITY = (stock_dir("rules") / "tables" / "authority.dmn").read_text(encoding="utf-8")


@pytest.fixture
def policy(app):
    return Visitor(app, "policy1")


@pytest.fixture
def cases(hall, cast):
    matters = [walk_through_matter(hall), first_matter(hall, "instant")]
    return [carry(hall, cast, matters[n % 2].no).case for n in range(3)]


def stricter():
    text = re.sub(r'(-allowed"><text>)true', r"\1false", AUTHORITY)
    return io.BytesIO(text.encode()), "authority.dmn"


def work_off(hall):
    while run_once(hall, HANDLERS):
        pass


def sent(policy, **form):
    """Begin a replay, and return the address of its page."""
    answer = policy.post(PAGE, form)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer.headers["Location"]


def test_the_page_offers_a_year_and_says_that_nothing_was_replayed(policy):
    shown = policy.read(PAGE)
    assert "还没有做过历史回放" in shown
    assert 'value="2014-10-26"' in shown
    assert 'value="2015-10-26"' in shown


def test_a_promise_is_replayed_and_the_page_says_how_many_would_be_late(policy, hall, cases):
    run = sent(policy, **PROMISE)
    waiting = policy.read(run)
    assert "等待开始" in waiting
    assert f'hx-get="{run}/standing"' in waiting
    work_off(hall)
    assert policy.get(f"{run}/standing").headers["HX-Refresh"] == "true"
    done = policy.read(run)
    assert "1 件办件中，有 0 件会超时；实际超时 0 件" in done
    assert "standing" not in done
    assert "即办件" in policy.read(PAGE)


def test_a_file_is_replayed_and_each_case_shown_before_and_after(policy, hall, cases):
    run = sent(policy, what="file", file=stricter(), **DAYS)
    work_off(hall)
    shown = policy.read(run)
    assert "3 件办件中，有 3 件的结果会不同" in shown
    for case in cases:
        assert case.case_no in shown
        assert catalogue.matter(hall, case.matter_no).name in shown
    both = policy.read(f"{run}/cases/1")
    assert "当时的结果" in both
    assert "新规则下的结果" in both
    assert 'id="before-' in both
    assert 'id="after-' in both


def test_a_replay_is_stopped_once(policy, hall, cases):
    run = sent(policy, **PROMISE)
    assert policy.post(f"{run}/cancel").status_code == 303
    assert "回放已停止" in policy.read(run)
    again = policy.post(f"{run}/cancel")
    assert again.status_code == 409
    assert "已经结束" in again.get_data(as_text=True)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"days": "many"}, "承诺工作日应为 1 至"),
        ({"days": "0"}, "承诺工作日应为 1 至"),
        ({"type": ""}, "请选择办件类型"),
        ({"first_day": "yesterday"}, "请填写日期"),
        ({"first_day": "2016-01-01"}, "不能晚于结束日期"),
        ({"what": "file"}, "请选择要回放的文件"),
    ],
)
def test_what_is_typed_wrong_is_said_and_kept(policy, changed, said):
    answer = policy.post(PAGE, {**PROMISE, **changed})
    assert answer.status_code in (404, 422)
    shown = answer.get_data(as_text=True)
    assert said in shown
    assert 'value="2015-12-31"' in shown


def test_a_file_that_is_no_table_is_said_at_its_field(policy):
    file = io.BytesIO(b"<script>alert(1)</script>"), "x.dmn"
    answer = policy.post(PAGE, {"what": "file", "file": file, **DAYS})
    assert answer.status_code == 422
    assert 'id="d-file-error"' in answer.get_data(as_text=True)


def test_a_replay_that_failed_says_why(policy, hall, cases):
    run = sent(policy, **PROMISE)
    with hall.unit() as unit:
        failure = {"code": "what_if.period", "params": {"first": "甲", "last": "乙"}}
        unit.connection.execute(RUNS.update().values(state="failed", failure=failure))
    assert "开始日期 甲 不能晚于结束日期 乙" in policy.read(run)


def test_who_may_not_read_rules_does_not_come_here(app):
    assert Visitor(app, "clerk06").get(PAGE).status_code == 403


@pytest.mark.parametrize("path", ["/none", "/none/standing", "/none/cases/1"])
def test_what_is_not_there_is_not_found(policy, path):
    assert policy.get(PAGE + path).status_code == 404


def test_a_wrong_page_number_is_the_first(policy, hall, cases):
    run = sent(policy, **PROMISE)
    work_off(hall)
    assert "1 件办件中" in policy.read(f"{run}?page=zero")


@pytest.mark.browser
def test_in_a_browser_a_replay_is_begun_and_its_page_turns_into_the_answer(
    place, browser, hall, cases
):
    with page(browser) as opened:
        sign_in(opened, place, "policy1")
        opened.goto(place + PAGE)
        until(opened, READY)
        opened.select_option("#p-type", "instant")
        opened.fill("#p-days", "1")
        opened.fill("#p-first", DAYS["first_day"])
        opened.fill("#p-last", DAYS["last_day"])
        opened.locator("form:has(#p-days) button").click()
        until(opened, "document.querySelector('#progress') !== null")
        work_off(hall)
        until(opened, "document.body.innerText.includes('有 0 件会超时')")
        assert opened.locator("#progress").count() == 0
