"""A published form as plain HTML, to fill in and to read."""

import json
import re
from datetime import date
from decimal import Decimal

import pytest
from flask import render_template_string

from engine.forms.compile import read_form
from engine.forms.validate import validate
from engine.kernel.errors import Invalid
from engine.paths import stock_dir
from webui.kit import forms
from webui.kit.forms import When

PAGE = "{% import 'macros.html' as ui %}{{ ui.questions(form, answers, errors) }}"
READ = "{% import 'macros.html' as ui %}{{ ui.answers(form, answers) }}"


def component(kind, key="a", label="问", **more):
    return {"type": kind, "key": key, "label": label, "id": key, **more}


def form_of(*components):
    return read_form("test", json.dumps({"type": "default", "components": components}).encode())


OUTCOME = component(
    "radio",
    "outcome",
    "结论",
    values=[{"label": "通过", "value": "pass"}, {"label": "不通过", "value": "refuse"}],
    validate={"required": True},
)


@pytest.fixture(scope="module")
def form():
    dated = component("datetime", "since", subtype="date", dateLabel="成立日期")
    del dated["label"]
    pairs = [{"label": "甲", "value": "a"}, {"label": "乙", "value": "b"}]
    return form_of(
        component(
            "textfield",
            "name",
            "名称",
            description="与核准通知书一致",
            validate={"required": True, "maxLength": 60},
        ),
        component("number", "capital", "注册资本（万元）", decimalDigits=2),
        dated,
        component("textarea", "scope", "经营范围"),
        OUTCOME,
        component("checklist", "kinds", "类别", values=pairs),
        component("checkbox", "agreed", "已告知"),
        component(
            "textarea",
            "reason",
            "不通过的理由",
            conditional={"hide": '=outcome != "refuse"'},
            validate={"required": True},
        ),
        {
            "type": "dynamiclist",
            "path": "owners",
            "label": "股东",
            "id": "owners",
            "components": [
                component("textfield", "owner", "姓名"),
                component("number", "share", "出资"),
            ],
        },
    )


def drawn(app, form, answers=None, errors=None, page=PAGE):
    with app.test_request_context():
        return render_template_string(page, form=form, answers=answers, errors=errors or {})


def test_every_question_has_its_label_above_it(app, form):
    page = drawn(app, form)
    for key in ("name", "capital", "since", "scope", "reason"):
        assert re.search(rf'<label for="f-{key}">.*?id="f-{key}" name="{key}"', page, re.DOTALL), (
            key
        )
    assert page.count("<legend>") == 3
    assert 'maxlength="60"' in page
    assert 'type="date"' in page


def test_required_hint_and_error_are_tied_to_the_field(app, form):
    page = drawn(app, form, {}, {"name": "请填写名称"})
    field = re.search(r'<input[^>]*id="f-name"[^>]*>', page)[0]
    assert 'aria-required="true"' in field
    assert 'aria-invalid="true"' in field
    assert 'aria-describedby="f-name-hint f-name-error"' in field
    assert 'id="f-name-error"' in page
    assert "请填写名称" in page


def test_a_part_that_depends_on_an_answer_says_so_to_the_script(app, form):
    page = drawn(app, form)
    part = re.search(r'<div class="full" data-when="outcome" data-is="([^"]*)">', page)[1]
    assert json.loads(part.replace("&#34;", '"')) == ["refuse"]
    assert "hidden" not in re.search(r'<div class="full" data-when[^>]*>', page)[0]


@pytest.mark.parametrize(
    ("condition", "when"),
    [
        ('=outcome != "refuse"', When("outcome", ("refuse",))),
        ('=outcome = "pass"', When("outcome", ("pass",), negated=True)),
        ('=outcome != "a" and outcome != "b"', When("outcome", ("a", "b"))),
        ("=agreed = true", When("agreed", ("true",), negated=True)),
        ("=agreed != true", When("agreed", ("true",))),
        ("=agreed = false", When("agreed", ("true",))),
        ('=outcome = "a" and outcome = "b"', None),
        ('=outcome = "a" and agreed = true', None),
        ('=outcome = "a" or outcome = "b"', None),
    ],
)
def test_the_script_gets_only_conditions_that_it_judges_rightly(condition, when):
    form = form_of(
        component("textfield", "outcome"),
        component("checkbox", "agreed"),
        component("textfield", "more", conditional={"hide": condition}),
    )
    assert forms.parts(form)[2].when == when


