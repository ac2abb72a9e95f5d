"""The inbox (待办): what waits for an official, the most pressing first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import Response, request

from engine.domain.clocks import light
from engine.services import work
from engine.services.work import InboxLine
from webui.kit.guard import needs
from webui.kit.i18n import _, day, left
from webui.kit.pages import render, wants_fragment
from webui.kit.paging import Paging, page_asked
from webui.kit.session import hall, present

# Where an empty tab leads: to the first of these that holds something.
LEAD_ON = ("mine", "offered", "overdue", "today", "soon")


@dataclass(frozen=True)
class Words:
    """What the rows say of working days and days, each sentence put together once a page."""

    left: dict[int, str]
    step: dict[int, str]
    statutory: dict[int, str]
    day: dict[date, str]


@needs("task.work")
def page() -> Response:
    """Show one tab of the inbox; the live page asks for the list only."""
    tab = request.args.get("tab", "mine")
    if tab not in work.TABS:
        tab = work.TABS[0]
    query = request.args.get("q", "").strip()
    found = work.inbox(hall(), present(), tab, query, page_asked())
    return render(
        "desk/inbox_list.html" if wants_fragment() else "desk/inbox.html",
        tab=tab,
        state_of=light,
        words=_words(found.rows),
        tabs=work.TABS,
        next_tab=next((one for one in LEAD_ON if found.counts.get(one)), None),
        query=query,
        inbox=found,
        done=request.args.get("done", ""),
        paging=Paging(found.page, found.size, found.total),
    )


def _words(rows: Sequence[InboxLine]) -> Words:
    step, promised, statutory = (
        {getattr(row, f"{name}_left") for row in rows} - {None}
        for name in ("step", "promised", "statutory")
    )
    days = {row.promised_due for row in rows} | {row.statutory_due for row in rows}
    return Words(
        left={n: left(n) for n in promised},
        step={n: _("inbox.step_left", left=left(n)) for n in step},
        statutory={n: _("inbox.statutory_left", left=left(n)) for n in statutory},
        day={one: day(one) for one in days if one is not None},
    )
