"""One evaluation: its budget of steps, its moment and the first cause of a null.

Limits: operations handbook §7.2. A limit that is hit is an error, never a null.
"""

from collections.abc import Sized
from datetime import datetime

from engine.kernel.errors import Invalid

MOST_STEPS = 100_000  # steps of loops, filters and calls: about 50 ms
MOST_ITEMS = 10_000  # items of one list
MOST_TEXT = 1_000_000  # characters of one text
MOST_CALLS = 64  # calls within calls
MOST_DEPTH = 64  # brackets within brackets
MOST_SOURCE = 16_384  # characters of one expression


class NoValue(Exception):
    """The value cannot be computed: it is null, and `code` says why (`feel.cause.…`)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Evaluation:
    """What the parts of one evaluation share; a decision hands one on to all its expressions.

    `moment` is what `now()` and `today()` answer (aware), `cause` the code of the first null
    that was born of an error, `steps` what is left of the budget.
    """

    __slots__ = ("calls", "cause", "moment", "patterns", "steps")

    def __init__(self, moment: datetime | None = None, steps: int = MOST_STEPS) -> None:
        self.moment, self.steps = moment, steps
        self.calls = 0
        self.patterns: set[str] | None = None  # those already paid for
        self.cause: str | None = None

    def fail(self, code: str) -> None:
        """Keep the first cause; return null."""
        if self.cause is None:
            self.cause = code

    def spend(self, steps: int = 1) -> None:
        """Take `steps` from the budget; Invalid("feel.budget") when nothing is left."""
        self.steps -= steps
        if self.steps < 0:
            raise over("steps", MOST_STEPS)


class _Silent(Evaluation):
    """Shared by all evaluations that count nothing and are asked for no cause."""

    __slots__ = ()

    def fail(self, code: str) -> None:
        return None

    def spend(self, steps: int = 1) -> None:
        return None


SILENT = _Silent()


def over(limit: str, most: int) -> Invalid:
    """Return the error for a limit that was hit: steps, items, text, calls, depth, pattern."""
    return Invalid("feel.budget", limit=limit, most=most)


def fits_list(count: int) -> int:
    """Return `count`; Invalid("feel.budget") when a list of so many items is not allowed."""
    if count > MOST_ITEMS:
        raise over("items", MOST_ITEMS)
    return count


def fits_text(count: int) -> int:
    """Return `count`; Invalid("feel.budget") when a text of so many characters is not allowed."""
    if count > MOST_TEXT:
        raise over("text", MOST_TEXT)
    return count


def cost(value: Sized) -> int:
    """Return the steps that one quick pass over a list or a text is worth."""
    return 1 + len(value) // (256 if isinstance(value, str) else 16)
