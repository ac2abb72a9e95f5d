"""Receiving at the counter by plain forms: find, check, fill in, accept; nothing is lost."""

import re

import pytest

from engine.domain.people import Official
from engine.services import cases, catalogue, people, tickets
from tests.story import application, first_matter, walk_through_matter

FIRST_SUBMIT = re.compile(r'<button type="submit"[^>]*formaction="([^"]+)"')


@pytest.fixture
def matter(hall):
    """The matter of the walk-through."""
    return walk_through_matter(hall)


@pytest.fixture
def by(hall) -> Official:
    """The clerk of window 06."""
    return next(one for one in people.everybody(hall) if one.account == "clerk06")


@pytest.fixture
def fields(hall, matter):
    """The fields of a complete application as the page sends them."""
    given = application(hall)
    papers = {f"paper-{no}-state": paper.state for no, paper in given.materials.items()}
    copies = {f"paper-{no}-copies": str(paper.copies) for no, paper in given.materials.items()}
    return {
        "once": "the-key-of-this-form",
        "case-matter": str(matter.no),
        "applicant-kind": given.applicant.kind,
        "applicant-name": given.applicant.name,
        "applicant-id_number": given.applicant.id_number,
        "applicant-phone": given.applicant.phone,
        **papers,
        **copies,
        **{key: str(value) for key, value in given.answers.items()},
    }


def case_of(answer):
    return re.search(r"case=(\w+)", answer.location)[1]


def test_an_application_becomes_a_case_with_number_due_days_and_next_step(clerk, hall, by, fields):
    answer = clerk.post("/window/6/receive", fields)
    assert answer.status_code == 303, answer.text[-3000:]
    view = cases.case(hall, by, case_of(answer))
    page = clerk.read(answer.location)
    assert view.case.case_no[-12:-4] in page
    assert view.case.promised_due.isoformat() in page
    assert view.case.statutory_due.isoformat() in page
    assert "下一环节：审查（由您办理）" in page
    assert view.case.window_no == 6


def test_the_clerk_does_his_own_step_on_the_spot_and_comes_back(clerk, hall, by, fields):
    received = clerk.post("/window/6/receive", fields).location
    page = clerk.read(received)
    action = re.search(r'action="(/desk/tasks/\w+/complete)"', page)[1]
    back = re.search(r'name="back" value="([^"]+)"', page)[1].replace("&amp;", "&")
    seen = re.search(r'class="task-form"[\s\S]*?name="seen" value="(\d+)"', page)[1]
    answer = clerk.post(action, seen=seen, back=back, review_outcome="pass")
    assert answer.status_code == 303
    assert answer.location == back == received
    after = clerk.read(back)
    assert "下一环节：核准" in after
    assert "由您办理" not in after
    assert "已移交首席代表" in after


def test_a_ticket_stays_with_the_application_it_was_shown_for(clerk, hall, by, matter, fields):
    ticket = tickets.take(hall, zone_no=1, matter_no=matter.no)
    clerk.post("/window/6/next", seen="")
    answer = clerk.post("/window/6/receive", fields, **{"case-ticket": ticket.id})
    assert cases.case(hall, by, case_of(answer)).case.ticket_id == ticket.id


def test_the_same_form_sent_twice_makes_one_case(clerk, fields):
    first, second = (clerk.post("/window/6/receive", fields) for _ in range(2))
    assert first.location == second.location


def test_mistakes_are_listed_at_the_top_and_beside_their_fields(clerk, fields):
    wrong = fields | {"enterprise_name": "", "registered_capital": "五十万"}
    answer = clerk.post("/window/6/receive", wrong)
    assert answer.status_code == 422
    for key in ("enterprise_name", "registered_capital"):
        assert f'href="#f-{key}"' in answer.text
        assert f'id="f-{key}-error"' in answer.text
    assert 'value="五十万"' in answer.text


