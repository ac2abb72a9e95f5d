"""Any change of the history is found and named, whoever made it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Event as Signal

import pytest
import sqlalchemy as sa

from engine.domain.events.cases import TaskClaimed
from engine.domain.events.people import SignedIn
from engine.domain.events.tickets import TicketCalled
from engine.kernel.errors import Conflict, Unavailable
from engine.storage import audit
from engine.storage.audit import ANCHORS
from engine.storage.journal import EVENTS, TAGS, link
from tests.engine.storage.samples import EVENT

DAY = date(2015, 10, 26)
CHAINS = ("account:a", "account:b", "account:中")


@pytest.fixture
def history(office):
    """Write three chains of four events each, with an anchor after the third of each."""
    for no in range(4):
        with office.unit() as unit:
            for chain in CHAINS:
                unit.record(SignedIn(account=chain.removeprefix("account:")))
        if no == 2:
            with office.unit() as unit:
                audit.anchor(unit, DAY)
        office.now.advance(minutes=1)
    return office


def verify(office):
    with office.reading() as unit:
        return audit.verify(unit)


def forge(office, *statements, table="events"):
    """Change history as somebody would who owns the database: the guards are taken away first."""
    with office.store._writer.begin() as connection:
        if office.store.dialect == "sqlite":
            for act in ("update", "delete"):
                connection.execute(sa.text(f"DROP TRIGGER IF EXISTS {table}_no_{act}"))
        else:
            connection.execute(sa.text(f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}"))
        for statement in statements:
            if isinstance(statement, str):
                statement = sa.text(statement.replace("THE ROW", ROW).replace("THE LAST", LAST))
            connection.execute(statement)


def rechain(office, chain):
    """Repair all digests of a chain, as somebody would who knows how they are made."""
    with office.reading() as unit:
        rows = unit.connection.execute(
            sa.select(EVENTS).where(EVENTS.c.chain == chain).order_by(EVENTS.c.seq, EVENTS.c.id)
        ).all()
    previous, statements = b"", []
    for seq, row in enumerate(rows, start=1):
        body = row.body.encode()
        previous = link(previous, chain, seq, row.at, row.by_id, row.kind, body)
        statements.append(
            EVENTS.update().where(EVENTS.c.id == row.id).values(seq=seq, digest=previous)
        )
    forge(office, *statements)


def test_an_untouched_history_is_intact(history):
    report = verify(history)
    assert (report.intact, report.chains, report.events, report.anchors) == (True, 3, 12, 1)
    assert report.first_bad is None
    assert report.digest == next(name for name in TAGS if name == report.digest)


def test_an_empty_history_is_intact(office):
    assert verify(office).intact


ROW = "chain = 'account:b' AND seq = 2"
LAST = "chain = 'account:b' AND seq = 4"
CHANGES = {
    "a letter of the body": ("""UPDATE events SET body = '{"account":"x"}' WHERE THE ROW""", 2),
    "the kind": ("UPDATE events SET kind = 'SignedOut' WHERE THE ROW", 2),
    "the actor": ("UPDATE events SET by_id = 'somebody' WHERE THE ROW", 2),
    "the moment": (
        "UPDATE events SET at = (SELECT max(at) FROM events) WHERE THE ROW",
        2,
    ),
    "the digest": (
        "UPDATE events SET digest = (SELECT digest FROM events WHERE id = 1) WHERE THE ROW",
        2,
    ),
    "a row moved to another chain": (
        "UPDATE events SET chain = 'account:b', seq = 5 WHERE chain = 'account:中' AND seq = 4",
        5,
    ),
}
GAPS = {
    "a deleted row": ("DELETE FROM events WHERE THE ROW", 2),
    "a deleted beginning": ("DELETE FROM events WHERE chain = 'account:b' AND seq < 3", 1),
    "another number": ("UPDATE events SET seq = 9 WHERE THE LAST", 4),
}


@pytest.mark.parametrize(("change", "seq"), CHANGES.values(), ids=CHANGES.keys())
def test_an_altered_row_is_named(history, change, seq):
    forge(history, change)
    report = verify(history)
    assert not report.intact
    assert report.first_bad == ("account:b", seq, "altered")


@pytest.mark.parametrize(("change", "seq"), GAPS.values(), ids=GAPS.keys())
def test_a_missing_row_is_named(history, change, seq):
    forge(history, change)
    report = verify(history)
    assert not report.intact
    assert report.first_bad == ("account:b", seq, "missing")


REPAIRED = {
    "changed": ["UPDATE events SET by_id = 'somebody' WHERE THE ROW"],
    "deleted": ["DELETE FROM events WHERE THE ROW"],
    "swapped": [
        "UPDATE events SET seq = 99 WHERE chain = 'account:b' AND seq = 1",
        "UPDATE events SET seq = 1 WHERE chain = 'account:b' AND seq = 2",
        "UPDATE events SET seq = 2 WHERE chain = 'account:b' AND seq = 99",
    ],
    "cut off": ["DELETE FROM events WHERE chain = 'account:b' AND seq > 2"],
    "a whole chain deleted": ["DELETE FROM events WHERE chain = 'account:b'"],
}


@pytest.mark.parametrize("changes", REPAIRED.values(), ids=REPAIRED.keys())
def test_the_anchor_finds_what_was_repaired_in_every_digest(history, changes):
    forge(history, *changes)
    rechain(history, "account:b")
    report = verify(history)
    assert report.first_bad == (f"anchor:{DAY}", 1, "anchor_differs")


@pytest.mark.parametrize("column", ["root", "digest", "chains", "last_id", "after_id", "day", "at"])
def test_a_changed_anchor_is_named(history, column):
    value = {
        "root": b"x" * 32,
        "digest": b"\x01" + b"x" * 32,
        "day": date(2015, 10, 20),
        "at": history.now() + timedelta(seconds=1),
    }.get(column, 7)
    forge(history, ANCHORS.update().values({column: value}), table="anchors")
    report = verify(history)
    assert not report.intact
    assert report.first_bad[2] in {"anchor_altered", "anchor_differs"}


def test_a_deleted_anchor_is_missed_by_the_next_one(history):
    with history.unit() as unit:
        audit.anchor(unit, DAY + timedelta(days=1))
    assert verify(history).intact
    forge(history, ANCHORS.delete().where(ANCHORS.c.day == DAY), table="anchors")
    assert verify(history).first_bad[2] == "anchor_altered"


def test_anchors_follow_each_other(history):
    with history.unit() as unit:
        second = audit.anchor(unit, DAY + timedelta(days=1))
        third = audit.anchor(unit, DAY + timedelta(days=2))
    with history.reading() as unit:
        first, *rest = audit.anchors(unit)
    assert rest == [second, third]
    assert (first.chains, second.chains, third.chains) == (3, 3, 0)
    assert (second.after_id, third.after_id) == (first.last_id, second.last_id)
    assert verify(history).intact
    with pytest.raises(Conflict), history.unit() as unit:
        audit.anchor(unit, DAY + timedelta(days=2))


def test_a_forged_row_after_the_last_anchor_is_the_known_limit(history):
    """What the handbook says of digests: the end of a chain is safe from the next anchor on."""
    forge(history, "DELETE FROM events WHERE chain = 'account:b' AND seq = 4")
    assert verify(history).intact


@pytest.mark.parametrize("table", ["events", "anchors"])
@pytest.mark.parametrize("act", ["UPDATE {0} SET at = at", "DELETE FROM {0}"])
def test_the_database_itself_refuses_to_change_history(history, table, act):
    with pytest.raises(sa.exc.DBAPIError, match="only ever added"), history.unit() as unit:
        unit.connection.execute(sa.text(act.format(table)))
    assert verify(history).intact


@pytest.mark.postgres
def test_postgresql_refuses_to_empty_the_history(postgresql_office):
    with (
        pytest.raises(sa.exc.DBAPIError, match="only ever added"),
        postgresql_office.unit() as unit,
    ):
        unit.connection.execute(sa.text("TRUNCATE events"))


def test_rows_of_two_algorithms_verify_side_by_side(history, monkeypatch):
    with history.unit() as unit:
        unit.record(EVENT)
    with history.reading() as unit:
        (row,) = unit.connection.execute(
            sa.select(EVENTS).where(EVENTS.c.chain == EVENT.chain)
        ).all()
    other = link(b"", row.chain, 1, row.at, row.by_id, row.kind, row.body.encode(), "sha256")
    forge(history, EVENTS.update().where(EVENTS.c.id == row.id).values(digest=other))
    report = verify(history)
    assert report.intact
    assert "sha256" in report.digest


def test_a_digest_this_machine_cannot_compute_is_said(history, monkeypatch):
    monkeypatch.setattr("hashlib.algorithms_available", set())
    with pytest.raises(Unavailable) as refused:
        verify(history)
    assert refused.value.code == "audit.digest_unknown"


def test_events_come_back_as_they_were_recorded(office):
    event = TaskClaimed(case_id="c", task_id="t", step="审核")
    with office.unit() as unit:
        unit.record(event)
    with office.reading() as unit:
        (stored,) = audit.events_of(unit, "case:c")
        assert audit.length(unit, "case:c") == 1
        assert audit.length(unit, "case:other") == 0
    assert (stored.kind, stored.body, stored.seq) == ("TaskClaimed", event.body(), 1)
    assert len(stored.digest) == 64


def test_fresh_events_bring_the_topics_of_live_pages(office):
    with office.unit() as unit:
        unit.record(EVENT)
    with office.reading() as unit:
        last = audit.newest(unit)
    with office.unit() as unit:
        unit.record(TicketCalled("t", "B001", 1, 6, 1))
        unit.record(SignedIn(account="a"))
    with office.reading() as unit:
        called, signed_in = audit.since(unit, last)
        assert audit.newest(unit) == signed_in.id
        assert audit.since(unit, signed_in.id) == []
    assert (called.kind, called.chain) == ("TicketCalled", "ticket:t")
    assert set(called.topics) == {"ticket", "screen"}
    assert signed_in.topics == ()


@pytest.mark.postgres
def test_a_reader_of_fresh_events_misses_none_that_commits_late(postgresql_office):
    """Numbers are given out before the commit: 1 may become visible after 2."""
    office, written, go_on = postgresql_office, Signal(), Signal()

    def slow():
        with office.unit() as unit:
            unit.record(SignedIn(account="slow"))
            unit.flush()
            unit._events.clear()
            written.set()
            assert go_on.wait(10)

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(slow)
        assert written.wait(10)
        with office.unit() as unit:
            unit.record(SignedIn(account="quick"))
        with office.reading() as unit:
            assert audit.newest(unit) == 0
            assert audit.since(unit, 0) == []
        go_on.set()
        done.result()
    with office.reading() as unit:
        assert [event.chain for event in audit.since(unit, 0)] == ["account:slow", "account:quick"]


def test_a_long_history_is_read_in_pieces(office):
    for _ in range(3):
        with office.unit() as unit:
            for no in range(1500):
                unit.record(SignedIn(account=str(no % 700)))
    report = verify(office)
    assert (report.intact, report.events, report.chains) == (True, 4500, 700)
