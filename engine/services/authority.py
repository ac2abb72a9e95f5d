"""May this person do this step of this case? One guard for pages, API, timers and batches.

It takes the open unit: it is asked when a task is shown and again at its completion.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from engine.decisions.decide import Decision, decide
from engine.domain.authority import scope_of
from engine.domain.case import Case, Task
from engine.domain.events.cases import ActRefused
from engine.domain.people import Official
from engine.domain.verdict import Verdict
from engine.kernel.errors import Forbidden
from engine.kernel.now import hall_day
from engine.services.hall import Hall
from engine.storage import authority, cases
from engine.storage.unit import Unit

TABLE = "authority"


@dataclass(frozen=True)
class Ruling:
    """The verdict with what the history keeps of it.

    `mandate_no` is the document of the grant that was used, `acting_for` the id of the absent
    official for whom a stand-in acts (AB岗), `decision` the answer of the authority table.
    """

    verdict: Verdict
    mandate_no: str | None = None
    acting_for: str | None = None
    decision: Decision | None = None


def ruling(hall: Hall, unit: Unit, by: Official, task: Task, case: Case) -> Ruling:
    """Say whether `by` may complete `task` today, by post, grants and the authority table."""
    if by.unit_no != task.unit_no:
        return Ruling(Verdict(False, "unit"))
    if by.post not in task.roles:
        return Ruling(Verdict(False, "role", params={"roles": task.roles}))
    day = hall_day(unit.at)
    holder, acting_for = by.id, None
    if by.post == "stand_in":
        absences = authority.stand_ins_of(unit, by.id)
        acting_for = next((a.stands_in_for for a in absences if a.holds_on(day)), None)
        if acting_for is None:
            return Ruling(Verdict(False, "stand_in.not_now"))
        holder = acting_for
    if task.power is None:
        return Ruling(Verdict(True, "ok"), acting_for=acting_for)
    matter_type = hall.library.matter(unit, case.matter_no).type
    amount, region = case.data.get("amount"), case.data.get("region")
    scope = scope_of(
        authority.grants_of(unit, holder),
        day,
        task.power,
        task.unit_no,
        matter_type.code,
        amount if isinstance(amount, Decimal) else None,
        region if isinstance(region, str) else None,
    )
    facts: Mapping[str, object] = {
        "power": task.power,
        "post": by.post,
        "matter_type": matter_type.code,
        "steps": matter_type.steps,
        "holds_grant": scope.grant is not None,
        "same_person": any(who in (by.id, holder) for _, who in cases.done_by(unit, case.id)),
        "over_amount": scope.over_amount,
        "outside_region": scope.outside_region,
    }
    table = hall.library.judging(unit, TABLE, case.pinned_at)
    decision = decide(table, facts)
    verdict = Verdict(
        allowed=decision.outcome["allowed"] is True,
        because=str(decision.outcome["because"]),
        row=f"{TABLE}#{decision.rows[0]}" if decision.rows else None,
        legal_basis="; ".join(decision.legal_basis),
        params={"power": task.power},
    )
    mandate_no = scope.grant.mandate_no if scope.grant else None
    return Ruling(verdict, mandate_no, acting_for, decision)


def record_refusal(unit: Unit, task: Task, verdict: Verdict) -> None:
    """Keep in the history that somebody tried a task that the rules refuse."""
    unit.record(
        ActRefused(
            case_id=task.case_id,
            task_id=task.id,
            step=task.step,
            power=task.power,
            because=verdict.because,
            row=verdict.row,
        )
    )


def record_act_refused(unit: Unit, case: Case, act: str, power: str, verdict: Verdict) -> None:
    """Keep in the history that somebody tried an act without a task; `act` is its plain name."""
    unit.record(
        ActRefused(
            case_id=case.id,
            task_id="",
            step=act,
            power=power,
            because=verdict.because,
            row=verdict.row,
        )
    )


def refused(verdict: Verdict) -> Forbidden:
    """Return the error `authority.refused` of a verdict, to be raised after its unit has ended.

    Raised inside, it would undo the record of the try.
    """
    return Forbidden("authority.refused", because=verdict.because, row=verdict.row, verdict=verdict)
