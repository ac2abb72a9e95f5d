"""The demo city as data: every total of the handbook holds, and each row makes sense."""

import csv
import re
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import chinese_calendar
import pytest

from engine.domain.codes import check_task_code, check_uscc
from engine.domain.reform import LedgerRow, figures, figures_by_base

FOLDER = Path(__file__).parents[2] / "rules/catalogue"
COLUMNS = {
    "zones": "no code name name_en floor",
    "units": "no name name_en zone_no uscc licences others utility_services windows back_offices",
    "windows": "no label zone_no floor unit_no place_in_unit purpose back_office",
    "matter_types": "code name_zh name_en steps promised_days process gb_case_type_code colour",
    "matters": "no basic_code task_code name initials unit_no base item_type_code matter_type"
    " steps_before steps statutory_days promised_days exception_basis process form licence_name"
    " licence_scheme licence_holder applicant_kinds legal_basis conditions fee units_involved"
    " formal_review survey hearing testing expert_review quantity_limit tolerant named"
    " licence_days",
    "materials": "of no name required tolerant originals copies issuer legal_basis",
    "joint_procedures": "code matter_no name name_en lead_unit_no unit_nos statutory_days"
    " promised_days process legal_basis phase silence_consents survey_law",
    "baselines": "matter_no name unit_no steps days papers visits visits_now legal_basis",
    "calendar": "day kind name status notice",
    "roles": "role name_zh name_en permissions",
}
# Handbook 5.3: unit, zone, licences i/r/c, others i/r/c, windows, back offices.
UNITS = """
1 I 2/3/2 2/3/2 6 1 | 2 I 1/2/1 2/2/1 5 1 | 3 S 1/2/1 2/3/2 6 1 | 4 S 0/0/0 1/2/1 3 1
5 S 2/2/1 1/2/1 5 1 | 6 T 3/4/2 4/6/4 9 2 | 7 T 1/2/1 4/5/3 7 2 | 8 I 1/1/1 1/1/1 4 1
9 S 2/3/2 4/5/3 8 2 | 10 S 1/2/1 2/2/2 5 1 | 11 S 1/1/1 1/2/1 4 1 | 12 H 2/2/1 8/11/7 11 2
13 I 2/3/2 2/4/3 7 2 | 14 I 2/3/2 2/2/1 6 1 | 15 I 3/4/3 2/4/3 8 2 | 16 I 2/3/2 2/2/2 6 1
17 I 2/3/2 1/2/1 6 1 | 18 T 3/5/4 3/4/2 8 2 | 19 I 3/3/3 1/2/1 6 1 | 20 S 2/3/2 2/2/2 6 1
21 S 3/3/2 1/2/1 6 1 | 22 S 2/3/2 1/1/1 5 1 | 23 B 1/1/1 1/2/2 5 1 | 24 S 3/4/3 1/2/1 6 1
25 S 2/4/3 3/3/3 8 2 | 26 B 2/3/2 3/5/3 8 2 | 27 B 2/2/2 2/2/2 6 1 | 28 B 3/4/2 2/3/2 7 2
29 B 1/2/1 1/2/1 5 1 | 30 S 0/0/0 1/1/0 3 1 | 31 S 1/1/1 1/1/1 4 1 | 32 I 1/1/1 1/1/1 4 1
33 H 0/1/1 5/6/5 8 2 | 34 H 0/0/0 3/5/3 6 1 | 35 I 1/1/1 0/1/1 4 1 | 36 I 1/1/0 0/1/0 3 1
37 B 0/1/0 5/6/5 7 1 | 38 B 0/0/0 4/6/4 6 1 | 39 S 0/0/1 1/1/0 3 1 | 40 S 0/0/0 2/1/2 4 1
41 B 1/1/0 0/1/1 3 1 | 42 B 1/0/1 1/0/0 3 1 | 43 T 0/1/0 0/1/0 3 1 | 44 B 0/0/1 0/0/1 3 1
45 P 0/0/0 0/0/0 2 0 | 46 P 0/0/0 0/0/0 2 0 | 47 P 0/0/0 0/0/0 2 0 | 48 P 0/0/0 0/0/0 2 0
49 P 0/0/0 0/0/0 2 0 | 50 P 0/0/0 0/0/0 2 0
"""
# Handbook 4: worked weekends, and holidays on weekdays (for 2027 the 13 statutory days).
CALENDAR = {
    2015: (
        249,
        "01-04 02-15 02-28 09-06 10-10",
        "01-01 01-02 02-18 02-19 02-20 02-23 02-24 04-06 05-01 06-22 09-03 09-04 10-01 10-02"
        " 10-05 10-06 10-07",
    ),
    2024: (
        251,
        "02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12",
        "01-01 02-12 02-13 02-14 02-15 02-16 04-04 04-05 05-01 05-02 05-03 06-10 09-16 09-17"
        " 10-01 10-02 10-03 10-04 10-07",
    ),
    2025: (
        248,
        "01-26 02-08 04-27 09-28 10-11",
        "01-01 01-28 01-29 01-30 01-31 02-03 02-04 04-04 05-01 05-02 05-05 06-02 10-01 10-02"
        " 10-03 10-06 10-07 10-08",
    ),
    2026: (
        248,
        "01-04 02-14 02-28 05-09 09-20 10-10",
        "01-01 01-02 02-16 02-17 02-18 02-19 02-20 02-23 04-06 05-01 05-04 05-05 06-19 09-25"
        " 10-01 10-02 10-05 10-06 10-07",
    ),
    2027: (
        254,
        "",
        "01-01 02-05 02-06 02-07 02-08 04-05 05-01 05-02 06-09 09-15 10-01 10-02 10-03",
    ),
}
CATCH_ALL = re.compile("等|相关|其他|其它|有关部门|有关材料")
SPECIAL = ("survey", "hearing", "testing", "expert_review", "quantity_limit")
TYPES = ("instant", "one_review", "commitment")


