"""Why a table decided as it did: the row that hit, why each other row did not, and the law."""

from flask import Response

from engine.services import cases, catalogue
from webui.kit.decisions import lines, told
from webui.kit.guard import needs
from webui.kit.i18n import named
from webui.kit.pages import render
from webui.kit.session import hall, present
from webui.kit.verdict import table_said


@needs("case.read")
def page(decision_id: str) -> Response:
    """Explain a stored decision row by row, from its own facts and version."""
    decision = cases.explain(hall(), present(), decision_id)
    case = cases.case(hall(), present(), str(decision["case_id"]))
    table = str(decision["table"])
    types = {row.code: named(row) for row in catalogue.matter_types(hall())}
    return render(
        "desk/decision.html",
        name=table_said(table),
        decision=decision,
        case=case,
        facts=lines(decision["facts"], types),
        outcome=lines(decision["outcome"], types),
        told=told(decision["reasons"], types),
    )
