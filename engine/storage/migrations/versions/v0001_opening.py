"""The schema with which the hall opens.

Revision: 0001, the first.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from engine.storage.base import Amount, Moment

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# History is only ever added to: both databases refuse anything else, whoever asks.
APPEND_ONLY = ("events", "anchors")

TABLES = (
    "licences",
    "decisions",
    "case_materials",
    "clocks",
    "tasks",
    "cases",
    "stand_ins",
    "grants",
    "sessions",
    "officials",
    "zones",
    "units",
    "windows",
    "matter_types",
    "matters",
    "materials",
    "joint_procedures",
    "calendar_days",
    "roles",
    "definitions",
    "sign_in_attempts",
    "tickets",
    "serials",
    "events",
    "anchors",
    "jobs",
    "requests",
)


def upgrade() -> None:
    """Make all tables, then guard the history."""
    _catalogue()
    _definitions()
    _people()
    _queue()
    _cases()
    _journal()
    _guard_history()


def downgrade() -> None:
    """Drop all tables."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table in TABLES:
        op.drop_table(table)
    if postgresql:
        op.execute("DROP FUNCTION hall_append_only()")


def _catalogue() -> None:
    op.create_table(
        "zones",
        sa.Column("no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(4), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("name_en", sa.String(100), nullable=False),
        sa.Column("floor", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("no", name="pk_zones"),
        sa.UniqueConstraint("code", name="uq_zones_code"),
    )
    op.create_table(
        "units",
        sa.Column("no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("name_en", sa.String(200), nullable=False),
        sa.Column("zone_no", sa.Integer(), nullable=False),
        sa.Column("uscc", sa.String(18), nullable=False),
        sa.PrimaryKeyConstraint("no", name="pk_units"),
    )
    op.create_table(
        "windows",
        sa.Column("no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("label", sa.String(16), nullable=False),
        sa.Column("zone_no", sa.Integer(), nullable=False),
        sa.Column("floor", sa.Integer(), nullable=False),
        sa.Column("unit_no", sa.Integer(), nullable=False),
        sa.Column("place_in_unit", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(16), nullable=False),
        sa.Column("back_office", sa.String(32)),
        sa.PrimaryKeyConstraint("no", name="pk_windows"),
    )
    op.create_table(
        "matter_types",
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("name_zh", sa.String(100), nullable=False),
        sa.Column("name_en", sa.String(100), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("promised_days", sa.Integer(), nullable=False),
        sa.Column("process", sa.String(100), nullable=False),
        sa.Column("gb_case_type_code", sa.String(8), nullable=False),
        sa.Column("colour", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_matter_types"),
    )
    op.create_table(
        "matters",
        sa.Column("no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("basic_code", sa.String(32), nullable=False),
        sa.Column("task_code", sa.String(32), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("initials", sa.String(200), nullable=False),
        sa.Column("unit_no", sa.Integer(), nullable=False),
        sa.Column("base", sa.String(16), nullable=False),
        sa.Column("item_type_code", sa.String(8), nullable=False),
        sa.Column("matter_type", sa.String(32), nullable=False),
        sa.Column("steps_before", sa.Integer(), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("statutory_days", sa.Integer(), nullable=False),
        sa.Column("promised_days", sa.Integer(), nullable=False),
        sa.Column("exception_basis", sa.Text(), nullable=False),
        sa.Column("process", sa.String(100), nullable=False),
        sa.Column("form", sa.String(120), nullable=False),
        sa.Column("licence_name", sa.String(200), nullable=False),
        sa.Column("licence_scheme", sa.String(16), nullable=False),
        sa.Column("licence_holder", sa.String(100), nullable=False),
        sa.Column("applicant_kinds", sa.Text(), nullable=False),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.Column("conditions", sa.Text(), nullable=False),
        sa.Column("fee", sa.String(200), nullable=False),
        sa.Column("units_involved", sa.Integer(), nullable=False),
        sa.Column("formal_review", sa.Boolean(), nullable=False),
        sa.Column("survey", sa.Boolean(), nullable=False),
        sa.Column("hearing", sa.Boolean(), nullable=False),
        sa.Column("testing", sa.Boolean(), nullable=False),
        sa.Column("expert_review", sa.Boolean(), nullable=False),
        sa.Column("quantity_limit", sa.Boolean(), nullable=False),
        sa.Column("tolerant", sa.Boolean(), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("no", name="pk_matters"),
        sa.UniqueConstraint("task_code", name="uq_matters_task_code"),
    )
    op.create_index("ix_matters_unit_no", "matters", ["unit_no"])
    op.create_table(
        "materials",
        sa.Column("of", sa.String(32), nullable=False),
        sa.Column("no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("tolerant", sa.Boolean(), nullable=False),
        sa.Column("originals", sa.Integer(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(200), nullable=False),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("of", "no", name="pk_materials"),
    )
    op.create_table(
        "joint_procedures",
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("matter_no", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("name_en", sa.String(200), nullable=False),
        sa.Column("lead_unit_no", sa.Integer(), nullable=False),
        sa.Column("unit_nos", sa.Text(), nullable=False),
        sa.Column("statutory_days", sa.Integer(), nullable=False),
        sa.Column("promised_days", sa.Integer(), nullable=False),
        sa.Column("process", sa.String(100), nullable=False),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_joint_procedures"),
        sa.UniqueConstraint("matter_no", name="uq_joint_procedures_matter_no"),
    )
    op.create_table(
        "calendar_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("notice", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_calendar_days"),
    )
    op.create_table(
        "roles",
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("name_zh", sa.String(100), nullable=False),
        sa.Column("name_en", sa.String(100), nullable=False),
        sa.Column("permissions", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("role", name="pk_roles"),
    )


def _definitions() -> None:
    op.create_table(
        "definitions",
        sa.Column("id", ROW_NUMBER, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("published_at", Moment(), nullable=False),
        sa.Column("published_by", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_definitions"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_definitions_in_force", "definitions", ["kind", "key", "effective_from", "id"]
    )


def _people() -> None:
    op.create_table(
        "officials",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("account", sa.String(64), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("post", sa.String(32), nullable=False),
        sa.Column("unit_no", sa.Integer()),
        sa.Column("window_no", sa.Integer()),
        sa.Column("back_office", sa.String(32)),
        sa.Column("password_hash", sa.String(200)),
        sa.PrimaryKeyConstraint("id", name="pk_officials"),
        sa.UniqueConstraint("account", name="uq_officials_account"),
    )
    op.create_index("ix_officials_unit_no", "officials", ["unit_no"])
    op.create_index("ix_officials_window_no", "officials", ["window_no"])
    op.create_table(
        "sessions",
        sa.Column("token_digest", sa.String(64), nullable=False),
        sa.Column(
            "official_id",
            sa.String(64),
            sa.ForeignKey("officials.id", name="fk_sessions_official_id"),
            nullable=False,
        ),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.Column("ends_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("token_digest", name="pk_sessions"),
    )
    op.create_index("ix_sessions_official_id", "sessions", ["official_id"])
    op.create_table(
        "sign_in_attempts",
        sa.Column("id", ROW_NUMBER, autoincrement=True, nullable=False),
        sa.Column("account", sa.String(64), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("ok", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_attempts"),
    )
    op.create_index("ix_sign_in_attempts_account", "sign_in_attempts", ["account", "address", "at"])
    op.create_table(
        "grants",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column(
            "official_id",
            sa.String(64),
            sa.ForeignKey("officials.id", name="fk_grants_official_id"),
            nullable=False,
        ),
        sa.Column("unit_no", sa.Integer(), nullable=False),
        sa.Column("power", sa.String(32), nullable=False),
        sa.Column("mandate_no", sa.String(100), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date()),
        sa.Column("matter_types", sa.Text(), nullable=False),
        sa.Column("amount_limit", Amount()),
        sa.Column("region", sa.String(100)),
        sa.Column("revoked_on", sa.Date()),
        sa.PrimaryKeyConstraint("id", name="pk_grants"),
    )
    op.create_index("ix_grants_holders", "grants", ["unit_no", "power"])
    op.create_index("ix_grants_official_id", "grants", ["official_id"])
    op.create_table(
        "stand_ins",
        sa.Column(
            "official_id",
            sa.String(64),
            sa.ForeignKey("officials.id", name="fk_stand_ins_official_id"),
            nullable=False,
        ),
        sa.Column(
            "stands_in_for",
            sa.String(64),
            sa.ForeignKey("officials.id", name="fk_stand_ins_stands_in_for"),
            nullable=False,
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("ground", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("official_id", "stands_in_for", "valid_from", name="pk_stand_ins"),
    )


def _queue() -> None:
    op.create_table(
        "tickets",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("zone_no", sa.Integer(), nullable=False),
        sa.Column("unit_no", sa.Integer()),
        sa.Column("matter_no", sa.Integer()),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("taken_at", Moment(), nullable=False),
        sa.Column("queued_at", Moment(), nullable=False),
        sa.Column("called_at", Moment()),
        sa.Column("ended_at", Moment()),
        sa.Column("window_no", sa.Integer()),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("requeued", sa.Boolean(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tickets"),
        sa.UniqueConstraint("zone_no", "day", "number", name="uq_tickets_zone_no_day_number"),
    )
    _partial(
        "ix_tickets_waiting", "tickets", ["zone_no", "day", "queued_at", "id"], "state = 'waiting'"
    )
    _partial("uq_tickets_called", "tickets", ["window_no"], "state = 'called'", unique=True)
    op.create_table(
        "serials",
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_serials"),
    )


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("case_no", sa.String(64), nullable=False),
        sa.Column("matter_no", sa.Integer(), nullable=False),
        sa.Column("unit_no", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("process", sa.String(100), nullable=False),
        sa.Column("process_version", sa.String(64), nullable=False),
        sa.Column("form", sa.String(120), nullable=False),
        sa.Column("form_version", sa.String(64), nullable=False),
        sa.Column("applicant_kind", sa.String(32), nullable=False),
        sa.Column("applicant_name", sa.String(200), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("process_state", sa.LargeBinary()),
        sa.Column("applied_at", Moment(), nullable=False),
        sa.Column("applied_by", sa.String(64), nullable=False),
        sa.Column("ticket_id", sa.String(64)),
        sa.Column("window_no", sa.Integer()),
        sa.Column("accepted_at", Moment()),
        sa.Column("accepted_by", sa.String(64)),
        sa.Column("passed_at", Moment()),
        sa.Column("decided_at", Moment()),
        sa.Column("decided_by", sa.String(64)),
        sa.Column("outcome", sa.String(100)),
        sa.Column("closed_at", Moment()),
        sa.Column("promised_due", sa.Date()),
        sa.Column("statutory_due", sa.Date()),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("next_due", Moment()),
        sa.Column("matter_type", sa.String(32), nullable=False),
        sa.Column("applicant_id", sa.LargeBinary(), nullable=False),
        sa.Column("applicant_phone", sa.LargeBinary(), nullable=False),
        sa.Column("agent", sa.String(200)),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        sa.UniqueConstraint("case_no", name="uq_cases_case_no"),
    )
    _partial("ix_cases_decided", "cases", ["unit_no", "decided_at"], "state = 'decided'")
    _partial("ix_cases_next_due", "cases", ["next_due"], "next_due IS NOT NULL")
    op.create_index("ix_cases_unit_no", "cases", ["unit_no", "applied_at"])
    op.create_table(
        "tasks",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column(
            "case_id",
            sa.String(64),
            sa.ForeignKey("cases.id", name="fk_tasks_case_id"),
            nullable=False,
        ),
        sa.Column("step", sa.String(100), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("power", sa.String(32)),
        sa.Column("form", sa.String(120)),
        sa.Column("form_version", sa.String(64)),
        sa.Column("unit_no", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("due_on", sa.Date()),
        sa.Column("holder_id", sa.String(64)),
        sa.Column("done_at", Moment()),
        sa.Column("done_by", sa.String(64)),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("first_due", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tasks"),
    )
    op.create_index("ix_tasks_case_id", "tasks", ["case_id"])
    _partial("ix_tasks_claimed", "tasks", ["holder_id", "first_due", "id"], "state = 'claimed'")
    _partial("ix_tasks_done", "tasks", ["done_by", "done_at", "id"], "state = 'done'")
    _partial(
        "ix_tasks_offered", "tasks", ["unit_no", "first_due", "id", "roles"], "state = 'offered'"
    )
    op.create_table(
        "clocks",
        sa.Column("id", ROW_NUMBER, autoincrement=True, nullable=False),
        sa.Column(
            "case_id",
            sa.String(64),
            sa.ForeignKey("cases.id", name="fk_clocks_case_id"),
            nullable=False,
        ),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("limit_days", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("closed_at", Moment()),
        sa.PrimaryKeyConstraint("id", name="pk_clocks"),
    )
    op.create_index("ix_clocks_case_id", "clocks", ["case_id"])
    op.create_table(
        "case_materials",
        sa.Column(
            "case_id",
            sa.String(64),
            sa.ForeignKey("cases.id", name="fk_case_materials_case_id"),
            nullable=False,
        ),
        sa.Column("no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "no", name="pk_case_materials"),
    )
    op.create_table(
        "decisions",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column(
            "case_id",
            sa.String(64),
            sa.ForeignKey("cases.id", name="fk_decisions_case_id"),
            nullable=False,
        ),
        sa.Column("task_id", sa.String(100), nullable=False),
        sa.Column("table", sa.String(100), nullable=False),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("rows", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
    )
    op.create_index("ix_decisions_case_id", "decisions", ["case_id"])
    op.create_table(
        "licences",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("no", sa.String(64), nullable=False),
        sa.Column(
            "case_id",
            sa.String(64),
            sa.ForeignKey("cases.id", name="fk_licences_case_id"),
            nullable=False,
        ),
        sa.Column("matter_no", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("holder", sa.String(200), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("issued_at", Moment(), nullable=False),
        sa.Column("issued_by", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("handed_out_at", Moment()),
        sa.Column("handed_out_by", sa.String(64)),
        sa.Column("taken_by", sa.String(200)),
        sa.PrimaryKeyConstraint("id", name="pk_licences"),
        sa.UniqueConstraint("case_id", name="uq_licences_case_id"),
        sa.UniqueConstraint("no", name="uq_licences_no"),
    )


def _journal() -> None:
    op.create_table(
        "events",
        sa.Column("id", ROW_NUMBER, autoincrement=True, nullable=False),
        sa.Column("chain", sa.String(160), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
        sa.UniqueConstraint("chain", "seq", name="uq_events_chain_seq"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "anchors",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("after_id", sa.BigInteger(), nullable=False),
        sa.Column("last_id", sa.BigInteger(), nullable=False),
        sa.Column("chains", sa.Integer(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_anchors"),
    )
    op.create_table(
        "jobs",
        sa.Column("id", ROW_NUMBER, autoincrement=True, nullable=False),
        sa.Column("lane", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("case_id", sa.String(64)),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", Moment()),
        sa.Column("leased_by", sa.String(64)),
        sa.Column("last_error", sa.Text()),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("closed_at", Moment()),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
        sa.UniqueConstraint("kind", "key", name="uq_jobs_kind_key"),
    )
    _partial("ix_jobs_open", "jobs", ["lane", "due_at", "id"], "closed_at IS NULL")
    op.create_table(
        "requests",
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_requests"),
    )


def _link(column: str, target: str, name: str) -> sa.Column[str]:
    return sa.Column(column, sa.String(64), sa.ForeignKey(target, name=name), nullable=False)


def _partial(name: str, table: str, columns: list[str], condition: str, **options: Any) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where, **options)


def _guard_history() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in APPEND_ONLY:
            for act in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table}"
                    " BEGIN SELECT RAISE(ABORT, 'history is only ever added to'); END"
                )
        return
    op.execute(
        "CREATE FUNCTION hall_append_only() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'history is only ever added to'; END $$"
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION hall_append_only()"
        )
