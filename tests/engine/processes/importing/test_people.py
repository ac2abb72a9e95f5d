import pytest

from tests.engine.processes.importing.samples import chained, codes, imported, values

PATH = "//b:userTask[@id='n1']//h:step/@"


def task(attributes: str = "", inside: str = "") -> str:
    return f'<userTask id="n1" name="审批" {attributes}>{inside}</userTask>'


def zeebe(inside: str) -> str:
    return task(inside=f"<extensionElements>{inside}</extensionElements>")


@pytest.mark.parametrize(
    ("body", "role"),
    [
        (task('camunda:candidateGroups="clerk,chief"'), "clerk chief"),
        (task('flowable:candidateGroups="首席代表"'), "chief"),
        (task('camunda:candidateGroups="CLERK"'), "clerk"),
        (zeebe('<zeebe:assignmentDefinition candidateGroups="=[&quot;head&quot;]"/>'), "head"),
        (
            task(
                inside="<potentialOwner><resourceAssignmentExpression><formalExpression>"
                "group(chief)</formalExpression></resourceAssignmentExpression></potentialOwner>"
            ),
            "chief",
        ),
        (task(inside='<extensionElements><hall:step role="own"/></extensionElements>'), "own"),
    ],
)
def test_a_known_role_is_taken_over(body, role):
    made = imported(chained(body))
    assert values(made, f"{PATH}role") == [role]
    assert "import.role_missing" not in codes(made, "n1")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (task('camunda:assignee="${initiator}"'), "import.role_unknown"),
        (task('camunda:candidateUsers="zhang"'), "import.role_unknown"),
        (task('camunda:candidateGroups="clerk,accounting"'), "import.role_unknown"),
        (task(), "import.role_missing"),
    ],
)
def test_anybody_else_is_asked_and_never_guessed(body, code):
    made = imported(chained(body))
    assert code in codes(made, "n1")
    assert values(made, f"{PATH}role") == []


@pytest.mark.parametrize(
    ("body", "form", "code"),
    [
        (task('camunda:formKey="p.review"'), "p.review", "import.form"),
        (task('camunda:formKey="embedded:app:forms/a.html"'), "p.n1", "import.form"),
        (zeebe('<zeebe:formDefinition formId="p.x"/>'), "p.x", "import.form"),
        (
            zeebe('<camunda:formData><camunda:formField id="a"/></camunda:formData>'),
            "p.n1",
            "import.form_fields",
        ),
        (zeebe('<flowable:formProperty id="a"/>'), "p.n1", "import.form_fields"),
    ],
)
def test_a_form_gets_its_name(body, form, code):
    made = imported(chained(body))
    assert values(made, f"{PATH}form") == [form]
    assert code in codes(made, "n1")


def test_the_fields_of_a_form_are_listed():
    fields = '<camunda:formField id="a"/><camunda:formField id="乙"/>'
    made = imported(chained(zeebe(f"<camunda:formData>{fields}</camunda:formData>")))
    (entry,) = [entry for entry in made.report if entry.code == "import.form_fields"]
    assert entry.params["fields"] == "a, 乙"


def test_whole_days_become_working_days_and_the_rest_is_asked():
    made = imported(chained(task('camunda:dueDate="P3D"')))
    assert values(made, f"{PATH}days") == ["3"]
    for said in ("${bean.date()}", "PT5H", "P0D", "P9999D", "2026-01-01"):
        made = imported(chained(task(f'camunda:dueDate="{said}"')))
        assert "import.due_date" in codes(made, "n1"), said
        assert values(made, f"{PATH}days") == []
