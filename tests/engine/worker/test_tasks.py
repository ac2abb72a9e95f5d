"""Every kind of job that the services ask for has somebody who does it."""

import ast
import logging
from pathlib import Path

import pytest

from engine.services import intake
from engine.storage.jobs import Job
from engine.worker.tasks import HANDLERS, log_notice
from tests.story import application, walk_through_matter

SERVICES = Path(__file__).parents[3] / "engine" / "services"


def asked_for():
    """Return lane and kind of every job that a service enqueues."""
    for path in SERVICES.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "enqueue":
                lanes = [word.value for word in node.keywords if word.arg == "lane"]
                lane = ast.literal_eval(lanes[0]) if lanes else "inside"
                yield lane, ast.literal_eval(node.args[0])


def test_every_kind_that_is_asked_for_is_known():
    wanted = set(asked_for())
    known = {("inside", kind) for kind in HANDLERS.inside}
    known |= {("outside", kind) for kind in HANDLERS.outside}
    assert wanted
    assert wanted <= known


@pytest.mark.parametrize(
    ("said", "to"),
    [
        pytest.param({}, "to applicant", id="of the case alone, to its applicant"),
        pytest.param({"rule": "S02"}, "to officials", id="of a rule, to officials"),
    ],
)
def test_a_notice_is_logged_with_ids_only(hall, cast, caplog, said, to):
    clerk = cast.clerk(walk_through_matter(hall).unit_no)
    case = intake.receive(hall, clerk, application(hall)).case
    payload = {"case_id": case.id, **said}
    job = Job(1, "outside", "notice.send", f"{case.id}:accepted", payload, None, 1)
    with caplog.at_level(logging.INFO):
        log_notice(hall, job)
    assert f"{case.id}:accepted" in caplog.text
    assert caplog.text.rstrip().endswith(to)
    assert case.applicant_name not in caplog.text
