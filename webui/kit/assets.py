"""The built bundles by name: the manifest of webui.build is read once."""

import json
from functools import cache
from pathlib import Path

from flask import Flask, url_for

DIST = Path(__file__).parents[1] / "static" / "dist"


@cache
def manifest(folder: Path = DIST) -> dict[str, dict[str, str]]:
    """Return bundle -> {js, css} with hashed names; RuntimeError when nothing was built."""
    try:
        text = (folder / "manifest.json").read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise RuntimeError("no bundles: run `python -m webui.build` first") from error
    return {name: dict(files) for name, files in json.loads(text).items()}


def asset(bundle: str, kind: str) -> str:
    """Return the URL of a bundle's `js` or `css`."""
    return url_for("static", filename=f"dist/{manifest()[bundle][kind]}")


def serve(app: Flask) -> None:
    """Give templates `asset()`; fails at once when the bundles are missing."""
    manifest()
    app.jinja_env.globals["asset"] = asset
