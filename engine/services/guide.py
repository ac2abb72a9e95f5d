"""What the public guide (办事指南) shows of the way a matter takes through the hall."""

from dataclasses import dataclass

from engine.kernel.now import hall_day
from engine.services.hall import Hall


@dataclass(frozen=True)
class GuideStep:
    """One step of a process: its name, who does it (posts), its limit in working days."""

    name: str
    posts: tuple[str, ...]
    days: int | None


@dataclass(frozen=True)
class GuideProcess:
    """The process in force for a matter: its drawing (BPMN) and its steps in the drawn order."""

    name: str
    xml: bytes
    steps: list[GuideStep]


def process(hall: Hall, matter_no: int) -> GuideProcess:
    """Return the process that a case of this matter would take today.

    Raises Missing `matter.unknown` or `definition.none`.
    """
    with hall.reading() as unit:
        matter = hall.library.matter(unit, matter_no)
        version = hall.library.in_force(unit, "process", matter.process, hall_day(unit.at))
        drawn = hall.library.process(unit, matter.process, version)
    steps = [GuideStep(task.name, task.roles, task.days) for task in drawn.tasks.values()]
    return GuideProcess(drawn.name, drawn.xml, steps)
