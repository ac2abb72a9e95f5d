"""Events and verdicts in words: what of them is a day, a post, a row, a name that a reader knows.

The sentences are the translations'; `say` finds and fills one by its code, `knows` tells whether
there is one.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from engine.domain.facts import by_name

# The fuller sentence of a kind of event, used when the event holds this field.
FULLER = {
    "SurveyAnswered": ("other_day",),
    "SurveyCalledOff": ("reason",),
    "Applied": ("window_no",),
    "TaskOpened": ("due_on",),
    "TaskCompleted": ("acting_for", "mandate_no"),
    "ActRefused": ("row",),
    "HandedOut": ("licence_no",),
    "EverythingHandedOver": ("receiver",),
    "GrantGiven": ("post", "valid_to"),
    "CardRaised": ("reply_by",),
    "SealUsed": ("reason",),
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
        "received_on",
        "day",
        "other_day",
        "announced_until",
        "was_due",
    }
)
POSTS = frozenset({"roles", "recipients"})
NAMED = frozenset(
    {
        "power",
        "outcome",
        "level",
        "post",
        "way",
        "purpose",
        "urgency",
        "finding",
        "clock",
        "why",
        "act",
        "cause",
        "ending",
    }
)
# Fields that hold a word of a fact, by the key of the fact.
WORDS = {
    "stopped_by": "procedure_kind",
    "procedure": "procedure_kind",
    "joint_outcome": "joint_outcome",
    "others": "others",
}


@dataclass(frozen=True)
class Telling:
    """How a reader is told of events and verdicts, in one language."""

    say: Callable[[str, Mapping[str, object]], str]
    knows: Callable[[str], bool]
    english: bool = False

    def event(self, kind: str, params: Mapping[str, object], steps: Mapping[str, str]) -> str:
        """Return the sentence of an event; `steps` gives the names of steps by their ids."""
        code = f"event.{kind}"
        for name in FULLER.get(kind, ()):
            if params.get(name) is not None:
                code = f"{code}.{name}"
                break
        return self.say(code, {name: self._word(name, it, steps) for name, it in params.items()})

    def because(self, because: str, params: Mapping[str, object] | None = None) -> str:
        """Return the sentence for the reason of a rule; posts among `params` get their names.

        The history keeps no params, so a reason that names posts has a sentence without them too.
        """
        words = dict(params or {})
        code, roles = f"verdict.{because}", words.get("roles")
        if isinstance(roles, (list, tuple)):
            words["roles"] = self.posts(map(str, roles))
            code = f"{code}.roles" if self.knows(f"{code}.roles") else code
        return self.say(code, words)

    def row(self, row: str) -> str:
        """Return the name of a row (`authority#authority-4`): its table in words, then its id."""
        table, _mark, name = row.partition("#")
        return f"{self.table(table)} {name}".strip()

    def table(self, table: str) -> str:
        """Return the name of a decision table."""
        return self._named(f"table.{table}", table)

    def posts(self, posts: Iterable[str]) -> list[str]:
        """Return the names of posts."""
        return [self._named(f"post.{post}", post) for post in posts]

    def _named(self, code: str, otherwise: str) -> str:
        return self.say(code, {}) if self.knows(code) else otherwise

    def _word(self, name: str, value: object, steps: Mapping[str, str]) -> object:
        if value is None:
            return ""
        if name == "step":
            return steps.get(str(value)) or self._named(f"act.{value}", str(value))
        if name == "window_no" and isinstance(value, int):
            return window_label(value)
        if name == "because" and isinstance(value, str):
            return self.because(value)
        if name == "row":
            return self.row(str(value))
        if name == "table":
            return self.table(str(value))
        if name == "rule":
            word = self._fact("rule", str(value))
            return word if word == value else f"{value} {word}"
        if name in WORDS:
            return self._fact(WORDS[name], str(value))
        if name in DAYS:
            return date.fromisoformat(str(value))
        if name in POSTS and isinstance(value, (list, tuple)):
            return self.posts(map(str, value))
        if name in NAMED:
            return self.say(f"{name}.{value}", {})
        return value

    def _fact(self, key: str, code: str) -> str:
        fact = by_name(key)
        word = next((one for one in fact.values if one.code == code), None) if fact else None
        if word is None:
            return code
        return word.en if self.english else word.zh


def window_label(no: int) -> str:
    """Return the number of a window as it hangs above it: 06."""
    return f"{no:02d}"
