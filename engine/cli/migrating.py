"""`hall migrate`: running cases carried over to another version of their process."""

import argparse
import json
from dataclasses import asdict

from engine.bootstrap import open_hall
from engine.cli.commands import Commands
from engine.cli.sentences import sentence
from engine.decisions.trace import plain
from engine.domain.people import SYSTEM
from engine.services import migration
from engine.services.migration import Outcome


def add_to(commands: Commands) -> None:
    """Add the commands of this family."""
    asked = commands.add_parser("migrate", help="carry running cases over to another version")
    asked.add_argument("process", help="key of the process")
    asked.add_argument("--to", metavar="VERSION", help="without it the version in force today")
    asked.add_argument("--case", action="append", default=[], metavar="NO", help="these cases only")
    asked.add_argument("--dry-run", action="store_true", help="tell what would happen, do nothing")
    asked.add_argument("--json", action="store_true", help="print the outcome of each case as JSON")
    asked.set_defaults(run=_migrate)


def _migrate(asked: argparse.Namespace) -> int:
    hall = open_hall()
    if asked.dry_run:
        outcomes = migration.plan(hall, asked.process, asked.to, asked.case)
    else:
        outcomes = migration.migrate(hall, SYSTEM, asked.process, asked.to, asked.case)
    refused = sum(one.because is not None for one in outcomes)
    counts = {"carried": len(outcomes) - refused, "refused": refused}
    if asked.json:
        cases = [plain(asdict(one)) for one in outcomes]
        print(json.dumps({**counts, "cases": cases}, ensure_ascii=False))
    else:
        for one in outcomes:
            print(_told(one))
        print(sentence("migrate.plan" if asked.dry_run else "migrate.done", counts))
    return 1 if refused else 0


def _told(one: Outcome) -> str:
    if one.because is None:
        said = {"case": one.case_no, "steps": ", ".join(one.open_steps), "due": one.next_due or "-"}
        return sentence("migrate.carried", said)
    why = sentence(one.because, {"element": one.element})
    return sentence("migrate.stays", {"case": one.case_no, "why": why, "because": one.because})
