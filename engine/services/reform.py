"""The reform ledger (改革台账): steps and days before and after, counted from the catalogue."""

from dataclasses import dataclass
from itertools import groupby

from engine.domain.reform import Baseline, Burden, Figures, Merger, figures
from engine.services.hall import Hall
from engine.storage import catalogue
from engine.storage.unit import Unit

LICENCE = "licence"


@dataclass(frozen=True)
class Ledger:
    """The figures of the 行政许可 and of all matters, and what the hall consists of.

    The published percentages speak of the licences alone: 408 steps cannot be those of all 494
    matters.
    """

    licences: Figures
    matters: Figures
    units: int
    windows: int

    def plain(self) -> dict[str, object]:
        """Return the figures as JSON has them; percentages have one decimal."""
        return {
            "licences": self.licences.matters,
            "steps_before": self.licences.steps_before,
            "steps": self.licences.steps,
            "steps_cut_percent": float(self.licences.step_cut),
            "days_before": self.licences.days_before,
            "days": self.licences.days,
            "days_cut_percent": float(self.licences.day_cut),
            "instant_percent": float(self.licences.instant_share),
            "matters": self.matters.matters,
            "matters_instant_percent": float(self.matters.instant_share),
            "units": self.units,
            "windows": self.windows,
        }


def ledger(hall: Hall) -> Ledger:
    """Count the ledger from the rows in the database."""
    with hall.reading() as unit:
        rows = catalogue.ledger_rows(unit)
        shelf = hall.library.shelf(unit)
        return Ledger(
            licences=figures(row for row in rows if row.base == LICENCE),
            matters=figures(rows),
            units=len(shelf.units),
            windows=len(shelf.windows),
        )


def mergers(hall: Hall) -> list[Merger]:
    """Return the matters that took the place of several old processes (M-THREE-1), by number.

    What they take now is counted from the catalogue in force: steps, promised days, the papers that
    must be handed in.
    """
    with hall.reading() as unit:
        rows = catalogue.baselines(unit)
        return [
            _merger(hall, unit, matter_no, tuple(old))
            for matter_no, old in groupby(rows, key=lambda row: row.matter_no)
        ]


def _merger(hall: Hall, unit: Unit, matter_no: int, old: tuple[Baseline, ...]) -> Merger:
    matter = hall.library.matter(unit, matter_no)
    now = Burden(
        steps=matter.steps,
        days=matter.promised_days,
        papers=sum(paper.required for paper in matter.materials),
        visits=sum(one.visits_now for one in old),
    )
    return Merger(matter_no, matter.name, old, now)
