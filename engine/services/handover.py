"""Handing over: all that an official holds, or that a unit has open, in one audited act (交接)."""

from dataclasses import dataclass, replace
from datetime import date

from engine.domain.authority import DAY, Grant, StandIn
from engine.domain.case import Task, TaskState
from engine.domain.events.authority import (
    AbsenceEnded,
    CaseMoved,
    EverythingHandedOver,
    GrantGiven,
    GrantRevoked,
    TaskMoved,
    UnitHandedOver,
)
from engine.domain.events.work import TaskHandedOver
from engine.domain.matter import Matter
from engine.domain.people import SYSTEM, Official
from engine.domain.verdict import Verdict
from engine.kernel.errors import Forbidden, Invalid, Missing
from engine.kernel.now import hall_day
from engine.services.authority import offer_again, plan_lapse, ruling_on
from engine.services.hall import Hall
from engine.storage import authority, cases, people
from engine.storage import handover as rows
from engine.storage.unit import Unit

PERMISSION = "people.manage"
MAX_REASON = 1000


@dataclass(frozen=True)
class HandedOver:
    """What went where, by ids: tasks to the receiver or `offered` to their posts again.

    `grants` end, `granted` are those that the receiver got instead (the power of the seal is
    one of them); `absences` is the number of stand-ins, his own and those for him, that end.
    """

    tasks: tuple[str, ...]
    offered: tuple[str, ...]
    grants: tuple[str, ...]
    granted: tuple[str, ...]
    absences: int


@dataclass(frozen=True)
class InHand:
    """A task that somebody holds, and whom it goes to; to its posts again without a `to`."""

    task: Task
    case_no: str
    matter: Matter
    to: Official | None


@dataclass(frozen=True)
class UnitMoved:
    """How many cases and tasks a closing unit gave to another."""

    cases: int
    tasks: int


def handover(
    hall: Hall,
    by: Official,
    from_account: str,
    to_account: str,
    reason: str,
    last_day: date,
    mandate_no: str | None = None,
) -> HandedOver:
    """Move everything that an official holds to another, in one act; `last_day` is his last.

    Each open task goes to the receiver if he may complete it, else it is offered to its posts
    again. Grants end with the last day and, with a `mandate_no`, are given anew to the receiver
    from the day after; stand-ins end. Raises Invalid `handover.…` (same, past, reason,
    other_unit for grants), Missing `account.unknown`, Forbidden `people.not_allowed`.
    """
    refuse_unmanaged(by)
    with hall.unit(by) as unit:
        giver, receiver = known(unit, from_account), known(unit, to_account)
        refuse_unmanaged(by, giver)
        refuse_past(unit, last_day)
        return everything(hall, unit, by, giver, receiver, reason, last_day, mandate_no)


def in_hand(
    hall: Hall, unit: Unit, holder: Official, receiver: Official | None, day: date
) -> tuple[InHand, ...]:
    """Return the open tasks of an official, each with the receiver where he may do it on `day`."""
    found = []
    for task in rows.held_by(unit, holder.id):
        case = cases.case(unit, task.case_id)
        fits = receiver and ruling_on(hall, unit, receiver, task, case, day).verdict.allowed
        matter = hall.library.matter(unit, case.matter_no)
        found.append(InHand(task, case.case_no, matter, receiver if fits else None))
    return tuple(found)


