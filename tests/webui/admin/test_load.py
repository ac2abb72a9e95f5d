"""How busy the hall is: by unit and person, by zone, and what goes around."""

import pytest

from engine.services import intake, work
from tests.story import application
from tests.webui.visitor import Visitor

PAGE = "/admin/load"


@pytest.fixture
def manager(app):
    return Visitor(app, "manager1")


def test_a_quiet_hall_says_so(manager):
    page = manager.read(PAGE)
    assert "没有在办任务" in page
    assert "没有被来回转的咨询" in page
    assert "今天没有延时服务" in page


def test_open_tasks_are_counted_by_unit_and_by_who_holds_them(manager, hall, staff, app):
    first = intake.receive(hall, staff[6], application(hall))
    intake.receive(hall, staff[6], application(hall))
    work.claim(hall, staff[6], first.opened[0].id)
    page = manager.read(PAGE)
    assert staff[6].name in page
    assert "无人领取" in page
    assert "<b>2</b>" in page
    assert "<b>2</b>" in Visitor(app, "head26").read(PAGE)
    assert "<b>2</b>" not in Visitor(app, "head27").read(PAGE), "another unit's tasks"


def test_what_is_over_its_day_is_counted_apart(manager, hall, staff, now, app):
    intake.receive(hall, staff[6], application(hall))
    now.advance(days=30)
    page = Visitor(app, "manager1").read(PAGE)
    assert 'class="badge-word bad">1<' in page


def test_a_clerk_finds_no_page(clerk):
    assert clerk.get(PAGE).status_code == 403
