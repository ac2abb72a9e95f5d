"""A case: its life in sentences, its clocks, papers, steps, decisions and licence."""

from flask import Response, request

from engine.domain.case import Case
from engine.domain.masking import ENTERPRISE, mask_name
from engine.services import attachments, cases, catalogue
from webui.desk.history import earlier_steps, names_of_steps, said
from webui.kit.guard import needs
from webui.kit.pages import render
from webui.kit.paging import Paging, page_asked
from webui.kit.session import hall, present
from webui.kit.verdict import table_said


@needs("case.read")
def search() -> Response:
    """Find cases of the official's unit by number, matter or applicant."""
    query = request.args.get("q", "").strip()
    found = cases.find(hall(), present(), query, page_asked())
    return render(
        "desk/cases.html",
        query=query,
        rows=found.rows,
        matters={row.matter_no: catalogue.matter(hall(), row.matter_no) for row in found.rows},
        names={row.id: name_in_list(row) for row in found.rows},
        paging=Paging(found.page, found.size, found.total),
    )


@needs("case.read")
def page(case_id: str) -> Response:
    """Show everything about a case that its officials may see."""
    view = cases.case(hall(), present(), case_id)
    steps = names_of_steps(view)
    return render(
        "desk/case.html",
        case=view,
        files=attachments.of_case(hall(), present(), view),
        history=[(line, said(line, steps)) for line in view.history],
        table_said=table_said,
        earlier_steps=earlier_steps(view),
        urged="urged" in request.args,
    )


def name_in_list(case: Case) -> str:
    """Return the name in a list: an enterprise's is public, a person's is masked."""
    return (
        case.applicant_name if case.applicant_kind == ENTERPRISE else mask_name(case.applicant_name)
    )
