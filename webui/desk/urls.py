"""Every URL of the pages for officials."""

from flask import Blueprint

from webui.desk import case, decision, inbox, task, unsent

group = Blueprint("desk", __name__, url_prefix="/desk")

group.add_url_rule("/", "inbox", inbox.page)
group.add_url_rule("/tasks/<task_id>", "task", task.page)
group.add_url_rule("/tasks/<task_id>/claim", "claim", task.claim, methods=["POST"])
group.add_url_rule("/tasks/<task_id>/release", "release", task.release, methods=["POST"])
group.add_url_rule("/tasks/<task_id>/complete", "complete", task.complete, methods=["POST"])
group.add_url_rule("/unsent", "keep_unsent", unsent.keep, methods=["POST"])
group.add_url_rule("/unsent/forget", "forget_unsent", unsent.forget, methods=["POST"])
group.add_url_rule("/cases", "cases", case.search)
group.add_url_rule("/cases/<case_id>", "case", case.page)
group.add_url_rule("/decisions/<decision_id>", "decision", decision.page)
