"""What the rules say of a special procedure: who takes part, who signed, whether clocks stop.

The functions take the open unit; `special_procedures` asks them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from engine.decisions.decide import Decision, decide
from engine.domain.case import Case, Task, TaskState
from engine.domain.people import Official
from engine.domain.special_procedure import KINDS, SIGN, ProcedureKind, SpecialProcedure
from engine.domain.verdict import Verdict
from engine.domain.working_time import Calendar, working_days_between
from engine.kernel.errors import Invalid, Missing
from engine.kernel.now import hall_day
from engine.services import authority
from engine.services.hall import Hall
from engine.storage import cases, people
from engine.storage import special_procedures as rows
from engine.storage.unit import Unit

LAW_TABLE, TABLE = "special_law", "special_procedure"
LONGEST_LAW = 500


@dataclass(frozen=True)
class Judged:
    """What the tables say of the clocks: whether they stop, the law for it, the row, all asked."""

    stops_clock: bool
    clock_law: str
    row: str
    decisions: tuple[Decision, ...]


def team_of(unit: Unit, accounts: Sequence[str]) -> tuple[Official, ...]:
    """Return the officials with these accounts, in their order.

    Raises Invalid `procedure.nobody`, `procedure.person_twice`; Missing `account.unknown`.
    """
    if not accounts:
        raise Invalid("procedure.nobody")
    found = []
    for account in accounts:
        known = people.by_account(unit, account)
        if known is None:
            raise Missing("account.unknown", account=account)
        if known[0] in found:
            raise Invalid("procedure.person_twice", account=account)
        found.append(known[0])
    return tuple(found)


def fit(
    hall: Hall, unit: Unit, team: tuple[Official, ...], drawn: ProcedureKind, case: Case
) -> tuple[Verdict, int]:
    """Say whether all who sign may, and whether they are as many as the rule asks for.

    Returns the verdict with its row, and the number.
    """
    today = hall_day(unit.at)
    version = hall.library.in_force(unit, "process", drawn.process, today)
    sign = hall.library.process(unit, drawn.process, version).tasks[SIGN]
    needed, rule = 1, Verdict(True, "ok")
    for person in team[:1] if drawn.chaired else team:
        rule = authority.exclusion(hall, unit, person, case, drawn.duty)
        if not rule.allowed:
            return rule, needed
        if person.post not in sign.roles:
            return Verdict(False, "role", params={"roles": sign.roles}), needed
        if sign.power is not None:
            own = authority.may(hall, unit, person, sign.power, case, person.unit_no).verdict
            if not own.allowed:
                return own, needed
        needed = max(needed, int(str(rule.params["people_needed"])))
    return (rule if len(team) >= needed else too_few(rule, needed, len(team))), needed


def too_few(rule: Verdict, needed: int, found: int) -> Verdict:
    """Return the refusal of fewer people than the rule asks for, with its row."""
    return Verdict(
        allowed=False,
        because="people_needed",
        row=rule.row,
        legal_basis=rule.legal_basis,
        params={"needed": needed, "found": found},
    )


def judge(hall: Hall, unit: Unit, case: Case, kind: str) -> Judged:
    """Ask whether a special law names this kind for the matter, and whether the clocks stop."""
    special = decide(
        hall.library.judging(unit, LAW_TABLE, case.pinned_at),
        {"matter_no": case.matter_no, "procedure_kind": kind},
    )
    by_law = special.outcome["special_law"] is True
    made = decide(
        hall.library.judging(unit, TABLE, case.pinned_at),
        {"accepted": True, "procedure_kind": kind, "special_law": by_law},
    )
    laws = (*(special.legal_basis if by_law else ()), *made.legal_basis)
    return Judged(
        stops_clock=made.outcome["stops_clock"] is True,
        clock_law="; ".join(dict.fromkeys(laws))[:LONGEST_LAW],
        row=f"{TABLE}#{made.rows[0]}",
        decisions=(special, made),
    )


def is_late(case: Case, today: date, drawn: ProcedureKind, calendar: Calendar) -> bool:
    """Return whether a procedure begins later than the law allows after the acceptance."""
    if drawn.begin_days is None or case.accepted_at is None:
        return False
    accepted = hall_day(case.accepted_at)
    return working_days_between(accepted, today, calendar) > drawn.begin_days


def signing(unit: Unit, procedure: SpecialProcedure) -> list[Task]:
    """Return the tasks in which those who take part sign, as far as it came to that."""
    return [task for task in cases.tasks_of(unit, procedure.child_id) if task.step == SIGN]


def signed_by(hall: Hall, unit: Unit, procedure: SpecialProcedure, case: Case) -> tuple[str, ...]:
    """Return the ids of those who signed and are not excluded, each once."""
    duty = KINDS[procedure.kind].duty
    found = []
    for task in signing(unit, procedure):
        who = people.official(unit, task.done_by) if task.done_by else None
        if who is None or who.id in found or task.state is not TaskState.DONE:
            continue
        if authority.exclusion(hall, unit, who, case, duty).allowed:
            found.append(who.id)
    return tuple(found)


def kept_out(hall: Hall, unit: Unit, by: Official, task: Task, case: Case) -> Verdict | None:
    """Return the refusal of one who is excluded from signing in a procedure, None for others.

    Asked again when he signs: who was free when the procedure began may have reviewed its case
    since, or got the task from a colleague (行政许可法 art. 48).
    """
    procedure = rows.of_child(unit, case.id) if case.parent_id and task.step == SIGN else None
    if procedure is None:
        return None
    parent = cases.case(unit, procedure.case_id)
    verdict = authority.exclusion(hall, unit, by, parent, KINDS[procedure.kind].duty)
    return None if verdict.allowed else verdict
