"""Every model in bpmn/: it loads, its forms exist and compile, every path reaches an end."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import etree

from engine.domain.authority import POWERS
from engine.domain.facts import by_name
from engine.forms.compile import read_form
from engine.forms.validate import validate
from engine.kernel.errors import Invalid
from engine.processes.definition import read_definition
from engine.processes.run import advance, answer, start

ROOT = Path(__file__).parents[2] / "bpmn"
MODELS = {path.stem: path.read_bytes() for path in sorted((ROOT / "matters").glob("*.bpmn"))}
FORMS = {path.stem: path.read_bytes() for path in sorted((ROOT / "forms").glob("*.form"))}
TABLES = [path.stem for path in sorted((ROOT.parent / "rules" / "tables").glob("*.dmn"))]
PARTS = [path.stem for path in sorted((ROOT / "parts").glob("*.bpmn"))]
LABELS = {name: read_form(name, source).labels for name, source in FORMS.items()}
NOW = datetime(2015, 10, 26, 1, 30, tzinfo=UTC)
LAW = {"refuse_reason": "材料与事实不符", "refuse_law": "行政许可法第三十八条"}
ONE_ANSWER = {"checkbox": True, "datetime": "2015-10-26"}
REMEDY = {"refuse_remedy": "六十日内申请行政复议，或者六个月内提起行政诉讼"}

every_model = pytest.mark.parametrize("model", MODELS)
every_form = pytest.mark.parametrize("form", FORMS)


def read(model):
    return read_definition(MODELS[model], tables=TABLES, forms=LABELS, processes=PARTS)


@dataclass(frozen=True)
class Answered:
    """What a table says here."""

    outcome: dict


def asked(table, facts):
    """Answer for the one table that a model asks; it must know all that the table wants."""
    assert table == "joining"
    assert {"opinions_refused", "opinions_conditional", "opinions_waiting"} <= facts.keys()
    return Answered({"joint_outcome": "grant", "others": "finish", "reason": "各单位都同意"})


def go_on(definition, case, task, answers):
    """Complete a step with answers, or let the child case end that does it."""
    if task.child is None:
        return advance(definition, case.state, task.id, answers, asked, NOW)
    said = {"opinion_outcome": "agree"}
    return answer(definition, case.state, task.id, "granted", said, asked, NOW)


def answers_for(form, **wanted):
    """Return answers that fill in every required field, the wanted ones as wanted."""
    given = {}
    for field in form.fields.values():
        if field.key in wanted:
            given[field.key] = wanted[field.key]
        elif field.default is not None:
            given[field.key] = field.default
        elif field.kind in ("radio", "select") and field.required:
            given[field.key] = field.choices[0][0]
        elif field.kind == "number" and field.required:
            given[field.key] = field.minimum or Decimal(1)
        elif field.kind in ONE_ANSWER and field.required:
            given[field.key] = ONE_ANSWER[field.kind]
        elif field.required:
            given[field.key] = "一" * max(field.min_length or 1, 1)
    return given


def test_the_four_ways_of_working_are_drawn():
    assert {"instant", "one_review", "commitment", "parallel"} <= MODELS.keys()


@every_model
def test_a_model_names_itself_and_needs_no_repair(model):
    definition = read(model)
    assert definition.key == model
    assert definition.changes == ()
    assert set(definition.ends) == {"granted", "refused"}
    assert all(task.days for task in definition.tasks.values())
    assert all(task.child or task.power in POWERS for task in definition.tasks.values())


@every_model
def test_each_user_task_has_the_form_of_its_name(model):
    definition = read(model)
    assert f"{model}.apply" in FORMS
    own = [task.id for task in definition.tasks.values() if task.child is None]
    assert definition.forms == tuple(f"{model}.{task}" for task in own)


@every_model
@pytest.mark.parametrize(("outcome", "end"), [("grant", "granted"), ("refuse", "refused")])
@pytest.mark.parametrize("units", [[26], [26, 3, 7]], ids=["one unit", "three units"])
def test_every_path_is_walked_with_answers_that_its_forms_accept(model, outcome, end, units):
    definition = read(model)
    case = start(definition, {"units": units}, asked, NOW)
    done = []
    while not case.ended:
        task = case.open[0]
        wanted, answers = {"decision_outcome": outcome, **LAW, **REMEDY}, {}
        if task.child is None:
            form = read_form(task.form, FORMS[task.form])
            answers = validate(form, answers_for(form, **wanted), case.data)
        case = go_on(definition, case, task, answers)
        done.append(task.step)
    assert case.end == end
    assert set(done) == set(definition.tasks)
    assert case.data["decision_outcome"] == outcome
    assert ("refuse_reason" in case.data) is (outcome == "refuse")


@every_model
def test_a_decision_that_was_not_made_refuses_the_step(model):
    definition = read(model)
    last = list(definition.tasks)[-1]
    case = start(definition, {"units": [1]}, asked, NOW)
    while case.open[0].step != last:
        case = go_on(definition, case, case.open[0], {})
    with pytest.raises(Invalid, match=r"process\.no_way"):
        go_on(definition, case, case.open[0], {})


@every_model
def test_the_picture_shows_every_node_and_flow_once_and_in_place(model):
    root = etree.fromstring(MODELS[model])
    ns = {"b": "http://www.omg.org/spec/BPMN/20100524/MODEL",
          "di": "http://www.omg.org/spec/BPMN/20100524/DI",
          "dc": "http://www.omg.org/spec/DD/20100524/DC",
          "w": "http://www.omg.org/spec/DD/20100524/DI"}  # fmt: skip
    process = root.find("b:process", ns)
    flows = {flow.get("id"): flow for flow in process.findall("b:sequenceFlow", ns)}
    nodes = {node.get("id") for node in process if node.get("id")} - flows.keys()
    boxes = {}
    for shape in root.iterfind(".//di:BPMNShape", ns):
        bounds = shape.find("dc:Bounds", ns)
        box = [float(bounds.get(name)) for name in ("x", "y", "width", "height")]
        boxes[shape.get("bpmnElement")] = box
    assert boxes.keys() == nodes
    edges = {edge.get("bpmnElement"): edge for edge in root.iterfind(".//di:BPMNEdge", ns)}
    assert edges.keys() == flows.keys()
    for name, edge in edges.items():
        points = [(float(p.get("x")), float(p.get("y"))) for p in edge.iterfind("w:waypoint", ns)]
        for (x, y), end in ((points[0], "sourceRef"), (points[-1], "targetRef")):
            left, top, width, height = boxes[flows[name].get(end)]
            assert left <= x <= left + width
            assert top <= y <= top + height
        assert all(a[0] == b[0] or a[1] == b[1] for a, b in pairwise(points))


@every_form
def test_a_form_compiles_and_its_name_is_its_place(form):
    found = read_form(form, FORMS[form])
    assert found.id == form
    assert json.loads(FORMS[form])["id"] == form.replace(".", "_")
    assert all(field.label for field in found.fields.values())


@every_form
def test_a_complete_answer_is_accepted_and_an_empty_one_names_what_is_missing(form):
    found = read_form(form, FORMS[form])
    clean = validate(found, answers_for(found))
    assert clean
    with pytest.raises(Invalid) as refused:
        validate(found, {})
    asked = {field.key for field in found.fields.values() if field.required and not field.condition}
    assert asked <= refused.value.params["fields"].keys()


@pytest.mark.parametrize(
    "form", [name for name, source in FORMS.items() if b'"decision_outcome"' in source]
)
class TestDecisions:
    """A refusal names reason, law and remedy (行政许可法 art. 38); a grant is one click."""

    def test_a_grant_needs_nothing_else(self, form):
        found = read_form(form, FORMS[form])
        assert validate(found, {"decision_outcome": "grant"}) == {"decision_outcome": "grant"}

    def test_a_refusal_needs_reason_law_and_remedy(self, form):
        found = read_form(form, FORMS[form])
        with pytest.raises(Invalid) as refused:
            validate(found, {"decision_outcome": "refuse"})
        assert refused.value.params["fields"].keys() == {*LAW, *REMEDY}
        whole = {"decision_outcome": "refuse", **LAW, **REMEDY}
        assert validate(found, whole) == whole

    def test_the_remedy_of_a_grant_is_dropped(self, form):
        found = read_form(form, FORMS[form])
        clean = validate(found, {"decision_outcome": "grant", **LAW, **REMEDY})
        assert clean == {"decision_outcome": "grant"}

    def test_its_outcomes_are_those_of_the_fact(self, form):
        found = read_form(form, FORMS[form])
        codes = [code for code, _ in found.fields["decision_outcome"].choices]
        assert tuple(codes) == by_name("审批决定").codes


def test_a_company_says_its_capital_and_a_branch_does_not():
    form = read_form("enterprise.apply", FORMS["enterprise.apply"])
    base = {
        "enterprise_name": "雁城禾木科技有限公司",
        "domicile": "雁城市雁峰区解放大道1号",
        "legal_representative": "林晓禾",
        "business_scope": "计算机软件开发、销售",
        "business_term": "long",
    }
    company = {**base, "enterprise_kind": "limited", "registered_capital": Decimal("100.00")}
    assert validate(form, company) == company
    with pytest.raises(Invalid) as refused:
        validate(form, {**base, "enterprise_kind": "limited"})
    assert refused.value.params["fields"].keys() == {"registered_capital"}
    branch = {**base, "enterprise_kind": "branch"}
    assert validate(form, branch) == branch
