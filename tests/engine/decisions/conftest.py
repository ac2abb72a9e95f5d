"""DMN files made from a few words, so that a test shows what it is about."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"
RULES = Path(__file__).resolve().parents[3] / "rules"


def model_xml(body: str, namespace: str = DMN, own: str = "urn:test") -> bytes:
    head = f'<definitions xmlns="{namespace}" id="m" name="m" namespace="{own}">'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}\n{body}\n</definitions>'.encode()


def logic_xml(
    inputs: Sequence[tuple[str, str]],
    outputs: Sequence[tuple[str, str]],
    rows: Sequence[Sequence[str]],
    policy: str = "UNIQUE",
    extra: str = "",
    basis: str = "第四十二条",
) -> str:
    """A decision table; rows are cells and outputs, in FEEL; inputs and outputs name and type."""
    parts = [f'<decisionTable id="t" hitPolicy="{policy}" {extra}>']
    for name, kind in inputs:
        parts.append(
            f'<input label="{name}"><inputExpression typeRef="{kind}"><text>{name}</text>'
            "</inputExpression></input>"
        )
    parts += [f'<output name="{name}" typeRef="{kind}"/>' for name, kind in outputs]
    parts.append('<annotation name="依据"/>')
    for number, row in enumerate(rows, 1):
        cells = [f"<text>{escape(cell)}</text>" for cell in row]
        parts.append(f'<rule id="r{number}">')
        parts += [f"<inputEntry>{cell}</inputEntry>" for cell in cells[: len(inputs)]]
        parts += [f"<outputEntry>{cell}</outputEntry>" for cell in cells[len(inputs) :]]
        parts.append(f"<annotationEntry><text>{basis}</text></annotationEntry></rule>")
    return "\n".join([*parts, "</decisionTable>"])


def decision_xml(logic: str, inputs: Sequence[tuple[str, str]], name: str = "d") -> str:
    """A decision that requires all inputs."""
    data = "\n".join(
        f'<inputData id="i-{n}" name="{n}"><variable name="{n}" typeRef="{k}"/></inputData>'
        for n, k in inputs
    )
    needs = "\n".join(
        f'<informationRequirement><requiredInput href="#i-{n}"/></informationRequirement>'
        for n, _ in inputs
    )
    return (
        f'{data}\n<decision id="{name}" name="{name}"><variable name="{name}"/>'
        f"{needs}{logic}</decision>"
    )


@pytest.fixture(scope="session")
def model():
    """Make a DMN file of the XML below its root."""
    return model_xml


@pytest.fixture(scope="session")
def table():
    """Make a DMN file with one decision table."""

    def make(inputs, outputs, rows, policy="UNIQUE", extra="", basis="第四十二条", before=""):
        logic = logic_xml(inputs, outputs, rows, policy, extra, basis)
        return model_xml(before + decision_xml(logic, inputs))

    return make


@pytest.fixture(scope="session")
def days(table):
    """A table of two facts and one outcome: days and survey give the type of matter."""

    def make(rows, policy="UNIQUE", extra="", basis="第四十二条"):
        inputs = [("法定天数", "number"), ("现场勘查", "boolean")]
        return table(inputs, [("办件类型", "string")], rows, policy, extra, basis)

    return make


@pytest.fixture(scope="session")
def literal(model):
    """Make a DMN file whose decision `d` is one boxed expression over inputs of any type."""

    def make(boxed, inputs=(), before=""):
        return model(before + decision_xml(boxed, [(name, "Any") for name in inputs]))

    return make


@pytest.fixture(scope="session")
def hall_table():
    """Read a table of the hall by name, as bytes."""
    return lambda name: (RULES / "tables" / f"{name}.dmn").read_bytes()


WORDS = ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸"]
DAYS = ['date("2026-01-31")', '@"2026-02-01"', 'date("2026-11-22")', 'date("1999-12-31")']
NUMBERS = ["-1", "0", "0.05", "1", "2", "3.25", "10", "10.0001", "99999"]


class Dice(random.Random):
    """Throws the cells and facts of tables: text, number, boolean, date, and what is derived."""

    def cell(self, kind: str) -> str:
        if self.random() < 0.3:
            return "-"
        return getattr(self, f"_{kind}")()

    def _string(self) -> str:
        some = ", ".join(f'"{word}"' for word in self.sample(WORDS, self.choice([1, 2, 3, 9])))
        return self.choice(
            [
                some,
                f"not({some})",
                '!= "甲"',
                "null",
                'null, "乙"',
                'starts with(?, "甲")',
                '< "乙"',
            ]
        )

    def _number(self) -> str:
        low, high = sorted(self.sample(NUMBERS, 2), key=float)
        bounds = self.choice("[("), self.choice("])")
        span = f"{bounds[0]}{low}..{high}{bounds[1]}"
        sign = self.choice(["<", "<=", ">", ">=", "=", "!="])
        simple = [span, f"{sign} {low}", f"{low}, {high}", "null", f"null, {span}"]
        denied = [f"not({low}, {high})", f"not({span})", f"not(< {low})", f"not({span}, 7)"]
        return self.choice([*simple, *denied, f"< {low}, > {high}", "? * 2 > 6"])

    def _boolean(self) -> str:
        return self.choice(["true", "false", "= true", "null", "not(true)", "!= false"])

    def _date(self) -> str:
        low, high = self.sample(DAYS, 2)
        return self.choice(
            [f">= {low}", f"[{low}..{high}]", f"< {high}", low, f"not({low})", "null"]
        )

    def rows(self, kinds: Sequence[str], count: int) -> list[list[str]]:
        return [[self.cell(kind) for kind in kinds] for _ in range(count)]

    def value(self, kind: str) -> object:
        """A plain value of a kind, or null."""
        if self.random() < 0.12:
            return None
        if kind == "string":
            return self.choice([*WORDS, "未知", "甲乙", ""])
        if kind == "number":
            near = Decimal(self.choice(NUMBERS))
            step = self.choice(["0", "0", "0.0001", "-0.0001", "1", "-1", "0.00000001", "1e20"])
            return near + Decimal(step)
        if kind == "boolean":
            return self.random() < 0.5
        start = date(2026, 1, 30) + timedelta(days=self.choice([0, 1, 2, 3, 100, 296, 297, -9800]))
        return self.choice([start, date(1999, 12, 31), date(1999, 12, 30)])


@pytest.fixture(scope="session")
def dice():
    """Make a source of chance that throws the same for the same seed."""
    return Dice
