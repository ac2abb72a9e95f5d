"""First inquiries at the window: asked in two keys, handed on, confirmed, answered."""

import pytest

from engine.services import inquiries
from engine.services.inquiries import Asked
from tests.webui.visitor import Visitor

PAGE = "/window/inquiries"


@pytest.fixture
def officer(staff):
    """The clerk behind `clerk`."""
    return staff[6]


@pytest.fixture
def colleague(staff):
    return staff[5]


@pytest.fixture
def asked(hall, officer):
    return inquiries.open_inquiry(hall, officer, Asked("怎么办营业执照?", "inquiry"))


def test_nothing_open_is_said_and_the_question_has_the_focus(clerk):
    page = clerk.read(PAGE)
    assert "没有未办结的首问" in page
    assert "autofocus" in page[page.index('id="f-question"') : page.index('id="f-visitor"')]


def test_a_question_and_enter_are_enough(clerk, hall, officer):
    answer = clerk.post(PAGE, question="几点下班?", purpose="inquiry", units_involved="1")
    assert answer.status_code == 303
    page = clerk.read(answer.location)
    (view,) = inquiries.open_for(hall, officer)
    assert (view.inquiry.question, view.inquiry.purpose) == ("几点下班?", "inquiry")
    assert "几点下班?" in page
    assert "刚登记" in page
    assert "应当：解答（受理窗口）" in page


def test_what_belongs_elsewhere_is_led_there_and_stays_open(clerk):
    fields = {
        "question": "办户口",
        "purpose": "inquiry",
        "units_involved": "1",
        "elsewhere": "true",
    }
    page = clerk.read(clerk.post(PAGE, fields, visitor="林晓禾").location)
    assert "应当：引导（导办台）" in page
    assert "对方确认之前，仍由您负责" in page
    assert "林晓禾" not in page


def test_an_empty_question_is_refused_and_what_was_typed_stays(clerk, hall, officer):
    answer = clerk.post(PAGE, question=" ", purpose="complaint", visitor="王五", units_involved="2")
    assert answer.status_code == 422
    assert "请填写所问何事" in answer.text
    assert 'value="王五"' in answer.text
    assert 'value="complaint" checked' in answer.text
    assert inquiries.open_for(hall, officer) == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        pytest.param({"purpose": "magic"}, "没有“magic”这种来意", id="purpose"),
        pytest.param({"units_involved": "x"}, "涉及单位数至少为 1", id="units"),
        pytest.param({"visitor": "长" * 500}, "来人姓名不超过", id="long name"),
        pytest.param({"question": "长" * 2001}, "不超过 2000 字", id="long question"),
    ],
)
def test_nonsense_is_said_in_words(clerk, fields, said):
    sent = {"question": "问", "purpose": "inquiry", "units_involved": "1", **fields}
    answer = clerk.post(PAGE, sent)
    assert answer.status_code == 422
    assert said in answer.text


def test_a_script_is_shown_as_text(clerk):
    text = "<script>alert(1)</script>" + "长" * 500
    page = clerk.read(
        clerk.post(PAGE, question=text, purpose="inquiry", units_involved="1").location
    )
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_an_answer_closes_it(clerk, hall, officer, asked):
    answer = clerk.post(f"{PAGE}/{asked.id}/answer", answer="请备齐章程")
    assert answer.status_code == 303
    assert "首问办结" in clerk.read(answer.location)
    assert inquiries.open_for(hall, officer) == []


def test_an_empty_answer_closes_nothing(clerk, hall, officer, asked):
    answer = clerk.post(f"{PAGE}/{asked.id}/answer", answer="")
    assert answer.status_code == 422
    assert "请写明答复了什么" in answer.text
    assert len(inquiries.open_for(hall, officer)) == 1


