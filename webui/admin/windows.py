"""The windows of the hall: what each served today, which are closed and why; closed and opened."""

from flask import Response, request

from engine.kernel.errors import HallError
from engine.services import catalogue, load, windows
from webui.kit.errors import sentence, status_of
from webui.kit.guard import needs
from webui.kit.pages import render, see
from webui.kit.session import hall, present


@needs("supervision.read")
def page() -> Response:
    """Show the windows of the reader, those of one zone at a time."""
    rows, zones = load.by_window(hall(), present()), catalogue.zones(hall())
    here = {row.window.zone_no for row in rows}
    shown = [zone for zone in zones if zone.no in here]
    asked = request.args.get("zone", 0, int)
    current = next((zone for zone in shown if zone.no == asked), shown[0] if shown else None)
    return render(
        "admin/windows.html",
        zones=[(zone, sum(row.window.zone_no == zone.no for row in rows)) for zone in shown],
        current=current,
        rows=[row for row in rows if current and row.window.zone_no == current.no],
        units={row.no: row for row in catalogue.units(hall())},
    )


@needs("supervision.read")
def window(window_no: int) -> Response:
    """Show one window: what closing it would move and where to, before it is closed."""
    return _window(window_no)


@needs("supervision.read")
def close(window_no: int) -> Response:
    """Close a window for a time; what waits there goes to another."""
    reason = request.form.get("reason", "")
    try:
        done = windows.close(hall(), present(), window_no, reason)
    except HallError as error:
        return _window(window_no, sentence(error), reason, status_of(error))
    return see(
        "admin.window", window_no=window_no, tickets=len(done.tickets), tasks=len(done.tasks)
    )


@needs("supervision.read")
def open_again(window_no: int) -> Response:
    """Let a closed window serve again."""
    try:
        windows.open_again(hall(), present(), window_no)
    except HallError as error:
        return _window(window_no, sentence(error), status=status_of(error))
    return see("admin.window", window_no=window_no)


def _window(window_no: int, said: str = "", reason: str = "", status: int = 200) -> Response:
    closing = windows.preview(hall(), present(), window_no)
    closed_to = closing.closure.to_window if closing.closure else None
    return render(
        "admin/window.html",
        status,
        it=closing,
        unit=catalogue.unit(hall(), closing.window.unit_no),
        closed_to=catalogue.window(hall(), closed_to) if closed_to else None,
        moved=(request.args.get("tickets", type=int), request.args.get("tasks", type=int)),
        said=said,
        reason=reason,
    )
