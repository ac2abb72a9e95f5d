"""Lives of invented cases, drawn from a seed: when each act comes, before anything is done.

The rates are invented: 72 % of the cases are decided at the window or after one review, 9 % lack a
paper at first, 4 % are stopped by a special procedure, 1.5 % extended, 2 % refused, 0.8 %
withdrawn, 1.2 % decided late.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from engine.domain.working_time import Calendar
from engine.kernel.now import HALL_ZONE

SHORT, SUPPLEMENTED, STOPPED, EXTENDED = 0.72, 0.09, 0.04, 0.015
REFUSED, WITHDRAWN, LATE = 0.02, 0.008, 0.012
FIRST_ARRIVAL, LAST_ARRIVAL = time(9, 10), time(11, 40)
ACT_MINUTES = 20


@dataclass(frozen=True)
class Kind:
    """What is drawn of one type of matter: matters, the limits of its steps, the promise (days)."""

    matters: tuple[int, ...]
    step_days: tuple[int, ...]
    promised_days: int


@dataclass(frozen=True)
class Stop:
    """A special procedure during a step: days after it opened, days announced, days it lasted."""

    step: int
    after: int
    announced: int
    lasted: int


@dataclass(frozen=True)
class Life:
    """One case as it will go; all days are working days, counted from the act before.

    `steps` says how long each step takes, `papers` when the missing paper comes (None: complete),
    `withdrawn` at which step the applicant gives up, `extended` that the limit is extended on the
    day after the acceptance.
    """

    kind: str
    matter_no: int
    applied: datetime
    steps: tuple[int, ...]
    papers: int | None = None
    stop: Stop | None = None
    extended: bool = False
    refused: bool = False
    withdrawn: int | None = None
    handed_out: int = 0


def draw(
    kinds: Mapping[str, Kind],
    short: Sequence[str],
    calendar: Calendar,
    first: date,
    days: int,
    cases: int,
    seed: int,
) -> list[Life]:
    """Return the lives of `cases` cases that are applied for within `days` days from `first`.

    `short` are the kinds of the many that are decided quickly; the same seed gives the same lives.
    """
    dice = Random(seed)  # noqa: S311 - a demo city, not secrets
    working = [
        day for day in (first + timedelta(days=n) for n in range(days)) if calendar.is_working(day)
    ]
    long = [name for name in kinds if name not in short]
    lives = []
    for _ in range(cases):
        name = dice.choice(short) if dice.random() < SHORT else dice.choice(long)
        lives.append(_life(dice, name, kinds[name], dice.choice(working)))
    return sorted(lives, key=lambda life: life.applied)


def _life(dice: Random, name: str, kind: Kind, day: date) -> Life:
    steps = [dice.randint(0, limit) for limit in kind.step_days]
    last = len(steps) - 1
    stop = None
    # The rate is of all cases; only those of several steps wait long enough for a procedure.
    if last > 1 and dice.random() < STOPPED / (1 - SHORT):
        announced = dice.randint(2, 15)
        lasted = announced + dice.choice((-1, 0, 0, 0, 3))
        stop = Stop(1, dice.randint(0, 2), announced, max(1, lasted))
    extended = last > 1 and dice.random() < EXTENDED / (1 - SHORT)
    if dice.random() < LATE:
        steps[last] += kind.promised_days + dice.randint(1, 6)
    return Life(
        kind=name,
        matter_no=dice.choice(kind.matters),
        applied=_moment(dice, day),
        steps=tuple(steps),
        papers=dice.randint(1, 6) if dice.random() < SUPPLEMENTED else None,
        stop=stop,
        extended=extended,
        refused=dice.random() < REFUSED,
        withdrawn=dice.randint(0, last) if dice.random() < WITHDRAWN else None,
        handed_out=dice.randint(0, 3),
    )


def _moment(dice: Random, day: date) -> datetime:
    opens = datetime.combine(day, FIRST_ARRIVAL, HALL_ZONE)
    span = datetime.combine(day, LAST_ARRIVAL, HALL_ZONE) - opens
    return opens + timedelta(minutes=dice.randint(0, int(span.total_seconds() // 60)))
