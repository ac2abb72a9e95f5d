"""The inbox (待办): what waits for an official, the most pressing first."""

from flask import Response, request

from engine.services import work
from webui.kit.guard import needs
from webui.kit.pages import render, wants_fragment
from webui.kit.paging import Paging, page_asked
from webui.kit.session import hall, present

# What a tab says when it is empty leads on to the next one that may hold something.
NEXT_TAB = {"mine": "offered", "offered": "soon", "soon": "overdue", "overdue": "mine"}


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
        tabs=work.TABS,
        next_tab=NEXT_TAB.get(tab, "mine"),
        query=query,
        inbox=found,
        done=request.args.get("done", ""),
        paging=Paging(found.page, found.size, found.total),
    )
