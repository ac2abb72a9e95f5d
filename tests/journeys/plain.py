"""A hall on one page: what may be done to a case and when it is due, told in the plainest way.

It knows nothing of tables, diagrams or databases, so that the hall can be held against it. Days are
counted one by one from the calendar's file; who may act is read off lists.
"""

import csv
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).parents[2]
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Step:
    """A step of a type of matter: which posts do it, by which power."""

    name: str
    posts: tuple[str, ...]
    power: str


# What the three processes are drawn to be: the steps, the promised days.
STEPS = {
    "instant": (Step("decide", ("clerk", "chief", "stand_in"), "decide"),),
    "one_review": (
        Step("review", ("clerk", "reviewer"), "accept_review"),
        Step("approve", ("chief", "stand_in"), "decide"),
    ),
    "commitment": (
        Step("review", ("clerk", "chief", "stand_in"), "accept_review"),
        Step("examine", ("reviewer",), "accept_review"),
        Step("decide", ("head",), "decide"),
    ),
}
# Who may decide what: 首席代表制度.
DECIDES = {
    "clerk": {"instant"},
    "chief": {"instant", "one_review"},
    "stand_in": {"instant", "one_review"},
    "head": {"commitment"},
}


def _noticed():
    with (ROOT / "rules/catalogue/calendar.csv").open(encoding="utf-8", newline="") as file:
        return {date.fromisoformat(row["day"]): row["kind"] for row in csv.DictReader(file)}


NOTICED = _noticed()


def works(day):
    """Whether the hall works on a day."""
    kind = NOTICED.get(day)
    return kind == "worked_weekend" or (kind is None and day.weekday() < 5)


def due_after(start, days, stopped=frozenset()):
    """Return the day on which a limit ends: the first is not counted, nor is a stopped one."""
    day = start
    while days:
        day += ONE_DAY
        if works(day) and day not in stopped:
            days -= 1
    return day


@dataclass
class Person:
    """Somebody with a post, and the last day of each of his powers (None: without end)."""

    id: str
    post: str
    unit: int
    powers: dict[str, date | None] = field(default_factory=dict)

    def holds(self, power, day):
        """Whether a power is his on a day."""
        return power in self.powers and (self.powers[power] is None or day <= self.powers[power])


@dataclass
class PlainCase:
    """A case as far as the law is concerned."""

    id: str
    kind: str
    unit: int
    accepted: date
    promised: int
    statutory: int
    place: int = 0
    holder: str | None = None
    done: tuple[str, ...] = ()
    stopped: frozenset[date] = frozenset()
    stopped_since: date | None = None
    stopped_until: date | None = None
    extended: int = 0
    promise_extended: bool = False
    state: str = "accepted"

    @property
    def step(self):
        """The step that waits, None when the case is over."""
        return STEPS[self.kind][self.place] if self.state == "accepted" else None

    def why_not(self, person, day):
        """Return why somebody may not do the step that waits, None when he may."""
        step = self.step
        if person.unit != self.unit:
            return "unit"
        if person.post not in step.posts:
            return "role"
        if person.post == "stand_in":
            return "stand_in.not_now"
        if person.id in self.done:
            return "four_eyes"
        if not person.holds(step.power, day):
            return "grant.missing"
        if step.power == "decide" and self.kind not in DECIDES[person.post]:
            return "scope.type"
        return None

    def promised_due(self):
        """The promised day; an extension told in time moves it, up to the statutory one."""
        if not self.promise_extended:
            return due_after(self.accepted, self.promised, self._not_counted())
        longer = due_after(self.accepted, self.promised + self.extended, self._not_counted())
        return min(longer, self.statutory_due())

    def statutory_due(self):
        """The statutory day."""
        return due_after(self.accepted, self.statutory + self.extended, self._not_counted())

    def _not_counted(self):
        if self.stopped_since is None:
            return self.stopped
        return self.stopped | days_of(self.stopped_since, self.stopped_until)


def days_of(first, last):
    """Return the days from the first to the last, both in."""
    return frozenset(first + ONE_DAY * n for n in range((last - first).days + 1))
