"""A table goes to Excel and comes back as a file or a change, never into force."""

import csv
import io
import json
import shutil

import pytest
from openpyxl import load_workbook

from engine.bootstrap import open_hall
from engine.cli.main import main
from engine.demo.carry import cast_of
from engine.paths import stock_dir
from engine.services import changes

NAMES = sorted(path.stem for path in (stock_dir("rules") / "tables").glob("*.dmn"))


@pytest.fixture
def rules(tmp_path, monkeypatch):
    monkeypatch.setenv("HALL_DATA", str(tmp_path / "none"))
    for name in ("tables", "examples"):
        shutil.copytree(stock_dir("rules") / name, tmp_path / "rules" / name)
    return tmp_path / "rules"


def run(capsys, *arguments, code=0):
    assert main(["sheet", *map(str, arguments)]) == code
    captured = capsys.readouterr()
    return captured.err if code else captured.out


def write(path, sheet, **cells):
    book = load_workbook(path)
    for address, value in cells.items():
        book[sheet][address] = value
    book.save(path)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_every_table_and_its_examples_come_back_to_the_byte(rules, capsys, name, ending):
    table, sheet = rules / "tables" / f"{name}.dmn", rules / f"sheet.{ending}"
    examples = ["--examples"] if ending == "xlsx" else []
    run(capsys, "export", table, "--to", sheet, *examples)
    out, shown = rules / "back.dmn", rules / "back.csv"
    if examples:
        examples = ["--examples", shown]
    told = run(capsys, "import", sheet, "--onto", table, "--out", out, *examples, "--json")
    said = json.loads(told)
    assert (said["added"], said["changed"], said["removed"], said["moved"]) == ([], [], [], [])
    assert out.read_bytes() == table.read_bytes()
    if examples:
        assert shown.read_bytes() == (rules / "examples" / f"{name}.csv").read_bytes()


def test_a_change_is_shown_with_its_effect_and_written_only_on_request(rules, capsys):
    table, sheet = rules / "tables" / "priority.dmn", rules / "sheet.xlsx"
    before = table.read_bytes()
    run(capsys, "export", table, "--to", sheet, "--examples")
    column = next(
        cell.column_letter for cell in load_workbook(sheet)["决策表"][2] if cell.value == "理由"
    )
    write(sheet, "决策表", **{f"{column}4": "特事特办"})
    write(sheet, "例", B2="改过的说明")
    said = json.loads(run(capsys, "import", sheet, "--onto", table, "--json"))
    assert [row["row"] for row in said["changed"]] == ["priority-2"]
    assert said["otherwise"]
    assert said["examples"]["changed"]
    assert said["written"] == []
    assert table.read_bytes() == before
    shown = run(capsys, "import", sheet, "--onto", table, "--out", rules / "new.dmn")
    assert "特事特办" in shown
    assert "特事特办" in (rules / "new.dmn").read_text(encoding="utf-8")


def test_a_formula_among_the_examples_is_refused_by_its_address(rules, capsys):
    table, sheet = rules / "tables" / "priority.dmn", rules / "sheet.xlsx"
    run(capsys, "export", table, "--to", sheet, "--examples")
    write(sheet, "例", C3="=1+1")
    assert "例!C3" in run(capsys, "import", sheet, "--onto", table, code=1)


def test_a_sheet_of_an_old_version_is_merged_or_its_conflicts_are_listed(rules, capsys):
    table, sheet, out = (
        rules / "tables" / "priority.dmn",
        rules / "sheet.csv",
        rules / "new.dmn",
    )
    old = rules / "old.dmn"
    shutil.copy(table, old)
    run(capsys, "export", table, "--to", sheet)
    text = sheet.read_text(encoding="utf-8-sig")
    table.write_bytes(
        old.read_bytes().replace(">&quot;特别处置&quot;<".encode(), ">&quot;甲&quot;<".encode())
    )
    assert "sheet.old_version" in run(capsys, "import", sheet, "--onto", table, code=1)
    asked = ["import", sheet, "--onto", table, "--base", old, "--out", out]
    sheet.write_text(text.replace('"照顾老幼病残孕"', '"照顾"'), encoding="utf-8-sig")
    said = json.loads(run(capsys, *asked, "--json"))
    assert said["stale"]
    merged = out.read_text(encoding="utf-8")
    assert ">&quot;甲&quot;<" in merged
    assert "照顾老幼病残孕" not in merged
    out.unlink()
    lines = list(csv.reader(io.StringIO(text)))
    place = lines[2].index("理由")
    lines[4][place] = "乙"
    with sheet.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows(lines)
    told = run(capsys, *asked, code=1)
    assert "5：" in told or "5:" in told
    assert "乙" in told
    assert "甲" in told
    assert "特别处置" in told
    assert not out.exists()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["export", "priority", "--to", "x.ods"], "definition.none"),
        (["import", "x.xlsx", "--onto", "{table}"], "definition.no_file"),
        (["export", "{table}", "--to", "x.ods"], "sheet.unknown_ending"),
        (["export", "{table}", "--to", "x.csv", "--examples"], "sheet.examples_in_csv"),
    ],
    ids=["no hall", "no file", "another kind of file", "examples in CSV"],
)
def test_what_cannot_be_done_is_said(rules, capsys, arguments, code):
    table = str(rules / "tables" / "priority.dmn")
    assert code in run(capsys, *[one.format(table=table) for one in arguments], code=1)


def test_a_published_table_comes_back_as_a_change(city, monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("HALL_DATA", str(city.data))
    sheet = tmp_path / "x.xlsx"
    run(capsys, "export", "priority", "--to", sheet, "--examples")
    write(sheet, "例", B2="改过的说明")
    said = json.loads(
        run(capsys, "import", sheet, "--onto", "priority", "--by", "policy1", "--json")
    )
    hall = open_hall(city)
    author = cast_of(hall).all_of("policy", None)[0]
    change = changes.change(hall, author, said["change"])
    assert [(part.kind, part.key) for part in change.parts] == [("examples", "priority")]
    part = changes.drafting(hall, author, said["change"], "examples", "priority")
    assert "改过的说明" in part.text
    hall.store.dispose()
