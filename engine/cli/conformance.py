"""`hall conform dmn|bpmn PATH`: the public conformance kits, run on the engine as it is."""

import argparse
import json
from pathlib import Path

from engine.cli.commands import Commands
from engine.cli.sentences import sentence
from engine.decisions.conform import run
from engine.kernel.errors import Missing
from engine.processes.conform import run_kit


def add_to(commands: Commands) -> None:
    """Add the commands of this family."""
    conform = commands.add_parser("conform", help="run a conformance kit")
    kinds = conform.add_subparsers(dest="kind", required=True, metavar="KIND")
    dmn = kinds.add_parser("dmn", help="run the DMN kit below a folder")
    dmn.add_argument("path", type=Path, help="the folder that holds compliance-level-…")
    dmn.add_argument("--json", action="store_true", help="one JSON object for each level")
    dmn.set_defaults(run=_dmn)
    bpmn = kinds.add_parser("bpmn", help="run the BPMN kit below a folder")
    bpmn.add_argument("path", type=Path, help="the folder that holds run/ or refuse/, or both")
    bpmn.add_argument("--json", action="store_true", help="one JSON object")
    bpmn.set_defaults(run=_bpmn)


def _dmn(asked: argparse.Namespace) -> int:
    if not asked.path.is_dir():
        raise Missing("conform.no_kit", folder=str(asked.path))
    report = run(asked.path)
    for level in report.plain():
        if asked.json:
            print(json.dumps(level, ensure_ascii=False))
        else:
            print(sentence("conform.level", level))
    if not asked.json:
        for failure in report.failures:
            print(f"{failure.case}: {failure.expected} ≠ {failure.actual}")
    return 0


def _bpmn(asked: argparse.Namespace) -> int:
    if not asked.path.is_dir():
        raise Missing("conform.no_kit", folder=str(asked.path))
    report = run_kit(asked.path)
    if asked.json:
        print(json.dumps(report.plain(), ensure_ascii=False))
        return 0
    print(sentence("conform.bpmn_run", vars(report.run)))
    print(sentence("conform.bpmn_refuse", vars(report.refuse)))
    for failure in report.failures:
        print(f"{failure.case}: {failure.expected} ≠ {failure.actual}")
    return 0