def read(name):
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def pick(rows, **wanted):
    return [row for row in rows if all(row[key] == value for key, value in wanted.items())]


def total(rows, column):
    return sum(int(row[column]) for row in rows)


def ledger_row(row):
    numbers = ("steps_before", "steps", "statutory_days", "promised_days")
    return LedgerRow(int(row["no"]), row["base"], *(int(row[key]) for key in numbers))


ZONES, UNIT_ROWS, WINDOWS = read("zones"), read("units"), read("windows")
MATTERS, MATERIALS, JOINT = read("matters"), read("materials"), read("joint_procedures")
DAYS, ROLES, TYPE_ROWS = read("calendar"), read("roles"), read("matter_types")
LICENCES, OTHERS = pick(MATTERS, base="licence"), pick(MATTERS, base="other")
TYPE = {row["code"]: row for row in TYPE_ROWS}


@pytest.mark.parametrize("name", COLUMNS)
def test_a_file_is_plain_utf8_with_its_columns(name):
    source = (FOLDER / f"{name}.csv").read_bytes()
    assert not source.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in source
    assert source.endswith(b"\n")
    header, *rows = list(csv.reader(source.decode().splitlines(), strict=True))
    assert header == COLUMNS[name].split()
    assert {len(row) for row in rows} == {len(header)}
    assert all(cell == cell.strip() for row in rows for cell in row)


def test_there_is_no_file_that_nobody_described():
    assert {path.stem for path in FOLDER.iterdir()} == set(COLUMNS)


# M-CITY-1: the totals.


@pytest.mark.parametrize(
    ("rows", "count", "types", "steps", "spent"),
    [
        pytest.param(LICENCES, 205, (61, 85, 59), (1025, 408), (4100, 906), id="licences"),
        pytest.param(OTHERS, 289, (86, 120, 83), (1445, 575), (5790, 1276), id="other matters"),
        pytest.param(MATTERS, 494, (147, 205, 142), (2470, 983), (9890, 2182), id="all"),
    ],
)
def test_the_totals_of_the_article_hold(rows, count, types, steps, spent):
    assert len(rows) == count
    assert tuple(len(pick(rows, matter_type=kind)) for kind in TYPES) == types
    assert (total(rows, "steps_before"), total(rows, "steps")) == steps
    assert (total(rows, "statutory_days"), total(rows, "promised_days")) == spent


def test_the_percentages_of_the_article_hold_for_the_licences():
    licences = figures_by_base(map(ledger_row, MATTERS))["licence"]
    assert licences.step_cut == Decimal("60.2")
    assert licences.day_cut == Decimal("77.9")
    assert licences.instant_share == Decimal("29.8")
    assert figures(map(ledger_row, MATTERS)).instant_share == Decimal("29.8")


