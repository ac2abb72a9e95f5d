"""Every URL that is open to the public, and the two that watch over the server."""

from flask import Blueprint

from webui.online import guide, health, home, licences

group = Blueprint("online", __name__)

group.add_url_rule("/", "home", home.show)
group.add_url_rule("/zones/<int:zone_no>", "zone", home.zone)
group.add_url_rule("/matters", "matters", guide.matters)
group.add_url_rule("/matters/<int:matter_no>", "guide", guide.show)
group.add_url_rule("/licences/check", "licence_check", licences.check)
group.add_url_rule("/healthz", "healthz", health.healthz)
group.add_url_rule("/readyz", "readyz", health.readyz)
group.add_url_rule("/favicon.ico", "favicon", health.favicon)
