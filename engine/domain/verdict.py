"""The answer of a rule: yes, or no with the row that said it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Verdict:
    """Whether an act is allowed, why, and which row of which table or which article says so.

    `because` is a code with a sentence in the translations (`verdict.four_eyes`), `row` names
    the table and row (`authority#authority-4`), `params` are what the sentence mentions.
    """

    allowed: bool
    because: str
    row: str | None = None
    legal_basis: str = ""
    params: Mapping[str, object] = field(default_factory=dict)
