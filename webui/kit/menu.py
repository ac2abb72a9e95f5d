"""The menu: which pages a person finds in the head and at the side."""

from dataclasses import dataclass

from flask import current_app, request, url_for

from webui.kit.session import official


@dataclass(frozen=True)
class Entry:
    """One line of the menu; a page without `permission` is open to everybody."""

    code: str
    endpoint: str
    permission: str | None
    icon: str


PUBLIC = (
    Entry("menu.home", "online.home", None, "home"),
    Entry("menu.matters", "online.matters", None, "list"),
    Entry("menu.licence_check", "online.licence_check", None, "seal"),
    Entry("menu.screens", "screens.index", None, "screen"),
)
OFFICIAL = (
    Entry("menu.counter", "window.counter", "window.serve", "window"),
    Entry("menu.tickets", "window.tickets", "ticket.take", "ticket"),
    Entry("menu.appointments", "window.appointments", "ticket.take", "clock"),
    Entry("menu.inquiries", "window.inquiries", "window.serve", "user"),
    Entry("menu.hand_out", "window.licences", "licence.hand_out", "seal"),
    Entry("menu.inbox", "desk.inbox", "task.work", "inbox"),
    Entry("menu.cases", "desk.cases", "case.read", "search"),
    Entry("menu.surveys", "desk.survey_days", "case.read", "steps"),
    Entry("menu.authority", "admin.authority", "case.read", "law"),
    Entry("menu.people", "admin.people", "people.manage", "user"),
    Entry("menu.absences", "admin.absences", "supervision.read", "user"),
    Entry("menu.calendar", "admin.calendar", "rule.read", "clock"),
    Entry("menu.what_if", "policy.what_ifs", "rule.read", "clock"),
    Entry("menu.load", "admin.load", "supervision.read", "list"),
    Entry("menu.windows", "admin.windows", "supervision.read", "window"),
)


@dataclass(frozen=True)
class Link:
    """An entry as this reader sees it on this page."""

    code: str
    href: str
    icon: str
    current: bool


def links(entries: tuple[Entry, ...]) -> list[Link]:
    """Return the entries that exist and that this reader may open."""
    someone = official()
    return [
        Link(entry.code, url_for(entry.endpoint), entry.icon, request.endpoint == entry.endpoint)
        for entry in entries
        if entry.endpoint in current_app.view_functions
        if entry.permission is None or (someone is not None and someone.may(entry.permission))
    ]


def public_links() -> list[Link]:
    """Return what everybody finds in the head."""
    return links(PUBLIC)


def official_links() -> list[Link]:
    """Return the places of work of the official who is signed in."""
    return links(OFFICIAL) if official() else []
