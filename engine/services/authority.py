"""May this person do this? One guard for pages, API, timers and batches.

It takes the open unit: it is asked when a task is shown and again at its completion.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from engine.decisions.decide import Decision, Table, decide
from engine.domain.authority import Act, Grant, Scope, asked, scope_of
from engine.domain.case import Case, Purpose, Task, TaskState
from engine.domain.events.authority import TaskReoffered
from engine.domain.events.cases import ActRefused
from engine.domain.facts import by_name
from engine.domain.matter import MatterType
from engine.domain.people import Official
from engine.domain.verdict import Verdict
from engine.kernel.errors import Forbidden
from engine.kernel.now import hall_day, hall_moment
from engine.services.hall import Hall
from engine.storage import authority, cases, handover, people
from engine.storage.unit import Unit

TABLE, EXCLUSION, STAND_IN = "authority", "four_eyes", "stand_in"
# Powers whose use on a step is a review of the application (审查).
REVIEWS = frozenset({"accept_review", "decide", "joint"})


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


@dataclass(frozen=True)
class Holder:
    """Who could do something on a day, and for whom if as a stand-in (AB岗).

    Without a `grant` by the post alone, as the law gives it to the head of the unit.
    """

    official: Official
    grant: Grant | None
    stand_in_for: Official | None
    row: str
    legal_basis: str


@dataclass(frozen=True)
class Answer:
    """What the rules say of one official who would use a power on a day, as `who_can` asks.

    `grant` is the mandate that reaches farthest, `stand_in_for` the absent one he acts for,
    `until` the last day on which all of this holds, None while no end is known.
    """

    official: Official
    verdict: Verdict
    grant: Grant | None = None
    stand_in_for: Official | None = None
    until: date | None = None


def ruling(hall: Hall, unit: Unit, by: Official, task: Task, case: Case) -> Ruling:
    """Say whether `by` may complete `task` today, by post, grants and the authority table."""
    return ruling_on(hall, unit, by, task, case, hall_day(unit.at))


def ruling_on(hall: Hall, unit: Unit, by: Official, task: Task, case: Case, day: date) -> Ruling:
    """Say whether `by` may complete `task` on a day, by what is known of that day now."""
    if by.unit_no != task.unit_no:
        return Ruling(Verdict(False, "unit"))
    if not by.works_on(day):
        return Ruling(Verdict(False, "left"))
    away = _away(unit, by, day)
    posts = {by.post, *(one.post for one in away)}
    if posts.isdisjoint(task.roles):
        return Ruling(Verdict(False, "role", params={"roles": task.roles}))
    if by.post == STAND_IN:
        away = [one for one in away if not {by.post, one.post}.isdisjoint(task.roles)]
        if not away:
            return Ruling(Verdict(False, "stand_in.not_now"))
    if task.power is None:
        return Ruling(Verdict(True, "ok"), acting_for=away[0].id if away else None)
    act, kind = _act(hall, unit, case, task.power, task.unit_no)
    # A step that was sent back may be done again by the same person.
    done = {who for step, who in cases.done_by(unit, case.id) if step != task.step}
    return _ruled(hall, unit, by, away, act, kind, case, day, done)


def may(
    hall: Hall, unit: Unit, by: Official, power: str, case: Case, unit_no: int | None = None
) -> Ruling:
    """Say whether `by` may use a power on a case today, without a task: urgent, seal, extend.

    The unit is that of the case unless another is named. Four eyes are no question here: who
    decided may seal.
    """
    day, where = hall_day(unit.at), case.unit_no if unit_no is None else unit_no
    if by.unit_no != where:
        return Ruling(Verdict(False, "unit"))
    if not by.works_on(day):
        return Ruling(Verdict(False, "left"))
    if not rules_on(by.post):
        return Ruling(Verdict(False, "post"))
    away = _away(unit, by, day)
    if by.post == STAND_IN and not away:
        return Ruling(Verdict(False, "stand_in.not_now"))
    act, kind = _act(hall, unit, case, power, where)
    return _ruled(hall, unit, by, away, act, kind, case, day, frozenset())


def exclusion(
    hall: Hall,
    unit: Unit,
    by: Official,
    case: Case,
    duty: str,
    *,
    interest: bool = False,
    complained_about: bool = False,
    used_urgent: bool = False,
) -> Verdict:
    """Say whether `by` may take on a duty (word of the fact step_duty), or must step back (回避).

    Whether he reviewed the case, or the one it was opened by, is found from the tasks that are
    done. `params` hold `people_needed`, how many persons the duty needs.
    """
    done = [task for task in cases.tasks_of(unit, case.id) if _reckoned(task, by)]
    above = case.parent_id
    reviewed = list(done)
    while above is not None:
        reviewed += [task for task in cases.tasks_of(unit, above) if _reckoned(task, by)]
        above = cases.case(unit, above).parent_id
    facts: Mapping[str, object] = {
        "step_duty": duty,
        "interest": interest,
        "reviewed_case": any(task.power in REVIEWS for task in reviewed),
        "same_person": bool(done),
        "used_urgent": used_urgent,
        "complained_about": complained_about,
    }
    decision = decide(hall.library.judging(unit, EXCLUSION, case.pinned_at), facts)
    excluded = decision.outcome["excluded"] is True
    return Verdict(
        allowed=not excluded,
        because=f"exclusion.{decision.outcome['exclusion']}" if excluded else "ok",
        row=f"{EXCLUSION}#{decision.rows[0]}" if decision.rows else None,
        legal_basis="; ".join(decision.legal_basis),
        params={"duty": duty, "people_needed": int(str(decision.outcome["people_needed"]))},
    )


def reoffer(hall: Hall, unit: Unit, task: Task) -> bool:
    """Offer a claimed task to its posts again when its holder may not complete it any more.

    Returns whether it was; the case of the task is locked by the caller (M-GRANT-1).
    """
    if task.state is not TaskState.CLAIMED or task.holder_id is None:
        return False
    holder = people.official(unit, task.holder_id)
    case = cases.case(unit, task.case_id)
    verdict = ruling(hall, unit, holder, task, case).verdict if holder else Verdict(False, "left")
    if verdict.allowed or verdict.because == "four_eyes":
        return False
    offer_again(unit, task, verdict.because)
    return True


def offer_again(unit: Unit, task: Task, because: str) -> None:
    """Take a claimed task from its holder and offer it to its posts, for a reason of the rules."""
    cases.save_task(unit, replace(task, state=TaskState.OFFERED, holder_id=None))
    unit.record(
        TaskReoffered(
            case_id=task.case_id,
            task_id=task.id,
            step=task.step,
            holder=task.holder_id or "",
            because=because,
        )
    )


def reoffer_held(hall: Hall, unit: Unit, official_id: str) -> int:
    """Offer again what an official holds and may not complete any more; return how many."""
    moved = 0
    for held in handover.held_by(unit, official_id):
        cases.lock(unit, held.case_id)
        moved += reoffer(hall, unit, cases.task(unit, held.id))
    return moved


def plan_lapse(unit: Unit, day: date) -> None:
    """Plan to look, as `day` begins, who has lost at midnight what he needs for his tasks."""
    due_at = hall_moment(f"{day.isoformat()}T00:00")
    unit.enqueue("authority.lapsed", day.isoformat(), {"day": day.isoformat()}, due_at=due_at)


def lapsed(hall: Hall, unit: Unit, day: date) -> int:
    """Offer again the tasks of those who lost their authority as `day` began; return how many."""
    return sum(reoffer_held(hall, unit, one) for one in sorted(authority.lapsed_on(unit, day)))


def who_can(
    hall: Hall,
    power: str,
    unit_no: int,
    matter_no: int,
    on: date,
    amount: Decimal | None = None,
    region: str | None = None,
) -> list[Holder]:
    """Say who could use a power on a matter on a day, from grants and absences of that day.

    People who have left since are among them, and stand-ins. Missing `matter.unknown`.
    """
    return [
        Holder(one.official, one.grant, one.stand_in_for, one.verdict.row, one.verdict.legal_basis)
        for one in answers(hall, power, unit_no, matter_no, on, amount, region)
        if one.verdict.allowed and one.verdict.row is not None
    ]


def answers(
    hall: Hall,
    power: str,
    unit_no: int,
    matter_no: int,
    on: date,
    amount: Decimal | None = None,
    region: str | None = None,
) -> list[Answer]:
    """Say of everybody in a unit on a day whether he could use a power on a matter, and why not.

    By account; raises Missing `matter.unknown`.
    """
    with hall.reading() as unit:
        kind = hall.library.matter(unit, matter_no).type
        act = Act(power, unit_no, matter_no, kind.code, amount, region)
        table = hall.library.judging(unit, TABLE, hall_moment(f"{on.isoformat()}T23:59"))
        found = []
        for official, joined in people.in_unit(unit, unit_no):
            own = joined is None or joined <= on
            answer = _answer(unit, table, official, act, kind, on, of_post=own)
            if official.works_on(on) and (own or answer.verdict.allowed):
                found.append(answer)
        return found


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


def _answer(
    unit: Unit, table: Table, by: Official, act: Act, kind: MatterType, on: date, *, of_post: bool
) -> Answer:
    if not rules_on(by.post):
        return Answer(by, Verdict(False, "post"))
    away = _away(unit, by, on)
    if by.post == STAND_IN and not away:
        return Answer(by, Verdict(False, "stand_in.not_now"))
    scope, absent = _farthest(unit, by, away, act, on, of_post=of_post)
    decision = decide(table, _facts(act, kind, by.post, scope, same_person=False))
    ends = [by.left_on, scope.grant.last_day if scope.grant else None]
    if absent is not None:
        absences = [one for one in authority.stand_ins_of(unit, by.id) if one.holds_on(on)]
        ends.append(max(one.last_day for one in absences if one.stands_in_for == absent.id))
    until = min((day for day in ends if day is not None), default=None)
    return Answer(by, verdict_of(decision, act.power), scope.grant, absent, until)


def rules_on(post: str) -> bool:
    """Whether the authority table knows a post; it does not know administrators."""
    fact = by_name("post")
    return fact is not None and post in {word.code for word in fact.values}


def _reckoned(task: Task, by: Official) -> bool:
    return task.purpose is Purpose.STEP and task.done_by == by.id


def _away(unit: Unit, by: Official, day: date) -> list[Official]:
    """Return for whom a stand-in acts on a day; nobody else acts for anybody."""
    if by.post != STAND_IN:
        return []
    absences = [one for one in authority.stand_ins_of(unit, by.id) if one.holds_on(day)]
    found = (people.official(unit, one.stands_in_for) for one in absences)
    return [one for one in found if one is not None]


def _act(hall: Hall, unit: Unit, case: Case, power: str, unit_no: int) -> tuple[Act, MatterType]:
    kind = hall.library.matter(unit, case.matter_no).type
    amount, region = case.data.get("amount"), case.data.get("region")
    return Act(
        power,
        unit_no,
        case.matter_no,
        kind.code,
        amount if isinstance(amount, Decimal) else None,
        region if isinstance(region, str) else None,
    ), kind


def _farthest(
    unit: Unit, by: Official, away: Iterable[Official], act: Act, day: date, *, of_post: bool
) -> tuple[Scope, Official | None]:
    """Return the scope of the grants of `by`, of a stand-in also of whom he acts for, and whom.

    The absent one's mandates go before his own where both reach as far.
    """
    own = authority.grants_of(unit, by.id)
    if not of_post:
        own = [grant for grant in own if grant.post is None]
    found = [(scope_of([*authority.grants_of(unit, one.id), *own], day, act), one) for one in away]
    if not found:
        return scope_of(own, day, act), None
    return min(found, key=lambda each: each[0].misses)


def _facts(
    act: Act, kind: MatterType, post: str, scope: Scope, *, same_person: bool
) -> Mapping[str, object]:
    return asked(
        act.power,
        post,
        kind,
        holds_grant=scope.grant is not None,
        same_person=same_person,
        over_amount=scope.over_amount,
        outside_region=scope.outside_region,
        outside_matters=scope.outside_matters,
    )


def _ruled(
    hall: Hall,
    unit: Unit,
    by: Official,
    away: list[Official],
    act: Act,
    kind: MatterType,
    case: Case,
    day: date,
    done: Iterable[str],
) -> Ruling:
    scope, acting_for = _farthest(unit, by, away, act, day, of_post=True)
    same = not {by.id, acting_for.id if acting_for else by.id}.isdisjoint(done)
    facts = _facts(act, kind, by.post, scope, same_person=same)
    decision = decide(hall.library.judging(unit, TABLE, case.pinned_at), facts)
    verdict = verdict_of(decision, act.power)
    mandate_no = scope.grant.mandate_no if scope.grant else None
    return Ruling(verdict, mandate_no, acting_for.id if acting_for else None, decision)


def verdict_of(decision: Decision, power: str) -> Verdict:
    """Return what the authority table said of a power, with its row."""
    return Verdict(
        allowed=decision.outcome["allowed"] is True,
        because=str(decision.outcome["because"]),
        row=f"{TABLE}#{decision.rows[0]}" if decision.rows else None,
        legal_basis="; ".join(decision.legal_basis),
        params={"power": power},
    )
