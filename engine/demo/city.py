"""The people of the demo city and the mandates they hold; pure values, the same every time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from engine.demo.names import people_names
from engine.domain.people import Unit, Window

GRANTED_ON = date(2015, 1, 1)
WITHOUT_UNIT = {
    "designer": 3,
    "policy": 4,
    "supervisor": 3,
    "auditor": 1,
    "security_admin": 1,
    "system_admin": 1,
    "hall_manager": 1,
}
STEMS = {
    "security_admin": "security",
    "system_admin": "sysadmin",
    "hall_manager": "manager",
    "stand_in": "standin",
}
CHIEF_POWERS = (
    ("decide", ("instant", "one_review")),
    ("accept_review", ()),
    ("urgent", ()),
    ("organise", ()),
    ("seal", ()),
    ("joint", ()),
)
# 行政许可法 art. 42: a commitment is decided by the head, on the work of the others.
POWERS: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "chief": CHIEF_POWERS,
    "stand_in": CHIEF_POWERS,
    "head": (("decide", ("commitment",)), ("joint", ()), ("organise", ())),
    "clerk": (("accept_review", ()), ("decide", ("instant",))),
    "reviewer": (("accept_review", ()),),
}


@dataclass(frozen=True)
class DemoPerson:
    """An invented official with one post; the account tells post and place, e.g. `chief26`."""

    account: str
    name: str
    post: str
    unit_no: int | None = None
    window_no: int | None = None
    back_office: str | None = None


@dataclass(frozen=True)
class DemoGrant:
    """A mandate of one power; empty `matter_types` means all, no `valid_to` means no end."""

    account: str
    unit_no: int
    power: str
    matter_types: tuple[str, ...]
    amount_limit: Decimal | None
    valid_from: date
    valid_to: date | None
    mandate_no: str


@dataclass(frozen=True)
class _Seat:
    account: str
    post: str
    unit_no: int | None = None
    window_no: int | None = None
    back_office: str | None = None


def people(units: Iterable[Unit], windows: Iterable[Window]) -> list[DemoPerson]:
    """Return everybody who works in the hall.

    Per unit a chief (at its chief's window, if it has one), a stand-in and a head; a clerk at
    each window; a reviewer in each back office; and those who belong to no unit.
    """
    places = sorted(windows, key=lambda window: window.no)
    seats = [
        *_unit_seats(units, places),
        *(_Seat(f"clerk{w.label}", "clerk", w.unit_no, w.no) for w in places),
        *_reviewer_seats(places),
        *_hall_seats(),
    ]
    names = people_names(len(seats))
    return [
        DemoPerson(seat.account, name, seat.post, seat.unit_no, seat.window_no, seat.back_office)
        for seat, name in zip(seats, names, strict=True)
    ]


def grants(people: Iterable[DemoPerson]) -> list[DemoGrant]:
    """Return the mandates of the people, one document per unit (雁政授〔2015〕n号).

    The public utilities have no chief's window and no approval step (M-UTIL-2), so nobody there
    holds a mandate.
    """
    everybody = tuple(people)
    approving = {one.unit_no for one in everybody if one.post == "chief" and one.window_no}
    return [
        DemoGrant(
            person.account,
            person.unit_no,
            power,
            matter_types,
            None,
            GRANTED_ON,
            None,
            f"雁政授〔{GRANTED_ON.year}〕{person.unit_no}号",
        )
        for person in everybody
        if person.unit_no is not None and person.unit_no in approving
        for power, matter_types in POWERS.get(person.post, ())
    ]


def _unit_seats(units: Iterable[Unit], windows: Iterable[Window]) -> Iterator[_Seat]:
    chief_windows = {w.unit_no: w.no for w in windows if w.purpose == "chief"}
    for unit in sorted(units, key=lambda unit: unit.no):
        yield _Seat(f"chief{unit.no:02d}", "chief", unit.no, chief_windows.get(unit.no))
        yield _Seat(f"{STEMS['stand_in']}{unit.no:02d}", "stand_in", unit.no)
        yield _Seat(f"head{unit.no:02d}", "head", unit.no)


def _reviewer_seats(windows: Iterable[Window]) -> Iterator[_Seat]:
    rooms = sorted((w.back_office, w.unit_no) for w in windows if w.back_office)
    for serial, (room, unit_no) in enumerate(rooms, start=1):
        yield _Seat(f"reviewer{serial:02d}", "reviewer", unit_no, back_office=room)


def _hall_seats() -> Iterator[_Seat]:
    for post, count in WITHOUT_UNIT.items():
        for serial in range(1, count + 1):
            yield _Seat(f"{STEMS.get(post, post)}{serial}", post)