POSTED = {
    "name": [" 青禾食品 "],
    "capital": ["１００.50"],
    "since": ["2015-10-26"],
    "outcome": ["refuse"],
    "kinds": ["b", "a"],
    "agreed": ["true"],
    "reason": ["材料不全"],
    "owners.0.owner": ["甲"],
    "owners.0.share": ["60"],
    "owners.1.owner": [""],
    "owners.1.share": [""],
}


def test_a_posted_page_becomes_answers(form):
    answers = validate(form, forms.read(form, POSTED))
    assert answers == {
        "name": "青禾食品",
        "capital": Decimal("100.50"),
        "since": date(2015, 10, 26),
        "outcome": "refuse",
        "kinds": ["a", "b"],
        "agreed": True,
        "reason": "材料不全",
        "owners": [{"owner": "甲", "share": Decimal(60)}],
    }


def test_what_was_typed_stands_in_the_page_again(app, form):
    typed = {**POSTED, "capital": ["一百"], "scope": ["<script>"]}
    with pytest.raises(Invalid):
        validate(form, forms.read(form, typed))
    page = drawn(app, form, typed)
    assert 'value=" 青禾食品 "' in page
    assert 'value="一百"' in page
    assert "&lt;script&gt;" in page
    assert "<script>" not in page
    assert re.search(r'value="refuse"\s+checked', page)
    assert page.count(" checked") == 4


def test_stored_answers_fill_the_page(app, form):
    page = drawn(app, form, validate(form, forms.read(form, POSTED)))
    assert 'value="100.50"' in page
    assert 'value="2015-10-26"' in page
    assert 'name="owners.0.owner"' in page
    assert 'value="甲"' in page


def test_a_list_has_room_for_more_rows(app, form):
    names = re.findall(r'name="owners\.(\d)\.owner"', drawn(app, form))
    assert names == ["0", "1"]
    filled = drawn(app, form, validate(form, forms.read(form, POSTED)))
    assert re.findall(r'name="owners\.(\d)\.owner"', filled) == ["0", "1", "2"]


def test_answers_are_read_in_words(app, form):
    page = drawn(app, form, validate(form, forms.read(form, POSTED)), page=READ)
    assert "不通过" in page
    assert "甲、乙" in page
    assert "2015-10-26 周一" in page
    assert "refuse" not in page


def test_hidden_answers_are_not_shown(app, form):
    answers = {"outcome": "pass", "reason": "旧的理由"}
    with app.test_request_context():
        assert forms.shown(form, answers) == [("结论", "通过")]


def test_labels_are_known_by_the_names_that_errors_use(form):
    named = forms.labels(form)
    assert named["name"] == "名称"
    assert named["owners.owner"] == "姓名"


PUBLISHED = sorted((stock_dir("bpmn") / "forms").glob("*.form"))


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.stem)
def test_every_published_form_can_be_drawn(app, path):
    form = read_form(path.stem, path.read_bytes())
    page = drawn(app, form)
    names = {key for key, each in form.fields.items() if each.kind != "dynamiclist"}
    assert names
    assert {name for name in names if f'name="{name}"' not in page} == set()


def test_all_mistakes_of_a_form_are_told_by_field(app):
    form = form_of(
        component("number", validate={"required": True}), component("textfield", key="b")
    )
    with app.test_request_context():
        found = forms.mistakes(form, {"a": "x", "ghost": "1"})
        assert forms.mistakes(form, {"a": Decimal(1)}) == {}
    assert set(found) == {"a", "ghost"}
    assert all(sentence and "form." not in sentence for sentence in found.values())
