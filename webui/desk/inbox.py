"""The inbox (待办): what waits for an official, the most pressing first."""

from flask import Response, request

from engine.domain.clocks import light
from engine.services import work
from webui.kit.guard import needs
from webui.kit.pages import render, wants_fragment
from webui.kit.paging import Paging, page_asked
from webui.kit.session import hall, present

# Where an empty tab leads: to the first of these that holds something.
LEAD_ON = ("mine", "offered", "overdue", "soon")


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
        tabs=work.TABS,
        next_tab=next((one for one in LEAD_ON if found.counts.get(one)), None),
        query=query,
        inbox=found,
        done=request.args.get("done", ""),
        paging=Paging(found.page, found.size, found.total),
    )