def close_unit(hall: Hall, by: Official, unit_no: int, to_unit: int, reason: str) -> UnitMoved:
    """Give the open cases and tasks of a unit to the one that takes over its duties.

    Tasks are offered to the same posts there, whoever held them; clocks run on. Raises Missing
    `unit.unknown`, Invalid `handover.same`, `handover.reason`, Forbidden `people.not_allowed`.
    """
    refuse_unmanaged(by)
    why = _said(reason)
    if unit_no == to_unit:
        raise Invalid("handover.same")
    with hall.unit(by) as unit:
        for no in (unit_no, to_unit):
            if no not in hall.library.shelf(unit).units:
                raise Missing("unit.unknown", unit=no)
        moved_cases, moved_tasks = rows.open_cases_of(unit, unit_no), 0
        for case_id in moved_cases:
            cases.lock(unit, case_id)
            rows.move_case(unit, case_id, to_unit)
            unit.record(CaseMoved(case_id=case_id, from_unit=unit_no, to_unit=to_unit, reason=why))
        for task in rows.open_tasks_of(unit, unit_no):
            cases.lock(unit, task.case_id)
            rows.move_task(unit, task.id, to_unit)
            moved_tasks += 1
            unit.record(
                TaskMoved(
                    case_id=task.case_id,
                    task_id=task.id,
                    step=task.step,
                    from_unit=unit_no,
                    to_unit=to_unit,
                )
            )
        done = UnitMoved(len(moved_cases), moved_tasks)
        unit.record(UnitHandedOver(unit_no, to_unit, why, done.cases, done.tasks))
        return done


def everything(
    hall: Hall,
    unit: Unit,
    by: Official,
    giver: Official,
    receiver: Official | None,
    reason: str,
    last_day: date,
    mandate_no: str | None,
) -> HandedOver:
    """Hand over what `giver` holds, in the open unit; without a receiver to the posts it is for.

    Raises as `handover`, but asks nothing of the day: one who is shut out at once was here last
    yesterday.
    """
    why, document = _said(reason), (mandate_no or "").strip()
    if receiver is not None and receiver.id == giver.id:
        raise Invalid("handover.same")
    today = hall_day(unit.at)
    if document and (receiver is None or receiver.unit_no != giver.unit_no):
        raise Invalid("handover.other_unit", field="mandate_no")
    ended = ending(unit, giver, last_day)
    for grant in ended:
        revoke(unit, grant, giver.account, last_day + DAY, why)
    granted = []
    if document and receiver is not None:
        granted = [_anew(unit, by, grant, receiver, last_day + DAY, document) for grant in ended]
    absences = _end_absences(unit, giver, last_day, why)
    # Whose mandates begin tomorrow may take the tasks tonight.
    judged_on = last_day + DAY if last_day == today else today
    tasks, offered = _pass_on(hall, unit, giver, receiver, judged_on, why)
    plan_lapse(unit, last_day + DAY)
    done = HandedOver(
        tasks,
        offered,
        tuple(grant.id for grant in ended),
        tuple(grant.id for grant in granted),
        absences,
    )
    unit.record(
        EverythingHandedOver(
            account=giver.account,
            receiver=receiver.id if receiver else None,
            last_day=last_day.isoformat(),
            reason=why,
            tasks=done.tasks,
            offered=done.offered,
            grants=done.grants,
            granted=done.granted,
            absences=done.absences,
        )
    )
    return done


def give(unit: Unit, grant: Grant, account: str | None) -> None:
    """Store a mandate with its event, and plan for the morning after its last day."""
    authority.add_grant(unit, grant)
    unit.record(
        GrantGiven(
            account=account,
            unit_no=grant.unit_no,
            grant_id=grant.id,
            power=grant.power,
            matter_types=grant.matter_types,
            amount_limit=None if grant.amount_limit is None else str(grant.amount_limit),
            valid_from=grant.valid_from.isoformat(),
            valid_to=grant.valid_to.isoformat() if grant.valid_to else None,
            mandate_no=grant.mandate_no,
            post=grant.post,
            matters=grant.matters,
            region=grant.region,
        )
    )
    if grant.valid_to is not None:
        plan_lapse(unit, grant.valid_to + DAY)


def revoke(unit: Unit, grant: Grant, account: str | None, day: date, reason: str) -> bool:
    """Let a mandate hold no more from a day on, with its event; False when it ended by then."""
    if not authority.revoke(unit, grant.id, day):
        return False
    unit.record(
        GrantRevoked(
            account=account,
            unit_no=grant.unit_no,
            grant_id=grant.id,
            power=grant.power,
            mandate_no=grant.mandate_no,
            revoked_on=day.isoformat(),
            reason=reason,
        )
    )
    return True


