"""Puts the answer of a rule into a sentence: for the line above a button and for the history."""

from collections.abc import Iterable, Mapping

from engine.domain.verdict import Verdict
from webui.kit.i18n import _, known


def verdict_said(verdict: Verdict) -> str:
    """Return the sentence of a verdict."""
    return because_said(verdict.because, verdict.params)


def verdict_words(verdict: Verdict) -> tuple[str, str]:
    """Return the sentence of a verdict and the row that said it, both in the reader's words."""
    return verdict_said(verdict), row_said(verdict.row) if verdict.row else ""


def row_said(row: str) -> str:
    """Return the name of a row (`authority#authority-4`): its table in words, then its id."""
    table, _mark, name = row.partition("#")
    return f"{table_said(table)} {name}".strip()


def table_said(table: str) -> str:
    """Return the name of a decision table in the reader's language."""
    return _(f"table.{table}") if known(f"table.{table}") else table


def because_said(because: str, params: Mapping[str, object] | None = None) -> str:
    """Return the sentence for the reason of a rule; posts among `params` get their names.

    The history keeps no params, so a reason that names posts has a sentence without them too.
    """
    words = dict(params or {})
    code, roles = f"verdict.{because}", words.get("roles")
    if isinstance(roles, (list, tuple)):
        words["roles"] = posts_said(map(str, roles))
        code = f"{code}.roles" if known(f"{code}.roles") else code
    return _(code, **words)


def posts_said(posts: Iterable[str]) -> list[str]:
    """Return the names of posts in the reader's language."""
    return [_(f"post.{post}") if known(f"post.{post}") else post for post in posts]
