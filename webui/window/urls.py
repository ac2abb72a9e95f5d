"""Every URL of the pages for window staff."""

from flask import Blueprint

from webui.window import counter, intake, licences, tickets

group = Blueprint("window", __name__, url_prefix="/window")

group.add_url_rule("/", "counter", counter.mine)
group.add_url_rule("/<int:window_no>", "at", counter.at)
group.add_url_rule("/<int:window_no>/queue", "queue", counter.queue)
group.add_url_rule("/<int:window_no>/next", "next", counter.call_next, methods=["POST"])
group.add_url_rule("/<int:window_no>/again", "again", counter.call_again, methods=["POST"])
group.add_url_rule("/<int:window_no>/no-show", "no_show", counter.no_show, methods=["POST"])
group.add_url_rule("/<int:window_no>/finish", "finish", counter.finish, methods=["POST"])
group.add_url_rule("/<int:window_no>/matters", "matters", intake.matters)
group.add_url_rule("/<int:window_no>/applicant", "applicant", intake.applicant, methods=["POST"])
group.add_url_rule("/<int:window_no>/application", "fill", intake.fill, methods=["POST"])
group.add_url_rule("/<int:window_no>/receive", "receive", intake.receive, methods=["POST"])
group.add_url_rule("/tickets", "tickets", tickets.page)
group.add_url_rule("/tickets", "take", tickets.take, methods=["POST"])
group.add_url_rule("/licences", "licences", licences.page)
group.add_url_rule("/licences/<case_id>", "hand_out", licences.hand_out, methods=["POST"])
group.add_url_rule("/licences/<no>/print", "print", licences.printed)
