"""The bands of a column that its fact may be in, and a value of each that reads well."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from engine.decisions.index import Band
from engine.decisions.table import Draft
from engine.domain.facts import Fact, FactKind
from engine.feel.kinds import Kind, coerce
from engine.feel.temporal import Date
from engine.feel.values import NUMBERS

UNIT = Decimal("0.0001")


@dataclass(frozen=True)
class Bands:
    """The bands of one column in order, the fact that it asks for, and the kind of its values.

    `named_null` tells that a cell names null, so that the staff reckon with it.
    """

    bands: tuple[Band, ...]
    fact: Fact | None
    kind: Kind | None
    named_null: bool

    def feasible(self) -> tuple[int, ...]:
        """Return the bands that a fact may be in: its kind, its words, its least value."""
        return tuple(number for number, band in enumerate(self.bands) if self._fits(band))

    def value(self, numbers: Sequence[int]) -> object:
        """Return a value in one of these bands: a named one, not null, if there is one."""
        own = [self.bands[number] for number in numbers]
        own.sort(key=lambda band: (band.value is None and not band.interval, band.other))
        return next((value for band in own if (value := self.value_in(band)) is not None), None)

    def value_in(self, band: Band) -> object:
        """Return a value of a band that the fact may have; None when it may have none of them."""
        if self.fact is None or self.fact.kind is not FactKind.NUMBER:
            return band.value
        if not band.interval:
            return None if _impossible(band.value, self.fact) else band.value
        low, high = band.low, band.high
        if isinstance(low, Date) or isinstance(high, Date):
            return band.value
        if self.kind is not None and self.kind.choices:
            own = [one for one in self.kind.choices if isinstance(one, Decimal)]
            return next((one for one in own if _inside(one, low, high)), None)
        return _between(low, high, self.fact, band.value)

    def _fits(self, band: Band) -> bool:
        if band.value is None and not band.interval:
            return self.named_null or (self.fact is not None and self.fact.optional)
        if self.fact is not None and self.fact.kind is FactKind.ENUMERATION and self.fact.codes:
            value: object = band.value if band.value in self.fact.codes else None
        else:
            value = self.value_in(band)
        if value is None or self.kind is None or self.kind.allowed is None or band.interval:
            return value is not None
        return coerce(value, self.kind) is not None


def bands_of(draft: Draft, column: int) -> Bands:
    """Return the bands of a column; "any other text" is a word that no cell names."""
    fact, kind = draft.direct[column], draft.rows.kinds[column]
    bands = tuple(draft.index.columns[column].bands)
    words = fact.codes if fact is not None and fact.codes else kind.choices if kind else ()
    named = {band.value for band in bands if not band.other and isinstance(band.value, str)}
    unnamed = next((word for word in words if word not in named), None)
    if unnamed is not None:
        bands = tuple(replace(band, value=unnamed) if band.other else band for band in bands)
    return Bands(bands, fact, kind, _named_null(draft, column))


def _named_null(draft: Draft, column: int) -> bool:
    return any(
        None in [getattr(test, "value", 0) for test in cell.tests]
        for cell in {cells[column] for cells in draft.rows.cells}
        if cell is not None
    )


def _impossible(value: object, fact: Fact) -> bool:
    if not isinstance(value, Decimal):
        return False
    small = fact.least is not None and value < fact.least
    return small or (fact.whole and value % 1 != 0)


def _inside(value: Decimal, low: Decimal | None, high: Decimal | None) -> bool:
    return (low is None or low < value) and (high is None or value < high)


def _between(low: Decimal | None, high: Decimal | None, fact: Fact, any_value: object) -> object:
    """A number between two that the fact may have: the least one after `low`, else below `high`."""
    unit = Decimal(1) if fact.whole else UNIT
    if low is None or (fact.least is not None and low < fact.least):
        if fact.least is not None:
            return fact.least if high is None or fact.least < high else None
        return any_value if high is None else NUMBERS.subtract(_up(high, fact), unit)
    after = NUMBERS.add(_down(low, fact), unit)
    return after if high is None or after < high else None


def _down(value: Decimal, fact: Fact) -> Decimal:
    return value.to_integral_value(rounding="ROUND_FLOOR") if fact.whole else value


def _up(value: Decimal, fact: Fact) -> Decimal:
    return value.to_integral_value(rounding="ROUND_CEILING") if fact.whole else value
