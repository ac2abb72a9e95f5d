"""Every URL of the screens that stand in the hall."""

from flask import Blueprint

from webui.screens import display, kiosk

group = Blueprint("screens", __name__, url_prefix="/screens")

group.after_request(kiosk.back)
group.add_url_rule("/", "index", display.index)
group.add_url_rule("/<int:window_no>", "window", display.window)
group.add_url_rule("/<int:window_no>/now", "window_now", display.window_now)
group.add_url_rule("/zones/<int:zone_no>", "zone", display.zone)
group.add_url_rule("/zones/<int:zone_no>/now", "zone_now", display.zone_now)
group.add_url_rule("/hall", "overview", display.overview)
group.add_url_rule("/hall/now", "overview_now", display.overview_now)
group.add_url_rule("/kiosk", "kiosk", kiosk.start)
group.add_url_rule("/kiosk", "take", kiosk.take, methods=["POST"])
group.add_url_rule("/kiosk/<ticket_id>", "slip", kiosk.slip)