@pytest.mark.parametrize(
    ("column", "rows", "spread"),
    [
        pytest.param(
            "statutory_days",
            LICENCES,
            {"60": 2, "45": 4, "30": 18, "20": 133, "15": 24, "10": 24},
            id="statutory days of the licences",
        ),
        pytest.param(
            "steps_before",
            LICENCES,
            {"7": 10, "6": 30, "5": 125, "4": 30, "3": 10},
            id="old steps of the licences",
        ),
        pytest.param(
            "item_type_code",
            MATTERS,
            {"01": 205, "07": 116, "20": 116, "05": 43, "08": 14},
            id="GB/T 39046 A.1",
        ),
        pytest.param("named", MATTERS, {"1": 46, "0": 448}, id="matters with their own content"),
    ],
)
def test_the_spread_is_that_of_the_handbook(column, rows, spread):
    assert Counter(row[column] for row in rows) == spread


@pytest.mark.parametrize(
    "line", re.findall(r"\d+ [A-Z] [^|\n]+", UNITS), ids=lambda x: x.split()[0]
)
def test_a_unit_has_its_matters_windows_and_rooms(line):
    no, zone, licences, others, windows, rooms = line.split()
    (unit,) = pick(UNIT_ROWS, no=no)
    (area,) = pick(ZONES, code=zone)
    for base, column, wanted in (("licence", "licences", licences), ("other", "others", others)):
        mine = pick(MATTERS, unit_no=no, base=base)
        counted = [len(pick(mine, matter_type=kind)) for kind in TYPES]
        assert counted == [int(count) for count in wanted.split("/")]
        assert int(unit[column]) == len(mine)
    places = pick(WINDOWS, unit_no=no)
    assert unit["windows"] == windows == str(len(places))
    assert unit["back_offices"] == rooms == str(sum(row["back_office"] != "" for row in places))
    assert {row["zone_no"] for row in places} == {unit["zone_no"]} == {area["no"]}
    utility = zone == "P"
    assert unit["utility_services"] == ("2" if utility else "0")
    assert len(pick(places, purpose="chief")) == (0 if utility else 1)
    assert bool(pick(places, purpose="utility")) is utility


@pytest.mark.parametrize(
    ("code", "name", "floor", "units", "matters", "first", "last", "rooms"),
    [
        pytest.param("B", "商事登记服务区", 1, 10, 102, 1, 53, 12, id="B"),
        pytest.param("S", "社会事务服务区", 2, 15, 143, 54, 129, 17, id="S"),
        pytest.param("I", "投资建设服务区", 3, 12, 127, 130, 194, 14, id="I"),
        pytest.param("T", "公安交通服务区", 2, 4, 62, 195, 221, 7, id="T"),
        pytest.param("H", "社保房产服务区", 3, 3, 60, 222, 246, 5, id="H"),
        pytest.param("P", "公共事业服务区", 1, 6, 0, 247, 258, 0, id="P"),
    ],
)
def test_a_zone_has_its_units_and_windows(code, name, floor, units, matters, first, last, rooms):
    (zone,) = pick(ZONES, code=code)
    assert (zone["name"], zone["floor"]) == (name, str(floor))
    own = {row["no"] for row in pick(UNIT_ROWS, zone_no=zone["no"])}
    places = pick(WINDOWS, zone_no=zone["no"])
    assert len(own) == units
    assert sum(row["unit_no"] in own for row in MATTERS) == matters
    assert [int(row["no"]) for row in places] == list(range(first, last + 1))
    assert {row["floor"] for row in places} == {str(floor)}
    assert sum(row["back_office"] != "" for row in places) == rooms


def test_the_hall_is_as_large_as_the_article_says():
    assert (len(ZONES), len(UNIT_ROWS), len(WINDOWS)) == (6, 50, 258)
    assert {row["back_office"] for row in WINDOWS} - {""} == {f"H{no:02d}" for no in range(1, 56)}
    assert total(UNIT_ROWS, "utility_services") == 12, "besides the 494"
    walk = {row["label"]: (row["unit_no"], row["purpose"]) for row in WINDOWS}
    assert walk["01"] == ("26", "handout")
    assert walk["06"] == ("26", "intake")
    assert walk["07"] == ("26", "chief")


