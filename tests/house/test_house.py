"""The rules of the house that no linter knows; each failure says what to do."""

import ast
import csv
import importlib.metadata
import json
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from engine.bootstrap import make_hall
from engine.domain.facts import FACTS
from engine.settings import SETTINGS, read_settings
from tests.events import event_kinds
from webui.app import create_app
from webui.kit.guard import unguarded

ROOT = Path(__file__).parents[2]
EXEMPT = {"migrations", "frontend"}
MODULES = sorted(
    path
    for top in ("engine", "webui")
    for path in (ROOT / top).rglob("*.py")
    if not EXEMPT & set(path.parts)
)
TEMPLATES = sorted((ROOT / "webui/templates").rglob("*.html"))
LANGUAGES = ("zh_Hans", "en")
KINDS = {"Missing", "Invalid", "Forbidden", "Conflict", "Late", "Unavailable"}
# Modules that raise what another one found, or what a table of theirs says.
PASS_ON = {
    "engine/feel/check.py",
    "engine/processes/findings.py",
    "engine/processes/load.py",
    "engine/storage/faults.py",
}
# Parameters that a caller adds to what these modules raise.
ADDED = {
    "engine/processes/moments.py": {"element", "name"},
    "engine/decisions/words.py": {"address"},
    "engine/decisions/grid.py": {"address"},
}
# What else carries a code in one layer: the name of the call and the place of the code.
CARRIERS = {
    "engine/processes/": {"Finding": 0, "at": 1, "broken": 2, "warn": 1},
    "engine/decisions/": {"Finding": 1, "NotProjected": 0},
    "engine/feel/": {"report": 1},
    "engine/forms/": {"_Wrong": 0},
}
# The first word of codes that FEEL hands on as values: why an expression came to null.
CAUSE = "feel.cause."
# Codes that another module repeats under its own word.
UNDER_OWN_WORD = {"xml.": "process.", "feel.cause.pattern": "feel.pattern"}
# Who asks for a sentence that is no error's: the name of the call and the place of the code.
SPEAKERS = {"_": 0, "counted": 0, "sentence": 0, "_say": 0, "say": 0, "at": 1}
CODE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")
PLACE = re.compile(r"%\((\w+)\)")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def calls(path: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call))


def where(path: Path, node: ast.expr | ast.stmt) -> str:
    return f"{name_of(path)}:{node.lineno}"


# Files: what stands where.


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_says_what_it_is_for(path):
    said = ast.get_docstring(tree_of(path)) or ""
    assert re.match(r".*[.:;]", said.split("\n\n")[0], re.DOTALL), "begin it with one sentence"


def test_a_module_has_its_test_at_the_mirrored_path():
    bare = [
        name_of(path)
        for path in MODULES
        if any(isinstance(node, ast.FunctionDef) for node in ast.walk(tree_of(path)))
        and not (ROOT / "tests" / path.relative_to(ROOT)).with_name(f"test_{path.name}").exists()
    ]
    assert not bare, f"write tests/<same path>/test_<name>.py for {bare}"


def test_a_package_file_holds_one_sentence_and_no_code():
    full = [
        name_of(path)
        for path in MODULES
        if path.name == "__init__.py" and len(tree_of(path).body) != 1
    ]
    assert not full, f"move the code into a module with a name: {full}"


def test_the_tests_are_no_packages():
    found = [name_of(path) for path in (ROOT / "tests").rglob("__init__.py")]
    assert not found, f"pytest would import this folder as the engine itself: {found}"


@pytest.mark.parametrize("folder", ["bpmn", "rules"])
def test_data_folders_hold_no_code(folder):
    assert not list((ROOT / folder).rglob("*.py")), "processes and rules are data"


def test_modules_have_no_lazy_names():
    lazy = [
        name_of(path)
        for path in MODULES
        if {"utils", "helpers", "manager", "common"} & set(re.split(r"[_/.]", name_of(path)))
    ]
    assert not lazy, f"name the subject instead: {lazy}"


