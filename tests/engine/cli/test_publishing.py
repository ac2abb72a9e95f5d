"""Versions are listed, published by two people, withdrawn and written out as files."""

import json
import shutil
from datetime import date

import pytest

from engine.cli.main import main
from engine.domain.people import SYSTEM
from engine.paths import stock_dir
from engine.services import authority, catalogue, people
from tests.story import first_matter

MONDAY = date(2015, 10, 26)
TWO = ["--by", "policy1", "--second", "policy2"]


@pytest.fixture(autouse=True)
def data(city, monkeypatch):
    monkeypatch.setenv("HALL_DATA", str(city.data))
    return city.data


@pytest.fixture
def changed(tmp_path):
    """Return a folder with a table that differs from the one in force."""
    folder = tmp_path / "改动"
    folder.mkdir()
    source = (stock_dir("rules") / "tables" / "authority.dmn").read_bytes()
    (folder / "authority.dmn").write_bytes(source + b"<!-- 2 -->")
    (folder / "notes.txt").write_text("not a definition", encoding="utf-8")
    return folder


def said(capsys, *arguments, code=0):
    assert main([*map(str, arguments)]) == code
    captured = capsys.readouterr()
    return captured.out if code == 0 else captured.err


def listed(capsys, *arguments):
    return json.loads(said(capsys, "versions", *arguments, "--json"))


def test_what_two_people_stand_for_is_published_and_listed(capsys, changed):
    made = json.loads(said(capsys, "publish", changed, "--effective", "2099-01-01", *TWO, "--json"))
    assert [(one["kind"], one["key"]) for one in made] == [("table", "authority")]
    new, old = listed(capsys, "table", "authority")
    assert (new["state"], new["effective_from"]) == ("planned", "2099-01-01")
    assert (old["state"], old["effective_to"]) == ("in_force", "2098-12-31")
    assert new["version"] == made[0]["version"]
    assert [
        one["version"] for one in listed(capsys, "table", "authority", "--on", "2099-03-03")
    ] == [new["version"]]
    assert "2099-01-01" in said(capsys, "versions", "table")
    assert listed(capsys, "form", "--on", "2026-03-03")


def test_decide_answers_by_the_version_of_a_day_and_names_its_moment(capsys, changed):
    said(capsys, "publish", changed, "--effective", "2099-01-01", *TWO)
    facts = json.dumps({"power": "decide", "post": "chief", "steps": 2})
    asked = ["decide", "authority", "--facts", facts, "--json", "--on"]
    now = json.loads(said(capsys, *asked, "2026-03-03"))
    then = json.loads(said(capsys, *asked, "2099-03-03"))
    assert now["version"] != then["version"]
    assert now["outcome"] == then["outcome"]
    assert now["moment"] == "acceptance"
    told = json.loads(
        said(capsys, "decide", "escalation", "--facts", '{"suspended": true}', "--json")
    )
    assert told["moment"] == "now"
    assert "definition.none" in said(capsys, *asked, "2001-03-03", code=1)


@pytest.mark.parametrize(
    ("two", "code"),
    [
        (["--by", "policy1", "--second", "policy1"], "publish.second_person"),
        (["--by", "clerk06", "--second", "policy2"], "publish.not_allowed"),
        (["--by", "policy1", "--second", "nobody"], "account.unknown"),
    ],
    ids=["alone", "without permission", "nobody"],
)
def test_who_may_not_publish_is_refused(capsys, changed, two, code):
    assert code in said(capsys, "publish", changed, "--effective", "2099-01-01", *two, code=1)
    assert len(listed(capsys, "table", "authority")) == 1


def test_what_overlaps_is_refused_and_the_plan_may_be_withdrawn(capsys, changed):
    said(capsys, "publish", changed, "--effective", "2099-01-01", *TWO)
    (changed / "authority.dmn").write_bytes((changed / "authority.dmn").read_bytes() + b"\n")
    again = ["publish", changed, "--effective", "2098-01-01", *TWO]
    assert "definition.overlap" in said(capsys, *again, code=1)
    said(capsys, "withdraw", "table", "authority", "--from", "2099-01-01", *TWO)
    assert "authority" in said(capsys, *again)
    states = [one["state"] for one in listed(capsys, "table", "authority")]
    assert sorted(states) == ["in_force", "planned", "withdrawn"]


def test_nothing_to_publish_and_two_of_a_name_are_refused(capsys, changed, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "check.no_file" in said(capsys, "publish", empty, *TWO, code=1)
    twin = changed / "twin"
    twin.mkdir()
    shutil.copy(changed / "authority.dmn", twin)
    assert "publish.twice" in said(capsys, "publish", changed, *TWO, code=1)


def test_what_is_in_force_is_written_out_as_it_came_in(capsys, tmp_path):
    said(capsys, "export", tmp_path / "out")
    for folder in ("rules/tables", "bpmn/matters", "bpmn/forms"):
        kind, _, rest = folder.partition("/")
        for file in (stock_dir(kind) / rest).glob("*.*"):
            assert (tmp_path / "out" / folder / file.name).read_bytes() == file.read_bytes()


def test_m_grant_3_publishing_warns_of_a_step_that_nobody_may_do_and_names_task_and_unit(
    capsys, hall, tmp_path
):
    matter = first_matter(hall, "one_review")
    for one in authority.who_can(hall, "decide", matter.unit_no, matter.no, MONDAY):
        people.revoke(hall, SYSTEM, one.grant.id, MONDAY, "机构改革")
    source = (stock_dir("bpmn") / "matters" / "one_review.bpmn").read_bytes()
    (tmp_path / "one_review.bpmn").write_bytes(source + b"<!-- 2 -->")
    asked = ["publish", tmp_path / "one_review.bpmn", "--by", "designer1", "--second", "designer2"]
    assert main([*map(str, asked)]) == 0
    told = capsys.readouterr()
    assert "已发布" in told.out
    (warning,) = told.err.splitlines()
    unit = catalogue.unit(hall, matter.unit_no).name
    for word in ("one_review", "approve", unit):
        assert word in warning
