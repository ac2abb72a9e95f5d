"""What each kind of job does."""

import logging
from collections.abc import Mapping
from datetime import date

from engine.processes.run import Thrown
from engine.services import (
    agency,
    audit,
    authority,
    calendar,
    children,
    exchange,
    intake,
    joint,
    licences,
    parallel,
    special_procedures,
    waking,
    warnings,
    what_if,
)
from engine.services.hall import Hall
from engine.storage.jobs import Job
from engine.storage.unit import Unit
from engine.worker.loop import Handlers

LOG = logging.getLogger(__name__)


def look_around(hall: Hall, unit: Unit, job: Job) -> None:
    """Find what presses this morning, plan the next one, and bind the day before to this one."""
    warnings.morning(hall, unit)
    audit.anchor(unit)
    parallel.morning(hall, unit)


def watch_case(hall: Hall, unit: Unit, job: Job) -> None:
    """Ask the tables of escalation and supervision about a case."""
    warnings.watch(hall, unit, str(job.payload["case_id"]))


def recompute_clocks(hall: Hall, unit: Unit, job: Job) -> None:
    """Derive the next clocks anew from a calendar that was changed."""
    calendar.recompute(hall, unit, str(job.payload["run"]), str(job.payload["after"]))


def lapse_authority(hall: Hall, unit: Unit, job: Job) -> None:
    """Offer the tasks again whose holders lost at midnight what they need for them."""
    authority.lapsed(hall, unit, date.fromisoformat(str(job.payload["day"])))


def wake_case(hall: Hall, unit: Unit, job: Job) -> None:
    """Let the timers of a process fire that are due."""
    waking.wake_case(hall, unit, str(job.payload["case_id"]))


def deem_accepted(hall: Hall, unit: Unit, job: Job) -> None:
    """Accept an application of which no notice was given in time."""
    intake.deem_accepted(hall, unit, str(job.payload["case_id"]))


def renew_by_silence(hall: Hall, unit: Unit, job: Job) -> None:
    """Renew a licence whose renewal nobody answered."""
    licences.renew_by_silence(hall, unit, str(job.payload["licence_no"]))


def tell_cases(hall: Hall, unit: Unit, job: Job) -> None:
    """Find who hears a message or signal that a case threw."""
    exchange.tell(hall, unit, job.key, str(job.payload["case_id"]), _thrown(job))


def hear_case(hall: Hall, unit: Unit, job: Job) -> None:
    """Bring a message or signal to a case that waited for it."""
    said = job.payload
    exchange.hear(hall, unit, job.key, str(said["case_id"]), str(said["sender"]), _thrown(job))


def end_children(hall: Hall, unit: Unit, job: Job) -> None:
    """Let the open children of a case end that has ended."""
    children.end_all(hall, unit, str(job.payload["case_id"]))


def end_child(hall: Hall, unit: Unit, job: Job) -> None:
    """End one child case that its parent needs no longer."""
    children.end(hall, unit, str(job.payload["case_id"]))
    special_procedures.child_ended(hall, unit, str(job.payload["case_id"]))


def child_ended(hall: Hall, unit: Unit, job: Job) -> None:
    """Tell a parent what became of its child case."""
    child_id = str(job.payload["case_id"])
    if exchange.child_ended(hall, unit, job.key, child_id):
        parallel.child_ended(hall, unit, child_id)
        special_procedures.child_ended(hall, unit, child_id)


def take_silence(hall: Hall, unit: Unit, job: Job) -> None:
    """Weigh the opinions of units that were silent beyond their limit."""
    parallel.silence(hall, unit, str(job.payload["case_id"]))


def fix_survey(hall: Hall, unit: Unit, job: Job) -> None:
    """Let the units of a joint survey wait for its record."""
    joint.fix(hall, unit, str(job.payload["survey_id"]))


def close_survey(hall: Hall, unit: Unit, job: Job) -> None:
    """Let the units of a signed joint survey go on."""
    joint.close(hall, unit, str(job.payload["survey_id"]))


def _thrown(job: Job) -> Thrown:
    said = job.payload
    data = said["data"]
    return Thrown(
        kind=str(said["kind"]),
        name=str(said["name"]),
        element=str(said["element"]),
        data=data if isinstance(data, Mapping) else {},
    )


def log_notice(hall: Hall, job: Job) -> None:
    """Send a notice by the channel that every hall has, its log; ids only, never a name."""
    case_id = job.case_id or job.payload.get("case_id")
    LOG.info("notice %s of case %s to %s", job.key, case_id, _recipients(hall, job))


def go_on_replaying(hall: Hall, job: Job) -> None:
    """Do the next slice of a replay; outside, so that nobody waits for its computing."""
    what_if.work_on(hall, str(job.payload["run"]), str(job.payload["after"]))


def _recipients(hall: Hall, job: Job) -> str:
    """Those of a notice that speaks of the case alone; others name their officials themselves."""
    if job.payload.keys() != {"case_id"}:
        return "officials"
    return " and ".join(agency.told(hall, str(job.payload["case_id"])))


HANDLERS = Handlers(
    inside={
        "clock.morning": look_around,
        "clock.watch": watch_case,
        "calendar.recompute": recompute_clocks,
        "authority.lapsed": lapse_authority,
        "case.wake": wake_case,
        "intake.deem": deem_accepted,
        "licence.silence": renew_by_silence,
        "case.tell": tell_cases,
        "case.hear": hear_case,
        "case.child_ended": child_ended,
        "joint.silence": take_silence,
        "joint.fix": fix_survey,
        "joint.close": close_survey,
        "case.end_children": end_children,
        "case.end_child": end_child,
    },
    outside={"notice.send": log_notice, "what_if.slice": go_on_replaying},
    begin=warnings.keep_watch,
)
