"""Common phrases at the task: kept, put in and taken away while what is typed stays."""

import re
from html import unescape

import pytest

from engine.domain.phrase import LONGEST
from engine.services import intake, phrases
from tests.story import application
from tests.webui.chromium import page as opened
from tests.webui.chromium import sign_in
from tests.webui.visitor import Visitor

SCRIPT = "<script>alert(1)</script>\"'"


@pytest.fixture
def task(hall, cast):
    """The review of the walk-through's case."""
    return intake.receive(hall, cast.clerk(26), application(hall)).opened[0]


def at(task):
    return f"/desk/tasks/{task.id}"


def opinion(page):
    found = re.search(r'<textarea [^>]*name="review_opinion"[^>]*>\n?([^<]*)</textarea>', page)
    return unescape(found[1])


def offered(page):
    return [unescape(one) for one in re.findall(r'data-phrase="([^"]*)"', page)]


def chosen(page):
    return re.search(r'name="phrase" value="([^"]+)"', page)[1]


def test_a_task_without_phrases_says_so_and_offers_to_keep_one(clerk, task):
    page = clerk.read(at(task))
    assert "本环节还没有常用意见" in page
    assert "将所写意见存为常用意见" in page


def test_what_was_typed_is_kept_as_a_phrase_and_stays_typed(clerk, task):
    answer = clerk.post(f"{at(task)}/phrases", review_opinion="材料齐全，符合法定形式")
    assert answer.status_code == 200
    assert offered(answer.text) == ["材料齐全，符合法定形式"]
    assert opinion(answer.text) == "材料齐全，符合法定形式"
    assert offered(clerk.read(at(task))) == ["材料齐全，符合法定形式"]
    assert 'data-key="Ctrl+Alt+1"' in answer.text


def test_a_phrase_is_put_behind_what_is_typed(clerk, task):
    page = clerk.post(f"{at(task)}/phrases", review_opinion="符合法定形式").text
    fields = {"phrase": chosen(page), "review_opinion": "补充一句", "review_outcome": "pass"}
    answer = clerk.post(f"{at(task)}/phrases/put", fields)
    assert opinion(answer.text) == "补充一句\n符合法定形式"
    empty = clerk.post(f"{at(task)}/phrases/put", {**fields, "review_opinion": ""})
    assert opinion(empty.text) == "符合法定形式"
    assert 'value="pass" checked' in empty.text


def test_a_phrase_is_taken_away(clerk, task):
    page = clerk.post(f"{at(task)}/phrases", review_opinion="同意").text
    answer = clerk.post(
        f"{at(task)}/phrases/remove", phrase=chosen(page), review_opinion="还在写的"
    )
    assert offered(answer.text) == []
    assert opinion(answer.text) == "还在写的"
    again = clerk.post(f"{at(task)}/phrases/remove", phrase=chosen(page), review_opinion="还在")
    assert again.status_code == 404
    assert "没有这条常用意见" in again.text
    assert opinion(again.text) == "还在"


@pytest.mark.parametrize(
    ("typed", "said"),
    [(" ", "请先写意见，再存为常用意见"), ("长" * (LONGEST + 1), "常用意见不超过 200 字")],
)
def test_nothing_and_too_much_are_not_kept(clerk, task, typed, said):
    answer = clerk.post(f"{at(task)}/phrases", review_opinion=typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert opinion(answer.text).strip() == typed.strip()
    assert "F8" in answer.text, "the task may still be completed"


def test_a_forged_put_of_the_phrase_of_another_gives_nothing(hall, cast, clerk, task):
    chief = cast.holder(26, "chief")
    foreign = phrases.add(hall, chief, task.step, "首席代表的意见")
    for path in ("put", "remove"):
        answer = clerk.post(
            f"{at(task)}/phrases/{path}", phrase=foreign.id, review_opinion="我写的"
        )
        assert answer.status_code == 404
        assert "首席代表的意见" not in answer.text
        assert opinion(answer.text) == "我写的"
    assert phrases.of_step(hall, chief, task.step) == [foreign]
    assert clerk.client.post(f"{at(task)}/phrases", data={}).status_code == 403


def test_another_unit_keeps_no_phrase_here(app, task):
    stranger = Visitor(app, "clerk54")
    assert stranger.post(f"{at(task)}/phrases", review_opinion="x").status_code == 403


def test_a_script_is_shown_as_text(clerk, task):
    answer = clerk.post(f"{at(task)}/phrases", review_opinion=SCRIPT)
    assert "<script>alert" not in answer.text
    assert offered(answer.text) == [SCRIPT]


def test_the_phrases_are_complete_in_english(clerk, task):
    clerk.client.set_cookie("language", "en")
    page = clerk.post(f"{at(task)}/phrases", review_opinion="Agreed").text
    assert "Common phrases" in page
    assert "phrase." not in re.sub(r"/phrases\S*", "", page)


@pytest.mark.browser
def test_a_click_and_a_key_put_it_in_without_leaving_the_page(hall, staff, browser, place, task):
    phrases.add(hall, staff[6], task.step, "材料齐全")
    with opened(browser) as tab:
        sign_in(tab, place, "clerk06")
        tab.goto(f"{place}{at(task)}")
        field = tab.locator("textarea[name=review_opinion]")
        field.fill("先写的")
        tab.locator("[data-phrase]").first.click()
        assert field.input_value() == "先写的\n材料齐全"
        field.press("Control+Alt+1")
        assert field.input_value() == "先写的\n材料齐全\n材料齐全"
        assert tab.url.endswith(at(task))
