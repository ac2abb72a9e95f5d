"""Says each event of a case in a sentence of the reader's language."""

from collections.abc import Mapping
from datetime import date

from engine.domain.case import TaskState
from engine.domain.facts import by_name
from engine.services import work
from engine.services.cases import CaseView, HistoryLine, TaskLine
from webui.kit.i18n import _, language
from webui.kit.session import hall
from webui.kit.verdict import because_said, posts_said, row_said, table_said

# The fuller sentence of a kind, used when its event holds this field.
FULLER = {
    "Applied": ("window_no",),
    "TaskOpened": ("due_on",),
    "TaskCompleted": ("acting_for", "mandate_no"),
    "ActRefused": ("row",),
    "HandedOut": ("licence_no",),
    "GrantGiven": ("valid_to",),
    "CardRaised": ("reply_by",),
}
DAYS = frozenset(
    {
        "promised_due",
        "statutory_due",
        "due_on",
        "effective_from",
        "valid_from",
        "valid_to",
        "reply_by",
    }
)
POSTS = frozenset({"roles", "recipients"})
NAMED = frozenset({"power", "outcome", "level", "post"})


def said(line: HistoryLine, steps: Mapping[str, str]) -> str:
    """Return the sentence of one event; `steps` gives the names of steps by their ids."""
    code = f"event.{line.kind}"
    for name in FULLER.get(line.kind, ()):
        if line.params.get(name) is not None:
            code = f"{code}.{name}"
            break
    return _(code, **{name: _word(name, value, steps) for name, value in line.params.items()})


def names_of_steps(view: CaseView) -> dict[str, str]:
    """Return the names of the steps that the case has reached, by id."""
    return {line.task.step: line.task.name for line in view.tasks}


def earlier_steps(view: CaseView) -> list[tuple[TaskLine, object]]:
    """Return the steps that are done, each with the form it was answered on."""
    done = [line for line in view.tasks if line.task.state is TaskState.DONE]
    return [(line, work.form_of(hall(), line.task)) for line in done]


def window_label(no: int) -> str:
    """Return the number of a window as it hangs above it: 06."""
    return f"{no:02d}"


def _word(name: str, value: object, steps: Mapping[str, str]) -> object:
    if value is None:
        return ""
    if name == "step":
        return steps.get(str(value), value)
    if name == "window_no" and isinstance(value, int):
        return window_label(value)
    if name == "because" and isinstance(value, str):
        return because_said(value)
    if name == "row":
        return row_said(str(value))
    if name == "table":
        return table_said(str(value))
    if name == "rule":
        return _rule(str(value))
    if name in DAYS:
        return date.fromisoformat(str(value))
    if name in POSTS and isinstance(value, (list, tuple)):
        return posts_said(map(str, value))
    if name in NAMED:
        return _(f"{name}.{value}")
    return value


def _rule(code: str) -> str:
    fact = by_name("rule")
    word = next((one for one in fact.values if one.code == code), None) if fact else None
    if word is None:
        return code
    return f"{code} {word.en if language() == 'en' else word.zh}"
