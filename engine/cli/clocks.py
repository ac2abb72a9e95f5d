"""Legal clocks from the shell: `hall due` counts a limit day by day, `hall clocks` lists them.

`hall calendar` puts the notice of a year in force.
"""

import argparse
import csv
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from engine.bootstrap import open_hall
from engine.cli.commands import Commands
from engine.cli.sentences import sentence
from engine.domain.people import SYSTEM
from engine.domain.special_procedure import STOPS_CLOCK
from engine.domain.working_time import (
    ONE_DAY,
    PUBLISHED,
    Calendar,
    CountedDay,
    NoticedDay,
    Suspension,
    calendar_of,
    count_days,
    due_on,
)
from engine.kernel.errors import Invalid
from engine.services import calendar, catalogue, clocks
from engine.settings import FILE, read_settings
from engine.stock import read_catalogue


def add_to(commands: Commands) -> None:
    """Add the commands of this family."""
    due = commands.add_parser("due", help="count the working days of a limit")
    due.add_argument("--accepted", required=True, type=date.fromisoformat, help="the first day")
    due.add_argument("--days", required=True, type=int, help="limit in working days")
    due.add_argument(
        "--suspend",
        action="append",
        default=[],
        metavar="FROM:TO:KIND",
        help="a special procedure, both days included",
    )
    due.add_argument("--extend", type=int, default=0, help="working days of an extension")
    due.add_argument(
        "--count-first-day", action="store_true", help="the first day counts as one of the limit"
    )
    due.add_argument("--json", action="store_true", help="print every day as JSON")
    due.set_defaults(run=_due)
    clocks_due = commands.add_parser("clocks", help="list the open clocks that are due")
    clocks_due.add_argument(
        "--due",
        nargs="?",
        required=True,
        const=None,
        type=date.fromisoformat,
        metavar="DAY",
        help="by this day; today without a day",
    )
    clocks_due.add_argument("--limit", type=int, default=clocks.LONGEST_LIST, help="lines at most")
    clocks_due.add_argument("--json", action="store_true", help="print them as JSON")
    clocks_due.set_defaults(run=_clocks)
    year = commands.add_parser("calendar", help="put the notice of a year in force")
    year.add_argument("year", type=int, help="the year of the notice")
    year.add_argument("file", type=Path, help="CSV with the columns day, kind, name")
    year.add_argument("--notice", required=True, help="number of the State Council's notice")
    year.set_defaults(run=_import)


def _due(asked: argparse.Namespace) -> int:
    if asked.extend < 0:
        raise Invalid("clock.days", days=asked.extend)
    days_of = _calendar()
    stops = [_stop(text) for text in asked.suspend]
    spans = [span for span, _ in stops]
    days = asked.days + asked.extend if asked.days > 0 else asked.days
    due = due_on(asked.accepted, days, days_of, spans, asked.count_first_day)
    counted, skipped = [], []
    for one in count_days(asked.accepted, days, days_of, spans, asked.count_first_day):
        if one.why is None:
            counted.append(one.day.isoformat())
        else:
            skipped.append({"day": one.day.isoformat(), "why": _why(one, stops), "name": one.name})
    if asked.json:
        figures = {"due": due.day.isoformat(), "provisional": due.provisional}
        print(json.dumps({**figures, "counted": counted, "skipped": skipped}, ensure_ascii=False))
        return 0
    for line in skipped:
        why = sentence(f"due.{line['why']}", {})
        print(sentence("due.skipped", {"day": line["day"], "why": why, "name": line["name"]}))
    said = {"due": due.day, "days": len(counted)}
    print(sentence("due.provisional" if due.provisional else "due.on", said))
    return 0


def _clocks(asked: argparse.Namespace) -> int:
    found = clocks.due_clocks(open_hall(), asked.due, asked.limit)
    if asked.json:
        lines = [_figures(one) for one in found]
        print(json.dumps(lines, ensure_ascii=False))
        return 0
    for one in found:
        marks = [("light.provisional", one.clock.provisional), ("light.stopped", one.stopped)]
        said = {
            "due": one.clock.due_on,
            "light": sentence(f"light.{one.light}", {}),
            "case": one.case_no,
            "clock": sentence(f"clock.{one.clock.kind}", {}),
            "left": one.left,
            "marks": "".join(f"  {sentence(mark, {})}" for mark, holds in marks if holds),
        }
        print(sentence("clocks.line", said))
    if not found:
        print(sentence("clocks.nothing", {}))
    return 0


def _figures(one: clocks.DueClock) -> dict[str, object]:
    return {
        "case": one.case_no,
        "clock": one.clock.kind,
        "started": one.clock.started_on.isoformat(),
        "days": one.clock.limit_days + one.clock.extended_days,
        "due": one.clock.due_on.isoformat(),
        "provisional": one.clock.provisional,
        "left": one.left,
        "light": one.light,
        "stopped": one.stopped,
    }


def _import(asked: argparse.Namespace) -> int:
    changed = calendar.import_year(
        open_hall(), SYSTEM, asked.year, _noticed(asked.file), asked.notice
    )
    said = {"days": len(changed), "notice": asked.notice}
    print(sentence("calendar.changed" if changed else "calendar.unchanged", said))
    return 0


def _noticed(file: Path) -> list[NoticedDay]:
    """The days of a file; Invalid `calendar.no_file`, `calendar.file` (line) for a line of none."""
    if not file.is_file():
        raise Invalid("calendar.no_file", file=str(file))
    days = []
    with file.open(encoding="utf-8-sig", newline="") as opened:
        for line, row in enumerate(csv.DictReader(opened), start=2):
            try:
                day, kind, name = date.fromisoformat(row["day"]), row["kind"], row["name"].strip()
            except (KeyError, TypeError, AttributeError, ValueError) as error:
                raise Invalid("calendar.file", line=line) from error
            days.append(NoticedDay(day, kind, name, PUBLISHED))
    return days


def _calendar() -> Calendar:
    """The calendar of the hall, or that of the files where no hall was opened yet."""
    settings = read_settings()
    if (settings.data / FILE).exists():
        return catalogue.calendar(open_hall(settings))
    return calendar_of(
        NoticedDay(date.fromisoformat(row["day"]), row["kind"], row["name"], row["status"])
        for row in read_catalogue()["calendar"]
    )


def _stop(text: str) -> tuple[Suspension, str]:
    try:
        first, last, kind = text.split(":")
        span = Suspension(date.fromisoformat(first), date.fromisoformat(last) + ONE_DAY)
    except ValueError as error:
        raise Invalid("clock.suspend", text=text) from error
    if span.end <= span.start:
        raise Invalid("clock.suspension", start=first, end=last)
    if kind not in STOPS_CLOCK:
        raise Invalid("clock.no_stop", kind=kind, known=", ".join(sorted(STOPS_CLOCK)))
    return span, kind


def _why(one: CountedDay, stops: Sequence[tuple[Suspension, str]]) -> str:
    """The reason of a day; of a suspended one the procedure that stopped the clock."""
    if one.why != "suspended":
        return str(one.why)
    return next(kind for span, kind in stops if span.start <= one.day < span.end)
