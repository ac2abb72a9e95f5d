"""The screen above a window and the board of a zone: numbers only, never a name of a visitor."""

from datetime import datetime, timedelta

from flask import Response

from engine.domain.people import Zone
from engine.kernel.errors import Missing
from engine.services import catalogue, tickets
from engine.services import overview as queues
from engine.services.overview import Call
from engine.services.tickets import Screen
from webui.kit.guard import public
from webui.kit.i18n import language
from webui.kit.pages import render
from webui.kit.session import hall

# Eight lines are what can be read from five metres.
LINES = 8
# A number stays marked as new this long, so that a glance finds it.
FRESH = timedelta(seconds=30)
# A number is heard digit by digit, never as "twelve".
DIGITS = str.maketrans(dict(zip("0123456789", "零一二三四五六七八九", strict=True)))


@public
def index() -> Response:
    """List the screens by zone, to be opened on the machine that shows them."""
    windows = catalogue.windows(hall())
    zones = catalogue.zones(hall())
    return render(
        "screens/index.html",
        zones=[(zone, [row for row in windows if row.zone_no == zone.no]) for zone in zones],
    )


@public
def window(window_no: int) -> Response:
    """Show the screen above one window; it looks again by itself."""
    zone_no = catalogue.window(hall(), window_no).zone_no
    return render("screens/window.html", zone_no=zone_no, **_window(window_no))


@public
def window_now(window_no: int) -> Response:
    """Return the part of the screen that changes."""
    return render("screens/window_now.html", **_window(window_no))


@public
def zone(zone_no: int) -> Response:
    """Show the board of a zone: the windows that called last."""
    return render("screens/zone.html", zone_no=zone_no, **_zone(zone_no))


@public
def zone_now(zone_no: int) -> Response:
    """Return the part of the board that changes."""
    return render("screens/zone_now.html", **_zone(zone_no))


@public
def overview() -> Response:
    """Show the whole hall: who waits where, which windows serve, what was called last."""
    return render("screens/hall.html", **_overview())


@public
def overview_now() -> Response:
    """Return the part of the overview that changes."""
    return render("screens/hall_now.html", **_overview())


def _overview() -> dict[str, object]:
    return {"zones": queues.zones(hall()), "at": hall().now()}


def _window(window_no: int) -> dict[str, object]:
    screen, call = tickets.screen(hall(), window_no), queues.call(hall(), window_no)
    return {
        "screen": screen,
        "fresh": _fresh(screen.called_at),
        "at": hall().now(),
        "heard": _heard([call] if call else []),
    }


def _zone(zone_no: int) -> dict[str, object]:
    found = _known_zone(zone_no)
    screens = [tickets.screen(hall(), row.no) for row in catalogue.windows(hall(), zone_no=zone_no)]
    calling = sorted((row for row in screens if row.called_at), key=_called_at, reverse=True)
    lines = [(row, _fresh(row.called_at)) for row in calling[:LINES]]
    heard = _heard(queues.calls(hall(), zone_no))
    return {"zone": found, "lines": lines, "at": hall().now(), "heard": heard}


def _heard(calls: list[Call]) -> list[tuple[str, str, str]]:
    """What the voice says of each call, by its key: number and window, never a name."""
    return [(call.key, _spelled(call.number), _spelled(call.window.label)) for call in calls]


def _spelled(text: str) -> str:
    digits = text if language() == "en" else text.translate(DIGITS)
    return " ".join(digits)


def _known_zone(zone_no: int) -> Zone:
    found = next((zone for zone in catalogue.zones(hall()) if zone.no == zone_no), None)
    if found is None:
        raise Missing("zone.unknown", zone=zone_no)
    return found


def _called_at(screen: Screen) -> datetime:
    return screen.called_at or hall().now()


def _fresh(called_at: datetime | None) -> bool:
    return called_at is not None and hall().now() - called_at < FRESH
