"""What the tests know of the demo city: its walk-through matter and a complete application."""

from dataclasses import replace

from engine.demo.carry import answers_for, application_for
from engine.demo.story import ANSWERS, MATTER
from engine.services import catalogue, work


def walk_through_matter(hall):
    """Return the matter of the walk-through, with its papers."""
    row = next(row for row in catalogue.matters(hall, MATTER).rows if row.name == MATTER)
    return catalogue.matter(hall, row.no)


def application(hall, matter=None, **changes):
    """Return a complete application, with some parts changed."""
    return replace(application_for(hall, matter or walk_through_matter(hall)), **changes)


def answers(hall, task, **wanted):
    """Return answers to the form of a task that let the case go on."""
    return answers_for(work.form_of(hall, task), {**ANSWERS, **wanted})


def first_matter(hall, process):
    """Return the first matter that runs by a process."""
    page = 1
    while rows := catalogue.matters(hall, page=page).rows:
        for row in rows:
            if row.process == process:
                return catalogue.matter(hall, row.no)
        page += 1
    raise LookupError(process)


def drop_guards(database):
    """Take away what keeps the history from being changed, as a forger with the file would."""
    guards = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    for (name,) in guards.fetchall():
        database.execute(f"DROP TRIGGER {name}")
