"""The catalogue and the definitions as files: rules/ and bpmn/ read for loading."""

import csv
from collections.abc import Mapping
from pathlib import Path

from engine.kernel.errors import Invalid
from engine.paths import stock_dir
from engine.services.publishing import Definitions


def read_catalogue(folder: Path | None = None) -> Mapping[str, list[dict[str, str]]]:
    """Return the rows of rules/catalogue/*.csv (of `folder`) by file name without its ending."""
    folder = folder or stock_dir("rules") / "catalogue"
    return {path.stem: _rows(path) for path in sorted(folder.glob("*.csv"))}


def read_definitions() -> Definitions:
    """Return the sources of all processes, forms, decision tables and examples, by key."""
    return Definitions(
        processes=_sources(stock_dir("bpmn") / "matters", ".bpmn")
        | _sources(stock_dir("bpmn") / "parts", ".bpmn"),
        forms=_sources(stock_dir("bpmn") / "forms", ".form"),
        tables=_sources(stock_dir("rules") / "tables", ".dmn"),
        examples=_sources(stock_dir("rules") / "examples", ".csv"),
    )


def _sources(folder: Path, ending: str) -> dict[str, bytes]:
    return {path.name.removesuffix(ending): path.read_bytes() for path in folder.glob(f"*{ending}")}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    for number, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            raise Invalid("catalogue.columns", file=path.name, line=number)
    return rows
