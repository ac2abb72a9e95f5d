"""Visits to the hall (到现场次数): counted for each case with their reasons, ranked by matter."""

from dataclasses import dataclass
from datetime import date

from engine.domain.case import Case
from engine.domain.events.intake import Visited
from engine.domain.facts import by_name
from engine.domain.people import Official
from engine.kernel.errors import Forbidden, Invalid
from engine.kernel.now import hall_day, hall_moment
from engine.services.hall import Hall
from engine.storage import cases, tickets, visits
from engine.storage.unit import Unit
from engine.storage.visits import Visit

PURPOSE = "visit_purpose"


@dataclass(frozen=True)
class MatterLine:
    """A matter of the monthly list: its cases, the visits for them, and visits for each case."""

    matter_no: int
    matter_name: str
    unit_no: int
    cases: int
    visits: int
    a_case: float


def note(
    hall: Hall,
    by: Official,
    case_id: str,
    purpose: str,
    ticket_id: str | None = None,
) -> int:
    """Note that the applicant came once more for a case; return his visits so far.

    The application at a window was the first. One number of the queue is one visit, without a
    number one day is one visit; what is noted twice counts once. `purpose` is a word of the fact
    `visit_purpose`. Raises Invalid `visit.purpose`, Missing `ticket.unknown`, Forbidden
    `intake.other_unit`.
    """
    fact = by_name(PURPOSE)
    if fact is None or purpose not in {word.code for word in fact.values}:
        raise Invalid("visit.purpose", purpose=purpose)
    with hall.unit(by) as unit:
        case = cases.lock(unit, case_id)
        if by.unit_no != case.unit_no:
            raise Forbidden("intake.other_unit", case=case.case_no)
        if ticket_id is not None:
            tickets.ticket(unit, ticket_id)
        before = visits.of_case(unit, case.id)
        count = _first(case) + len(before)
        if _is_known(unit, case, before, ticket_id):
            return count
        visits.add(
            unit,
            Visit(
                id=unit.ids(),
                case_id=case.id,
                purpose=purpose,
                ticket_id=ticket_id,
                at=unit.at,
                by_id=by.id,
            ),
        )
        unit.record(Visited(case_id=case.id, visit=count + 1, purpose=purpose, ticket_id=ticket_id))
        return count + 1


def of_case(hall: Hall, case_id: str) -> int:
    """Return how often somebody came to the hall for a case."""
    with hall.reading() as unit:
        return _first(cases.case(unit, case_id)) + len(visits.of_case(unit, case_id))


def monthly(hall: Hall, month: date) -> list[MatterLine]:
    """Return the matters for which somebody came in a month, those with most visits a case first.

    `month` is any day of it.
    """
    start = month.replace(day=1)
    end = start.replace(year=start.year + start.month // 12, month=start.month % 12 + 1)
    with hall.reading() as unit:
        rows = visits.by_matter(unit, hall_moment(f"{start}T00:00"), hall_moment(f"{end}T00:00"))
        lines = []
        for row in rows:
            matter = hall.library.matter(unit, row.matter_no)
            lines.append(
                MatterLine(
                    matter_no=matter.no,
                    matter_name=matter.name,
                    unit_no=matter.unit_no,
                    cases=row.cases,
                    visits=row.visits,
                    a_case=row.a_case,
                )
            )
    return sorted(lines, key=lambda line: (-line.a_case, -line.visits, line.matter_no))


def _first(case: Case) -> int:
    """An application at a window is a visit, one from home is none."""
    return 0 if case.window_no is None and case.ticket_id is None else 1


def _is_known(unit: Unit, case: Case, before: list[Visit], ticket_id: str | None) -> bool:
    if ticket_id is not None:
        return ticket_id in {case.ticket_id, *(visit.ticket_id for visit in before)}
    days = {hall_day(visit.at) for visit in before}
    if _first(case):
        days.add(hall_day(case.applied_at))
    return hall_day(unit.at) in days
