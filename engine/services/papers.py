"""The papers of an application: those of the matter's list and those that a situation adds."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from engine.decisions.decide import decide
from engine.domain.case import Case, CaseState
from engine.domain.events.intake import PaperBrought, Supplemented
from engine.domain.matter import Matter
from engine.domain.notice import EXTRA_FROM
from engine.domain.people import Official
from engine.domain.working_time import days_left
from engine.kernel.errors import Conflict, Forbidden, Invalid
from engine.kernel.now import hall_day
from engine.services import clocks
from engine.services.hall import Hall
from engine.storage import cases, notices
from engine.storage.cases import CaseMaterial
from engine.storage.unit import Unit

TABLE = "materials"
RECEIVED, TOLERATED, MISSING = "received", "tolerated", "missing"
AGENT, KIND = "by_agent", "applicant_kind"


@dataclass(frozen=True)
class MaterialHandedIn:
    """What happened to one paper of the list: received, tolerated (容缺) or missing."""

    state: str
    copies: int = 1
    remark: str = ""


@dataclass(frozen=True)
class ExtraPaper:
    """A paper that the applicant's situation adds; `row` is the row that asks for it.

    `form` is original, copy or shown (the original is looked at and a copy kept).
    """

    no: int
    name: str
    form: str
    legal_basis: str
    row: str


@dataclass(frozen=True)
class ToleratedLine:
    """A tolerated paper that has not come; `left` are working days, negative when overdue."""

    case_id: str
    case_no: str
    no: int
    name: str
    until: date
    left: int


def listed(matter: Matter, handed_in: Mapping[int, MaterialHandedIn]) -> list[CaseMaterial]:
    """Return the papers of the matter's list with what was handed in of each.

    Raises Invalid `intake.material_unknown` (numbers), `intake.material_state`,
    `intake.not_tolerated` for a paper that is not on the matter's list of tolerated ones.
    """
    unknown = sorted(set(handed_in) - {paper.no for paper in matter.materials})
    if unknown:
        raise Invalid("intake.material_unknown", numbers=unknown)
    rows = []
    for paper in matter.materials:
        given = handed_in.get(paper.no, MaterialHandedIn(MISSING, 0))
        _check(given, paper.name, tolerant=matter.tolerant and paper.tolerant)
        rows.append(_row(paper.no, paper.name, given, required=paper.required))
    return rows


def added(
    extras: list[ExtraPaper], handed_in: Mapping[str, MaterialHandedIn]
) -> list[CaseMaterial]:
    """Return the papers that the situation adds with what was handed in of each, by name.

    Raises Invalid `intake.material_unknown` for others, `intake.material_state`,
    `intake.not_tolerated`: none of them may follow later.
    """
    unknown = sorted(set(handed_in) - {extra.name for extra in extras})
    if unknown:
        raise Invalid("intake.material_unknown", numbers=unknown)
    rows = []
    for extra in extras:
        given = handed_in.get(extra.name, MaterialHandedIn(MISSING, 0))
        _check(given, extra.name, tolerant=False)
        rows.append(_row(extra.no, extra.name, given, required=True))
    return rows


def extras(
    hall: Hall,
    unit: Unit,
    pinned_at: datetime,
    applicant_kind: str,
    situation: Mapping[str, bool],
) -> list[ExtraPaper]:
    """Return the papers that the table `materials` adds for a situation, each name once.

    `situation` holds flags by their plain names; those that are not given are false. Raises
    Invalid `intake.situation_unknown` for a flag that the table does not ask about.
    """
    table = hall.library.judging(unit, TABLE, pinned_at)
    flags = [fact.key for fact in table.inputs if fact.key != KIND]
    unknown = sorted(set(situation) - set(flags))
    if unknown:
        raise Invalid("intake.situation_unknown", names=unknown)
    asked = {name: situation.get(name, False) for name in flags}
    decision = decide(table, {KIND: applicant_kind, **asked})
    basis = {row.row: row.legal_basis for row in decision.trace if row.matched}
    names, forms = decision.outcome["extra_paper"], decision.outcome["paper_form"]
    if not isinstance(names, list) or not isinstance(forms, list):
        return []
    found: dict[str, ExtraPaper] = {}
    for row, name, form in zip(decision.rows, names, forms, strict=True):
        number = EXTRA_FROM + len(found)
        found.setdefault(name, ExtraPaper(number, name, form, basis[row], f"{TABLE}#{row}"))
    return list(found.values())


def extras_of(hall: Hall, unit: Unit, case: Case) -> list[ExtraPaper]:
    """Return the papers that the situation of an entered application adds."""
    table = hall.library.judging(unit, TABLE, case.pinned_at)
    situation = {
        fact.key: case.data.get(fact.key) is True for fact in table.inputs if fact.key != KIND
    }
    situation[AGENT] = cases.applicant(unit, case.id).agent is not None
    return extras(hall, unit, case.pinned_at, case.applicant_kind, situation)


def missing(papers: list[CaseMaterial]) -> list[str]:
    """Return the names of the required papers that are missing."""
    return [row.name for row in papers if row.required and row.state == MISSING]


def give_time(hall: Hall, unit: Unit, case: Case, papers: list[CaseMaterial]) -> None:
    """Give the tolerated papers of a case that is being accepted their own last day (容缺)."""
    until = clocks.due(hall, unit, hall_day(unit.at), hall.rules.tolerance_days).day
    notices.tolerate(unit, case.id, papers, until)


def supplement(
    hall: Hall, by: Official, case_id: str, papers: Mapping[int, MaterialHandedIn], seen: int
) -> Case:
    """Note the papers that the applicant brought before the acceptance (补正), by number.

    Raises Invalid `intake.material_unknown`, `intake.material_state`, `intake.not_tolerated`,
    `intake.nothing_brought`; Conflict `case.changed`, `case.not_in_state`; Forbidden
    `intake.other_unit`.
    """
    if not papers:
        raise Invalid("intake.nothing_brought")
    with hall.unit(by) as unit:
        case = locked(unit, by, case_id, seen)
        if case.state is not CaseState.APPLIED:
            raise Conflict("case.not_in_state", state=case.state.value, wanted="applied")
        matter = hall.library.matter(unit, case.matter_no)
        tolerant = {paper.no for paper in matter.materials if matter.tolerant and paper.tolerant}
        rows = {row.no: row for row in cases.materials_of(unit, case.id)}
        unknown = sorted(set(papers) - set(rows))
        if unknown:
            raise Invalid("intake.material_unknown", numbers=unknown)
        for no, given in papers.items():
            _check(given, rows[no].name, tolerant=no in tolerant)
            notices.save_paper(unit, case.id, _brought(unit, rows[no], given))
        unit.record(
            Supplemented(
                case_id=case.id,
                materials={str(no): given.state for no, given in sorted(papers.items())},
            )
        )
        return cases.update(unit, case, seen)


def bring_paper(hall: Hall, by: Official, case_id: str, no: int, seen: int) -> Case:
    """Note that a tolerated paper followed; late ones are taken too, and told.

    Raises Invalid `intake.not_awaited` for a paper that is not a tolerated one still to come;
    Conflict `case.changed`, `case.not_in_state`; Forbidden `intake.other_unit`.
    """
    with hall.unit(by) as unit:
        case = locked(unit, by, case_id, seen)
        if case.state not in (CaseState.ACCEPTED, CaseState.DECIDED):
            raise Conflict("case.not_in_state", state=case.state.value, wanted="accepted")
        row = next((row for row in cases.materials_of(unit, case.id) if row.no == no), None)
        if row is None or row.state != TOLERATED:
            raise Invalid("intake.not_awaited", no=no)
        until = row.tolerated_until
        notices.save_paper(unit, case.id, replace(row, state=RECEIVED, brought_at=unit.at))
        late = until is not None and hall_day(unit.at) > until
        unit.record(PaperBrought(case_id=case.id, no=no, name=row.name, late=late))
        return cases.update(unit, case, seen)


def tolerated(hall: Hall, by: Official) -> list[ToleratedLine]:
    """Return the tolerated papers that the official's unit still waits for, the latest first."""
    if by.unit_no is None:
        return []
    with hall.reading() as unit:
        today, calendar = hall_day(unit.at), hall.library.shelf(unit).calendar
        return [
            ToleratedLine(
                case_id=row.case_id,
                case_no=row.case_no,
                no=row.no,
                name=row.name,
                until=row.until,
                left=days_left(today, row.until, calendar),
            )
            for row in notices.tolerated_of(unit, by.unit_no)
        ]


