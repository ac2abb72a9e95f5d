"""Everything of a case that goes on paper: its slips, its notices, its decision, its way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.domain.notice import Slip
from engine.domain.people import Official
from engine.domain.working_time import working_days_between
from engine.kernel.errors import Missing
from engine.kernel.now import hall_day
from engine.services import cases
from engine.services.cases import CaseView, TaskLine
from engine.services.hall import Hall
from engine.storage import notices, people

EXTENSION, DECISION, DELIVERY = "extension", "decision", "delivery"
DECIDED = frozenset({"granted", "refused"})
REFUSAL = ("refuse_reason", "refuse_law", "refuse_remedy")


@dataclass(frozen=True)
class Printout:
    """One sheet of paper of a case; `slip_id` is None for one that is made from the case itself.

    `row` is the row of the table that asked for it, empty when none did.
    """

    kind: str
    no: str
    issued_at: datetime
    issued_by: str
    content: Mapping[str, object]
    row: str = ""
    channel: str = ""
    delivered_at: datetime | None = None
    slip_id: str | None = None


@dataclass(frozen=True)
class FlowLine:
    """One step on the sheet that goes round with a case; `days` are working days, so far."""

    line: TaskLine
    unit_no: int
    days: int


def of_case(hall: Hall, by: Official, case_id: str) -> tuple[CaseView, list[Printout]]:
    """Return a case and what can be printed of it, the first one first; raises as `cases.case`."""
    view = cases.case(hall, by, case_id)
    with hall.reading() as unit:
        names = people.names(unit)
        slips = [_of_slip(one, names) for one in notices.slips_of(unit, case_id)]
    return view, sorted([*slips, *_made_from(view)], key=lambda one: one.issued_at)


def slip(hall: Hall, by: Official, slip_id: str) -> tuple[CaseView, Printout]:
    """Return a stored slip with its case; Missing `slip.unknown`, and raises as `cases.case`."""
    with hall.reading() as unit:
        found = notices.slip(unit, slip_id)
        printout = _of_slip(found, people.names(unit))
    return cases.case(hall, by, found.case_id), printout


def made(hall: Hall, by: Official, case_id: str, kind: str) -> tuple[CaseView, Printout]:
    """Return a case with its notice of extension, its decision or its receipt of delivery.

    Raises Missing `slip.unknown` for what the case does not have, and as `cases.case`.
    """
    view = cases.case(hall, by, case_id)
    found = next((one for one in _made_from(view) if one.kind == kind), None)
    if found is None:
        raise Missing("slip.unknown", slip=kind)
    return view, found


def flow(hall: Hall, by: Official, case_id: str) -> tuple[CaseView, list[FlowLine]]:
    """Return a case and its steps with the days that each took; raises as `cases.case`."""
    view = cases.case(hall, by, case_id)
    with hall.reading() as unit:
        calendar, now = hall.library.shelf(unit).calendar, unit.at
    return view, [
        FlowLine(
            line,
            line.task.unit_no,
            working_days_between(
                hall_day(line.task.opened_at), hall_day(line.task.done_at or now), calendar
            ),
        )
        for line in view.tasks
    ]


def _of_slip(found: Slip, names: Mapping[str, str]) -> Printout:
    return Printout(
        kind=found.kind,
        no=found.no,
        issued_at=found.issued_at,
        issued_by=names.get(found.issued_by, ""),
        content=found.content,
        row=found.row,
        channel=found.channel.value,
        delivered_at=found.delivered_at,
        slip_id=found.id,
    )


def _made_from(view: CaseView) -> list[Printout]:
    extended = [
        Printout(EXTENSION, str(line.params["notice_no"]), line.at, line.by_name, line.params)
        for line in view.history
        if line.kind == "Extended"
    ]
    case = view.case
    if case.outcome not in DECIDED or case.decided_at is None:
        return extended
    by_name = next((line.by_name for line in view.history if line.kind == "Decided"), "")
    said = {name: case.data.get(name) for name in REFUSAL} if case.outcome == "refused" else {}
    decision = Printout(
        DECISION, case.case_no, case.decided_at, by_name, {"outcome": case.outcome, **said}
    )
    return [*extended, decision, _delivery(view, case.decided_at)]


def _delivery(view: CaseView, decided_at: datetime) -> Printout:
    """The receipt that the applicant signs; before the delivery its lines are left open."""
    handed = next((one for one in view.history if one.kind in ("HandedOut", "Sent")), None)
    taken_by = view.licence.taken_by if view.licence else None
    params = handed.params if handed else {}
    return Printout(
        DELIVERY,
        view.case.case_no,
        decided_at,
        handed.by_name if handed else "",
        {
            "outcome": view.case.outcome,
            "licence_no": view.licence.no if view.licence else None,
            "taken_by": taken_by,
            "way": params.get("way") or ("window" if handed else None),
            "reference": params.get("reference"),
        },
        delivered_at=handed.at if handed else None,
    )
