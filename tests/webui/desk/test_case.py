"""The page of a case: its life in sentences, its times apart, papers, licence; and the search."""

import re

import pytest

from engine.demo.carry import carry, cast_of
from engine.demo.story import walk_through
from engine.services import cases, people
from tests.story import first_matter
from tests.webui.visitor import Visitor


def official(hall, account):
    return next(one for one in people.everybody(hall) if one.account == account)


@pytest.fixture
def told(hall, now):
    """The walk-through's case, from the ticket to the licence."""
    case_no = walk_through(hall, now).case_no
    row = cases.find(hall, official(hall, "chief26"), case_no).rows[0]
    return cases.case(hall, official(hall, "chief26"), row.id)


@pytest.fixture
def page(app, told):
    """Its page, as the chief sees it at 11:00."""
    return Visitor(app, "chief26").read(f"/desk/cases/{told.case.id}")


def test_the_life_is_told_in_sentences_and_in_order(page, told):
    said = [
        "06 号窗口收到申请并录入",
        "受理。承诺",
        "“审查”等待窗口人员",
        "办结“审查”，依据 雁政授〔2015〕",
        "“核准”等待首席代表",
        "办结“核准”，依据 雁政授〔2015〕",
        "作出决定：准予",
        f"制发证照，编号 {told.licence.no}",
        f"证照 {told.licence.no} 送达申请人",
    ]
    places = [page.find(sentence) for sentence in said]
    assert -1 not in places, said[places.index(-1)]
    assert places == sorted(places)


def test_no_code_stands_where_a_word_belongs(page, told):
    words = re.sub(r"<[^>]+>", " ", page.partition("<main")[2].partition('id="diagram-data"')[0])
    for code in ("accept_review", "granted", "event.", "one_review", "clerk", "None"):
        assert code not in words, code


def test_the_times_are_kept_apart(page):
    times = dict(re.findall(r'<div class="(\w+)"><dt>[^<]*</dt><dd>(\d+) 分钟</dd>', page))
    assert times == {
        "waiting": "20",
        "receipt": "30",
        "review": "40",
        "handling": "70",
        "total": "90",
    }


def test_papers_answers_licence_and_decisions_are_there(page, told):
    for text in (told.licence.no, told.licence.name, "林晓禾", told.answers["enterprise_name"]):
        assert text in page
    assert all(paper.name in page for paper in told.materials)
    assert all(f"/desk/decisions/{decision.id}" in page for decision in told.decisions)
    assert told.decisions


def test_the_applicants_number_is_masked(page):
    assert "11010519491231002X" not in page
    assert "****" in page


def test_the_diagram_shows_what_is_done(page):
    assert re.search(r'"done": \["review", "approve"\], "open": \[\]', page)


@pytest.mark.parametrize("process", ["commitment", "parallel", "instant"])
def test_a_case_of_every_process_has_its_page(hall, app, process):
    matter = first_matter(hall, process)
    case = carry(hall, cast_of(hall), matter.no).case
    page = Visitor(app, f"head{case.unit_no:02d}").read(f"/desk/cases/{case.id}")
    assert matter.name in page
    assert "准予" in page


def test_who_reads_all_reads_it_and_another_unit_does_not(app, told):
    assert Visitor(app, "supervisor1").get(f"/desk/cases/{told.case.id}").status_code == 200
    assert Visitor(app, "clerk54").get(f"/desk/cases/{told.case.id}").status_code == 403
    assert Visitor(app, "designer1").get(f"/desk/cases/{told.case.id}").status_code == 403


def test_an_unknown_case_is_not_found(clerk):
    assert clerk.get("/desk/cases/none").status_code == 404


def test_cases_are_found_by_number_matter_and_applicant(told, clerk):
    for query in (told.case.case_no, told.matter.name, "林晓禾"):
        page = clerk.read("/desk/cases", query_string={"q": query})
        assert told.case.id in page, query
        assert "林**" in page


def test_a_search_without_a_find_says_so(told, clerk):
    page = clerk.read("/desk/cases", query_string={"q": "没有这样的"})
    assert told.case.id not in page
    assert "没有找到与“没有这样的”相符的办件" in page


def test_the_english_page_tells_the_same_life(app, told):
    chief = Visitor(app, "chief26")
    chief.client.set_cookie("language", "en")
    page = chief.read(f"/desk/cases/{told.case.id}")
    for text in ("Accepted. Promised by", "Decided: Granted", "90 min"):
        assert text in page, text
