"""Joins the parts of a hall: settings in, Hall out."""

from datetime import timedelta

from engine.domain.attachment import read_types
from engine.kernel.crypto import Vault
from engine.kernel.errors import Unavailable
from engine.kernel.ids import Ids, timed_ids
from engine.kernel.now import Now, system_now
from engine.paths import stock_dir
from engine.services.hall import Hall, Rules
from engine.settings import Settings, make_keys, read_keys, read_settings, write_settings
from engine.storage.blobs import Blobs
from engine.storage.unit import Store

# The files of cases, in the data folder.
FILES = "files"


def open_hall(
    settings: Settings | None = None, now: Now = system_now, ids: Ids | None = None
) -> Hall:
    """Return the hall of the data folder.

    Raises Unavailable `hall.not_set_up` when its database has not been made or is of an older
    release, and whatever the database says when it cannot be reached.
    """
    settings = settings or read_settings()
    store = Store(settings.database_url)
    if not store.at_head():
        raise Unavailable("hall.not_set_up", data=str(settings.data))
    return _join(settings, store, now, ids)


def make_hall(
    settings: Settings, *, demo: bool, now: Now = system_now, ids: Ids | None = None
) -> Hall:
    """Make or upgrade database, keys and settings file; return the hall, empty when new."""
    write_settings(settings.data, demo=demo)
    make_keys(settings.data)
    store = Store(settings.database_url)
    store.upgrade()
    return _join(settings, store, now, ids, demo=demo)


def _join(
    settings: Settings, store: Store, now: Now, ids: Ids | None, *, demo: bool | None = None
) -> Hall:
    keys, current = read_keys(settings.data)
    types = (stock_dir("rules/files") / "types.csv").read_text(encoding="utf-8-sig")
    return Hall(
        store=store,
        now=now,
        ids=ids or timed_ids(now),
        vault=Vault(keys, current),
        blobs=Blobs(settings.data / FILES),
        rules=Rules(
            session_idle=timedelta(minutes=settings.session_idle_minutes),
            session_longest=timedelta(hours=settings.session_hours),
            sign_in_tries=settings.sign_in_tries,
            sign_in_window=timedelta(minutes=settings.sign_in_minutes),
            tolerance_days=settings.tolerance_days,
            urgent_review_days=settings.urgent_review_days,
            count_first_day=settings.count_first_day,
            close_of_business=settings.close_of_business,
            joint_answer_days=settings.joint_answer_days,
            # A live page holds a thread as long as it is open; the others answer meanwhile.
            live_pages=settings.threads * 5 // 6,
            file_types=read_types(types),
        ),
        demo=settings.demo if demo is None else demo,
    )
