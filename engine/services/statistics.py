"""What the hall did, in figures: each is counted from the rows, none is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from engine.domain.events.cases import Accepted, Applied
from engine.domain.events.clocks import Extended
from engine.domain.events.intake import Supplemented, Withdrawn
from engine.domain.working_time import close_of_business
from engine.kernel.now import hall_day
from engine.services.hall import Hall
from engine.storage import statistics


@dataclass(frozen=True)
class Totals:
    """How many cases there were and what became of them.

    `on_the_spot` (当场办结) were decided on the day of their acceptance, a target of service and no
    legal result (M-INST-3). `late` were decided after the close of business of their promised day,
    `over_statutory` after that of the statutory one. `stopped_days` are the working days of all
    suspensions that ended. `cards` are those of the supervision, by rule.
    """

    applied: int
    accepted: int
    supplemented: int
    withdrawn: int
    extended: int
    decided: int
    refused: int
    on_the_spot: int
    late: int
    over_statutory: int
    stops: int
    stopped_days: int
    cards: Mapping[str, int]


def totals(hall: Hall) -> Totals:
    """Return the figures of everything that is in the hall."""
    with hall.reading() as unit:
        events, outcomes = statistics.events_by_kind(unit), statistics.outcomes(unit)
        calendar = hall.library.shelf(unit).calendar
        stops = list(statistics.ended_stops(unit))
        decided = list(statistics.decided(unit))
        return Totals(
            applied=events.get(Applied.__name__, 0),
            accepted=events.get(Accepted.__name__, 0),
            supplemented=events.get(Supplemented.__name__, 0),
            withdrawn=events.get(Withdrawn.__name__, 0),
            extended=events.get(Extended.__name__, 0),
            decided=sum(outcomes.values()),
            refused=outcomes.get("refused", 0),
            on_the_spot=sum(
                hall_day(one.accepted_at) == hall_day(one.decided_at) for one in decided
            ),
            late=sum(_after(one.decided_at, one.promised_due) for one in decided),
            over_statutory=sum(_after(one.decided_at, one.statutory_due) for one in decided),
            stops=len(stops),
            stopped_days=sum(stop.working_days(calendar) for stop in stops),
            cards=dict(sorted(statistics.cards_by_rule(unit).items())),
        )


def _after(moment: datetime, due: date | None) -> bool:
    return due is not None and moment > close_of_business(due)