def test_nobody_else_installed_our_names():
    owners = importlib.metadata.packages_distributions()
    others = {
        name: owners[name]
        for name in ("engine", "webui")
        if set(owners.get(name, [])) - {"zhengwu-hall"}
    }
    assert not others, f"another distribution brings a package of our name: {others}"


# Deeds: who may commit, who may ask for the time, who may swallow an error.


def test_only_the_unit_of_work_commits():
    homes = {
        name_of(path)
        for path in MODULES
        for call in calls(path)
        if isinstance(call.func, ast.Attribute) and call.func.attr == "commit"
    }
    assert homes <= {"engine/storage/unit.py"}, f"use `with hall.unit()` instead: {homes}"


def test_only_the_kernel_asks_for_the_time():
    askers = {
        where(path, call)
        for path in MODULES
        if name_of(path) != "engine/kernel/now.py"
        for call in calls(path)
        if isinstance(call.func, ast.Attribute)
        and (call.func.attr, ast.unparse(call.func.value).rpartition(".")[2])
        in {
            ("now", "datetime"),
            ("utcnow", "datetime"),
            ("today", "datetime"),
            ("today", "date"),
            ("time", "time"),
            ("time_ns", "time"),
        }
    }
    assert not askers, f"take the moment from hall.now(): {sorted(askers)}"


def test_nobody_swallows_every_exception():
    homes = {"engine/worker/loop.py", "engine/cli/main.py"}
    found = [
        where(path, node)
        for path in MODULES
        if name_of(path) not in homes
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in {"Exception", "BaseException"})
        and not (isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None)
    ]
    assert not found, f"name the exception that is meant: {found}"


def test_nothing_from_data_becomes_python():
    names = {"eval", "exec", "compile", "__import__"}
    modules = {"pickle", "marshal", "shelve", "dill"}
    found = [
        where(path, node)
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names
        )
        or (isinstance(node, ast.Import) and modules & {alias.name for alias in node.names})
        or (isinstance(node, ast.ImportFrom) and node.module in modules)
    ]
    assert not found, f"FEEL is the only language of data: {found}"


def test_every_ignore_says_why():
    silent = [
        f"{name_of(path)}:{number}"
        for path in [*MODULES, *(ROOT / "tests").rglob("*.py"), ROOT / "conftest.py"]
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"# (noqa|type: ignore)(: [A-Z0-9, ]+|\[[\w, -]+\])?\s*$", line)
    ]
    assert not silent, f"write the reason in the same line: {silent}"


# Words: matter types are data, rejected words stay out, every code has its sentence.


def test_matter_types_are_named_in_data_only():
    with (ROOT / "rules/catalogue/matter_types.csv").open(encoding="utf-8", newline="") as file:
        types = {row["code"] for row in csv.DictReader(file)}
    naming = [
        f"{where(path, node)} {node.value}"
        for path in MODULES
        if "demo" not in path.relative_to(ROOT).parts
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Constant) and node.value in types
    ]
    assert types
    assert not naming, f"ask for steps or days, not for the name of a type: {naming}"


def names_we_chose(path: Path) -> Iterator[tuple[str, int]]:
    """The names that a module makes up itself; those of foreign libraries are not ours."""
    yield path.stem, 1
    for node in ast.walk(tree_of(path)):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.name, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno


def spelled(path: Path, name: str) -> str:
    """A name as `_words_with_lines_` without the words that others gave."""
    words = f"_{re.sub(r'(?<=[a-z0-9])(?=[A-Z])', '_', name).lower().strip('_')}_"
    foreign = ["_back_office_", "_back_offices_", "_user_task_", "_user_tasks_"]
    if name_of(path).startswith("engine/processes/"):
        foreign.append("_workflow_")
    for one in foreign:
        words = words.replace(one, "_")
    return words


def rejected_words() -> dict[str, str]:
    """Rejected word -> what to say instead: the last table of the glossary."""
    text = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    table = text.partition("## Rejected words")[2]
    return dict(re.findall(r"^\| `(\w+)` \| (.+?) \|", table, re.MULTILINE))


