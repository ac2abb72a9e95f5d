"""The table of built-in functions: complete, and every one of them reachable by name."""

from engine.feel.builtins import BUILTINS
from engine.feel.compile import expression
from engine.feel.kinds import Function
from engine.feel.results import RESULTS, SAME_KIND, SAME_LIST

# DMN 1.5, 10.3.4
STANDARD = """date; time; date and time; duration; years and months duration; number; string;
not; is; all; any; substring; string length; upper case; lower case; substring before;
substring after; replace; contains; starts with; ends with; matches; split; string join;
list contains; count; min; max; sum; mean; product; median; stddev; mode; sublist; append;
concatenate; insert before; remove; list replace; reverse; index of; union; distinct values;
flatten; sort; decimal; floor; ceiling; round up; round down; round half up; round half down;
abs; modulo; sqrt; log; exp; odd; even; before; after; meets; met by; overlaps; overlaps before;
overlaps after; finishes; finished by; includes; during; starts; started by; coincides; range;
day of year; day of week; month of year; week of year; now; today; get value; get entries;
context; context put; context merge"""
NAMES = {" ".join(name.split()) for name in STANDARD.split(";")}


def test_the_table_holds_the_functions_of_the_standard_and_no_other() -> None:
    assert set(BUILTINS) == NAMES


def test_every_name_is_read_as_one_name() -> None:
    for name in NAMES:
        value = expression(name, ())({})
        assert isinstance(value, Function)
        assert value.name == name


def test_the_checker_knows_what_every_function_gives() -> None:
    known = RESULTS.keys() | SAME_KIND | SAME_LIST | {"get value"}
    assert known == NAMES
