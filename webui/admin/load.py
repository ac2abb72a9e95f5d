"""How busy the hall is now: open tasks by unit and person, queues, inquiries passed around."""

from flask import Response

from engine.kernel.now import hall_day
from engine.services import catalogue, extended, inquiries, load, overview, people
from webui.kit.guard import needs
from webui.kit.pages import render
from webui.kit.session import hall, present


@needs("supervision.read")
def page() -> Response:
    """Show what is open; the head of a unit sees the tasks of that unit, the manager all."""
    stays = extended.on_day(hall(), hall_day(hall().now()))
    return render(
        "admin/load.html",
        units=load.by_unit(hall(), present()),
        zones=overview.zones(hall()),
        passed=inquiries.passed_around(hall(), present()),
        stays=stays,
        labels={row.no: row.label for row in catalogue.windows(hall())},
        names={one.id: one.name for one in people.everybody(hall())} if stays else {},
    )
