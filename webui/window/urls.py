"""Every URL of the pages for window staff."""

from flask import Blueprint

from webui.window import (
    appointments,
    counter,
    inquiries,
    intake,
    licences,
    outcomes,
    tickets,
    visits,
)

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
group.add_url_rule("/<int:window_no>/apply", "apply", intake.enter, methods=["POST"])
group.add_url_rule("/cases/<case_id>/outcome", "outcome", outcomes.page)
group.add_url_rule("/cases/<case_id>/accept", "accept", outcomes.accept, methods=["POST"])
group.add_url_rule("/cases/<case_id>/notice", "notice", outcomes.notice, methods=["POST"])
group.add_url_rule(
    "/cases/<case_id>/slips/<slip_id>", "delivered", outcomes.delivered, methods=["POST"]
)
group.add_url_rule("/cases/<case_id>/correct", "correct", outcomes.correct, methods=["POST"])
group.add_url_rule("/cases/<case_id>/decline", "decline", outcomes.decline, methods=["POST"])
group.add_url_rule(
    "/cases/<case_id>/no-licence", "no_licence", outcomes.no_licence, methods=["POST"]
)
group.add_url_rule(
    "/cases/<case_id>/supplement", "supplement", outcomes.supplement, methods=["POST"]
)
group.add_url_rule(
    "/cases/<case_id>/papers/<int:paper_no>", "bring_paper", outcomes.bring_paper, methods=["POST"]
)
group.add_url_rule("/tickets", "tickets", tickets.page)
group.add_url_rule("/tickets", "take", tickets.take, methods=["POST"])
group.add_url_rule("/licences", "licences", licences.page)
group.add_url_rule("/licences/<case_id>", "hand_out", licences.hand_out, methods=["POST"])
group.add_url_rule("/licences/<no>/print", "print", licences.printed)
group.add_url_rule("/inquiries", "inquiries", inquiries.page)
group.add_url_rule("/inquiries", "ask", inquiries.ask, methods=["POST"])
group.add_url_rule(
    "/inquiries/<inquiry_id>/hand-on", "hand_on", inquiries.hand_on, methods=["POST"]
)
group.add_url_rule(
    "/inquiries/<inquiry_id>/confirm", "confirm", inquiries.confirm, methods=["POST"]
)
group.add_url_rule("/inquiries/<inquiry_id>/answer", "answer", inquiries.answer, methods=["POST"])
group.add_url_rule("/<int:window_no>/visitor", "visitor", visits.page)
group.add_url_rule("/<int:window_no>/visitor", "visitor_cases", visits.search, methods=["POST"])
group.add_url_rule("/<int:window_no>/transfer", "transfer", visits.transfer, methods=["POST"])
group.add_url_rule("/<int:window_no>/stay", "stay", visits.stay, methods=["POST"])
group.add_url_rule("/<int:window_no>/leave", "leave", visits.leave, methods=["POST"])
group.add_url_rule("/appointments", "appointments", appointments.page)
group.add_url_rule("/appointments", "book", appointments.book, methods=["POST"])
group.add_url_rule("/appointments/slots", "open_slots", appointments.open_slots, methods=["POST"])
group.add_url_rule(
    "/appointments/<appointment_id>/cancel", "cancel", appointments.cancel, methods=["POST"]
)
group.add_url_rule(
    "/appointments/<appointment_id>/arrive", "arrive", appointments.arrive, methods=["POST"]
)
