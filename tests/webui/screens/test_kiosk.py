"""The machine that gives out numbers: two touches, no sign-in, a slip of 80 mm."""

import re

import pytest

from engine.services import catalogue, overview, tickets, windows
from tests.story import walk_through_matter
from tests.webui.visitor import Visitor

ZONE, UNIT = 1, 26
KIOSK = "/screens/kiosk"
LONG = "很长" * 250


def take(visitor, of, **more):
    return visitor.post(KIOSK, {"of": of, **more})


def number(page):
    return re.search(r"</small> ([A-Z]\d+)</h1>", page)[1]


def test_a_stranger_gets_a_number_in_two_touches(visitor, hall):
    zone = re.search(rf'href="({KIOSK}\?zone={ZONE})"', visitor.read(KIOSK))[1]
    units = visitor.read(zone)
    assert f'name="of" value="unit.{UNIT}"' in units
    answer = take(visitor, f"unit.{UNIT}", zone=ZONE)
    assert answer.status_code == 303
    slip = visitor.read(answer.location)
    assert number(slip) == "B001"
    for text in ("市工商行政管理局", "前面无人等候", "取号时间 2015-10-26 09:00", "06"):
        assert text in slip


def test_the_slip_says_how_many_wait_and_which_windows_to_go_to(visitor, hall):
    tickets.take(hall, ZONE, UNIT)
    slip = visitor.read(take(visitor, f"unit.{UNIT}").location)
    assert "前面还有 1 人" in slip
    named = re.search(r"请在 (.+) 窗口附近等候叫号", slip)[1]
    seats = catalogue.windows(hall, unit_no=UNIT)
    assert named.split("、") == [row.label for row in seats if row.purpose == "intake"]


def test_the_machine_says_which_unit_is_closed_and_gives_no_number(visitor, hall, cast):
    manager = cast.holder(None, "hall_manager")
    for row in catalogue.windows(hall, unit_no=UNIT):
        windows.close(hall, manager, row.no, "停电")
    answer = take(visitor, f"unit.{UNIT}", zone=ZONE)
    assert answer.status_code == 409
    assert "市工商行政管理局的窗口现均暂停服务（停电），恢复服务前不能取号。" in answer.text


def test_whoever_does_not_know_the_unit_takes_a_number_of_the_zone(visitor):
    slip = visitor.read(take(visitor, "zone.2").location)
    assert number(slip).startswith("S")
    assert "社会事务服务区" in slip


def test_who_needs_care_is_placed_before_the_others(visitor, hall):
    tickets.take(hall, ZONE, UNIT)
    slip = visitor.read(take(visitor, f"unit.{UNIT}", needs_care="true").location)
    assert "前面无人等候" in slip
    assert "已按优先办理排队" in slip


def test_a_matter_is_found_by_pinyin_on_the_letters_of_the_screen(visitor, hall):
    matter = walk_through_matter(hall)
    page = visitor.read(f"{KIOSK}?q=QYSL")
    assert matter.name in page
    assert f'href="{KIOSK}?q=QYSLD"' in page
    assert f'href="{KIOSK}?q=QYS"' in page
    slip = visitor.read(take(visitor, f"matter.{matter.no}", q="QYSL").location)
    assert matter.name in slip


def test_a_search_without_a_result_says_what_to_do(visitor):
    assert "没有找到“XQZW”。请换个说法" in visitor.read(f"{KIOSK}?q=XQZW")
    assert "例如" in visitor.read(f"{KIOSK}?q=")


@pytest.mark.parametrize("of", ["", "zone.", "window.6", "unit.二", "unit.-1", "zone.1.2"])
def test_a_forged_choice_is_answered_in_words_on_the_same_page(visitor, of):
    answer = take(visitor, of, zone=ZONE, needs_care="true")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert f'name="of" value="unit.{UNIT}"' in answer.text
    assert 'name="needs_care" value="true" checked' in answer.text


@pytest.mark.parametrize(("of", "said"), [("zone.99", "99"), ("unit.999", "999")])
def test_a_zone_or_unit_that_is_not_there_is_said(visitor, of, said):
    answer = take(visitor, of)
    assert answer.status_code == 404
    assert said in answer.text


