"""Joint surveys on the pages: proposed, seen in the calendar, called off."""

from tests.joint import open_matter
from tests.webui.visitor import Visitor


def test_a_survey_is_proposed_seen_and_called_off(app, hall, cast):
    parent = open_matter(hall, cast)
    lead = Visitor(app, cast.holder(parent.unit_no, "chief").account)
    path = f"/desk/cases/{parent.id}/surveys"
    assert "今后 30 天没有联合踏勘" in lead.read("/desk/surveys")
    assert "现在没有联合踏勘" in lead.read(path)
    assert "请选择踏勘日期" in lead.post(f"{path}/propose", seen=str(parent.rev), units="13").text
    wrong = lead.post(f"{path}/propose", seen=str(parent.rev), day="2015-10-29")
    assert wrong.status_code == 422
    assert 'value="2015-10-29"' in wrong.text
    fields = {"seen": str(parent.rev), "units": ["13", "14"], "day": "2015-10-29"}
    sent = lead.post(f"{path}/propose", fields)
    assert sent.status_code == 303, sent.text[-2000:]
    assert "等待答复" in lead.read(sent.location)
    nothing = lead.post(f"{sent.location}/call-off", seen="0", reason=" ")
    assert nothing.status_code == 422
    stale = lead.post(f"{sent.location}/call-off", seen="0", reason="<b>下雨")
    assert stale.status_code == 409
    assert "&lt;b&gt;下雨" in stale.text
    again = {"seen": str(parent.rev + 1), "reason": "下雨"}
    assert lead.post(f"{sent.location}/call-off", again).status_code == 303
    assert "已取消" in lead.read(sent.location)


def test_a_stranger_sees_no_survey(app, hall, cast):
    parent = open_matter(hall, cast)
    assert Visitor(app, "clerk54").get(f"/desk/cases/{parent.id}/surveys").status_code == 403
