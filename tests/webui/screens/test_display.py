"""The screens of the hall (M-SCREEN-1, M-SCREEN-2)."""

import re

import pytest

from engine.services import tickets, windows
from tests.story import walk_through_matter


@pytest.fixture
def called(hall, staff):
    tickets.take(hall, 1, matter_no=walk_through_matter(hall).no)
    return tickets.call_next(hall, staff[6], 6)


def spoken(page):
    return re.findall(r'data-call="([^"]+)">([^<]+)<', page)


def number(page):
    return re.search(r'class="call-number[^"]*">([^<]+)<', page)[1]


def test_an_idle_window_asks_for_patience(visitor):
    assert number(visitor.read("/screens/6")) == "请等候叫号"


def test_a_call_stands_on_the_screen_of_its_window_only(visitor, called):
    assert number(visitor.read("/screens/6/now")) == called.number
    assert number(visitor.read("/screens/5/now")) == "请等候叫号"


def test_the_screen_says_unit_officer_and_matter(visitor, called, hall, staff):
    page = visitor.read("/screens/6")
    for text in ("06 窗口", "市工商行政管理局", staff[6].name, walk_through_matter(hall).name):
        assert text in page


def test_a_fresh_call_is_marked_for_a_while(visitor, called, now):
    assert "call-number fresh" in visitor.read("/screens/6/now")
    now.advance(seconds=31)
    assert "call-number fresh" not in visitor.read("/screens/6/now")


def test_the_changing_part_is_asked_for_at_a_call_and_every_few_seconds(visitor):
    page = visitor.read("/screens/6")
    main = re.search(r"<main[^>]*>", page)[0]
    assert 'hx-get="/screens/6/now"' in main
    assert 'hx-trigger="screen from:body, all from:body, every 5s"' in main
    assert "数据截至" in page
    assert '<meta http-equiv="refresh"' in page


def test_a_zone_shows_the_last_calls_newest_first(visitor, hall, staff, now):
    numbers = []
    for window_no in range(1, 13):
        tickets.take(hall, 1, unit_no=staff[window_no].unit_no)
        numbers.append(tickets.call_next(hall, staff[window_no], window_no).number)
        now.advance(seconds=5)
    page = visitor.read("/screens/zones/1")
    assert re.findall(r"<b>([A-Z]\d+)</b>", page) == numbers[::-1][:8]


def test_a_zone_without_calls_says_so(visitor):
    assert "请等候叫号" in visitor.read("/screens/zones/2/now")


def test_every_window_has_its_screen_in_the_list(visitor):
    assert visitor.read("/screens/").count('class="seat"') == 258


@pytest.mark.parametrize("path", ["/screens/999", "/screens/999/now", "/screens/zones/9"])
def test_an_unknown_window_or_zone_is_not_there(visitor, path):
    assert visitor.get(path).status_code == 404


def test_a_screen_may_be_read_from_five_metres_and_holds_no_link(visitor, called):
    body = visitor.read("/screens/6").partition("<body")[2]
    assert "<a " not in body
    assert 'class="screen"' in body


def test_a_call_is_spoken_digit_by_digit_without_a_name(visitor, called, hall, staff):
    for path in ("/screens/6/now", "/screens/zones/1/now"):
        [(key, text)] = spoken(visitor.read(path))
        assert text == "请 B 零 零 一 号，到 零 六 号窗口"
        assert staff[6].name not in text
    tickets.call_again(hall, staff[6], 6)
    [(again, text_again)] = spoken(visitor.read("/screens/6/now"))
    assert (again != key, text_again) == (True, text)
    assert spoken(visitor.read("/screens/5/now")) == []


def test_the_voice_waits_for_a_touch_and_needs_a_script(visitor):
    for path in ("/screens/6", "/screens/zones/1"):
        page = visitor.read(path)
        assert re.search(r'<div class="voice" id="voice" data-lang="zh-CN" hidden>', page), path
        assert "开启语音" in page
    assert 'id="voice"' not in visitor.read("/screens/hall")


def test_the_overview_counts_every_zone(visitor, called, hall, staff, now):
    windows.close(hall, staff[7], 7, "设备故障")
    tickets.take(hall, 1)
    now.advance(minutes=65)
    page = visitor.read("/screens/hall/now")
    assert page.count("<section") == 6
    first = page.partition("<section")[2].partition("</section>")[0]
    assert "<dt>等候人数</dt><dd>1</dd>" in first
    assert "<dd>1 小时 5 分钟</dd>" in first
    assert "暂停 1 个" in first
    assert f"<b>{called.number}</b> 06 窗口" in first


def test_a_hall_where_nobody_waits_says_so(visitor):
    page = visitor.read("/screens/hall")
    assert page.count("暂无叫号") == 6
    assert page.count("<dd>—</dd>") == 6
    assert 'hx-get="/screens/hall/now"' in page


def test_the_list_leads_to_the_overview_and_to_the_machine(visitor):
    page = visitor.read("/screens/")
    assert 'href="/screens/hall"' in page
    assert 'href="/screens/kiosk"' in page