def test_it_is_handed_on_and_stays_mine_until_it_is_confirmed(
    app, clerk, hall, asked, officer, colleague
):
    sent = {"to_account": colleague.account, "reason": "属于设立登记"}
    answer = clerk.post(f"{PAGE}/{asked.id}/hand-on", sent)
    assert answer.status_code == 303
    page = clerk.read(answer.location)
    assert f"已转交{colleague.name}，等待其确认" in page
    assert f"{PAGE}/{asked.id}/hand-on" not in page
    receiver = Visitor(app, colleague.account)
    page = receiver.read(PAGE)
    for text in ("待我确认", officer.name, "属于设立登记", f"{PAGE}/{asked.id}/confirm"):
        assert text in page, text
    done = receiver.post(f"{PAGE}/{asked.id}/confirm")
    assert "现在由您负责" in receiver.read(done.location)
    assert inquiries.open_for(hall, officer) == []
    assert "没有未办结的首问" in clerk.read(PAGE)


def test_a_colleague_may_be_named_by_his_name_alone(clerk, hall, asked, officer, staff):
    names = [one.name for one in staff.values()]
    named = next(one for one in staff.values() if names.count(one.name) == 1 and one != officer)
    answer = clerk.post(f"{PAGE}/{asked.id}/hand-on", to_account=named.name, reason="归他管")
    assert answer.status_code == 303
    assert inquiries.open_for(hall, officer)[0].waiting_for == named.name


@pytest.mark.parametrize(
    ("to", "reason", "status", "said"),
    [
        pytest.param("nobody", "理由", 404, "没有账号“nobody”", id="unknown"),
        pytest.param("clerk06", "理由", 422, "不能转交给自己", id="himself"),
        pytest.param("clerk05", "", 422, "请写明转交的理由", id="no reason"),
    ],
)
def test_a_refused_handing_on_keeps_what_was_typed(clerk, asked, to, reason, status, said):
    answer = clerk.post(f"{PAGE}/{asked.id}/hand-on", to_account=to, reason=reason)
    assert answer.status_code == status
    assert said in answer.text
    assert f'value="{to}"' in answer.text
    assert "<details open>" in answer.text


def test_a_second_handing_on_before_it_is_confirmed_is_refused(
    clerk, hall, asked, officer, colleague
):
    inquiries.hand_on(hall, officer, asked.id, colleague.account, "归他管")
    answer = clerk.post(f"{PAGE}/{asked.id}/hand-on", to_account="clerk08", reason="归他管")
    assert answer.status_code == 409
    assert "上一次转交还没有确认" in answer.text


def test_what_is_passed_around_is_marked(app, clerk, hall, asked, officer, colleague, staff):
    inquiries.hand_on(hall, officer, asked.id, colleague.account, "不归我管")
    inquiries.confirm(hall, colleague, asked.id)
    inquiries.hand_on(hall, colleague, asked.id, officer.account, "也不归我管")
    assert "已转 2 次，尚未答复" in clerk.read(PAGE)
    page = Visitor(app, colleague.account).read(PAGE)
    assert "已转 2 次，尚未答复" in page
    assert f"{officer.name} → {colleague.name} → {officer.name}" in page


def test_a_contact_of_somebody_else_is_neither_answered_nor_confirmed(app, asked, colleague):
    stranger = Visitor(app, colleague.account)
    answer = stranger.post(f"{PAGE}/{asked.id}/answer", answer="我答了很久")
    assert answer.status_code == 403
    assert "这条首问不由你负责" in answer.text
    assert "我答了很久" in answer.text
    assert stranger.post(f"{PAGE}/{asked.id}/confirm").status_code == 409


def test_a_closed_contact_keeps_the_text_of_a_late_answer(clerk, hall, asked, officer):
    inquiries.close(hall, officer, asked.id, "已答复")
    answer = clerk.post(f"{PAGE}/{asked.id}/answer", answer="又答一次")
    assert answer.status_code == 409
    assert "已经办结" in answer.text
    assert "又答一次" in answer.text


def test_an_unknown_contact_is_not_found(clerk):
    assert clerk.post(f"{PAGE}/none/answer", answer="答").status_code == 404


def test_who_serves_at_no_window_does_not_see_the_page(app, cast, visitor):
    assert Visitor(app, cast.holder(None, "hall_manager").account).get(PAGE).status_code == 403
    assert visitor.get(PAGE).status_code == 303


def test_a_forged_post_without_the_token_is_refused(clerk):
    assert clerk.client.post(PAGE, data={"question": "问"}).status_code == 403
