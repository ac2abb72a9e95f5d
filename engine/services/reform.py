"""The reform ledger (改革台账): steps and days before and after, counted from the catalogue."""

from dataclasses import dataclass

from engine.domain.reform import Figures, figures
from engine.services.hall import Hall
from engine.storage import catalogue

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
