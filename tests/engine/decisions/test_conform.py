"""The conformance runner is honest, and the engine keeps what it has reached."""

import shutil
from decimal import Decimal

import pytest

from engine.decisions.conform import run, same
from engine.feel.temporal import Date, DateTime, DaysDuration, Time, YearsDuration
from engine.kernel.errors import Invalid
from tests.kits import DMN, needs_dmn

JAVA = "3/0076-feel-external-java/"  # no Java here, by choice: 14 of 18 cases need a value

HEAD = (
    '<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:xsd="http://www.w3.org/2001/XMLSchema"><modelName>a.dmn</modelName>'
)


class AlwaysNull:
    """Answers null to everything."""

    def decide(self, decision, inputs, moment):
        return None

    call = decide


@pytest.fixture
def kit(tmp_path, literal):
    """Make a kit of one case about the decision `d`, `1 + 甲`."""

    def make(expected, attributes="", boxed=None, given="2"):
        folder = tmp_path / "compliance-level-2" / "0001-sum"
        shutil.rmtree(tmp_path / "compliance-level-2", ignore_errors=True)
        folder.mkdir(parents=True)
        text = boxed or "<literalExpression><text>1 + 甲</text></literalExpression>"
        (folder / "a.dmn").write_bytes(literal(text, ["甲"]))
        case = (
            f'<testCase id="001"><inputNode name="甲"><value xsi:type="xsd:decimal">{given}</value>'
            f'</inputNode><resultNode name="d"{attributes}>{expected}</resultNode></testCase>'
        )
        (folder / "a-test-01.xml").write_text(HEAD + case + "</testCases>", encoding="utf-8")
        return run(tmp_path)

    return make


def number(text):
    return f'<expected><value xsi:type="xsd:double">{text}</value></expected>'


NULL = '<expected><value xsi:nil="true"/></expected>'


@pytest.mark.parametrize(
    ("expected", "attributes", "passed"),
    [
        (number("3"), "", 1),
        (number("3.000000001"), "", 1),
        (number("3.1"), "", 0),
        ("<expected><value>3</value></expected>", "", 0),
        (NULL, "", 0),
        ("", "", 0),
        (number("3"), ' errorResult="true"', 0),
    ],
    ids=["right", "within 1e-8", "wrong", "a text", "null", "nothing", "an error"],
)
def test_a_value_passes_only_where_it_is_expected(kit, expected, attributes, passed):
    report = kit(expected, attributes)
    assert (report.levels[0].passed, report.levels[0].total) == (passed, 1)
    assert len(report.failures) == 1 - passed


def test_errors_pass_as_errors_or_null_and_crashes_never(kit, monkeypatch):
    broken = "<literalExpression><text>1 +</text></literalExpression>"
    assert kit("", ' errorResult="true"', broken).levels[0].passed == 1
    assert kit(NULL, "", broken).levels[0].passed == 1
    failed = kit(number("3"), "", broken)
    assert failed.levels[0].passed == 0
    assert "feel.syntax" in failed.failures[0].actual

    def crash(self, decision, inputs, moment=None):
        raise KeyError("oops")

    monkeypatch.setattr("engine.decisions.evaluate.Program.decide", crash)
    crashed = kit(NULL)
    assert crashed.levels[0].passed == 0
    assert "crash: KeyError" in crashed.failures[0].actual


def test_the_report_says_what_the_command_prints(kit):
    (level,) = kit(number("4")).plain()
    assert level == {
        "level": 2,
        "passed": 0,
        "total": 1,
        "non_null_passed": 0,
        "non_null_total": 1,
        "failures": [{"case": "2/0001-sum/001", "expected": "4", "actual": "3"}],
    }


def test_a_folder_without_cases_is_an_error(tmp_path):
    with pytest.raises(Invalid, match=r"conform\.no_cases"):
        run(tmp_path)


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (Decimal(1), True, False),
        (Decimal("1e12"), Decimal("1000000000000.001"), True),
        (Decimal("0"), Decimal("0.0000001"), False),
        ("1", Decimal(1), False),
        ([Decimal(1)], Decimal(1), False),
        ([Decimal(1), "a"], [Decimal(1), "a"], True),
        (["a", "b"], ["b", "a"], False),
        ({"a": None}, {}, False),
        ({"a": None}, {"a": None}, True),
        (DaysDuration(0), YearsDuration(0), False),
        (Date(2026, 1, 1), DateTime(Date(2026, 1, 1), Time(0)), False),
        (Time(0, 0), Time(3600 * 10**9, 3600), True),
        (None, None, True),
        (None, False, False),
    ],
    ids=str,
)
def test_values_are_compared_by_the_rules_of_the_kit(one, other, equal):
    assert same(one, other) is equal


@needs_dmn
def test_the_engine_keeps_what_it_has_reached():
    report = run(DMN)
    two, three = report.levels
    lost = [one.case for one in report.failures if not one.case.startswith(JAVA)]
    assert lost == []
    assert (two.passed, two.non_null_passed) == (two.total, two.non_null_total)
    assert three.passed / three.total >= 0.99
    assert three.non_null_passed / three.non_null_total >= 0.985
    assert (two.total, two.non_null_total, three.total, three.non_null_total) == (
        104,
        94,
        2780,
        1494,
    )
    assert len(report.failures) == 14
    assert report.seconds < 30


@needs_dmn
def test_an_engine_that_always_answers_null_is_found_out():
    report = run(DMN, lambda sources, name: AlwaysNull())
    two, three = report.levels
    assert (two.passed, three.passed) == (10, 1286)
    assert (two.non_null_passed, three.non_null_passed) == (0, 0)


@needs_dmn
def test_altered_expectations_fail_exactly_where_they_were_altered(tmp_path):
    name = "0004-simpletable-U"
    folder = tmp_path / "compliance-level-2" / name
    shutil.copytree(DMN / "compliance-level-2" / name, folder)
    assert run(tmp_path).failures == ()
    file = next(folder.glob("*.xml"))
    text = file.read_text(encoding="utf-8")
    assert ">Approved<" in text
    file.write_text(text.replace(">Approved<", ">Approvd<", 1), encoding="utf-8")
    report = run(tmp_path)
    assert [(one.expected, one.actual) for one in report.failures] == [('"Approvd"', '"Approved"')]
