"""The walk-through of the article: 9:30 a ticket, 11:00 the licence, on one Monday in 2015."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.demo.carry import answers_for, application_for, cast_of
from engine.domain.case import HandlingTimes
from engine.domain.people import Official
from engine.kernel.now import FrozenNow, hall_moment
from engine.services import audit, cases, catalogue, intake, licences, tickets, work
from engine.services.hall import Hall
from engine.storage.audit import TrailReport

OPENING = "2015-10-26T09:00"
MATTER = "企业设立登记(三证合一)"
INTAKE_WINDOW, CHIEF_WINDOW, HANDOUT_WINDOW = 6, 7, 1
ANSWERS: Mapping[str, object] = {"review_outcome": "pass", "decision_outcome": "grant"}
ENTERPRISE: Mapping[str, object] = {
    "enterprise_name": "雁城禾木科技有限公司",
    "enterprise_kind": "limited",
    "domicile": "雁城市城东区雁栖路10号",
    "legal_representative": "林晓禾",
    "registered_capital": 100,
    "business_scope": "软件开发、技术咨询服务",
    "business_term": "long",
}

Tell = Callable[[str, str, Mapping[str, object]], None]


@dataclass(frozen=True)
class Story:
    """How the walk-through ended."""

    case_no: str
    times: HandlingTimes
    decided_by: Official
    licence_no: str
    due_days: tuple[str, str]
    trail: TrailReport


def silent(_time: str, _code: str, _params: Mapping[str, object]) -> None:
    """Tell nobody."""


def walk_through(hall: Hall, now: FrozenNow, tell: Tell = silent) -> Story:
    """Play the morning through the services on a frozen clock and return its figures."""
    cast = cast_of(hall)
    clerk = cast.seated("clerk", INTAKE_WINDOW)
    chief = cast.seated("chief", CHIEF_WINDOW)
    hander = cast.seated("clerk", HANDOUT_WINDOW)
    found = next(row for row in catalogue.matters(hall, MATTER).rows if row.name == MATTER)
    matter = catalogue.matter(hall, found.no)
    zone_no = catalogue.window(hall, INTAKE_WINDOW).zone_no

    def at(time: str, code: str, **params: object) -> None:
        tell(time, code, params)

    now.move_to(hall_moment("2015-10-26T09:30"))
    ticket = tickets.take(hall, zone_no, matter_no=matter.no)
    at("09:30", "story.ticket", number=ticket.number)
    now.move_to(hall_moment("2015-10-26T09:50"))
    tickets.call_next(hall, clerk, INTAKE_WINDOW)
    at("09:50", "story.called", number=ticket.number, window=INTAKE_WINDOW)
    now.move_to(hall_moment("2015-10-26T10:10"))
    application = application_for(hall, matter, ENTERPRISE)
    receipt = intake.receive(
        hall,
        clerk,
        intake.Application(
            matter_no=application.matter_no,
            applicant=application.applicant,
            answers=application.answers,
            materials=application.materials,
            ticket_id=ticket.id,
            window_no=INTAKE_WINDOW,
        ),
    )
    case = receipt.case
    at("10:10", "story.accepted", case_no=case.case_no, due=case.promised_due)
    now.move_to(hall_moment("2015-10-26T10:20"))
    reviewed = _complete(hall, clerk, receipt.opened[0].id, case.rev)
    tickets.finish(hall, clerk, INTAKE_WINDOW)
    at("10:20", "story.reviewed", official=clerk.name, window=CHIEF_WINDOW)
    now.move_to(hall_moment("2015-10-26T10:50"))
    decided = _complete(hall, chief, reviewed.opened[0].id, reviewed.case.rev)
    at("10:50", "story.decided", official=chief.name)
    now.move_to(hall_moment("2015-10-26T11:00"))
    licences.hand_out(
        hall, hander, case.id, application.applicant.name, HANDOUT_WINDOW, decided.case.rev
    )
    view = cases.case(hall, chief, case.id)
    licence_no = view.licence.no if view.licence else ""
    at("11:00", "story.handed_out", licence_no=licence_no, window=HANDOUT_WINDOW)
    return Story(
        case_no=case.case_no,
        times=view.times,
        decided_by=chief,
        licence_no=licence_no,
        due_days=(str(case.promised_due), str(case.statutory_due)),
        trail=audit.verify_trail(hall),
    )


def _complete(hall: Hall, by: Official, task_id: str, seen: int) -> work.Completed:
    form = work.task(hall, by, task_id).form
    answers = answers_for(form, ANSWERS)
    return work.complete_task(hall, by, task_id, answers, seen)