def test_a_request_without_the_token_takes_no_number(visitor, hall):
    visitor.read(KIOSK)
    assert visitor.client.post(KIOSK, data={"of": "zone.1"}).status_code == 403
    assert all(row.waiting == 0 for row in overview.zones(hall))


def test_two_touches_of_one_button_give_one_number(visitor):
    first, second = (take(visitor, "zone.1", once="the-same") for _ in range(2))
    assert first.location == second.location


def test_scripts_and_long_words_are_shown_as_text_and_cut(visitor):
    page = visitor.read(f"{KIOSK}?q=<script>alert(1)</script>")
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    page = visitor.read(f"{KIOSK}?q={LONG}")
    assert f'name="q" value="{LONG[:40]}"' in page
    assert f"没有找到“{LONG[:40]}”" in page


@pytest.mark.parametrize("path", [f"{KIOSK}?zone=99", f"{KIOSK}?zone=一", f"{KIOSK}/nobody"])
def test_what_is_not_there_is_not_found(visitor, path):
    assert visitor.get(path).status_code == 404


def test_a_unit_whose_windows_are_closed_gives_no_number_and_says_why(visitor, hall, staff):
    for row in catalogue.windows(hall, unit_no=UNIT):
        if row.purpose == "intake":
            windows.close(hall, staff[6], row.no, "盘点")
    page = visitor.read(f"{KIOSK}?zone={ZONE}")
    button = re.search(rf'value="unit.{UNIT}"[^>]*>.*?</button>', page)[0]
    assert "disabled" in button
    assert "窗口暂停服务，请到导办台咨询" in button


def test_height_and_contrast_are_kept_through_every_touch(visitor):
    page = visitor.read(f"{KIOSK}?low=1&contrast=1")
    assert 'class="machine low contrast"' in page
    zone = re.search(rf'href="({KIOSK}\?zone=1[^"]*)"', page)[1].replace("&amp;", "&")
    assert 'class="machine low contrast"' in visitor.read(zone)
    slip = take(visitor, "zone.1", low="1").location
    page = visitor.read(slip)
    assert 'class="machine low"' in page
    assert ">恢复高度</a>" in page


def test_a_look_is_changed_without_losing_the_page(visitor):
    page = visitor.read(f"{KIOSK}?zone=1")
    assert re.search(rf'href="{KIOSK}\?zone=1&amp;low=1"', page)
    search = visitor.read(f"{KIOSK}?q=QY")
    assert re.search(rf'href="{KIOSK}\?q=QY&amp;contrast=1"', search)
    refused = take(visitor, "window.6", zone=ZONE)
    assert re.search(rf'href="{KIOSK}\?zone=1&amp;low=1"', refused.text)


def test_a_page_left_alone_goes_back_to_the_start(visitor):
    slip = visitor.read(take(visitor, "zone.1").location)
    assert f'data-home="{KIOSK}" data-after="20"' in slip
    assert f'<noscript><meta http-equiv="refresh" content="20;url={KIOSK}"></noscript>' in slip
    assert f'data-home="{KIOSK}" data-after="60"' in visitor.read(f"{KIOSK}?zone=1")


def test_an_error_goes_away_by_itself_on_the_machine_alone(visitor):
    visitor.read(KIOSK)
    for answer in (
        visitor.client.post(KIOSK, data={"of": "zone.1"}),
        visitor.get(f"{KIOSK}/nobody"),
        take(visitor, "window.6"),
    ):
        assert answer.status_code >= 400
        assert answer.headers["Refresh"] == f"20; url={KIOSK}"
    assert "Refresh" not in visitor.get("/screens/999").headers
    assert "Refresh" not in visitor.get(KIOSK).headers


def test_the_machine_speaks_english_as_well(app):
    reader = Visitor(app)
    reader.post("/account/language", language="en", next=KIOSK)
    page = reader.read(KIOSK)
    assert "Where do you want to go?" in page
    assert '<html lang="en">' in page


def test_each_page_of_the_machine_has_one_heading_and_no_style_of_its_own(visitor):
    slip = take(visitor, "zone.1").location
    for path in (KIOSK, f"{KIOSK}?zone=1", f"{KIOSK}?q=QY", slip):
        page = visitor.read(path)
        assert len(re.findall("<h1", page)) == 1, path
        assert not re.search(r"<[^>]+\s(style|on\w+)=", page), path
