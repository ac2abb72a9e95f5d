"""Key projects: one record for each parent case of their approvals."""

from dataclasses import fields

import sqlalchemy as sa

from engine.domain.project import Project
from engine.storage.base import Amount, Moment, metadata
from engine.storage.unit import Unit

# The columns are the fields of Project in their order.
PROJECTS = sa.Table(
    "projects",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("no", sa.String(32), nullable=False, unique=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("owner", sa.String(200), nullable=False),
    sa.Column("case_id", sa.ForeignKey("cases.id"), nullable=False, unique=True),
    sa.Column("agent_id", sa.String(64), nullable=False),
    sa.Column("fee", Amount, nullable=False),
    sa.Column("opened_at", Moment, nullable=False),
    sa.Column("opened_by", sa.String(64), nullable=False),
)
_P = PROJECTS.c


def add(unit: Unit, project: Project) -> None:
    """Store a project."""
    unit.connection.execute(
        PROJECTS.insert(), {field.name: getattr(project, field.name) for field in fields(Project)}
    )


def change_agent(unit: Unit, project_id: str, agent_id: str) -> None:
    """Store who acts for a project from now on."""
    unit.connection.execute(PROJECTS.update().where(_P.id == project_id).values(agent_id=agent_id))


def by_no(unit: Unit, project_no: str) -> Project | None:
    """Return the project with a number."""
    return next(iter(_projects(unit, _P.no == project_no)), None)


def by_case(unit: Unit, case_id: str) -> Project | None:
    """Return the project of a parent case."""
    return next(iter(_projects(unit, _P.case_id == case_id)), None)


def of_agent(unit: Unit, agent_id: str) -> list[Project]:
    """Return the projects that an official acts for, the oldest first."""
    return _projects(unit, _P.agent_id == agent_id)


def _projects(unit: Unit, condition: sa.ColumnElement[bool]) -> list[Project]:
    rows = unit.connection.execute(
        sa.select(PROJECTS).where(condition).order_by(_P.opened_at, _P.no)
    )
    return [Project(*row) for row in rows]
