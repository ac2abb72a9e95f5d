"""Each morning: whom the escalation table warns of a limit, which cards the supervision raises.

A morning looks only at cases on which something presses: a task, a clock or an announced end.
Nothing is planned ahead for a case, so a due day that moves takes its warnings with it, and a step
that is sent back loses none (M-SUP-5).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from engine.decisions.decide import Decision, decide
from engine.domain.card import Card
from engine.domain.case import Case, CaseState, Purpose
from engine.domain.clocks import SOON_DAYS
from engine.domain.events.clocks import LimitWarned
from engine.domain.events.intake import NoticeRepeated
from engine.domain.events.supervision import CardRaised
from engine.domain.people import Official
from engine.domain.working_time import Calendar, days_left, due_on
from engine.kernel.errors import Invalid
from engine.kernel.now import HALL_ZONE, hall_day
from engine.services import clocks, unsent
from engine.services.hall import Hall
from engine.storage import audit, cards, cases, pressing
from engine.storage.audit import StoredEvent
from engine.storage.unit import Unit

ESCALATION, SUPERVISION = "escalation", "supervision"
NOTHING = "none"
OPENING = time(9, 0)
BY_HAND = "entered_level"
MISSING = "missing"
# What a row speaks of when it looks at several facts: the first of these among them.
SUBJECTS = (
    BY_HAND,
    "after_review_left",
    "second_notice",
    "suspension_left",
    "not_accepted",
    "step_left",
    "promised_left",
    "statutory_left",
)


@dataclass(frozen=True)
class Seen:
    """The value of a fact, and its occasion: the due day, task or notice that it speaks of."""

    value: object
    occasion: str = ""


@dataclass(frozen=True)
class Raised:
    """One row that hit: what it raises, at what level, for whom, on which occasion."""

    rule: str
    level: str
    recipients: tuple[str, ...]
    reply_days: int
    row: str
    occasion: str


def keep_watch(hall: Hall) -> None:
    """Plan the look of today, or of the next working day; called when a worker begins."""
    with hall.unit() as unit:
        today = hall_day(unit.at)
        calendar = hall.library.shelf(unit).calendar
        _plan(unit, today if calendar.is_working(today) else due_on(today, 1, calendar).day)


def morning(hall: Hall, unit: Unit) -> None:
    """Leave a look at each case on which something presses, tidy up, and plan the next morning."""
    today = hall_day(unit.at)
    calendar = hall.library.shelf(unit).calendar
    for case_id in pressing.pressing(unit, today, due_on(today, SOON_DAYS, calendar).day):
        unit.enqueue(
            "clock.watch", f"{case_id}:{today.isoformat()}", {"case_id": case_id}, case_id=case_id
        )
    unsent.clear_old(unit)
    _plan(unit, due_on(today, 1, calendar).day)


def watch(hall: Hall, unit: Unit, case_id: str) -> None:
    """Ask both tables about a case: a warning and a card come once for each occasion."""
    case = cases.lock(unit, case_id)
    seen = _look(hall, unit, case)
    _warn(unit, case, *_asked(hall, unit, ESCALATION, case, seen))
    _raise_cards(hall, unit, case, *_asked(hall, unit, SUPERVISION, case, seen))


def enter(hall: Hall, by: Official, case_id: str, level: str, text: str) -> None:
    """Raise a card that a supervisor enters by hand, with text; each entry is its own occasion.

    Raises Invalid `card.text_missing`, and `decision.not_allowed` for a level that is none.
    """
    if not text.strip():
        raise Invalid("card.text_missing")
    with hall.unit(by) as unit:
        case = cases.lock(unit, case_id)
        seen = {**_silent(), BY_HAND: Seen(level, unit.ids())}
        found = _asked(hall, unit, SUPERVISION, case, seen)
        _raise_cards(hall, unit, case, *found, text=text.strip())


def _plan(unit: Unit, day: date) -> None:
    unit.enqueue("clock.morning", day.isoformat(), {}, due_at=opening(day))


def _silent() -> dict[str, Seen]:
    """The facts of a case of which nothing is to be said."""
    left = ("promised_left", "statutory_left", "step_left", "suspension_left", "after_review_left")
    flags = (
        "suspended",
        "not_accepted",
        "late_forwarding",
        "no_reasons",
        "outside_handling",
        "excess_fee",
        "second_notice",
    )
    unknown = dict.fromkeys((*left, "complaint_waiting", BY_HAND), Seen(None))
    return {**unknown, **dict.fromkeys(flags, Seen(False))}


def _look(hall: Hall, unit: Unit, case: Case) -> dict[str, Seen]:
    """Return what both tables may ask of a case today."""
    today, calendar = hall_day(unit.at), hall.library.shelf(unit).calendar
    seen = _silent()
    for name, days in _dues(unit, case).items():
        due, subject = min(((day, text) for day, text in days if day), default=(None, ""))
        if due is not None:
            seen[name] = Seen(days_left(today, due, calendar), f"{subject}{due.isoformat()}")
    if seen["suspension_left"].value is not None:
        seen["suspended"] = Seen(True)
    repeated = [event for event in _history(unit, case) if event.kind == NoticeRepeated.__name__]
    if repeated:
        seen["second_notice"] = Seen(True, str(repeated[-1].body["notice_id"]))
    if case.state is CaseState.APPLIED and hall_day(case.applied_at) < today:
        papers = cases.materials_of(unit, case.id)
        complete = not any(one.required and one.state == MISSING for one in papers)
        seen["not_accepted"] = Seen(complete, case.id)
    return seen


def _dues(unit: Unit, case: Case) -> dict[str, list[tuple[date | None, str]]]:
    """Return the days that matter, each with what it is of, by the fact that counts to it."""
    waiting = [task for task in cases.tasks_of(unit, case.id) if task.is_open]
    reviews = [task for task in waiting if task.purpose is Purpose.AFTER_REVIEW]
    dues: dict[str, list[tuple[date | None, str]]] = {
        "after_review_left": [(task.due_on, task.id) for task in reviews]
    }
    if case.state is CaseState.ACCEPTED:
        stop = clocks.suspended(unit, case.id)
        dues |= {
            "step_left": [(task.due_on, task.id) for task in waiting if task not in reviews],
            "promised_left": [(case.promised_due, "")],
            "statutory_left": [(case.statutory_due, "")],
            "suspension_left": [(stop.announced_until, stop.id)] if stop else [],
        }
    return dues


def _history(unit: Unit, case: Case) -> list[StoredEvent]:
    name = ("history", case.id)
    if name not in unit.kept:
        unit.kept[name] = audit.events_of(unit, f"case:{case.id}")
    found: list[StoredEvent] = unit.kept[name]
    return found


def _asked(
    hall: Hall, unit: Unit, key: str, case: Case, seen: Mapping[str, Seen]
) -> tuple[Decision, list[Raised]]:
    table = hall.library.judging(unit, key, case.pinned_at)
    wanted = {fact.key for fact in table.inputs}
    decision = decide(table, {name: one.value for name, one in seen.items() if name in wanted})
    raised = []
    for place, row in enumerate(decision.rows):
        said = {name: _at(value, place) for name, value in decision.outcome.items()}
        subject = next((name for name in SUBJECTS if name in table.looks_at(row)), None)
        if said["level"] != NOTHING:
            raised.append(
                Raised(
                    rule=str(said["rule"]),
                    level=str(said["level"]),
                    recipients=tuple(str(said["recipients"]).split(";")),
                    reply_days=int(str(said.get("reply_days") or 0)),
                    row=f"{key}#{row}",
                    occasion=seen[subject].occasion if subject else "",
                )
            )
    return decision, raised


def _at(value: object, place: int) -> object:
    return value[place] if isinstance(value, list) else value


def _warn(unit: Unit, case: Case, decision: Decision, raised: list[Raised]) -> None:
    known = {
        (event.body["rule"], event.body["occasion"])
        for event in _history(unit, case)
        if event.kind == LimitWarned.__name__
    }
    for one in raised:
        if (one.rule, one.occasion) not in known:
            unit.record(
                LimitWarned(
                    case_id=case.id,
                    level=one.level,
                    rule=one.rule,
                    occasion=one.occasion,
                    row=one.row,
                    recipients=one.recipients,
                    table_version=decision.version,
                )
            )
            _notify(unit, case, one)


def _raise_cards(
    hall: Hall, unit: Unit, case: Case, decision: Decision, raised: list[Raised], text: str = ""
) -> None:
    known = {(card.rule, card.occasion) for card in cards.of_case(unit, case.id)}
    calendar = hall.library.shelf(unit).calendar
    for one in raised:
        if (one.rule, one.occasion) not in known:
            card = Card(
                id=unit.ids(),
                case_id=case.id,
                rule=one.rule,
                occasion=one.occasion,
                level=one.level,
                recipients=one.recipients,
                raised_at=unit.at,
                reply_by=_reply_by(hall_day(unit.at), one.reply_days, calendar),
                row=one.row,
                version=decision.version,
                facts=decision.facts,
                text=text,
            )
            cards.add(unit, card)
            unit.record(
                CardRaised(
                    case_id=case.id,
                    card_id=card.id,
                    level=card.level,
                    rule=card.rule,
                    row=card.row,
                    recipients=card.recipients,
                    table_version=card.version,
                    reply_by=card.reply_by.isoformat() if card.reply_by else None,
                )
            )
            _notify(unit, case, one)


def _reply_by(today: date, days: int, calendar: Calendar) -> date | None:
    return due_on(today, days, calendar).day if days else None


def _notify(unit: Unit, case: Case, one: Raised) -> None:
    # The same key for a warning and its card: who is told by one is not told again by the other.
    unit.enqueue(
        "notice.send",
        f"{case.id}:{one.rule}:{one.occasion}",
        {"case_id": case.id, "rule": one.rule},
        lane="outside",
    )


def opening(day: date) -> datetime:
    """Return when the hall opens on a day, the moment at which clocks are looked at."""
    return datetime.combine(day, OPENING, HALL_ZONE).astimezone(UTC)
