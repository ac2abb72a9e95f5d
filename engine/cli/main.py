"""The command hall: `hall --help` lists what it can do."""

import argparse
import sys
from collections.abc import Sequence

from engine.cli import (
    authority,
    bench,
    cases,
    checking,
    clocks,
    conformance,
    data,
    definitions,
    importing,
    migrating,
    publishing,
    replaying,
    serve,
    sheets,
    simulating,
    upkeep,
)
from engine.cli.sentences import of_error
from engine.kernel.errors import HallError

FAMILIES = (
    data,
    serve,
    definitions,
    checking,
    conformance,
    migrating,
    clocks,
    upkeep,
    bench,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it did what was asked, 1 when it refused, 2 for a wrong call."""
    parser = argparse.ArgumentParser(prog="hall", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for family in (
        data,
        serve,
        definitions,
        publishing,
        checking,
        sheets,
        importing,
        cases,
        authority,
        clocks,
        conformance,
        migrating,
        simulating,
        replaying,
        upkeep,
        bench,
    ):
        family.add_to(commands)
    asked = parser.parse_args(arguments)
    try:
        code: int = asked.run(asked)
    except HallError as error:
        print(of_error(error), file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 1
    return code


if __name__ == "__main__":
    sys.exit(main())
