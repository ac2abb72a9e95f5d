"""Where files that belong together stand: the examples of a table in the folder beside it."""

from pathlib import Path

EXAMPLES = "examples"


def examples_beside(table: Path) -> Path | None:
    """Return where the examples of a table's file belong; None where no such folder stands.

    The folder is `examples` beside the folder of the table (rules/tables, rules/examples), or in
    it. The file itself may be missing.
    """
    own = table.absolute().parent
    for folder in (own.parent / EXAMPLES, own / EXAMPLES):
        if folder.is_dir():
            return folder / f"{table.stem}.csv"
    return None
