"""Results of decided cases: hand out, show, check."""

from dataclasses import dataclass, replace
from datetime import datetime

from engine.domain.case import Case, CaseState, move
from engine.domain.events.cases import HandedOut
from engine.domain.licence import Licence, is_unaltered
from engine.domain.people import Official
from engine.kernel.errors import Conflict, Forbidden, Invalid, Missing
from engine.services.hall import Hall
from engine.storage import cases, licences
from engine.storage.unit import Unit


@dataclass(frozen=True)
class HandOutLine:
    """A decided case whose result waits for the applicant."""

    case_id: str
    case_no: str
    matter_name: str
    applicant_name: str
    outcome: str
    licence_no: str | None
    decided_at: datetime
    rev: int


@dataclass(frozen=True)
class LicenceCheck:
    """The answer of the public check: valid, altered or unknown."""

    state: str
    licence: Licence | None


def to_hand_out(hall: Hall, by: Official) -> list[HandOutLine]:
    """Return the results that wait at the windows of the official's unit, oldest first."""
    if by.unit_no is None:
        return []
    with hall.reading() as unit:
        waiting = cases.decided_of(unit, by.unit_no)
        return [_line(hall, unit, case) for case in waiting]


def hand_out(
    hall: Hall, by: Official, case_id: str, taken_by: str, window_no: int | None, seen: int
) -> Case:
    """Hand the result to the applicant and close the case (送达, art. 44).

    Raises Invalid `licence.taken_by_missing`, Conflict `case.changed` or `case.not_in_state`,
    Forbidden `intake.other_unit`.
    """
    taken_by = taken_by.strip()
    if not taken_by:
        raise Invalid("licence.taken_by_missing")
    with hall.unit(by) as unit:
        case = cases.lock(unit, case_id)
        if by.unit_no != case.unit_no:
            raise Forbidden("intake.other_unit", case=case.case_no)
        closed = replace(case, state=move(case.state, CaseState.CLOSED), closed_at=unit.at)
        if case.rev != seen:
            raise Conflict("case.changed", case=case.case_no)
        licence = licences.by_case(unit, case_id)
        if licence is not None:
            licences.hand_out(unit, licence.id, by.id, taken_by)
        unit.record(
            HandedOut(
                case_id=case.id,
                window_no=window_no,
                licence_no=licence.no if licence else None,
            )
        )
        return cases.update(unit, closed, seen)


def licence(hall: Hall, licence_no: str) -> Licence:
    """Return a licence by its number; Missing `licence.unknown`."""
    with hall.reading() as unit:
        found = licences.by_no(unit, licence_no)
    if found is None:
        raise Missing("licence.unknown", no=licence_no)
    return found


def check(hall: Hall, licence_no: str) -> LicenceCheck:
    """Say whether a licence with this number was issued and is unaltered."""
    with hall.reading() as unit:
        found = licences.by_no(unit, licence_no.strip().upper())
    if found is None:
        return LicenceCheck("unknown", None)
    return LicenceCheck("valid" if is_unaltered(found) else "altered", found)


def _line(hall: Hall, unit: Unit, case: Case) -> HandOutLine:
    issued = licences.by_case(unit, case.id)
    return HandOutLine(
        case_id=case.id,
        case_no=case.case_no,
        matter_name=hall.library.matter(unit, case.matter_no).name,
        applicant_name=case.applicant_name,
        outcome=case.outcome or "",
        licence_no=issued.no if issued else None,
        decided_at=case.decided_at or unit.at,
        rev=case.rev,
    )