def test_windows_are_labelled_and_counted_through_in_each_unit():
    assert [row["label"] for row in WINDOWS] == [f"{no:02d}" for no in range(1, 259)]
    for unit in UNIT_ROWS:
        places = [int(row["place_in_unit"]) for row in pick(WINDOWS, unit_no=unit["no"])]
        assert places == list(range(1, len(places) + 1))


# Types and matters.


def test_the_types_are_those_of_the_article():
    assert [(r["code"], r["steps"], r["promised_days"]) for r in TYPE_ROWS] == [
        ("instant", "1", "1"),
        ("one_review", "2", "3"),
        ("commitment", "3", "10"),
    ]
    assert [row["gb_case_type_code"] for row in TYPE_ROWS] == ["1", "2", "2"]
    assert [row["colour"] for row in TYPE_ROWS] == ["#1b6e3c", "#0b5cad", "#6a3fa0"]
    assert [row["process"] for row in TYPE_ROWS] == list(TYPES)


def test_every_code_is_right_and_comes_once():
    units = {row["no"]: check_uscc(row["uscc"]) for row in UNIT_ROWS}
    assert all(code[2:8] == "439900" for code in units.values()), "a division nobody has"
    assert len(set(units.values())) == 50
    for row in MATTERS:
        assert check_task_code(row["task_code"]).startswith(units[row["unit_no"]])
        assert row["task_code"][18:] == f"3{row['basic_code']}00", "level 3 is the city"
        assert re.fullmatch(r"\d{10}", row["basic_code"])
        assert row["basic_code"].startswith(row["item_type_code"])
    for column in ("no", "name", "basic_code", "task_code"):
        assert len({row[column] for row in MATTERS}) == 494


def test_a_matter_has_the_steps_of_its_type_and_keeps_within_the_law():
    for row in MATTERS:
        kind = TYPE[row["matter_type"]]
        assert row["steps"] == kind["steps"], row["name"]
        assert int(row["promised_days"]) <= int(row["statutory_days"]), row["name"]
        assert int(row["steps_before"]) >= int(row["steps"]), row["name"]
        longer = int(row["promised_days"]) > int(kind["promised_days"])
        assert longer is (row["exception_basis"] != ""), f"M-COM-1: {row['name']}"


def test_two_commitments_are_excepted_by_law_and_four_are_faster():
    promised = Counter(r["promised_days"] for r in pick(LICENCES, matter_type="commitment"))
    assert promised == {"10": 53, "20": 2, "5": 4}
    excepted = [row for row in MATTERS if row["exception_basis"]]
    assert {row["statutory_days"] for row in excepted} == {"60"}
    assert all(re.search("第.+条", row["exception_basis"]) for row in excepted)


def test_m_class_1_what_needs_a_special_procedure_is_never_instant():
    for row in MATTERS:
        special = {row[key] for key in SPECIAL}
        assert special <= {"0", "1"}
        if row["matter_type"] == "commitment":
            assert "1" in special or int(row["units_involved"]) > 1, row["name"]
        else:
            assert special == {"0"}, row["name"]
            assert row["units_involved"] == "1", row["name"]


def test_a_matter_says_what_it_needs_of_whom_by_which_law():
    for row in MATTERS:
        assert re.search("《.+》", row["legal_basis"]), row["name"]
        assert 2 <= len(row["conditions"].split("|")) <= 9, row["name"]
        assert "" not in row["conditions"].split("|"), row["name"]
        assert len(row["licence_name"]) <= 100, "GB/T 39046 table 4, 29"
        assert row["licence_name"], row["name"]
        assert row["fee"], "M-GUIDE-2"
        assert set(row["applicant_kinds"].split(";")) <= {"person", "enterprise"}, row["name"]
        assert row["base"] == ("licence" if row["item_type_code"] == "01" else "other")
        assert len(row["legal_basis"]) <= 1000, "GB/T 39046 table 4, 6"


