"""Every setting of a hall: its name in the environment, its default and what it is for.

Settings come from the environment, then from `hall.json` in the data folder, then from here.
"""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path

from engine.kernel.errors import Invalid, Unavailable

FILE = "hall.json"
KEYS = "keys.json"
KEY_BYTES = 32


@dataclass(frozen=True)
class Setting:
    """One setting; `caption` says what it is for."""

    name: str
    default: str
    caption: str


SETTINGS = (
    Setting("HALL_DATA", "var", "Folder of the hall's own data: database, keys, logs."),
    Setting("HALL_DATABASE_URL", "", "Database; empty means hall.sqlite in the data folder."),
    Setting("HALL_HOST", "127.0.0.1", "Address to serve on."),
    Setting("HALL_PORT", "8000", "Port to serve on."),
    Setting("HALL_PROCESSES", "2", "Processes that serve pages, best one for each processor."),
    Setting("HALL_THREADS", "768", "Threads of each process; live pages hold five sixths at most."),
    Setting("HALL_SESSION_IDLE_MINUTES", "30", "Minutes without a click until a session ends."),
    Setting("HALL_SESSION_HOURS", "10", "Hours after which a session ends in any case."),
    Setting("HALL_SIGN_IN_TRIES", "5", "Failed sign-ins from one address until it must wait."),
    Setting("HALL_SIGN_IN_MINUTES", "30", "Minutes in which failed sign-ins are counted."),
    Setting("HALL_TOLERANCE_DAYS", "10", "Working days in which a tolerated paper must follow."),
    Setting("HALL_JOINT_ANSWER_DAYS", "2", "Working days to answer to the day of a survey."),
    Setting("HALL_COUNT_FIRST_DAY", "0", "1: limits count the day on which they begin."),
    Setting("HALL_CLOSE_OF_BUSINESS", "17:30", "When the last day of a limit ends."),
    Setting(
        "HALL_URGENT_REVIEW_DAYS", "5", "Working days in which an urgent act must be reviewed."
    ),
)
DEFAULTS = {setting.name: setting.default for setting in SETTINGS}


@dataclass(frozen=True)
class Settings:
    """The settings of one hall, read and checked."""

    data: Path
    database_url: str
    host: str
    port: int
    processes: int
    threads: int
    session_idle_minutes: int
    session_hours: int
    sign_in_tries: int
    sign_in_minutes: int
    tolerance_days: int
    urgent_review_days: int
    count_first_day: bool
    close_of_business: time
    joint_answer_days: int
    demo: bool


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings.

    Invalid `setting.not_a_number` and `setting.not_a_time` name the one that is wrong.
    """
    data = Path(environment.get("HALL_DATA") or DEFAULTS["HALL_DATA"]).absolute()
    stored = _stored(data)

    def text(name: str) -> str:
        return environment.get(name) or str(stored.get(name, "")) or DEFAULTS[name]

    def number(name: str) -> int:
        value = text(name)
        if not value.isascii() or not value.isdigit():
            raise Invalid("setting.not_a_number", name=name, value=value)
        return int(value)

    return Settings(
        data=data,
        database_url=text("HALL_DATABASE_URL") or f"sqlite:///{data / 'hall.sqlite'}",
        host=text("HALL_HOST"),
        port=number("HALL_PORT"),
        processes=number("HALL_PROCESSES"),
        threads=number("HALL_THREADS"),
        session_idle_minutes=number("HALL_SESSION_IDLE_MINUTES"),
        session_hours=number("HALL_SESSION_HOURS"),
        sign_in_tries=number("HALL_SIGN_IN_TRIES"),
        sign_in_minutes=number("HALL_SIGN_IN_MINUTES"),
        tolerance_days=number("HALL_TOLERANCE_DAYS"),
        urgent_review_days=number("HALL_URGENT_REVIEW_DAYS"),
        count_first_day=number("HALL_COUNT_FIRST_DAY") == 1,
        close_of_business=_time("HALL_CLOSE_OF_BUSINESS", text("HALL_CLOSE_OF_BUSINESS")),
        joint_answer_days=number("HALL_JOINT_ANSWER_DAYS"),
        demo=stored.get("demo") is True,
    )


def write_settings(data: Path, *, demo: bool) -> None:
    """Make the data folder with its settings file."""
    data.mkdir(parents=True, exist_ok=True)
    (data / FILE).write_text(json.dumps({"demo": demo}, indent=2) + "\n", encoding="utf-8")


def read_keys(data: Path) -> tuple[Mapping[str, bytes], str]:
    """Return the keys of encrypted fields and the id of the one that writes.

    Raises Unavailable `vault.no_keys` when the file is not there: a hall whose keys are lost
    must not quietly begin with new ones.
    """
    path = data / KEYS
    if not path.exists():
        raise Unavailable("vault.no_keys", file=str(path))
    stored = json.loads(path.read_text(encoding="utf-8"))
    return {name: bytes.fromhex(key) for name, key in stored["keys"].items()}, stored["current"]


def make_keys(data: Path) -> None:
    """Make the first key, readable by the owner of the data folder alone."""
    path = data / KEYS
    if path.exists():
        return
    content = {"current": "k1", "keys": {"k1": secrets.token_bytes(KEY_BYTES).hex()}}
    path.touch(mode=0o600)
    path.write_text(json.dumps(content) + "\n", encoding="utf-8")


def _time(name: str, value: str) -> time:
    try:
        found = time.fromisoformat(value)
    except ValueError as error:
        raise Invalid("setting.not_a_time", name=name, value=value) from error
    # `fromisoformat` also reads 17.30, as seventeen o'clock and a fraction.
    if found.isoformat("minutes") != value:
        raise Invalid("setting.not_a_time", name=name, value=value)
    return found


def _stored(data: Path) -> Mapping[str, object]:
    path = data / FILE
    if not path.exists():
        return {}
    stored: Mapping[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return stored
