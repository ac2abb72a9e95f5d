"""Upkeep: `hall verify-trail`, `hall recompute`, `hall password`, `hall sweep-files`."""

import argparse
import json
from dataclasses import asdict

from engine.bootstrap import open_hall
from engine.cli.commands import Commands
from engine.cli.sentences import sentence
from engine.decisions.trace import plain
from engine.domain.people import SYSTEM
from engine.services import attachments, audit, decisions, people


def add_to(commands: Commands) -> None:
    """Add the commands of this family."""
    verify = commands.add_parser("verify-trail", help="recompute every chain of events")
    verify.add_argument("--json", action="store_true", help="print the report as JSON")
    verify.set_defaults(run=_verify)
    again = commands.add_parser("recompute", help="decide every stored decision again")
    again.add_argument("--json", action="store_true", help="print the report as JSON")
    again.set_defaults(run=_recompute)
    password = commands.add_parser("password", help="make a new first password and print it once")
    password.add_argument("account", help="whose password")
    password.set_defaults(run=_password)
    sweep = commands.add_parser("sweep-files", help="delete files that no case speaks of")
    sweep.set_defaults(run=_sweep)


def _verify(asked: argparse.Namespace) -> int:
    report = audit.verify_trail(open_hall())
    figures = {
        "trail": "intact" if report.intact else "broken",
        "chains": report.chains,
        "events": report.events,
        "first_bad": report.first_bad,
        "digest": report.digest,
    }
    if asked.json:
        print(json.dumps(figures, ensure_ascii=False))
    else:
        print(sentence("trail.intact" if report.intact else "trail.broken", figures))
    return 0 if report.intact else 1


def _recompute(asked: argparse.Namespace) -> int:
    report = decisions.recompute(open_hall())
    if asked.json:
        differing = [plain(asdict(one)) for one in report.differing]
        figures = {"decisions": report.decisions, "differing": differing}
        print(json.dumps(figures, ensure_ascii=False))
    else:
        for one in report.differing:
            said = {"id": one.id, "table": one.table, "because": one.because}
            print(sentence("recompute.differs", said))
        counts = {"decisions": report.decisions, "differing": len(report.differing)}
        print(sentence("recompute.done", counts))
    return 1 if report.differing else 0


def _password(asked: argparse.Namespace) -> int:
    secret = people.new_password(open_hall(), SYSTEM, asked.account)
    print(sentence("password.new", {"account": asked.account, "password": secret}))
    return 0


def _sweep(asked: argparse.Namespace) -> int:
    print(sentence("files.swept", {"count": attachments.sweep(open_hall())}))
    return 0
