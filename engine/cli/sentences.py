"""Sentences for the terminal, from the translations that the pages use."""

import importlib.util
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

from engine.kernel.errors import HallError

DEFAULT, SECOND = "zh_Hans", "en"
VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


def sentence(code: str, params: Mapping[str, object], language: str | None = None) -> str:
    """Return the sentence for a code, in the language of the terminal if none is said.

    What has no sentence is the code itself.
    """
    text = _catalogue(language or spoken()).get(code)
    if text is None:
        return code
    try:
        return text % dict(params)
    except (KeyError, ValueError):
        return text


def known(code: str) -> bool:
    """Return whether the language of the terminal has a sentence for a code."""
    return code in _catalogue(spoken())


def of_error(error: HallError) -> str:
    """Return the sentence of an error with its code, which people search for.

    Of several findings every one has its line, led by the table that it is about.
    """
    listed = error.params.get("findings")
    if not isinstance(listed, list):
        return f"{sentence(error.code, error.params)} [{error}]"
    return "\n".join(_finding(one) for one in listed)


def _finding(found: Mapping[str, object]) -> str:
    code, table = str(found["code"]), found.get("table")
    placed = found.get("row") and found.get("cell")
    place = sentence("check.place", found) if placed else ""
    if code == "sheet.conflict":  # a row that one side took out has no words there
        gone = sentence("sheet.row_removed", {})
        found = {name: gone if it is None else it for name, it in found.items()}
    return f"{f'{table}: ' if table else ''}{place}{sentence(code, found)} [{code}]"


def spoken() -> str:
    """Return the language of the terminal."""
    # Not locale.getlocale(): it calls the neutral locale C English, and ours is Chinese first.
    said = next((os.environ[name] for name in VARIABLES if os.environ.get(name)), "")
    return SECOND if said.startswith(SECOND) else DEFAULT


@cache
def _catalogue(language: str) -> Mapping[str, str]:
    found = importlib.util.find_spec("webui")
    places = found.submodule_search_locations if found else None
    if not places:
        return {}
    path = Path(places[0]) / "translations" / language / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id}
