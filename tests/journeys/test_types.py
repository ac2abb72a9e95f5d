"""Types of matter are rows: their limits block what is drawn too long, a new one needs no code."""

from dataclasses import replace
from datetime import date

import pytest

from engine.demo.carry import answers_for, application_for
from engine.domain.case import CaseState
from engine.domain.people import SYSTEM
from engine.kernel.errors import Invalid
from engine.services import catalogue, intake, people, publishing, work
from engine.services.publishing import Definitions
from engine.stock import read_catalogue, read_definitions
from tests.story import first_matter

ONE_MORE = """
    <bpmn:userTask id="again" name="再审一次">
      <bpmn:extensionElements>
        <hall:step days="1" role="{role}" power="{power}" form="{form}" />
      </bpmn:extensionElements>
      <bpmn:incoming>{flow}</bpmn:incoming>
      <bpmn:outgoing>again_to_next</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:sequenceFlow id="again_to_next" sourceRef="again" targetRef="{target}" />
"""


@pytest.fixture
def stock():
    return read_definitions()


def with_one_step_more(source, process, first, role, power):
    """Return a drawing with one more user task before its first."""
    flow, form = f"apply_to_{first}", f"{process}.{first}"
    step = ONE_MORE.format(role=role, power=power, form=form, flow=flow, target=first)
    text = source.decode()
    text = text.replace(f'targetRef="{first}"', 'targetRef="again"', 1)
    text = text.replace(
        f"<bpmn:incoming>{flow}</bpmn:incoming>",
        "<bpmn:incoming>again_to_next</bpmn:incoming>",
        1,
    )
    return text.replace("<bpmn:exclusiveGateway", step + "<bpmn:exclusiveGateway", 1).encode()


@pytest.mark.parametrize(
    ("process", "first", "role", "power", "steps"),
    [
        pytest.param("instant", "decide", "clerk", "decide", (1, 2), id="M-INST-1"),
        pytest.param("commitment", "review", "clerk", "accept_review", (3, 4), id="M-COM-4"),
    ],
)
def test_m_inst_1_and_m_com_4_one_step_too_many_cannot_be_published_and_is_named(
    hall, stock, process, first, role, power, steps
):
    drawing = with_one_step_more(stock.processes[process], process, first, role, power)
    with pytest.raises(Invalid) as refused:
        publishing.publish(
            hall, SYSTEM, Definitions({process: drawing}, {}, {}, {}), date(2015, 11, 2)
        )
    listed = refused.value.params.get("findings") or [
        {"code": refused.value.code, **refused.value.params}
    ]
    found = next(one for one in listed if one["code"] == "process.too_many_steps")
    assert (found["limit"], found["found"]) == steps
    assert "再审一次" in found["steps"]


def test_m_class_3_a_type_that_is_only_data_runs_from_end_to_end(hall, cast, stock):
    files = read_catalogue()
    row = next(one for one in files["matter_types"] if one["code"] == "commitment")
    new_type = row | {
        "code": "declared",
        "name_zh": "告知承诺件",
        "name_en": "matter decided on declaration",
        "steps": "1",
        "promised_days": "1",
        "process": "declared",
    }
    old = next(
        one for one in files["matters"] if one["no"] == str(first_matter(hall, "instant").no)
    )
    matter = old | {"matter_type": "declared"}
    papers = [one | {"of": "declared"} for one in files["materials"] if one["of"] == "instant"]
    drawing = stock.processes["instant"].replace(b'id="instant"', b'id="declared"', 1)
    drawing = drawing.replace(b'bpmnElement="instant"', b'bpmnElement="declared"', 1)
    drawing = drawing.replace(b"instant.decide", b"declared.decide")
    drawing = drawing.replace(b'role="clerk chief stand_in"', b'role="head"')
    forms = {
        f"declared.{step}": stock.forms[f"instant.{step}"].replace(
            f"instant_{step}".encode(), f"declared_{step}".encode()
        )
        for step in ("apply", "decide")
    }
    changed = {
        **files,
        "matter_types": [*files["matter_types"], new_type],
        "matters": [matter if one is old else one for one in files["matters"]],
        "materials": [*files["materials"], *papers],
    }
    catalogue.load(hall, SYSTEM, changed)
    publishing.publish(
        hall,
        SYSTEM,
        replace(
            stock, processes=stock.processes | {"declared": drawing}, forms=stock.forms | forms
        ),
    )
    known = catalogue.matter(hall, int(matter["no"]))
    head = cast.holder(known.unit_no, "head")
    grant = people.NewGrant(
        head.account,
        known.unit_no,
        "decide",
        "雁政授〔2015〕99号",
        date(2015, 10, 1),
        matter_types=("declared",),
    )
    people.grant(hall, SYSTEM, [grant])
    receipt = intake.receive(hall, cast.clerk(known.unit_no), application_for(hall, known))
    task = receipt.opened[0]
    answers = answers_for(work.form_of(hall, task), {"decision_outcome": "grant"})
    done = work.complete_task(hall, head, task.id, answers, receipt.case.rev)
    assert done.case.state is CaseState.DECIDED
    assert receipt.case.promised_due == date(2015, 10, 27)
