"""Every URL of the pages for those who run the hall."""

from flask import Blueprint

from webui.admin import calendar, load, windows

group = Blueprint("admin", __name__, url_prefix="/admin")

group.add_url_rule("/calendar", "calendar", calendar.page)
group.add_url_rule("/calendar/<int:year>/look", "calendar_look", calendar.look, methods=["POST"])
group.add_url_rule("/calendar/<int:year>", "calendar_change", calendar.change, methods=["POST"])
group.add_url_rule("/load", "load", load.page)
group.add_url_rule("/windows", "windows", windows.page)
group.add_url_rule("/windows/<int:window_no>", "window", windows.window)
group.add_url_rule(
    "/windows/<int:window_no>/close", "close_window", windows.close, methods=["POST"]
)
group.add_url_rule(
    "/windows/<int:window_no>/open", "reopen_window", windows.open_again, methods=["POST"]
)
