"""Every URL of the pages for officials."""

from flask import Blueprint

from webui.desk import (
    acts,
    attachments,
    batch,
    case,
    decision,
    inbox,
    parallel,
    passing,
    phrases,
    slips,
    surveys,
    task,
    unsent,
)

group = Blueprint("desk", __name__, url_prefix="/desk")

group.add_url_rule("/", "inbox", inbox.page)
group.add_url_rule("/tasks/<task_id>", "task", task.page)
group.add_url_rule("/tasks/<task_id>/claim", "claim", task.claim, methods=["POST"])
group.add_url_rule("/tasks/<task_id>/release", "release", task.release, methods=["POST"])
group.add_url_rule("/tasks/<task_id>/complete", "complete", task.complete, methods=["POST"])
group.add_url_rule("/tasks/<task_id>/phrases", "add_phrase", phrases.add, methods=["POST"])
group.add_url_rule("/tasks/<task_id>/phrases/put", "put_phrase", phrases.put, methods=["POST"])
group.add_url_rule(
    "/tasks/<task_id>/phrases/remove", "remove_phrase", phrases.remove, methods=["POST"]
)
group.add_url_rule("/tasks/<task_id>/pass", "passing", passing.page)
group.add_url_rule("/tasks/<task_id>/pass/back", "send_back", passing.send_back, methods=["POST"])
group.add_url_rule("/tasks/<task_id>/pass/hand", "hand_over", passing.hand_over, methods=["POST"])
group.add_url_rule("/tasks/<task_id>/pass/ask", "ask", passing.ask, methods=["POST"])
group.add_url_rule(
    "/tasks/<task_id>/pass/ask/<asked_id>/withdraw", "unask", passing.unask, methods=["POST"]
)
group.add_url_rule("/tasks/<task_id>/pass/take", "take_back", passing.take_back, methods=["POST"])
group.add_url_rule("/tasks/<task_id>/pass/urge", "urge_task", passing.urge_task, methods=["POST"])
group.add_url_rule("/batch", "alike", batch.page)
group.add_url_rule("/batch", "batch", batch.complete, methods=["POST"])
group.add_url_rule("/unsent", "keep_unsent", unsent.keep, methods=["POST"])
group.add_url_rule("/unsent/forget", "forget_unsent", unsent.forget, methods=["POST"])
group.add_url_rule("/cases", "cases", case.search)
group.add_url_rule("/cases/<case_id>", "case", case.page)
group.add_url_rule("/cases/<case_id>/urge", "urge", passing.urge, methods=["POST"])
group.add_url_rule("/cases/<case_id>/acts", "acts", acts.page)
group.add_url_rule(
    "/cases/<case_id>/acts/procedure", "acts_procedure", acts.start, methods=["POST"]
)
group.add_url_rule(
    "/cases/<case_id>/acts/procedure/<procedure_id>/reannounce",
    "acts_reannounce",
    acts.reannounce,
    methods=["POST"],
)
group.add_url_rule(
    "/cases/<case_id>/acts/procedure/<procedure_id>/end", "acts_end", acts.end, methods=["POST"]
)
group.add_url_rule("/cases/<case_id>/acts/extend", "acts_extend", acts.extend, methods=["POST"])
group.add_url_rule("/cases/<case_id>/acts/urgent", "acts_urgent", acts.use_urgent, methods=["POST"])
group.add_url_rule(
    "/cases/<case_id>/acts/withdraw", "acts_withdraw", acts.withdraw, methods=["POST"]
)
group.add_url_rule("/cases/<case_id>/acts/seal", "acts_seal", acts.seal, methods=["POST"])
group.add_url_rule("/cases/<case_id>/attachments", "attachments", attachments.page)
group.add_url_rule("/cases/<case_id>/attachments/add", "attach", attachments.add, methods=["POST"])
group.add_url_rule(
    "/cases/<case_id>/attachments/<attachment_id>", "attachment", attachments.download
)
group.add_url_rule(
    "/cases/<case_id>/attachments/<attachment_id>/preview", "preview", attachments.preview
)
group.add_url_rule(
    "/cases/<case_id>/attachments/<attachment_id>/remove",
    "detach",
    attachments.remove,
    methods=["POST"],
)
group.add_url_rule("/cases/<case_id>/slips", "slips", slips.page)
group.add_url_rule("/cases/<case_id>/slips/<kind>", "made", slips.made)
group.add_url_rule("/cases/<case_id>/flow", "flow", slips.flow)
group.add_url_rule("/cases/<case_id>/family", "family", parallel.page)
group.add_url_rule(
    "/cases/<case_id>/family/settle", "family_settle", parallel.settle, methods=["POST"]
)
group.add_url_rule(
    "/cases/<case_id>/family/issue", "family_issue", parallel.issue, methods=["POST"]
)
group.add_url_rule("/cases/<case_id>/family/answer", "joint_answer", parallel.answer)
group.add_url_rule("/cases/<case_id>/surveys", "surveys", surveys.of_case)
group.add_url_rule(
    "/cases/<case_id>/surveys/propose", "survey_propose", surveys.propose, methods=["POST"]
)
group.add_url_rule("/surveys", "survey_days", surveys.calendar)
group.add_url_rule("/surveys/<survey_id>", "survey", surveys.page)
group.add_url_rule(
    "/surveys/<survey_id>/repropose", "survey_repropose", surveys.repropose, methods=["POST"]
)
group.add_url_rule(
    "/surveys/<survey_id>/call-off", "survey_call_off", surveys.call_off, methods=["POST"]
)
group.add_url_rule("/slips/<slip_id>", "slip", slips.slip)
group.add_url_rule("/decisions/<decision_id>", "decision", decision.page)
