"""Other engines measured beside ours, each in a process of its own."""

import json
import subprocess
import sys
from typing import Any


def bare(*words: object) -> dict[str, Any]:
    """Return what `python -m engine.processes.bare WORDS` prints: SpiffWorkflow as it comes."""
    command = [sys.executable, "-m", "engine.processes.bare", *map(str, words)]
    # The words are file names and numbers of our own making, and no shell reads them.
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)  # noqa: S603
    found: dict[str, Any] = json.loads(done.stdout)
    return found