def test_everything_typed_comes_back_after_a_mistake(clerk, fields):
    typed = fields | {"enterprise_name": "", "applicant-agent": "周代理"}
    typed |= {"paper-2-state": "missing", "paper-2-remark": "下午补来", "paper-3-copies": "7"}
    page = clerk.post("/window/6/receive", typed).text
    for text in ("林晓禾", "周代理", "下午补来", fields["domicile"], fields["applicant-phone"]):
        assert text in page
    assert re.search(r'name="paper-2-state" value="missing" checked', page)
    assert re.search(r'name="paper-3-copies" value="7"', page)
    assert re.search(r'name="applicant-kind" value="person" checked', page)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"applicant-name": ""}, "applicant-name"),
        ({"applicant-phone": "没有"}, "applicant-phone"),
        ({"applicant-id_number": "110105194912310021"}, "applicant-id_number"),
        ({"applicant-id_number": "12"}, "applicant-id_number"),
        ({"applicant-kind": "ghost"}, "applicant-kind"),
        ({"paper-1-state": "missing"}, "papers"),
        ({"paper-1-state": "tolerated"}, "papers"),
        ({"paper-1-state": "burnt"}, "papers"),
        ({"paper-1-copies": "多份"}, "papers"),
        ({"case-matter": ""}, None),
    ],
    ids=[
        "no name",
        "phone is no number",
        "check digit of the ID number",
        "ID number too short",
        "unknown kind of applicant",
        "required paper missing",
        "paper that is not tolerated",
        "unknown state of a paper",
        "copies that are no number",
        "no matter",
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_nothing_is_stored(
    clerk, hall, by, fields, change, field
):
    answer = clerk.post("/window/6/receive", fields | change)
    assert answer.status_code == 422
    if field:
        assert f'href="#f-{field}"' in answer.text
        assert f'id="f-{field}"' in answer.text
    assert "notice" in answer.text
    assert cases.find(hall, by, "").total == 0


def test_an_unknown_field_of_a_forged_form_is_refused(clerk, hall, by, fields):
    assert clerk.post("/window/6/receive", fields, outcome="grant").status_code == 422
    assert cases.find(hall, by, "").total == 0


def test_a_forged_post_without_the_token_is_refused(clerk, fields):
    answer = clerk.client.post("/window/6/receive", data=fields)
    assert answer.status_code == 403


def test_an_unknown_matter_is_not_found_and_the_sheet_stays(clerk, fields):
    answer = clerk.post("/window/6/receive", fields | {"case-matter": "99999"})
    assert answer.status_code == 404
    assert fields["applicant-name"] in answer.text


def test_a_matter_of_another_unit_cannot_be_accepted_here(clerk, hall, fields):
    elsewhere = first_matter(hall, "instant")
    assert elsewhere.unit_no != 26
    page = clerk.read(f"/window/6?matter={elsewhere.no}")
    assert "不属本窗口" in page
    assert 'data-key="F8' not in page
    answer = clerk.post("/window/6/receive", fields | {"case-matter": str(elsewhere.no)})
    assert answer.status_code in (403, 422)


@pytest.mark.parametrize(
    "query", ["qysldj", "企业设立登记", "0102600342"], ids=["initials", "name", "code"]
)
def test_a_matter_is_found_while_typing(clerk, matter, query):
    page = clerk.read("/window/6/matters", query_string={"case-query": query}, fragment=True)
    assert f'name="case-choose" value="{matter.no}"' in page
    assert f'data-answers="{query}"' in page


def test_the_units_own_matters_come_first(clerk, hall):
    page = clerk.read("/window/6/matters", query_string={"case-query": "企业"}, fragment=True)
    found = [int(no) for no in re.findall(r'name="case-choose" value="(\d+)"', page)]
    units = [catalogue.matter(hall, no).unit_no == 26 for no in found]
    assert units == sorted(units, reverse=True)
    assert True in units


def test_nothing_found_says_so(clerk):
    page = clerk.read("/window/6/matters", query_string={"case-query": "<b>飞船"}, fragment=True)
    assert "没有与“&lt;b&gt;飞船”相符的事项" in page


def test_without_scripts_the_first_button_searches_and_keeps_what_is_typed(clerk, matter):
    page = clerk.read("/window/6")
    assert FIRST_SUBMIT.search(page)[1] == "/window/6/application"
    found = clerk.post(
        "/window/6/application", {"case-query": "qysldj", "applicant-name": "林晓禾"}
    )
    assert found.status_code == 200
    assert f'name="case-choose" value="{matter.no}"' in found.text
    assert 'value="林晓禾"' in found.text


def test_choosing_a_matter_brings_its_form_and_papers_and_keeps_the_applicant(clerk, matter):
    page = clerk.post(
        "/window/6/application",
        {"case-choose": str(matter.no), "applicant-name": "林晓禾"},
        fragment=True,
    ).text
    assert 'name="enterprise_name"' in page
    assert all(paper.name in page for paper in matter.materials)
    assert 'value="林晓禾"' in page
    assert "<html" not in page


def test_changing_the_matter_gives_the_search_back(clerk, matter):
    page = clerk.post(
        "/window/6/application",
        {"case-matter": str(matter.no), "case-change": "1", "applicant-name": "林晓禾"},
        fragment=True,
    ).text
    assert "data-query" in page
    assert 'value="林晓禾"' in page


@pytest.mark.parametrize(
    ("kind", "number", "said"),
    [
        ("person", "11010519491231002x", "校验通过"),
        ("person", "110105194912310021", "18"),
        ("enterprise", "11010519491231002X", "校验通过"),
        ("enterprise", "91350100M000100Y43", "校验通过"),
        ("enterprise", "91350100M000100Y44", "18"),
    ],
    ids=["person", "person, check digit", "founder", "enterprise", "enterprise, check character"],
)
def test_the_number_is_judged_at_once(clerk, kind, number, said):
    answer = clerk.post(
        "/window/6/applicant",
        {"applicant-kind": kind, "applicant-id_number": number},
        fragment=True,
    )
    assert answer.status_code == 200
    assert said in answer.text


def test_an_empty_number_is_not_scolded(clerk):
    answer = clerk.post("/window/6/applicant", {"applicant-kind": "person"}, fragment=True)
    assert answer.text.strip() == ""


def test_all_mistakes_are_told_at_once_in_the_order_of_the_page(clerk, matter):
    answer = clerk.post(
        "/window/6/receive",
        {"case-matter": str(matter.no), "applicant-id_number": "12", "registered_capital": "x"},
    )
    assert answer.status_code == 422
    listed = re.findall(r'<li><a href="#f-([\w-]+)">', answer.text)
    first = ["applicant-kind", "applicant-name", "applicant-id_number", "applicant-phone"]
    assert listed[:4] == first
    assert {"enterprise_name", "domicile", "registered_capital"} <= set(listed)
    assert listed[-1] == "papers"
    assert all(f'id="f-{field}"' in answer.text for field in listed)
