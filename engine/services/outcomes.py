"""The end of a case: its outcome, its clocks stopped, the licence of what was granted."""

from dataclasses import replace

from engine.domain.case import Case, CaseState, move
from engine.domain.events.cases import Decided, LicenceIssued
from engine.domain.licence import USCC, Licence, licence_no, sealed, valid_until
from engine.domain.matter import Matter
from engine.domain.people import Official
from engine.kernel.now import hall_day
from engine.services import clocks
from engine.storage import cases, licences, serials
from engine.storage.unit import Unit

GRANTED = "granted"


def decided(unit: Unit, by: Official, case: Case, matter: Matter, end: str | None) -> Case:
    """Return a case that has reached an end of its process; without a drawn end it is granted.

    A child case has no licence and nothing to hand out: it is closed at once. The case itself is
    not written.
    """
    outcome = end or GRANTED
    ended = replace(
        case,
        state=move(case.state, CaseState.DECIDED),
        outcome=outcome,
        decided_at=unit.at,
        decided_by=by.id,
    )
    unit.record(Decided(case_id=case.id, outcome=outcome, step=end or ""))
    clocks.close(unit, case.id)
    if case.parent_id is not None:
        unit.enqueue("case.child_ended", case.id, {"case_id": case.id}, case_id=case.id)
        return replace(ended, state=move(ended.state, CaseState.CLOSED), closed_at=unit.at)
    if outcome == GRANTED and matter.licence_name:
        _issue(unit, by, ended, matter)
    return ended


def _issue(unit: Unit, by: Official, case: Case, matter: Matter) -> None:
    year = hall_day(unit.at).year
    series = USCC if matter.licence_scheme == USCC else f"{matter.basic_code}:{year}"
    serial = serials.next_serial(unit, f"licence:{series}")
    answers = cases.answers_of_application(unit, case.id)
    licence = sealed(
        Licence(
            id=unit.ids(),
            no=licence_no(matter.licence_scheme, matter.basic_code, year, serial),
            case_id=case.id,
            matter_no=matter.no,
            name=matter.licence_name,
            holder=str(answers.get(matter.licence_holder) or case.applicant_name),
            content=answers,
            issued_at=unit.at,
            issued_by=by.id,
            digest="",
            valid_to=valid_until(hall_day(unit.at), matter.licence_days),
        )
    )
    licences.insert(unit, licence)
    unit.record(
        LicenceIssued(
            case_id=case.id, licence_id=licence.id, licence_no=licence.no, digest=licence.digest
        )
    )
