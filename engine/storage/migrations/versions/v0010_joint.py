"""Joint procedures, surveys and key projects.

Revision: 0010.
"""

import sqlalchemy as sa
from alembic import op

from engine.storage.base import Amount, Moment

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; in the procedures that exist, silence is no consent and no law special."""
    _add_to_procedures()
    _make_baselines()
    _make_holds()
    _make_surveys()
    _make_answers()
    _make_projects()
    _make_mandates()


def _add_to_procedures() -> None:
    op.add_column(
        "joint_procedures",
        sa.Column("phase", sa.String(32), nullable=False, server_default="none"),
    )
    op.add_column(
        "joint_procedures",
        sa.Column("silence_consents", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column(
        "joint_procedures",
        sa.Column("survey_law", sa.Text(), nullable=False, server_default=""),
    )


def _make_baselines() -> None:
    op.create_table(
        "baselines",
        sa.Column("matter_no", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("unit_no", "steps", "days", "papers", "visits", "visits_now")
        ),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("matter_no", "name", name="pk_baselines"),
    )


def _make_holds() -> None:
    op.create_table(
        "holds",
        sa.Column("id", sa.String(64), nullable=False),
        _case("holds"),
        _case("holds", "parent_id"),
        sa.Column("cause", sa.String(32), nullable=False),
        sa.Column("source_id", sa.String(64), nullable=False),
        sa.Column("row", sa.String(200), nullable=False),
        sa.Column("held_at", Moment(), nullable=False),
        sa.Column("released_at", Moment()),
        sa.Column("released_by", sa.String(64)),
        sa.PrimaryKeyConstraint("id", name="pk_holds"),
    )
    op.create_index("ix_holds_case_id", "holds", ["case_id"])
    op.create_index("ix_holds_source_id", "holds", ["source_id"])


def _make_surveys() -> None:
    op.create_table(
        "joint_surveys",
        sa.Column("id", sa.String(64), nullable=False),
        _case("joint_surveys"),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("proposed_at", Moment(), nullable=False),
        sa.Column("proposed_by", sa.String(64), nullable=False),
        sa.Column("stops_clocks", sa.Boolean(), nullable=False),
        sa.Column("row", sa.String(200), nullable=False),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.Column("fixed_at", Moment()),
        sa.Column("record_task", sa.String(64)),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.String(64)),
        sa.Column("ended_at", Moment()),
        sa.PrimaryKeyConstraint("id", name="pk_joint_surveys"),
    )
    op.create_index("ix_joint_surveys_case_id", "joint_surveys", ["case_id"])
    op.create_table(
        "survey_participants",
        sa.Column(
            "survey_id",
            sa.String(64),
            sa.ForeignKey("joint_surveys.id", name="fk_survey_participants_survey_id"),
            nullable=False,
        ),
        sa.Column("unit_no", sa.Integer(), nullable=False),
        _case("survey_participants"),
        sa.Column("date_task", sa.String(64)),
        sa.Column("accepted", sa.Boolean()),
        sa.Column("other_day", sa.Date()),
        sa.Column("answered_by", sa.String(64)),
        sa.Column("answered_at", Moment()),
        sa.Column("sign_task", sa.String(64)),
        sa.Column("signed_by", sa.String(64)),
        sa.Column("signed_at", Moment()),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("left_at", Moment()),
        sa.PrimaryKeyConstraint("survey_id", "unit_no", name="pk_survey_participants"),
    )
    op.create_index("ix_survey_participants_case_id", "survey_participants", ["case_id"])


def _make_answers() -> None:
    op.create_table(
        "joint_answers",
        _case("joint_answers"),
        sa.Column("no", sa.String(64), nullable=False),
        sa.Column("outcome", sa.String(64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("issued_at", Moment(), nullable=False),
        sa.Column("issued_by", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name="pk_joint_answers"),
        sa.UniqueConstraint("no", name="uq_joint_answers_no"),
    )


def _make_projects() -> None:
    op.create_table(
        "projects",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("no", sa.String(32), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("owner", sa.String(200), nullable=False),
        _case("projects"),
        sa.Column("agent_id", sa.String(64), nullable=False),
        sa.Column("fee", Amount(), nullable=False),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("opened_by", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_projects"),
        sa.UniqueConstraint("no", name="uq_projects_no"),
        sa.UniqueConstraint("case_id", name="uq_projects_case_id"),
    )


def _make_mandates() -> None:
    op.create_table(
        "mandates",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("no", sa.String(64), nullable=False),
        sa.Column("applicant_kind", sa.String(32), nullable=False),
        sa.Column("applicant_name", sa.String(200), nullable=False),
        sa.Column("applicant_number", sa.LargeBinary(), nullable=False),
        sa.Column("agent_name", sa.String(200), nullable=False),
        sa.Column("agent_number", sa.LargeBinary(), nullable=False),
        sa.Column("agent_phone", sa.LargeBinary(), nullable=False),
        sa.Column("matter_nos", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("entered_at", Moment(), nullable=False),
        sa.Column("entered_by", sa.String(64), nullable=False),
        sa.Column("revoked_on", sa.Date()),
        sa.Column("revoked_reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_mandates"),
        sa.UniqueConstraint("no", name="uq_mandates_no"),
    )
    op.create_table(
        "agent_acts",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column(
            "mandate_id",
            sa.String(64),
            sa.ForeignKey("mandates.id", name="fk_agent_acts_mandate_id"),
            nullable=False,
        ),
        _case("agent_acts"),
        sa.Column("act", sa.String(32), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_agent_acts"),
    )
    op.create_index("ix_agent_acts_case_id", "agent_acts", ["case_id"])
    op.create_index("ix_agent_acts_mandate_id", "agent_acts", ["mandate_id"])


def _case(table: str, column: str = "case_id") -> sa.Column[str]:
    return sa.Column(
        column,
        sa.String(64),
        sa.ForeignKey("cases.id", name=f"fk_{table}_{column}"),
        nullable=False,
    )


def downgrade() -> None:
    """Drop the tables and the columns."""
    for table in (
        "agent_acts",
        "mandates",
        "projects",
        "joint_answers",
        "survey_participants",
        "joint_surveys",
        "holds",
        "baselines",
    ):
        op.drop_table(table)
    for column in ("survey_law", "silence_consents", "phase"):
        op.drop_column("joint_procedures", column)
