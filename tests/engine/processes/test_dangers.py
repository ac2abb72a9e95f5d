"""Canaries: each tells when an upgrade changes what a guard of ours is there for."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).with_name("dangers.py")
NAMES = re.findall(r"^def (d\d\w+|joins\w+)\(\):", PROGRAM.read_text(encoding="utf-8"), re.M)


@pytest.fixture(scope="module")
def found():
    """Run the canaries where nothing of ours has changed SpiffWorkflow."""
    ran = subprocess.run(  # noqa: S603  # our own program, no words from outside
        [sys.executable, str(PROGRAM)], capture_output=True, text=True, timeout=120, check=True
    )
    return json.loads(ran.stdout)


def test_every_canary_ran(found):
    assert sorted(found) == sorted(NAMES)
    assert len(NAMES) >= 16


@pytest.mark.parametrize("name", NAMES)
def test_still_dangerous_so_the_guard_is_still_needed(found, name):
    assert found[name], "SpiffWorkflow has changed here: look at the guard again"
