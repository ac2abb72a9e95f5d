"""What is promised of each process: the steps and working days of the matters that use it."""

from collections.abc import Iterator, Mapping, Sequence

from engine.kernel.errors import Invalid
from engine.processes.limits import Limit, strictest
from engine.storage import catalogue
from engine.storage.unit import Unit

EVERY = 1_000_000


def promised(unit: Unit) -> dict[str, Limit]:
    """Return the limits of each process by the catalogue as the open unit sees it.

    A matter with a process of its own promises what its type promises; a joint procedure
    promises its days. Where several use one process, the least counts.
    """
    return strictest(_of_catalogue(unit))


def promised_by(files: Mapping[str, Sequence[Mapping[str, str]]]) -> dict[str, Limit]:
    """Return the same by the rows of the catalogue's files, by file name without `.csv`.

    Raises Invalid `check.catalogue` (value) for rows that loading the catalogue would refuse.
    """
    try:
        return strictest(_of_files(files))
    except (KeyError, ValueError) as error:
        raise Invalid("check.catalogue", value=str(error.args[0])) from error


def _of_catalogue(unit: Unit) -> Iterator[tuple[str, Limit]]:
    for kind in catalogue.matter_types(unit):
        yield kind.process, Limit(kind.steps, kind.promised_days)
    matters, _ = catalogue.matters(unit, limit=EVERY)
    for matter in matters:
        yield matter.process, Limit(matter.type.steps, matter.type.promised_days)
    for procedure in catalogue.joint_procedures(unit):
        yield procedure.process, Limit(None, procedure.promised_days)


def _of_files(files: Mapping[str, Sequence[Mapping[str, str]]]) -> Iterator[tuple[str, Limit]]:
    kinds = {
        row["code"]: (row["process"], Limit(int(row["steps"]), int(row["promised_days"])))
        for row in files["matter_types"]
    }
    yield from kinds.values()
    for row in files.get("matters", ()):
        process, limit = kinds[row["matter_type"]]
        yield row["process"] or process, limit
    for row in files.get("joint_procedures", ()):
        yield row["process"], Limit(None, int(row["promised_days"]))