def may_keep(by: Official, whom: Official | None = None) -> Verdict:
    """Say whether `by` keeps accounts and mandates, that of `whom` too: never his own."""
    if by.id != SYSTEM.id and not by.may(PERMISSION):
        return Verdict(False, "people.not_allowed")
    if whom is not None and whom.id == by.id:
        return Verdict(False, "people.oneself")
    return Verdict(True, "ok")


def refuse_unmanaged(by: Official, whom: Official | None = None) -> None:
    """Raise Forbidden `people.not_allowed`, `people.oneself` as `may_keep` says."""
    if not may_keep(by).allowed:
        raise Forbidden("people.not_allowed")
    if not may_keep(by, whom).allowed:
        raise Forbidden("people.oneself")


def refuse_past(unit: Unit, last_day: date) -> None:
    """Raise Invalid `handover.past` for a last day that has gone by."""
    today = hall_day(unit.at)
    if last_day < today:
        raise Invalid("handover.past", field="last_day", day=last_day, today=today)


def _pass_on(
    hall: Hall,
    unit: Unit,
    giver: Official,
    receiver: Official | None,
    day: date,
    reason: str,
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the open tasks to the receiver where he may do them on `day`, else to their posts."""
    passed: list[str] = []
    offered: list[str] = []
    for held in rows.held_by(unit, giver.id):
        case = cases.lock(unit, held.case_id)
        task = cases.task(unit, held.id)
        if task.state is not TaskState.CLAIMED or task.holder_id != giver.id:
            continue
        fits = receiver and ruling_on(hall, unit, receiver, task, case, day).verdict.allowed
        if receiver is None or not fits:
            offer_again(unit, task, "handed_over")
            offered.append(task.id)
            continue
        cases.save_task(unit, replace(task, holder_id=receiver.id))
        unit.record(
            TaskHandedOver(
                case_id=case.id,
                task_id=task.id,
                step=task.step,
                receiver=receiver.id,
                reason=reason,
            )
        )
        passed.append(task.id)
    return tuple(passed), tuple(offered)


def _anew(
    unit: Unit, by: Official, grant: Grant, receiver: Official, first: date, mandate_no: str
) -> Grant:
    made = replace(
        grant,
        id=unit.ids(),
        official_id=receiver.id,
        mandate_no=mandate_no,
        valid_from=max(first, grant.valid_from),
        revoked_on=None,
        granted_by=by.id,
    )
    give(unit, made, receiver.account)
    return made


def _end_absences(unit: Unit, giver: Official, last_day: date, reason: str) -> int:
    """End whom `giver` stands in for, and who stands in for him, with his last day."""
    found = absences_of(unit, giver, last_day)
    for one in found:
        authority.end_stand_in(unit, one, last_day)
        deputy = people.official(unit, one.official_id)
        unit.record(
            AbsenceEnded(
                account=deputy.account if deputy else one.official_id,
                stands_in_for=one.stands_in_for,
                last_day=last_day.isoformat(),
                reason=reason,
            )
        )
    return len(found)


def ending(unit: Unit, giver: Official, last_day: date) -> list[Grant]:
    """Return the mandates of a person, not of his post, that reach beyond his last day."""
    return [
        grant
        for grant in authority.grants_of(unit, giver.id)
        if grant.official_id == giver.id and (grant.last_day is None or grant.last_day > last_day)
    ]


def absences_of(unit: Unit, giver: Official, last_day: date) -> list[StandIn]:
    """Return whom he stands in for, and who for him, beyond his last day."""
    found = authority.stand_ins_of(unit, giver.id) + authority.stand_ins_for(unit, giver.id)
    return [one for one in found if one.last_day > last_day]


def known(unit: Unit, account: str) -> Official:
    """Return who has an account; Missing `account.unknown`."""
    found = people.by_account(unit, account)
    if found is None:
        raise Missing("account.unknown", account=account)
    return found[0]


def _said(reason: str) -> str:
    why = reason.strip()
    if not why or len(why) > MAX_REASON:
        raise Invalid("handover.reason", field="reason", most=MAX_REASON)
    return why