def test_no_name_is_a_template():
    units = {row["no"]: row["name"].removeprefix("市") for row in UNIT_ROWS}
    assert [
        row["name"]
        for row in MATTERS
        if re.search(r"\d|事项", row["name"]) or row["name"].startswith(units[row["unit_no"]])
    ] == []


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        pytest.param("企业设立登记(三证合一)", "qysldjszhy", id="brackets fall away"),
        pytest.param("娱乐场所设立审批", "ylcsslsp", id="乐 is le here"),
        pytest.param("银行账户开户许可", "yhzhkhxk", id="行 is hang here"),
    ],
)
def test_initials_are_those_that_a_clerk_types(name, initials):
    (row,) = pick(MATTERS, name=name)
    assert row["initials"] == initials


def test_every_character_has_its_initial():
    for row in MATTERS:
        assert re.fullmatch("[a-z]+", row["initials"]), row["name"]
        assert len(row["initials"]) == len(re.findall(r"[\u4e00-\u9fff]", row["name"]))


def test_the_matter_of_the_walk_through_is_there():
    (row,) = pick(MATTERS, name="企业设立登记(三证合一)")
    assert (row["unit_no"], row["matter_type"]) == ("26", "one_review")
    assert (row["form"], row["licence_name"]) == ("enterprise.apply", "营业执照")
    assert row["process"] == ""
    assert [r["form"] for r in MATTERS if r["form"]] == ["enterprise.apply"]


# Joint procedures.


def test_each_joint_procedure_has_the_matter_of_its_name_at_its_lead_unit():
    assert len(JOINT) == 6
    units = {row["no"] for row in UNIT_ROWS}
    for row in JOINT:
        (matter,) = pick(MATTERS, name=row["name"], unit_no=row["lead_unit_no"])
        involved = row["unit_nos"].split(";")
        assert matter["process"] == row["process"]
        assert matter["promised_days"] == row["promised_days"]
        assert matter["units_involved"] == str(len(involved))
        assert involved[0] == row["lead_unit_no"]
        assert len(set(involved)) == len(involved) > 1
        assert set(involved) <= units
        assert row["statutory_days"] == "45", "行政许可法 art. 42"
    assert len(pick(MATTERS, process="parallel")) == 5
    assert [row["code"] for row in JOINT if row["process"] != "parallel"] == ["key_project"]
    assert {row["process"] for row in MATTERS} == {"", "parallel", "key_project"}


@pytest.mark.parametrize(
    ("code", "units"),
    [
        pytest.param("joint_siting", {"1", "13", "14", "16"}, id="发改 国土 规划 环保"),
        pytest.param("joint_completion", {"15", "16", "8", "32", "14"}, id="综合验收"),
        pytest.param("catering_opening", {"26", "28", "8", "14"}, id="工商 食药 消防 环保"),
    ],
)
def test_the_units_of_a_joint_procedure_are_those_of_the_handbook(code, units):
    (row,) = pick(JOINT, code=code)
    assert set(row["unit_nos"].split(";")) == units


# Papers.


def papers_of(matter):
    return pick(MATERIALS, of=matter["no"]) or pick(MATERIALS, of=matter["matter_type"])


def test_every_matter_has_its_papers_numbered_from_one():
    for row in MATTERS:
        papers = papers_of(row)
        assert [int(paper["no"]) for paper in papers] == list(range(1, len(papers) + 1))
        assert 3 <= len(papers) <= 9, row["name"]
        assert len({paper["name"] for paper in papers}) == len(papers), row["name"]
        assert any(paper["required"] == "1" for paper in papers), row["name"]


def test_the_named_matters_have_lists_of_their_own_and_nobody_else():
    of = {row["of"] for row in MATERIALS}
    assert of - set(TYPES) == {row["no"] for row in pick(MATTERS, named="1")}
    assert set(TYPES) <= of


def test_m_guide_1_no_paper_is_a_catch_all():
    texts = [(row["of"], row["name"]) for row in MATERIALS]
    texts += [(row["no"], row["name"] + row["conditions"]) for row in MATTERS]
    assert [(no, text) for no, text in texts if CATCH_ALL.search(text)] == []


def test_a_paper_may_be_missing_only_where_the_matter_allows_it():
    for row in MATTERS:
        tolerant = {paper["tolerant"] for paper in papers_of(row)}
        assert row["tolerant"] == ("1" if "1" in tolerant else "0"), row["name"]


