"""Every URL of the pages for those who run the hall."""

from flask import Blueprint

from webui.admin import absences, authority, calendar, grants, load, people, windows

group = Blueprint("admin", __name__, url_prefix="/admin")

group.add_url_rule("/absences", "absences", absences.page)
group.add_url_rule("/absences", "cover", absences.cover, methods=["POST"])
group.add_url_rule("/absences/end", "end_absence", absences.end, methods=["POST"])
group.add_url_rule("/authority", "authority", authority.page)
group.add_url_rule("/calendar", "calendar", calendar.page)
group.add_url_rule("/calendar/<int:year>/look", "calendar_look", calendar.look, methods=["POST"])
group.add_url_rule("/calendar/<int:year>", "calendar_change", calendar.change, methods=["POST"])
group.add_url_rule("/load", "load", load.page)
group.add_url_rule("/people", "people", people.page)
group.add_url_rule("/people/new", "new_person", people.new)
group.add_url_rule("/people/new", "add_person", people.add, methods=["POST"])
group.add_url_rule("/people/of/<account>", "person", people.person)
group.add_url_rule(
    "/people/of/<account>/password", "new_password", people.password, methods=["POST"]
)
group.add_url_rule("/people/of/<account>/disable", "disable", people.disable, methods=["POST"])
group.add_url_rule("/people/of/<account>/absence", "cover_person", people.cover, methods=["POST"])
group.add_url_rule(
    "/people/of/<account>/absence/end", "end_of_person", people.end_absence, methods=["POST"]
)
group.add_url_rule("/people/of/<account>/leave", "leaving", people.leave_page)
group.add_url_rule("/people/of/<account>/leave", "leave", people.leave, methods=["POST"])
group.add_url_rule("/people/of/<account>/grants", "grants", grants.page)
group.add_url_rule("/people/of/<account>/grants/look", "grant_look", grants.look, methods=["POST"])
group.add_url_rule("/people/of/<account>/grants", "give_grant", grants.give, methods=["POST"])
group.add_url_rule("/people/of/<account>/grants/<grant_id>", "grant", grants.grant)
group.add_url_rule(
    "/people/of/<account>/grants/<grant_id>", "revoke_grant", grants.revoke, methods=["POST"]
)
group.add_url_rule("/windows", "windows", windows.page)
group.add_url_rule("/windows/<int:window_no>", "window", windows.window)
group.add_url_rule(
    "/windows/<int:window_no>/close", "close_window", windows.close, methods=["POST"]
)
group.add_url_rule(
    "/windows/<int:window_no>/open", "reopen_window", windows.open_again, methods=["POST"]
)
