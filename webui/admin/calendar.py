"""The year of the hall: days off and days worked in exchange; a notice looked at, then in force."""

import calendar as months
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Response, request

from engine.domain.working_time import HOLIDAY, PUBLISHED, Calendar, NoticedDay
from engine.kernel.errors import HallError
from engine.kernel.now import hall_day
from engine.services import calendar, catalogue
from engine.services.calendar import Preview
from webui.kit.errors import sentence, status_of
from webui.kit.guard import needs
from webui.kit.i18n import _
from webui.kit.pages import render, see
from webui.kit.session import hall, present

FEWEST_LINES, MOST_LINES = 8, 40
SPARE_LINES = 4
LONGEST_LINE = 31
YEARS = range(1990, 2100)
WHOLE_YEAR = "year"
FIELDS = ("from", "until", "kind", "name")


@dataclass(frozen=True)
class Line:
    """A line of the notice as it was typed: a day or several in a row, what they are, the feast."""

    start: str
    until: str
    kind: str
    name: str

    @property
    def empty(self) -> bool:
        """Whether nothing was typed."""
        return not (self.start or self.until or self.name)


@dataclass(frozen=True)
class Typed:
    """A notice as it was typed; `scope` is `year` for the notice of a whole year."""

    notice: str
    scope: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Day:
    """A day of the year as it is shown; `mark` is off, worked, weekend or empty."""

    day: date
    mark: str
    name: str


@needs("rule.read")
def page() -> Response:
    """Show a year as twelve months and the form for a notice."""
    return _page(_year())


@needs("rule.change")
def look(year: int) -> Response:
    """Show what a notice would change, days and due days, and write nothing."""
    typed = _typed()
    days, mistakes = _days(typed)
    if mistakes:
        return _page(year, typed, mistakes=mistakes, status=422)
    try:
        seen = calendar.preview(hall(), present(), days, typed.notice, _scope(typed, year))
    except HallError as error:
        return _page(year, typed, said=sentence(error), status=status_of(error))
    return _page(year, typed, seen=seen)


@needs("rule.change")
def change(year: int) -> Response:
    """Put a notice in force; the clocks that are open follow it in the background."""
    typed = _typed()
    days, mistakes = _days(typed)
    if mistakes:
        return _page(year, typed, mistakes=mistakes, status=422)
    try:
        if typed.scope == WHOLE_YEAR:
            changed = calendar.import_year(hall(), present(), year, days, typed.notice)
        else:
            changed = calendar.change(hall(), present(), days, typed.notice)
    except HallError as error:
        return _page(year, typed, said=sentence(error), status=status_of(error))
    return see("admin.calendar", year=year, changed=len(changed))


def _page(
    year: int,
    typed: Typed | None = None,
    *,
    mistakes: Sequence[tuple[int, str]] = (),
    said: str = "",
    seen: Preview | None = None,
    status: int = 200,
) -> Response:
    known = catalogue.calendar(hall())
    return render(
        "admin/calendar.html",
        status,
        year=year,
        months=[(month, list(_weeks(known, year, month))) for month in range(1, 13)],
        provisional=known.is_provisional(date(year, 12, 31)),
        working=sum(known.is_working(day) for day in _all_days(year)),
        typed=typed or Typed("", "", ()),
        lines=max(FEWEST_LINES, len(typed.lines) + SPARE_LINES) if typed else FEWEST_LINES,
        mistakes=dict(mistakes),
        said=said,
        seen=seen,
        changed=request.args.get("changed", type=int),
        may_change=calendar.may_change(present()),
    )


def _year() -> int:
    asked = request.args.get("year", 0, int)
    return asked if asked in YEARS else hall_day(hall().now()).year


def _all_days(year: int) -> Iterator[date]:
    first = date(year, 1, 1)
    return (first + timedelta(days=n) for n in range(365 + months.isleap(year)))


def _weeks(known: Calendar, year: int, month: int) -> Iterator[list[Day | None]]:
    """Yield the weeks of a month from Monday; None where a week reaches beyond it."""
    for week in months.Calendar().monthdatescalendar(year, month):
        yield [_day(known, day) if day.month == month else None for day in week]


def _day(known: Calendar, day: date) -> Day:
    why = known.why_free(day)
    mark = "worked" if day in known.worked_weekends else {HOLIDAY: "off"}.get(why or "", why or "")
    return Day(day, mark, known.names.get(day, ""))


def _scope(typed: Typed, year: int) -> int | None:
    return year if typed.scope == WHOLE_YEAR else None


def _typed() -> Typed:
    columns = [request.form.getlist(name) for name in FIELDS]
    lines = (Line(*(cell.strip() for cell in cells)) for cells in zip(*columns, strict=False))
    return Typed(
        notice=request.form.get("notice", "").strip(),
        scope=request.form.get("scope", ""),
        lines=tuple(line for line in lines if not line.empty)[:MOST_LINES],
    )


def _days(typed: Typed) -> tuple[list[NoticedDay], list[tuple[int, str]]]:
    """Return the days of a typed notice, and the lines that are none with their sentence."""
    days: list[NoticedDay] = []
    mistakes: list[tuple[int, str]] = []
    for serial, line in enumerate(typed.lines):
        try:
            start = date.fromisoformat(line.start)
            until = date.fromisoformat(line.until) if line.until else start
        except ValueError:
            mistakes.append((serial, _("calendar.line.day")))
            continue
        if not timedelta(0) <= until - start < timedelta(days=LONGEST_LINE):
            mistakes.append((serial, _("calendar.line.span", n=LONGEST_LINE)))
        elif not line.name:
            mistakes.append((serial, _("calendar.line.name")))
        else:
            days += _noticed(line, start, until)
    if not typed.lines:
        mistakes.append((0, _("calendar.line.none")))
    return days, mistakes


def _noticed(line: Line, start: date, until: date) -> Iterator[NoticedDay]:
    """Yield the days of a line; a weekend within a feast is free without a notice."""
    for n in range((until - start).days + 1):
        day = start + timedelta(days=n)
        if line.kind != HOLIDAY or day.isoweekday() <= 5:
            yield NoticedDay(day, line.kind, line.name, PUBLISHED)
