"""Every path of every model in bpmn/ is walked by made-up cases; a new model needs no new test."""

from decimal import Decimal
from pathlib import Path

import pytest

from engine.forms.compile import read_form
from engine.forms.validate import validate
from engine.processes import state
from engine.processes.definition import read_definition
from engine.processes.spiff import Engine, Environment
from tests.engine.processes.walking import BEGIN, walk

ROOT = Path(__file__).parents[2] / "bpmn"
MODELS = {str(path.relative_to(ROOT)): path for path in sorted(ROOT.rglob("*.bpmn"))}
FORMS = {path.stem: path for path in sorted((ROOT / "forms").glob("*.form"))}
NAMES = [path.stem for path in MODELS.values()]
ONE_ANSWER = {"checkbox": True, "datetime": "2015-10-26"}


def no_tables(table, facts):
    raise AssertionError(table)


def answer(field, wanted):
    """Return an answer to one field: the wanted one, its default, or the first that is allowed."""
    if field.key in wanted:
        return wanted[field.key]
    if field.default is not None:
        return field.default
    if field.kind in ("radio", "select"):
        return field.choices[0][0]
    if field.kind == "number":
        return field.minimum or Decimal(1)
    if field.kind in ONE_ANSWER:
        return ONE_ANSWER[field.kind]
    return "一" * max(field.min_length or 1, 1)


def fill(task, wanted, data):
    """Answer the form of a task as the way asks, and no more than the form accepts."""
    if task.child is not None:
        return wanted
    form = read_form(task.form, FORMS[task.form].read_bytes())
    given = {
        field.key: answer(field, wanted)
        for field in form.fields.values()
        if field.required or field.key in wanted or field.default is not None
    }
    return validate(form, given, data)


@pytest.mark.parametrize("model", MODELS)
def test_every_path_of_a_model_is_walked_to_its_end(model):
    definition = read_definition(MODELS[model].read_bytes(), processes=NAMES)
    stored = []

    def look(step):
        engine = Engine(Environment(definition.formulas, no_tables, BEGIN))
        case = state.load(step.state, definition, engine)
        assert state.dump(case, definition) == step.state
        assert case.completed is step.ended
        assert not (step.ended and step.open)
        stored.append(step.state)

    walked = walk(definition, fill, look)
    assert walked.not_taken == (), "flows that no answers open"
    assert walked.not_done == (), "tasks that nobody is ever asked to do"
    assert walked.ended, [run for run in walked.runs if not run.ended]
    assert all(run.end in definition.ends for run in walked.runs)
    assert {run.end for run in walked.runs} == set(definition.ends)
    assert len(stored) > len(walked.runs)


def test_there_are_models_to_walk():
    assert any(name.startswith("matters/") for name in MODELS)