def test_rejected_words_are_no_identifiers():
    rejected = rejected_words()
    assert len(rejected) > 10, "the glossary keeps its table of rejected words"
    found = sorted(
        {
            f"{name_of(path)}:{line} {name}: say {rejected[bad]}"
            for path in MODULES
            for name, line in names_we_chose(path)
            for bad in rejected
            if f"_{bad}_" in spelled(path, name) or f"_{bad}s_" in spelled(path, name)
        }
    )
    assert not found, "one word each, see docs/glossary.md:\n" + "\n".join(found)


def code_words(node: ast.AST) -> set[str]:
    """The codes that are written out below a node."""
    return {
        str(one.value)
        for one in ast.walk(node)
        if isinstance(one, ast.Constant) and CODE.fullmatch(str(one.value))
    }


def named_codes(tree: ast.AST, name: str) -> set[str]:
    """The codes that a name stands for, by what is assigned to it below a node."""
    return {
        code
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        if name in {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
        for code in code_words(node.value)
    }


def codes_of(path: Path, said: ast.expr) -> set[str]:
    """The codes that this argument of an error may be; empty when nobody can tell."""
    codes = code_words(said)
    for name in {one.id for one in ast.walk(said) if isinstance(one, ast.Name)}:
        own = named_codes(tree_of(path), name)
        codes |= own or {code for other in MODULES for code in named_codes(constants(other), name)}
    return codes


@cache
def constants(path: Path) -> ast.Module:
    """The assignments at the top of a module."""
    top = [node for node in tree_of(path).body if isinstance(node, ast.Assign)]
    return ast.Module(body=top, type_ignores=[])


def carriers(path: Path) -> dict[str, int]:
    inner = [more for home, more in CARRIERS.items() if name_of(path).startswith(home)]
    return dict.fromkeys(KINDS, 0) | (inner[0] if inner else {})


def callee(call: ast.Call) -> str:
    """The last word of what is called."""
    return ast.unparse(call.func).rpartition(".")[2]


@cache
def codes_raised() -> list[tuple[frozenset[str], Path, ast.Call]]:
    """Every call that carries an error code, with the codes that it may be."""
    return [
        (frozenset(codes_of(path, call.args[place])), path, call)
        for path in MODULES
        for place_of in [carriers(path)]
        for call in calls(path)
        for place in [place_of.get(callee(call))]
        if place is not None and len(call.args) > place
    ]


def error_codes() -> set[str]:
    codes = {code for found, _, _ in codes_raised() for code in found}
    codes |= {code for place in PASS_ON for code in code_words(constants(ROOT / place))}
    for path in MODULES:
        codes |= {code for code in code_words(tree_of(path)) if code.startswith(CAUSE)}
        for node in ast.walk(tree_of(path)):
            # The code of one field of a form: {"code": "form.unknown_field", "params": …}.
            if isinstance(node, ast.Dict):
                for key, value in zip(node.keys, node.values, strict=True):
                    if isinstance(key, ast.Constant) and key.value == "code":
                        codes |= code_words(value)
    for there, here in UNDER_OWN_WORD.items():
        codes |= {code.replace(there, here, 1) for code in codes if code.startswith(there)}
    return codes


def spoken_codes() -> dict[str, str]:
    """Every code that pages, templates and the terminal ask for, with a place that asks.

    A code that is put together (`_("post." ~ post)`) is asked for by its beginning.
    """
    asked = {}
    for path in MODULES:
        for call in calls(path):
            place = SPEAKERS.get(callee(call))
            if place is not None and len(call.args) > place and "processes" not in path.parts:
                asked |= dict.fromkeys(code_words(call.args[place]), where(path, call))
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        for code in re.findall(r"""\b(?:_|counted)\(\s*["']([\w.]+)["']""", text):
            asked[code] = name_of(path)
    return asked


@cache
def sentences(language: str) -> dict[str, str]:
    file = ROOT / "webui/translations" / language / "LC_MESSAGES/messages.po"
    with file.open("rb") as source:
        catalogue = read_po(source)
    assert not [entry.id for entry in catalogue if entry.fuzzy and entry.id], "finish the fuzzy"
    return {str(entry.id): str(entry.string) for entry in catalogue if entry.id}


def test_an_error_carries_a_code_and_never_a_sentence():
    """A code that nobody can look up would have no sentence and no row in the reference."""
    wild = [
        where(path, call)
        for codes, path, call in codes_raised()
        if not codes and name_of(path) not in PASS_ON
        if not ast.unparse(call.args[0]).endswith(".code")
    ]
    assert not wild, f"write the code as a word, e.g. Conflict('task.taken', by=name): {wild}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_has_its_sentence(language):
    missing = sorted(error_codes() - set(sentences(language)))
    assert not missing, f"{language}: write a sentence for {missing}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_finds_its_sentences(language):
    known = sentences(language)
    missing = {
        code: place
        for code, place in spoken_codes().items()
        if code not in known
        if not (code.endswith(".") and any(one.startswith(code) for one in known))
    }
    assert not missing, f"{language}: write a sentence for {missing}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_event_has_its_sentence(language):
    missing = [
        kind for kind in sorted(kinds_of_events()) if f"event.{kind}" not in sentences(language)
    ]
    assert not missing, f"{language}: write event.<kind> for {missing}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_verdict_has_its_sentence(language):
    reasons = {code for fact in FACTS if fact.key == "because" for code in fact.codes} | {
        str(call.args[1].value)
        for path in MODULES
        for call in calls(path)
        if isinstance(call.func, ast.Name) and call.func.id == "Verdict" and len(call.args) > 1
        if isinstance(call.args[1], ast.Constant)
    }
    missing = [code for code in sorted(reasons) if f"verdict.{code}" not in sentences(language)]
    assert reasons
    assert not missing, f"{language}: write verdict.<reason> for {missing}"


def test_both_languages_say_the_same_things():
    zh, en = (sentences(language) for language in LANGUAGES)
    assert sorted(set(zh) ^ set(en)) == [], "each code has a sentence in both languages"
    empty = [code for code in zh if not zh[code].strip() or not en[code].strip()]
    assert not empty, f"finish {empty}"
    uneven = [code for code in zh if set(PLACE.findall(zh[code])) != set(PLACE.findall(en[code]))]
    assert not uneven, f"both languages name the same values: {uneven}"


def test_a_sentence_names_only_what_its_error_carries():
    spoken = sentences("zh_Hans")
    wrong = [
        f"{where(path, call)} {code}: {sorted(lacking)}"
        for codes, path, call in codes_raised()
        if isinstance(call.func, ast.Name) and call.func.id in KINDS
        if all(keyword.arg for keyword in call.keywords)
        for code in sorted(codes)
        for given in [{keyword.arg for keyword in call.keywords} | ADDED.get(name_of(path), set())]
        if (lacking := set(PLACE.findall(spoken.get(code, ""))) - given)
    ]
    assert not wrong, f"the page could not fill these places: {wrong}"


# The reference: one row for each event, error, setting, permission and fact.


def kinds_of_events() -> set[str]:
    return {kind.__name__ for kind in event_kinds()}


def permissions() -> set[str]:
    with (ROOT / "rules/catalogue/roles.csv").open(encoding="utf-8", newline="") as file:
        return {one for row in csv.DictReader(file) for one in row["permissions"].split(";") if one}


def documented(heading: str) -> list[str]:
    """The first cells of the rows below one heading of the reference."""
    text = (ROOT / "docs/reference.md").read_text(encoding="utf-8")
    part = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"^\| `([\w.]+)` \|", part, re.MULTILINE)


