"""Puts the answer of a rule into a sentence: for the line above a button and for the history."""

from collections.abc import Iterable, Mapping

from engine.domain.facts import by_name
from engine.domain.telling import Telling
from engine.domain.verdict import Verdict
from webui.kit.i18n import _, known, language


def telling() -> Telling:
    """Return how the reader of this page is told of events and verdicts."""
    return Telling(lambda code, params: _(code, **params), known, language() == "en")


def verdict_said(verdict: Verdict) -> str:
    """Return the sentence of a verdict."""
    return because_said(verdict.because, verdict.params)


def verdict_words(verdict: Verdict) -> tuple[str, str]:
    """Return the sentence of a verdict and the row that said it, both in the reader's words."""
    return verdict_said(verdict), telling().row(verdict.row) if verdict.row else ""


def table_said(table: str) -> str:
    """Return the name of a decision table in the reader's language."""
    return telling().table(table)


def because_said(because: str, params: Mapping[str, object] | None = None) -> str:
    """Return the sentence for the reason of a rule; posts among `params` get their names."""
    return telling().because(because, params)


def posts_said(posts: Iterable[str]) -> list[str]:
    """Return the names of posts in the reader's language."""
    return telling().posts(posts)


def kind_said(kind: str) -> str:
    """Return the name of a kind of procedure in the reader's language."""
    fact = by_name("procedure_kind")
    word = next((one for one in fact.values if one.code == kind), None) if fact else None
    if word is None:
        return kind
    return word.en if language() == "en" else word.zh
