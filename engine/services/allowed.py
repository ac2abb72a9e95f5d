"""What a person may do to a case beside its steps, each act with the rule that says yes or no."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from engine.domain.case import MOVES, Case, CaseState
from engine.domain.clocks import EXTENSION_DAYS, JOINT, STATUTORY
from engine.domain.confirmed import Confirmed
from engine.domain.people import Official
from engine.domain.seal import Document, SealUse, document
from engine.domain.special_procedure import KINDS, SpecialProcedure
from engine.domain.urgent import REVIEWING_POSTS, UrgentUse
from engine.domain.verdict import Verdict
from engine.kernel.canonical import dumps
from engine.kernel.errors import Conflict, HallError, Invalid
from engine.kernel.now import hall_day
from engine.services import authority, printouts, procedure_rules, seals
from engine.services.authority import Ruling
from engine.services.cases import CaseView
from engine.services.hall import Hall
from engine.services.printouts import DECISION, Printout
from engine.storage import clocks as clock_rows
from engine.storage import people
from engine.storage import seals as seal_rows
from engine.storage import special_procedures as procedure_rows
from engine.storage import urgent as urgent_rows
from engine.storage.unit import Unit

ORGANISE, EXTEND, URGENT, WITHDRAW, SEAL = "organise", "extend", "urgent", "withdraw", "seal"
POSTS = frozenset({"clerk", "reviewer", "chief", "stand_in", "head"})
DECISION_NAMES = {"granted": "准予行政许可决定书", "refused": "不予行政许可决定书"}


@dataclass(frozen=True)
class ActLine:
    """One act: what the rules say of this person, and what about the case stands in its way."""

    name: str
    verdict: Verdict
    mandate_no: str | None = None
    hindrance: HallError | None = None

    @property
    def allowed(self) -> bool:
        """Whether it may be done now."""
        return self.verdict.allowed and self.hindrance is None


@dataclass(frozen=True)
class KindLine:
    """A kind of special procedure that may be started: how many sign, whether clocks stop."""

    kind: str
    people_needed: int
    stops_clock: bool
    clock_law: str
    row: str


@dataclass(frozen=True)
class Beside:
    """Everything beside the steps of a case: the acts, and what was done already.

    `kinds` and `people` are what a special procedure can be started with, empty where it cannot;
    `documents` are those that the seal can be set under; `extension_days` is the most that the
    limit can be extended by; `names` are those of officials by id.
    """

    view: CaseView
    acts: tuple[ActLine, ...]
    procedures: tuple[SpecialProcedure, ...]
    urgent_uses: tuple[UrgentUse, ...]
    seal_uses: tuple[SealUse, ...]
    kinds: tuple[KindLine, ...]
    people: tuple[Official, ...]
    documents: tuple[Document, ...]
    extension_days: int
    names: Mapping[str, str]

    def act(self, name: str) -> ActLine:
        """Return what is said of an act."""
        return next(line for line in self.acts if line.name == name)

    @property
    def sealed(self) -> bool:
        """Whether the seal was used for the decision as it stands, so that why again is asked."""
        return any(use.decided_at == self.view.case.decided_at for use in self.seal_uses)


def of_case(hall: Hall, by: Official, case_id: str) -> Beside:
    """Return what `by` may do to a case beside its steps; raises as `cases.case`."""
    view, sheets = printouts.of_case(hall, by, case_id)
    case, documents = view.case, _documents(view, sheets)
    with hall.reading() as unit:
        clock_kinds = {clock.kind for clock in clock_rows.running(unit, case.id)}
        acts = (
            _organise(hall, unit, by, case),
            _extend(hall, unit, by, case),
            _urgent(hall, unit, by, case),
            _seal(hall, unit, by, case, documents),
            _withdraw(by, case),
        )
        procedures = tuple(procedure_rows.of_case(unit, case.id))
        running = {one.kind for one in procedures if one.is_running}
        starting = acts[0].allowed
        return Beside(
            view=view,
            acts=acts,
            procedures=procedures,
            urgent_uses=tuple(urgent_rows.of_case(unit, case.id)),
            seal_uses=tuple(seal_rows.of_case(unit, case.id)),
            kinds=_kinds(hall, unit, by, case, running) if starting else (),
            people=_people(unit, case) if starting else (),
            documents=documents,
            extension_days=EXTENSION_DAYS[JOINT if JOINT in clock_kinds else STATUTORY],
            names=people.names(unit),
        )


def seal(
    hall: Hall,
    by: Official,
    case_id: str,
    digest: str,
    confirmed: Confirmed,
    seen: int,
    reason: str | None,
) -> SealUse:
    """Set the seal under the document of the decision with a digest; raises as `seals.use`.

    Invalid `seal.document` for a digest that no document of the decision has.
    """
    view, sheets = printouts.of_case(hall, by, case_id)
    if view.case.decided_at is None:
        raise Conflict("seal.no_decision", case=view.case.case_no)
    found = next((one for one in _documents(view, sheets) if one.digest == digest), None)
    if found is None:
        raise Invalid("seal.document")
    return seals.use(hall, by, case_id, found, confirmed, seen, reason)


def _line(name: str, ruling: Ruling, hindrance: HallError | None) -> ActLine:
    return ActLine(name, ruling.verdict, ruling.mandate_no, hindrance)


def _not_in(case: Case, *states: CaseState) -> HallError | None:
    if case.state in states:
        return None
    return Conflict("case.not_in_state", state=case.state.value, wanted=states[-1].value)


def _organise(hall: Hall, unit: Unit, by: Official, case: Case) -> ActLine:
    hindrance = _not_in(case, CaseState.ACCEPTED)
    if hindrance is None and procedure_rows.of_child(unit, case.id) is not None:
        hindrance = Conflict("procedure.nested", case=case.case_no)
    return _line(ORGANISE, authority.may(hall, unit, by, ORGANISE, case), hindrance)


def _extend(hall: Hall, unit: Unit, by: Official, case: Case) -> ActLine:
    hindrance = _not_in(case, CaseState.ACCEPTED)
    if hindrance is None:
        running = clock_rows.running(unit, case.id)
        limit = next((one for one in running if one.kind in EXTENSION_DAYS), None)
        if limit is None:
            hindrance = Conflict("clock.none", case=case.case_no)
        elif limit.extended_days:
            hindrance = Conflict("clock.extended", case=case.case_no)
        elif hall_day(unit.at) > limit.due_on:
            hindrance = Conflict("clock.passed", case=case.case_no, due_on=limit.due_on)
    return _line(EXTEND, authority.may(hall, unit, by, EXTEND, case), hindrance)


def _urgent(hall: Hall, unit: Unit, by: Official, case: Case) -> ActLine:
    ruling = authority.may(hall, unit, by, URGENT, case)
    hindrance = _not_in(case, CaseState.APPLIED, CaseState.ACCEPTED)
    if hindrance is None and not any(
        other.post in REVIEWING_POSTS and other.id not in (by.id, ruling.acting_for)
        for other in people.officials(unit)
        if other.unit_no == case.unit_no
    ):
        hindrance = Conflict("urgent.nobody", case=case.case_no)
    return _line(URGENT, ruling, hindrance)


def _seal(
    hall: Hall, unit: Unit, by: Official, case: Case, documents: Collection[Document]
) -> ActLine:
    hindrance = None
    if case.decided_at is None or not documents:
        hindrance = Conflict("seal.no_decision", case=case.case_no)
    return _line(SEAL, authority.may(hall, unit, by, SEAL, case), hindrance)


def _withdraw(by: Official, case: Case) -> ActLine:
    """No power is asked for: the applicant asks for it, any window of the unit writes it down."""
    hindrance: HallError | None = None
    if case.parent_id is not None:
        hindrance = Conflict("ending.child", case=case.case_no)
    elif CaseState.WITHDRAWN not in MOVES[case.state]:
        wanted = CaseState.WITHDRAWN.value
        hindrance = Conflict("case.not_in_state", state=case.state.value, wanted=wanted)
    own = by.unit_no == case.unit_no
    return ActLine(WITHDRAW, Verdict(own, "ok" if own else "unit"), hindrance=hindrance)


def _kinds(
    hall: Hall, unit: Unit, by: Official, case: Case, running: Collection[str]
) -> tuple[KindLine, ...]:
    found = []
    for kind, drawn in KINDS.items():
        if kind in running:
            continue
        rule = authority.exclusion(hall, unit, by, case, drawn.duty)
        judged = procedure_rules.judge(hall, unit, case, kind)
        needed = int(str(rule.params["people_needed"]))
        found.append(KindLine(kind, needed, judged.stops_clock, judged.clock_law, judged.row))
    return tuple(found)


def _people(unit: Unit, case: Case) -> tuple[Official, ...]:
    today = hall_day(unit.at)
    return tuple(
        one
        for one in people.officials(unit)
        if one.unit_no == case.unit_no and one.post in POSTS and one.works_on(today)
    )


def _documents(view: CaseView, sheets: Collection[Printout]) -> tuple[Document, ...]:
    """The decision on paper, and the licence that it gave."""
    found = [
        document(
            DECISION_NAMES[str(sheet.content["outcome"])],
            dumps({"no": sheet.no, "at": sheet.issued_at.isoformat(), **sheet.content}),
        )
        for sheet in sheets
        if sheet.kind == DECISION
    ]
    if view.licence is not None:
        found.append(Document(view.licence.no, view.licence.digest))
    return tuple(found)