REFERENCE = {
    "Events": kinds_of_events,
    "Errors": error_codes,
    "Settings": lambda: {setting.name for setting in SETTINGS},
    "Permissions": permissions,
    "Facts": lambda: {fact.key for fact in FACTS},
}


@pytest.mark.parametrize("heading", REFERENCE)
def test_the_reference_knows_it_and_nothing_else(heading):
    written, true = documented(heading), REFERENCE[heading]()
    assert true
    assert sorted(true - set(written)) == [], f"write a row below {heading} in docs/reference.md"
    assert sorted(set(written) - true) == [], f"{heading} in docs/reference.md: no longer there"
    assert len(written) == len(set(written)), f"{heading} in docs/reference.md: twice"


# The web: guards, routes, templates.


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    """The application over an empty hall."""
    data = tmp_path_factory.mktemp("hall")
    hall = make_hall(read_settings({"HALL_DATA": str(data)}), demo=True)
    yield create_app(hall)
    hall.store.dispose()


def test_every_view_is_guarded(app):
    bare = unguarded(app)
    assert not bare, f"put @needs(permission) or @public on {bare}"


def test_every_guard_asks_for_a_permission_that_a_role_has(app):
    asked = {getattr(view, "permission", None) for view in app.view_functions.values()} - {None}
    assert asked <= permissions(), f"roles.csv gives nobody {sorted(asked - permissions())}"


