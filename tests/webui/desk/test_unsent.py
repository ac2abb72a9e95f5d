"""A draft of a task comes back on its page until it is sent or given up."""

import pytest

from engine.services import intake, people
from tests.story import application
from tests.webui.visitor import Visitor


@pytest.fixture
def task(hall):
    clerk = next(one for one in people.everybody(hall) if one.account == "clerk06")
    return intake.receive(hall, clerk, application(hall)).opened[0]


def keep(visitor, task, **fields):
    return visitor.post("/desk/unsent", {"unsent-place": f"task:{task.id}", **fields})


def test_what_was_typed_is_on_the_page_again_and_says_since_when(clerk, task):
    said = keep(clerk, task, review_outcome="pass", review_opinion="材料齐全<script>")
    assert said.status_code == 200
    assert said.text.startswith("草稿已保存")
    page = clerk.read(f"/desk/tasks/{task.id}")
    assert "未提交的内容" in page
    assert "材料齐全&lt;script&gt;" in page


def test_a_colleague_does_not_see_it(app, clerk, task):
    keep(clerk, task, review_opinion="只给自己看")
    page = Visitor(app, "chief26").read(f"/desk/tasks/{task.id}")
    assert "只给自己看" not in page


def test_a_draft_given_up_is_gone(clerk, task):
    keep(clerk, task, review_opinion="不要了")
    page = f"/desk/tasks/{task.id}"
    gone = clerk.post("/desk/unsent/forget", {"unsent-place": f"task:{task.id}", "back": page})
    assert (gone.status_code, gone.location) == (303, page)
    assert "不要了" not in clerk.read(page)


def test_a_draft_without_a_place_is_refused_in_words(clerk):
    answer = clerk.post("/desk/unsent", {"review_opinion": "x"}, fragment=True)
    assert answer.status_code == 422
    assert "属于哪一页" in answer.text