def locked(unit: Unit, by: Official, case_id: str, seen: int) -> Case:
    """Return a case of the official's unit, locked, in the revision that he saw.

    Raises Forbidden `intake.other_unit`, Conflict `case.changed`, Missing `case.unknown`.
    """
    case = cases.lock(unit, case_id)
    if by.unit_no != case.unit_no:
        raise Forbidden("intake.other_unit", case=case.case_no)
    cases.refuse_changed(case, seen)
    return case


def _check(given: MaterialHandedIn, name: str, *, tolerant: bool) -> None:
    if given.state not in (RECEIVED, TOLERATED, MISSING):
        raise Invalid("intake.material_state", name=name, state=given.state)
    if given.state == TOLERATED and not tolerant:
        raise Invalid("intake.not_tolerated", name=name)


def _row(no: int, name: str, given: MaterialHandedIn, *, required: bool) -> CaseMaterial:
    return CaseMaterial(
        no=no,
        name=name,
        required=required,
        state=given.state,
        copies=given.copies,
        remark=given.remark,
    )


def _brought(unit: Unit, row: CaseMaterial, given: MaterialHandedIn) -> CaseMaterial:
    came = unit.at if given.state == RECEIVED else row.brought_at
    return replace(
        row, state=given.state, copies=given.copies, remark=given.remark, brought_at=came
    )
