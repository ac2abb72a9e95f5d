"""The morning of the article in a real Chromium, each person at a browser of their own."""

import pytest

from engine.domain.codes import check_uscc
from engine.kernel.now import hall_moment
from engine.services import cases, licences, people
from tests.story import walk_through_matter
from tests.webui.chromium import chromium, page, served, until
from webui.app import create_app
from webui.build import build_translations

pytestmark = pytest.mark.browser
READY = "document.documentElement.dataset.ready === 'app'"
ANSWERS = {
    "applicant-name": "林晓禾",
    "applicant-id_number": "11010519491231002X",
    "applicant-phone": "13900000000",
    "enterprise_name": "雁城禾木科技有限公司",
    "domicile": "雁城市城东区雁栖路10号",
    "legal_representative": "林晓禾",
    "registered_capital": "100",
    "business_scope": "软件开发、技术咨询服务",
}


@pytest.fixture
def place(hall):
    build_translations()
    app = create_app(hall)
    with served(app) as url:
        yield url
        app.extensions["live"].close()


def sign_in(opened, place, account):
    opened.goto(f"{place}/account/sign-in")
    opened.click(f"button[value={account}]")
    until(opened, READY)


def test_from_the_ticket_to_the_licence(place, hall, now):
    with (
        chromium() as browser,
        page(browser) as screen,
        page(browser) as clerk,
        page(browser) as chief,
        page(browser) as hander,
    ):
        screen.goto(f"{place}/screens/6")

        now.move_to(hall_moment("2015-10-26T09:30"))
        sign_in(clerk, place, "clerk06")
        clerk.goto(f"{place}/window/tickets?q=企业设立登记")
        clerk.locator(f"button[value='matter.{walk_through_matter(hall).no}']").first.click()

        now.move_to(hall_moment("2015-10-26T09:50"))
        clerk.goto(f"{place}/window/")
        until(clerk, READY)
        clerk.keyboard.press("F2")
        until(clerk, "document.querySelector('#now-serving.busy') !== null")
        until(screen, "document.body.innerText.includes('B001')", 2.0)

        now.move_to(hall_moment("2015-10-26T10:10"))
        clerk.locator("input[name=applicant-kind][value=person]").check(force=True)
        for name, text in ANSWERS.items():
            clerk.fill(f"[name={name}]", text)
        clerk.select_option("[name=enterprise_kind]", "limited")
        clerk.locator("[name=business_term][value=long]").check(force=True)
        clerk.keyboard.press("Alt+a")
        clerk.keyboard.press("F8")
        until(clerk, "document.querySelector('.receipt') !== null")

        now.move_to(hall_moment("2015-10-26T10:20"))
        until(clerk, "document.activeElement.name === 'review_outcome'")
        clerk.keyboard.press("Space")
        clerk.keyboard.press("Control+Enter")
        until(clerk, "document.querySelector('.passed') !== null")

        now.move_to(hall_moment("2015-10-26T10:50"))
        sign_in(chief, place, "chief26")
        chief.goto(f"{place}/desk/?tab=offered")
        chief.locator("main table a[href*='/desk/tasks/']").first.click()
        until(chief, "document.activeElement.name === 'decision_outcome'")
        chief.keyboard.press("Space")
        chief.keyboard.press("F8")
        until(chief, "location.href.includes('done=')")

        now.move_to(hall_moment("2015-10-26T11:00"))
        sign_in(hander, place, "clerk01")
        hander.goto(f"{place}/window/licences")
        hander.fill("[name=taken_by]", "林晓禾")
        hander.keyboard.press("Enter")
        until(hander, "location.href.includes('done=')")
        hander.locator(".done-note a").click()
        until(hander, READY)
        told = hander.inner_text("main")
    for minutes in ("20", "30", "40", "70", "90"):
        assert f"{minutes} 分钟" in told
    decider = next(one for one in people.everybody(hall) if one.account == "chief26")
    case_id = cases.find(hall, decider, "").rows[0].id
    view = cases.case(hall, decider, case_id)
    assert (view.times.handling, view.times.total) == (70, 90)
    check_uscc(view.licence.no)
    assert view.licence.holder == ANSWERS["enterprise_name"]
    assert licences.check(hall, view.licence.no).state == "valid"
