"""Every page in both languages and at both sizes: no error, no violation, no bar for anybody."""

import io
import re
from datetime import date

import pytest
from babel.messages.pofile import read_po

from engine.demo.carry import carry
from engine.kernel.now import hall_day
from engine.paths import stock_dir
from engine.services import (
    attachments,
    cases,
    directory,
    intake,
    joint,
    notices,
    parallel,
    replays,
    tickets,
    what_if,
)
from tests.engine.files import PDF, png
from tests.engine.services.receiving import enter
from tests.joint import children, do, give, is_waiting, open_matter, stands, sweep
from tests.story import application, first_matter, walk_through_matter
from tests.webui.chromium import DESKTOP, PHONE, page, sign_in, until
from webui.build import FRONTEND, TRANSLATIONS

pytestmark = pytest.mark.browser
# To be looked at: what no machine can judge.
SCREENS = FRONTEND.parents[1] / "var/screens"
AXE = FRONTEND / "node_modules/axe-core/axe.min.js"
# What axe calls serious or critical; its lesser advice is not a bar for anybody.
JUDGED = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations
    .filter(one => ['serious', 'critical'].includes(one.impact))
    .map(one => one.id + ': ' + one.nodes.map(node => node.html.slice(0, 200)).join(' | '))"""
LOADED = "document.readyState === 'complete'"
WIDE = "() => document.documentElement.scrollWidth"
CODE = re.compile(r"\b[a-z_]+(?:\.[a-z_0-9]+)+\b")
# Answers to machines and parts of pages, which are seen within their page.
NO_PAGES = {"events", "static", "online.favicon", "online.healthz", "online.readyz"}
NO_PAGES |= {"window.matters", "window.queue", "screens.window_now", "screens.zone_now"}
NO_PAGES |= {"screens.overview_now", "policy.what_if_standing"}
# Files of others, as they were brought.
NO_PAGES |= {"desk.attachment", "desk.preview"}
STRANGER = None
AUTHORITY = stock_dir("rules") / "tables" / "authority.dmn"


@pytest.fixture(scope="module")
def codes():
    """All codes of sentences: none of them may be read on a page."""
    with (TRANSLATIONS / "zh_Hans/LC_MESSAGES/messages.po").open("rb") as file:
        return {str(message.id) for message in read_po(file) if message.id}


@pytest.fixture
def pages(hall, cast, staff):
    """Pairs of endpoint and address by the account that opens them: an afternoon is on them."""
    clerk, matter = staff[6], walk_through_matter(hall)
    received = intake.receive(hall, clerk, application(hall))
    entered = enter(hall, clerk, application(hall)).id
    ended = carry(hall, cast, matter.no).case.id
    view = cases.case(hall, clerk, ended)
    instant = first_matter(hall, "instant")
    quick = intake.receive(hall, cast.clerk(instant.unit_no), application(hall, instant)).opened[0]
    case, task = received.case.id, received.opened[0].id
    attachments.attach(hall, clerk, case, 1, "长" * 400 + ".pdf", io.BytesIO(PDF))
    attachments.attach(hall, clerk, case, 1, "图纸.png", io.BytesIO(png()))
    slip = notices.slips(hall, clerk, case)[0].id
    parent = open_matter(hall, cast)
    lead = cast.holder(parent.unit_no, "chief")
    units = [no for no in children(hall, parent) if no != parent.unit_no][:2]
    survey = joint.survey(hall, lead, parent.id, units, date(2015, 10, 29), parent.rev).survey.id
    answered = _answered(hall, cast, lead)
    ticket = tickets.take(hall, 1, matter_no=matter.no).id
    tickets.call_next(hall, clerk, 6)
    keeper, person = cast.holder(None, "security_admin"), f"/admin/people/of/{clerk.account}"
    grant = directory.person(hall, keeper, clerk.account).grants[0].id
    return {
        STRANGER: [
            ("online.home", "/"),
            ("online.zone", "/zones/1"),
            ("online.matters", "/matters?q=登记"),
            ("online.guide", f"/matters/{matter.no}"),
            ("online.licence_check", f"/licences/check?no={view.licence.no}"),
            ("account.sign_in", "/account/sign-in"),
            ("screens.index", "/screens/"),
            ("screens.window", "/screens/6"),
            ("screens.zone", "/screens/zones/1"),
            ("screens.overview", "/screens/hall"),
            ("screens.kiosk", "/screens/kiosk?zone=1"),
            ("screens.slip", f"/screens/kiosk/{ticket}"),
        ],
        clerk.account: [
            ("desk.inbox", "/desk/?tab=offered"),
            ("desk.task", f"/desk/tasks/{task}"),
            ("desk.passing", f"/desk/tasks/{task}/pass"),
            ("desk.cases", "/desk/cases"),
            ("desk.case", f"/desk/cases/{ended}"),
            ("desk.attachments", f"/desk/cases/{case}/attachments"),
            ("desk.acts", f"/desk/cases/{case}/acts"),
            ("desk.slips", f"/desk/cases/{case}/slips"),
            ("desk.made", f"/desk/cases/{ended}/slips/decision"),
            ("desk.flow", f"/desk/cases/{ended}/flow"),
            ("desk.slip", f"/desk/slips/{slip}"),
            ("desk.decision", f"/desk/decisions/{view.decisions[0].id}"),
            ("window.counter", "/window/"),
            ("window.at", f"/window/6?case-matter={matter.no}"),
            ("window.outcome", f"/window/cases/{entered}/outcome"),
            ("window.visitor", "/window/6/visitor"),
            ("window.inquiries", "/window/inquiries"),
            ("window.appointments", f"/window/appointments?unit={matter.unit_no}"),
            ("window.tickets", "/window/tickets"),
            ("window.licences", "/window/licences"),
            ("window.print", f"/window/licences/{view.licence.no}/print"),
        ],
        cast.for_task(quick).account: [("desk.alike", f"/desk/batch?task={quick.id}")],
        lead.account: [
            ("desk.family", f"/desk/cases/{parent.id}/family"),
            ("desk.joint_answer", f"/desk/cases/{answered}/family/answer"),
            ("desk.surveys", f"/desk/cases/{parent.id}/surveys"),
            ("desk.survey_days", "/desk/surveys"),
            ("desk.survey", f"/desk/surveys/{survey}"),
        ],
        cast.holder(None, "policy").account: [
            ("admin.calendar", "/admin/calendar"),
            ("policy.what_ifs", "/policy/what-if"),
            ("policy.what_if", f"/policy/what-if/{_replayed(hall, cast)}"),
            ("policy.what_if_case", f"/policy/what-if/{_replayed(hall, cast)}/cases/1"),
        ],
        cast.holder(None, "hall_manager").account: [
            ("admin.load", "/admin/load"),
            ("admin.windows", "/admin/windows"),
            ("admin.window", "/admin/windows/6"),
            ("admin.absences", "/admin/absences"),
            (
                "admin.authority",
                f"/admin/authority?unit={matter.unit_no}&matter={matter.no}&power=accept_review",
            ),
        ],
        keeper.account: [
            ("admin.people", "/admin/people"),
            ("admin.new_person", "/admin/people/new"),
            ("admin.person", person),
            ("admin.leaving", f"{person}/leave"),
            ("admin.grants", f"{person}/grants"),
            ("admin.grant", f"{person}/grants/{grant}"),
        ],
    }


def _answered(hall, cast, lead):
    """A joint matter whose one answer was made out."""
    parent = open_matter(hall, cast)
    for unit_no in children(hall, parent):
        give(hall, cast, parent, unit_no)
    while is_waiting(stands(hall, parent.id)):
        do(hall, cast, parent.id)
        sweep(hall)
    parallel.issue_answer(hall, lead, parent.id)
    return parent.id


def _replayed(hall, cast):
    """A replay in which nobody would have been allowed to decide anything."""
    policy, day = cast.holder(None, "policy"), hall_day(hall.now())
    source = AUTHORITY.read_text(encoding="utf-8")
    source = re.sub(r'(-allowed"><text>)true', r"\1false", source).encode()
    run = what_if.begin(hall, policy, replays.of_table(policy, source, day, day))
    what_if.work_on(hall, run.id, "")
    return run.id


def test_no_page_is_left_out(app, pages):
    seen = {endpoint for listed in pages.values() for endpoint, _ in listed}
    readable = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in rule.methods}
    assert readable - NO_PAGES == seen


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_is_whole(place, browser, pages, codes, language, size):
    """No console error, violation or sideways scroll, no untold code, nothing that axe bars."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    judge, wrong = AXE.read_text(encoding="utf-8"), {}
    for account, listed in pages.items():
        with page(browser, size) as opened:
            opened.context.add_cookies([{"name": "language", "value": language, "url": place}])
            if account is not STRANGER:
                sign_in(opened, place, account)
            for endpoint, path in listed:
                answer = opened.goto(place + path)
                until(opened, LOADED)
                opened.evaluate(judge)
                found = opened.evaluate(JUDGED)
                text = opened.inner_text("body")
                found += [code for code in CODE.findall(text) if code in codes]
                if answer.status != 200:
                    found.append(f"status {answer.status}")
                opened.screenshot(path=SCREENS / f"{endpoint}.{language}.{size[0]}.png")
                if opened.evaluate(WIDE) > size[0]:
                    found.append("wider than the screen")
                if found:
                    wrong[endpoint] = found
    assert wrong == {}
