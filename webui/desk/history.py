"""Says each event of a case in a sentence of the reader's language."""

from collections.abc import Mapping

from engine.domain.case import TaskState
from engine.services import work
from engine.services.cases import CaseView, HistoryLine, TaskLine
from webui.kit.session import hall
from webui.kit.verdict import telling


def said(line: HistoryLine, steps: Mapping[str, str]) -> str:
    """Return the sentence of one event; `steps` gives the names of steps by their ids."""
    return telling().event(line.kind, line.params, steps)


def names_of_steps(view: CaseView) -> dict[str, str]:
    """Return the names of the steps that the case has reached, by id."""
    return {line.task.step: line.task.name for line in view.tasks}


def earlier_steps(view: CaseView) -> list[tuple[TaskLine, object]]:
    """Return the steps that are done, each with the form it was answered on."""
    done = [line for line in view.tasks if line.task.state is TaskState.DONE]
    return [(line, work.form_of(hall(), line.task)) for line in done]
