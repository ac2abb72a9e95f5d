"""Who stands before an officer: number, appointment, his earlier cases; and the extended hours."""

from dataclasses import dataclass
from datetime import datetime, time

from engine.domain.appointment import Appointment, Stay
from engine.domain.case import Case, CaseState
from engine.domain.codes import check_id_number, check_uscc
from engine.domain.masking import as_seen_by, mask_id_number
from engine.domain.people import Applicant, Official, Window
from engine.domain.ticket import Ticket
from engine.kernel.crypto import same
from engine.kernel.errors import Forbidden, Missing
from engine.kernel.now import HALL_ZONE, hall_day
from engine.services.hall import Hall
from engine.storage import cases, people, standing, tickets, visits, windows
from engine.storage.unit import Unit

# Numbers are sealed one by one, so each case that is looked at has to be opened.
MOST = 2000
USCC_BEGINS = "9"
UNDER_WAY = frozenset({CaseState.APPLIED, CaseState.ACCEPTED, CaseState.DECIDED})


@dataclass(frozen=True)
class Standing:
    """A window now: who stands there, and whether it is or may be kept open after closing.

    `begun` are id and number of the cases for which it may be kept open, none before closing.
    """

    window: Window
    ticket: Ticket | None
    matter_name: str | None
    appointment: Appointment | None
    stay: Stay | None
    stay_officer: str | None
    closes_at: datetime
    after_closing: bool
    begun: list[tuple[str, str]]


@dataclass(frozen=True)
class Earlier:
    """A case of the person; `came` are his visits for it, each with its purpose."""

    case_id: str
    case_no: str
    matter_name: str
    applicant_name: str
    state: CaseState
    applied_at: datetime
    came: tuple[tuple[datetime, str], ...]

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done in it."""
        return self.state in UNDER_WAY


@dataclass(frozen=True)
class Person:
    """What a unit knows of somebody by his number, masked; `partly` when older cases were left."""

    number: str
    cases: list[Earlier]
    searched: int
    partly: bool


def at(hall: Hall, by: Official, window_no: int) -> Standing:
    """Return who stands at a window of the official's unit.

    Raises Missing `window.unknown`, Forbidden `window.other_unit`.
    """
    with hall.reading() as unit:
        window = _window_of(hall, unit, by, window_no)
        ticket = tickets.current(unit, window_no)
        stay = windows.stay(unit, window_no)
        today = hall_day(unit.at)
        closes_at = datetime.combine(today, hall.rules.close_of_business, HALL_ZONE)
        midnight = datetime.combine(today, time(), HALL_ZONE)
        after = unit.at >= closes_at
        matter_no = ticket.matter_no if ticket else None
        return Standing(
            window=window,
            ticket=ticket,
            matter_name=hall.library.matter(unit, matter_no).name if matter_no else None,
            appointment=standing.appointment_of(unit, ticket.id) if ticket else None,
            stay=stay,
            stay_officer=people.names(unit).get(stay.officer_id) if stay else None,
            closes_at=closes_at,
            after_closing=after,
            begun=standing.begun(unit, window.unit_no, window_no, midnight, closes_at)
            if after
            else [],
        )


def person(hall: Hall, by: Official, window_no: int, number: str) -> Person:
    """Return the cases of somebody with the official's unit by ID number or credit code.

    The latest cases of the unit are searched, at most `MOST`. Raises Missing `window.unknown`,
    Forbidden `window.other_unit`, Invalid of the codes of numbers.
    """
    wanted = number.strip().upper()
    if wanted.startswith(USCC_BEGINS):
        check_uscc(wanted)
    else:
        check_id_number(wanted)
    with hall.reading() as unit:
        window = _window_of(hall, unit, by, window_no)
        rows = standing.latest(unit, window.unit_no, MOST + 1)
        searched = rows[:MOST]
        found = [
            cases.case(unit, case_id)
            for case_id, sealed in searched
            if same(hall.vault.open(sealed), wanted)
        ]
        return Person(
            number=mask_id_number(wanted),
            cases=[_earlier(hall, unit, by, case, wanted) for case in found],
            searched=len(searched),
            partly=len(rows) > MOST,
        )


def _earlier(hall: Hall, unit: Unit, by: Official, case: Case, number: str) -> Earlier:
    seen = as_seen_by(by.post, Applicant(case.applicant_kind, case.applicant_name, number, ""))
    came = [(visit.at, visit.purpose) for visit in visits.of_case(unit, case.id)]
    if case.window_no is not None or case.ticket_id is not None:
        came.insert(0, (case.applied_at, "apply"))
    return Earlier(
        case_id=case.id,
        case_no=case.case_no,
        matter_name=hall.library.matter(unit, case.matter_no).name,
        applicant_name=seen.name,
        state=case.state,
        applied_at=case.applied_at,
        came=tuple(came),
    )


def _window_of(hall: Hall, unit: Unit, by: Official, window_no: int) -> Window:
    window = hall.library.shelf(unit).windows.get(window_no)
    if window is None:
        raise Missing("window.unknown", window=window_no)
    if by.unit_no != window.unit_no:
        raise Forbidden("window.other_unit", window=window.label)
    return window
