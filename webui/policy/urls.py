"""Every URL of the pages for policy staff."""

from flask import Blueprint

from webui.policy import what_if

group = Blueprint("policy", __name__, url_prefix="/policy")

group.add_url_rule("/what-if", "what_ifs", what_if.page)
group.add_url_rule("/what-if", "begin_what_if", what_if.begin, methods=["POST"])
group.add_url_rule("/what-if/<run_id>", "what_if", what_if.run)
group.add_url_rule("/what-if/<run_id>/standing", "what_if_standing", what_if.standing)
group.add_url_rule("/what-if/<run_id>/cancel", "cancel_what_if", what_if.cancel, methods=["POST"])
group.add_url_rule("/what-if/<run_id>/cases/<int:no>", "what_if_case", what_if.case)
