"""Other engines measured beside ours, each in a process of its own."""

import json
import subprocess
import sys
from typing import Any


def bare(*words: object) -> dict[str, Any]:
    """Return what `python -m engine.processes.bare WORDS` prints: SpiffWorkflow as it comes."""
    command = [sys.executable, "-m", "engine.processes.bare", *map(str, words)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)  # noqa: S603  # our words
    found: dict[str, Any] = json.loads(done.stdout)
    return found