def test_no_route_comes_or_goes_unseen(app):
    """A changed list is looked at: is the guard of the new URL the one that was meant?"""
    routes = sorted(
        f"{method:<5} {rule.rule:<44} {permission or 'public'}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        for permission in [getattr(app.view_functions[rule.endpoint], "permission", None)]
    )
    stored = Path(__file__).with_name("routes.txt").read_text(encoding="utf-8").splitlines()
    assert routes == stored, "look at the guard, then bring tests/house/routes.txt up to date"


TEMPLATE_RULES = {
    "style_attribute": re.compile(r"\sstyle\s*="),
    "style_element": re.compile(r"<style\b"),
    "htmx_inline_handler": re.compile(r"hx-on\b"),
    "htmx_inline_script": re.compile(r"\bjs:|javascript:"),
    "htmx_trigger_filter": re.compile(r"""hx-trigger\s*=\s*["'][^"']*\["""),
    "event_attribute": re.compile(r"""\son(?!line)[a-z]{3,}=\s*["'{]"""),
    "inline_script": re.compile(
        r"""<script(?![^>]*\bsrc=)(?![^>]*\btype=["']application/json["'])"""
    ),
}


@pytest.mark.parametrize("rule", TEMPLATE_RULES)
def test_templates_hold_no_code_that_the_content_policy_forbids(rule):
    found = [
        f"{name_of(path)}:{number}"
        for path in TEMPLATES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if TEMPLATE_RULES[rule].search(line)
    ]
    assert TEMPLATES
    assert not found, f"{rule}: {found}"


# The tree: nothing of one machine, no host of a registry.


def test_the_lock_file_names_no_host():
    lock = json.loads((ROOT / "webui/frontend/package-lock.json").read_text(encoding="utf-8"))
    hosts = [name for name, package in lock["packages"].items() if "resolved" in package]
    assert not hosts, f"keep omit-lockfile-registry-resolved in .npmrc: {hosts}"


def kept_files() -> Iterator[Path]:
    """The files of the tree that .gitignore does not leave out."""
    left_out = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    folders = {".git"} | {line.strip("/") for line in left_out if line.endswith("/")}

    def walk(folder: Path) -> Iterator[Path]:
        for path in sorted(folder.iterdir()):
            place = name_of(path)
            if path.is_dir():
                if not any(fnmatch(place, one) or fnmatch(path.name, one) for one in folders):
                    yield from walk(path)
            elif not any(fnmatch(path.name, one) for one in left_out):
                yield path

    return walk(ROOT)


def test_the_tree_holds_no_path_of_a_machine():
    folders = "|".join(("work", "root", r"home/\w+", r"Users/\w+", "opt", "tmp/brief"))
    machine = re.compile(rf"(?<![\w.*)/-])/(?:{folders})/[\w.-]".encode())
    found = [
        f"{name_of(path)}: {match.group().decode()}"
        for path in kept_files()
        for match in [machine.search(path.read_bytes())]
        if match
    ]
    assert not found, f"a clone lies elsewhere: {found}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_table_has_its_name(language):
    said = sentences(language)
    tables = sorted(path.stem for path in (ROOT / "rules/tables").glob("*.dmn"))
    missing = [key for key in tables if f"table.{key}" not in said]
    assert not missing, f"{language}: write table.<key> for {missing}"
