"""Joint surveys: propose a day, see each unit's answer, another day, call off, and the calendar."""

from collections.abc import Callable
from datetime import date, timedelta

from flask import Response, request

from engine.domain.joint import OPEN
from engine.kernel.errors import Conflict, Forbidden, HallError, Invalid
from engine.kernel.now import hall_day
from engine.services import catalogue, joint, leading, parallel
from engine.services.joint import SurveyPage
from webui.desk.parallel import said_of
from webui.kit.errors import status_of
from webui.kit.guard import needs
from webui.kit.pages import render, see
from webui.kit.session import hall, present
from webui.kit.verdict import verdict_words

DAYS_SHOWN = 30


@needs("case.read")
def calendar() -> Response:
    """Show the joint surveys of the official's unit in the next days."""
    with hall().reading() as unit:
        today = hall_day(unit.at)
    rows = joint.calendar(hall(), present(), today, today + timedelta(days=DAYS_SHOWN))
    return render("desk/survey_days.html", rows=rows)


@needs("case.read")
def of_case(case_id: str) -> Response:
    """Show the open survey of a joint matter, or the form to propose one."""
    return _of_case(case_id)


@needs("task.work")
def propose(case_id: str) -> Response:
    """Propose a day to the chosen units."""
    try:
        made = joint.survey(hall(), present(), case_id, _units(), _day(), _seen())
    except (Conflict, Forbidden, Invalid) as error:
        return _of_case(case_id, error)
    return see("desk.survey", survey_id=made.survey.id)


@needs("case.read")
def page(survey_id: str) -> Response:
    """Show what each unit answered."""
    return _page(survey_id)


@needs("task.work")
def repropose(survey_id: str) -> Response:
    """Propose another day after a unit could not come."""
    return _done(survey_id, lambda: joint.repropose(hall(), present(), survey_id, _day(), _seen()))


@needs("task.work")
def call_off(survey_id: str) -> Response:
    """Call a survey off, with a reason."""
    reason = request.form.get("reason", "")
    return _done(survey_id, lambda: joint.call_off(hall(), present(), survey_id, reason, _seen()))


def _done(survey_id: str, deed: Callable[[], SurveyPage]) -> Response:
    try:
        deed()
    except (Conflict, Forbidden, Invalid) as error:
        return _page(survey_id, error)
    return see("desk.survey", survey_id=survey_id)


def _of_case(case_id: str, error: HallError | None = None) -> Response:
    view = parallel.family(hall(), present(), case_id)
    open_parts = {line.case.unit_no: line.unit_name for line in view.lines if line.open}
    own = {one.no: one.name for one in catalogue.units(hall()) if one.no == view.parent.unit_no}
    return _rendered("desk/surveys.html", view, error, choices=list((own | open_parts).items()))


def _page(survey_id: str, error: HallError | None = None) -> Response:
    found = joint.page(hall(), present(), survey_id)
    view = parallel.family(hall(), present(), found.survey.case_id)
    units = {one.no: one.name for one in catalogue.units(hall())}
    over = found.survey.state not in OPEN
    return _rendered("desk/survey.html", view, error, found=found, units=units, over=over)


def _rendered(
    template: str, view: parallel.Family, error: HallError | None, **more: object
) -> Response:
    led = leading.leading(hall(), present(), view.parent)
    verdict, row = verdict_words(led.verdict)
    return render(
        template,
        status_of(error) if error else 200,
        view=view,
        led=led,
        verdict=verdict,
        row=row,
        error=said_of(error) if error else "",
        typed=request.form,
        chosen=_units(),
        **more,
    )


def _units() -> list[int]:
    return request.form.getlist("units", type=int)


def _seen() -> int:
    return request.form.get("seen", default=-1, type=int)


def _day() -> date:
    try:
        return date.fromisoformat(request.form.get("day", ""))
    except ValueError as wrong:
        raise Invalid("survey.day_missing") from wrong
