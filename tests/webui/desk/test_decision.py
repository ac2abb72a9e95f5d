"""Why a table decided so: every row of it, its law, its facts in words."""

import re

import pytest

from engine.demo.story import walk_through
from engine.services import cases, catalogue, people
from tests.webui.visitor import Visitor


def official(hall, account):
    return next(one for one in people.everybody(hall) if one.account == account)


@pytest.fixture
def decided(hall, now):
    """The walk-through's case as its chief sees it."""
    case_no = walk_through(hall, now).case_no
    chief = official(hall, "chief26")
    return cases.case(hall, chief, cases.find(hall, chief, case_no).rows[0].id)


@pytest.fixture
def authority(decided):
    """The last answer of the authority table: may the chief decide?"""
    return [one for one in decided.decisions if one.table == "authority"][-1]


@pytest.fixture
def page(app, authority):
    """The explanation of it."""
    return Visitor(app, "chief26").read(f"/desk/decisions/{authority.id}")


def test_every_row_is_explained_and_one_hit(hall, decided, authority, page):
    rows = cases.explain(hall, official(hall, "chief26"), authority.id)["trace"]
    assert len(re.findall(r'<li class="(hit)?" id="[^"]+">', page)) == len(rows) > 3
    hits = re.findall(r'<li class="hit" id="([^"]+)">', page)
    assert tuple(hits) == authority.rows
    assert page.count("实际为") >= len(rows) - len(hits)
    assert "命中策略：" in page
    assert "命中并生效" in page


def test_each_row_names_its_law(hall, authority, page):
    rows = cases.explain(hall, official(hall, "chief26"), authority.id)["trace"]
    text = page.replace("&#34;", '"')
    assert all(row["legal_basis"] and row["legal_basis"] in text for row in rows)


def test_facts_and_outcome_stand_in_words(page, decided):
    aside = page.partition("<aside>")[2]
    for text in ("首席代表", "审批决定权", decided.matter.type.name_zh, "允许", "是"):
        assert text in aside, text
    assert decided.matter.type.code not in aside


def test_types_of_matters_are_told_by_their_names(hall, page):
    for row in catalogue.matter_types(hall):
        assert row.code not in page


def test_the_version_is_named_and_the_same_answer_comes_again(page, authority):
    assert authority.version in page
    assert "结果相同" in page


def test_a_stored_answer_that_does_not_come_again_is_said(app, authority, monkeypatch):
    real = cases.explain
    monkeypatch.setattr(cases, "explain", lambda *of: {**real(*of), "same": False})
    assert "请报告审计管理员" in Visitor(app, "chief26").read(f"/desk/decisions/{authority.id}")


def test_another_unit_and_nobody_else_is_kept_out(app, authority):
    assert Visitor(app, "clerk54").get(f"/desk/decisions/{authority.id}").status_code == 403
    assert Visitor(app, "supervisor1").get(f"/desk/decisions/{authority.id}").status_code == 200


def test_an_unknown_decision_is_not_found(clerk):
    assert clerk.get("/desk/decisions/none").status_code == 404