def test_a_paper_has_a_number_of_pieces_an_issuer_and_a_law():
    for row in MATERIALS:
        assert row["issuer"], row["name"]
        assert "《" in row["legal_basis"], row["name"]
        assert int(row["originals"]) + int(row["copies"]) >= 1, row["name"]
        assert {row["required"], row["tolerant"]} <= {"0", "1"}
        assert not (row["tolerant"] == "1" and row["required"] == "0"), row["name"]


def test_a_paper_that_is_not_required_says_when_it_is():
    assert [r["name"] for r in pick(MATERIALS, required="0") if "的提交)" not in r["name"]] == []


# The calendar.


def days_of(year, kind):
    return {row["day"][5:] for row in pick(DAYS, kind=kind) if row["day"].startswith(str(year))}


@pytest.mark.parametrize("year", CALENDAR)
def test_a_year_is_that_of_the_handbook(year):
    working, weekends, holidays = CALENDAR[year]
    worked, free = days_of(year, "worked_weekend"), days_of(year, "holiday")
    assert worked == set(weekends.split())
    assert free == set(holidays.split())
    start = date(year, 1, 1)
    days = [start + timedelta(days=n) for n in range((date(year + 1, 1, 1) - start).days)]
    plain = [day for day in days if day.weekday() < 5 and f"{day:%m-%d}" not in free]
    assert len(plain) + len(worked) == working


def test_every_published_day_is_that_of_the_library():
    rows = {row["day"]: row["kind"] for row in pick(DAYS, status="published")}
    day = date(2004, 1, 1)
    while day <= date(2026, 12, 31):
        works, weekend = chinese_calendar.is_workday(day), day.weekday() >= 5
        expected = None if works is not weekend else "worked_weekend" if works else "holiday"
        assert rows.pop(day.isoformat(), None) == expected, day
        day += timedelta(days=1)
    assert rows == {}


def test_days_are_in_order_named_and_marked():
    assert [row["day"] for row in DAYS] == sorted({row["day"] for row in DAYS})
    assert {row["status"] for row in DAYS if row["day"] < "2027"} == {"published"}
    assert {row["status"] for row in DAYS if row["day"] > "2027"} == {"provisional"}
    assert all(row["name"] for row in DAYS)
    assert not any(row["notice"] for row in pick(DAYS, status="provisional"))


@pytest.mark.parametrize(
    ("day", "notice"),
    [
        pytest.param("2015-10-01", "国办发明电〔2014〕28号", id="the year's own notice"),
        pytest.param("2015-09-03", "国发明电〔2015〕1号", id="a notice of its own"),
        pytest.param("2018-12-31", "国办发明电〔2018〕15号", id="New Year is of the next year"),
        pytest.param("2019-05-02", "国办发明电〔2019〕3号", id="changed later"),
        pytest.param("2020-01-31", "国办发明电〔2020〕1号", id="extended"),
        pytest.param("2026-10-10", "国办发明电〔2025〕7号", id="a worked weekend"),
    ],
)
def test_a_day_names_the_notice_that_made_it(day, notice):
    (row,) = pick(DAYS, day=day)
    assert row["notice"] == notice


def test_every_day_since_2008_has_its_notice():
    assert [r["day"] for r in DAYS if "2007-12-29" <= r["day"] < "2027" and not r["notice"]] == []


# Roles.


def test_every_permission_is_known_and_somebody_has_it():
    held = {one for row in ROLES for one in row["permissions"].split(";")}
    assert held == {
        "window.serve",
        "task.work",
        "case.read",
        "case.read_all",
        "change.draft",
        "ticket.take",
        "licence.hand_out",
        "process.read",
        "process.design",
        "rule.read",
        "rule.change",
        "supervision.read",
        "audit.read",
        "people.manage",
        "system.manage",
    }


def test_the_three_administrators_share_no_permission():
    of = {row["role"]: set(row["permissions"].split(";")) for row in ROLES}
    system, security, audit = of["system_admin"], of["security_admin"], of["auditor"]
    assert system & security == system & audit == security & audit == set()
    everybody = [name for name, held in of.items() if "people.manage" in held]
    assert everybody == ["security_admin"]


@pytest.mark.parametrize("role", ["supervisor", "auditor", "hall_manager"])
def test_who_watches_does_not_decide(role):
    (row,) = pick(ROLES, role=role)
    assert not {"task.work", "window.serve", "rule.change"} & set(row["permissions"].split(";"))
