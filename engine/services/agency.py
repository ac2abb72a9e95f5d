"""Acting for applicants (代办): mandates, what agents do by them, and what they see.

An agent sees the cases in which he acted, while his mandate holds, and no other of the applicant.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from engine.domain.agency import ACTS, AgentAct, Mandate, check_period, verdict
from engine.domain.case import Case, CaseState
from engine.domain.codes import check_id_number, check_uscc
from engine.domain.events.joint import AgentActed, MandateGiven, MandateRevoked
from engine.domain.people import Applicant, Official
from engine.domain.verdict import Verdict
from engine.kernel.crypto import same
from engine.kernel.errors import Conflict, Forbidden, Invalid, Missing
from engine.kernel.now import hall_day
from engine.services import authority, children
from engine.services.hall import Hall
from engine.storage import agency, cases, serials
from engine.storage.cases import CaseMaterial
from engine.storage.unit import Unit

APPLICANT, AGENT = "applicant", "agent"
LONGEST_NAME = 200


@dataclass(frozen=True)
class Asked:
    """A mandate as it is handed in: whose, for whom, for which matters, from when to when."""

    applicant: Applicant
    agent_name: str
    agent_number: str
    agent_phone: str
    matter_nos: tuple[int, ...]
    valid_from: date
    valid_to: date


@dataclass(frozen=True)
class ActLine:
    """One act in a case, with both: the agent who did it and the applicant for whom (M-AGENT-1)."""

    at: datetime
    act: str
    mandate_no: str
    applicant_name: str
    agent_name: str


@dataclass(frozen=True)
class AgentCase:
    """A case as the agent of its applicant sees it."""

    case_id: str
    case_no: str
    matter_name: str
    applicant_name: str
    state: CaseState
    outcome: str | None
    promised_due: date | None
    statutory_due: date | None
    waiting_for: tuple[str, ...]
    papers: tuple[CaseMaterial, ...]
    acts: tuple[ActLine, ...]


def give(hall: Hall, by: Official, asked: Asked) -> Mandate:
    """Enter a mandate; it gets a number of its own.

    Raises Invalid `applicant.name`, those of the codes of numbers, `agency.self` when the agent
    is the applicant, `agency.matters` for none, `agency.period`; Missing `matter.unknown`.
    """
    number, agent_number = (
        _number(asked.applicant),
        check_id_number(asked.agent_number.strip().upper()),
    )
    names = asked.applicant.name.strip(), asked.agent_name.strip()
    if not all(names) or max(map(len, names)) > LONGEST_NAME:
        raise Invalid("applicant.name")
    if same(number, agent_number):
        raise Invalid("agency.self")
    if not asked.matter_nos:
        raise Invalid("agency.matters")
    with hall.unit(by) as unit:
        today = hall_day(unit.at)
        check_period(asked.valid_from, asked.valid_to, today)
        matters = tuple(sorted({hall.library.matter(unit, no).no for no in asked.matter_nos}))
        mandate = Mandate(
            id=unit.ids(),
            no=f"代办〔{today.year}〕{serials.next_serial(unit, f'mandate:{today.year}')}号",
            applicant_kind=asked.applicant.kind,
            applicant_name=names[0],
            applicant_number=hall.vault.seal(number),
            agent_name=names[1],
            agent_number=hall.vault.seal(agent_number),
            agent_phone=hall.vault.seal(asked.agent_phone.strip()),
            matter_nos=matters,
            valid_from=asked.valid_from,
            valid_to=asked.valid_to,
            entered_at=unit.at,
            entered_by=by.id,
        )
        agency.add(unit, mandate)
        unit.record(
            MandateGiven(
                mandate_id=mandate.id,
                mandate_no=mandate.no,
                matter_nos=matters,
                valid_from=mandate.valid_from.isoformat(),
                valid_to=mandate.valid_to.isoformat(),
            )
        )
        return mandate


def revoke(hall: Hall, by: Official, mandate_no: str, reason: str) -> Mandate:
    """End a mandate today at its applicant's wish.

    Raises Invalid `agency.reason_missing`, Missing `agency.unknown`, Conflict `agency.revoked`.
    """
    if not reason.strip():
        raise Invalid("agency.reason_missing")
    with hall.unit(by) as unit:
        mandate = _mandate(unit, mandate_no, lock=True)
        if mandate.revoked_on is not None:
            raise Conflict("agency.revoked", mandate=mandate_no)
        agency.revoke(unit, mandate.id, hall_day(unit.at), reason.strip())
        unit.record(
            MandateRevoked(mandate_id=mandate.id, mandate_no=mandate.no, reason=reason.strip())
        )
        return _mandate(unit, mandate_no)


def act(hall: Hall, by: Official, mandate_no: str, case_id: str, act: str) -> ActLine:
    """Note that an agent acted in a case at the window, for its applicant.

    Raises Invalid `agency.act`, Missing `agency.unknown`, Forbidden `authority.refused` with the
    verdict on the mandate (the try is kept), `case.other_unit` for another unit's official.
    """
    if act not in ACTS:
        raise Invalid("agency.act", act=act)
    with hall.unit(by) as unit:
        case = cases.lock(unit, case_id)
        if by.unit_no != case.unit_no:
            raise Forbidden("case.other_unit", case=case.case_no)
        mandate = _mandate(unit, mandate_no)
        ruling = covers(hall, unit, mandate, case)
        if ruling.allowed:
            note(unit, mandate, case, act)
            return ActLine(unit.at, act, mandate.no, mandate.applicant_name, mandate.agent_name)
        authority.record_act_refused(unit, case, act, "", ruling)
    raise authority.refused(ruling)


def covers(hall: Hall, unit: Unit, mandate: Mandate, case: Case) -> Verdict:
    """Say whether a mandate lets its agent act in a case today."""
    sealed = cases.applicant(unit, case.id)
    both = same(hall.vault.open(sealed.id_number), hall.vault.open(mandate.applicant_number))
    return verdict(mandate, hall_day(unit.at), case.matter_no, both)


def note(unit: Unit, mandate: Mandate, case: Case, act: str) -> None:
    """Store and tell what an agent did in a locked case by a mandate that covers it."""
    agency.note_act(unit, AgentAct(unit.ids(), mandate.id, case.id, act, unit.at, unit.by.id))
    unit.record(AgentActed(case_id=case.id, mandate_id=mandate.id, mandate_no=mandate.no, act=act))


def applied(hall: Hall, unit: Unit, mandate_no: str, case: Case) -> None:
    """Note that an agent handed in an application that was just entered.

    Raises Missing `agency.unknown`, Forbidden `authority.refused`: then nothing was entered.
    """
    mandate = _mandate(unit, mandate_no)
    ruling = covers(hall, unit, mandate, case)
    if not ruling.allowed:
        raise authority.refused(ruling)
    note(unit, mandate, case, "apply")


def acts_of(hall: Hall, by: Official, case_id: str) -> list[ActLine]:
    """Return what agents did in a case, in order; Forbidden `case.other_unit`."""
    with hall.reading() as unit:
        case = cases.case(unit, case_id)
        if by.unit_no != case.unit_no and not by.may("case.read_all"):
            raise Forbidden("case.other_unit", case=case.case_no)
        return list(_acts(unit, case.id))


def cases_for(hall: Hall, mandate_no: str, agent_number: str) -> list[AgentCase]:
    """Return the cases in which an agent acted, to himself, while his mandate holds (M-AGENT-2).

    Raises Missing `agency.unknown` for a mandate that is not his, Forbidden `agency.ended`.
    """
    with hall.reading() as unit:
        mandate = _his(hall, unit, mandate_no, agent_number)
        return [_seen(hall, unit, case_id) for case_id in agency.cases_of(unit, mandate.id)]


def case_for(hall: Hall, mandate_no: str, agent_number: str, case_id: str) -> AgentCase:
    """Return one case to its agent; Forbidden `agency.other_case`, and as `cases_for`."""
    with hall.reading() as unit:
        mandate = _his(hall, unit, mandate_no, agent_number)
        if case_id not in agency.cases_of(unit, mandate.id):
            raise Forbidden("agency.other_case", mandate=mandate_no)
        return _seen(hall, unit, case_id)


def told(hall: Hall, case_id: str) -> tuple[str, ...]:
    """Return to whom notices of a case go today: its applicant, and his agent while he may act."""
    with hall.reading() as unit:
        case = children.root_of(unit, cases.case(unit, case_id))
        today = hall_day(unit.at)
        acting = any(mandate.holds_on(today) for _, mandate in agency.acts_of(unit, case.id))
        return (APPLICANT, AGENT) if acting else (APPLICANT,)


def _seen(hall: Hall, unit: Unit, case_id: str) -> AgentCase:
    case = cases.case(unit, case_id)
    return AgentCase(
        case_id=case.id,
        case_no=case.case_no,
        matter_name=hall.library.matter(unit, case.matter_no).name,
        applicant_name=case.applicant_name,
        state=case.state,
        outcome=case.outcome,
        promised_due=case.promised_due,
        statutory_due=case.statutory_due,
        waiting_for=tuple(task.name for task in cases.tasks_of(unit, case.id) if task.is_open),
        papers=tuple(cases.materials_of(unit, case.id)),
        acts=tuple(_acts(unit, case.id)),
    )


def _acts(unit: Unit, case_id: str) -> Iterable[ActLine]:
    for one, mandate in agency.acts_of(unit, case_id):
        yield ActLine(one.at, one.act, mandate.no, mandate.applicant_name, mandate.agent_name)


def _his(hall: Hall, unit: Unit, mandate_no: str, agent_number: str) -> Mandate:
    mandate = _mandate(unit, mandate_no)
    # Who asks with another number is not told that the mandate exists.
    if not same(hall.vault.open(mandate.agent_number), agent_number.strip().upper()):
        raise Missing("agency.unknown", mandate=mandate_no)
    if not mandate.holds_on(hall_day(unit.at)):
        raise Forbidden("agency.ended", mandate=mandate_no)
    return mandate


def _mandate(unit: Unit, mandate_no: str, *, lock: bool = False) -> Mandate:
    found = agency.by_no(unit, mandate_no.strip(), lock=lock)
    if found is None:
        raise Missing("agency.unknown", mandate=mandate_no)
    return found


def _number(applicant: Applicant) -> str:
    number = applicant.id_number.strip().upper()
    person = applicant.kind == "person" or number[:1] != "9" or len(number) != 18
    return check_id_number(number) if person else check_uscc(number)
