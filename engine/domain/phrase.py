"""Common phrases (常用意见): what an official writes again and again at a step, kept by himself."""

from dataclasses import dataclass

from engine.kernel.errors import Invalid

LONGEST, MOST = 200, 20


@dataclass(frozen=True)
class Phrase:
    """A sentence that its official keeps for a step of any case."""

    id: str
    text: str


def phrase_text(typed: str) -> str:
    """Return a phrase as it is kept; Invalid `phrase.empty`, `phrase.too_long` (characters)."""
    text = typed.strip()
    if not text:
        raise Invalid("phrase.empty")
    if len(text) > LONGEST:
        raise Invalid("phrase.too_long", limit=LONGEST)
    return text


def refuse_too_many(kept: int) -> None:
    """Raise Invalid `phrase.too_many` when no more are kept for a step."""
    if kept >= MOST:
        raise Invalid("phrase.too_many", limit=MOST)
