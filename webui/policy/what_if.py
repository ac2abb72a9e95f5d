"""Replays (历史回放): begun, followed, cancelled; what changes, and each case before and after."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from flask import Response, request

from engine.domain.facts import by_name
from engine.domain.what_if import Run
from engine.kernel.errors import HallError, Invalid
from engine.kernel.now import hall_day
from engine.services import catalogue, people, replays, what_if
from engine.services.replays import PROMISE, Question
from engine.services.what_if import Line
from webui.kit.decisions import fact_name, fact_value, lines, told
from webui.kit.errors import said, sentence, status_of
from webui.kit.guard import needs
from webui.kit.i18n import _, known, named
from webui.kit.pages import render, see
from webui.kit.paging import Paging, page_asked
from webui.kit.session import hall, present
from webui.kit.verdict import table_said

YEAR = timedelta(days=365)
EFFECTS, GROUPS = 50, 12
TRUTHS = {"true": True, "false": False}
DAYS_TYPED = 4
# What the head of the page says of every case of a promise.
SAID_ABOVE = {"promised_days"}


@needs("rule.read")
def page() -> Response:
    """Show the replays, the newest first, and how to begin one."""
    return _page()


@needs("rule.read")
def begin() -> Response:
    """Begin a replay: of other promised days, or of the file that was sent."""
    try:
        run = what_if.begin(hall(), present(), _question())
    except HallError as error:
        return _page(error)
    return see("policy.what_if", run_id=run.id)


@needs("rule.read")
def run(run_id: str) -> Response:
    """Show how far a replay is, its figures and the cases that come out otherwise."""
    return _run(run_id)


@needs("rule.read")
def standing(run_id: str) -> Response:
    """Answer the page that waits: how far the replay is; once it is over, the whole page anew."""
    found = what_if.run(hall(), present(), run_id)
    answer = render("policy/what_if_standing.html", run=found)
    if not found.open:
        answer.headers["HX-Refresh"] = "true"
    return answer


@needs("rule.read")
def cancel(run_id: str) -> Response:
    """Stop a replay; what it found stays."""
    try:
        what_if.cancel(hall(), present(), run_id)
    except HallError as error:
        return _run(run_id, sentence(error), status_of(error))
    return see("policy.what_if", run_id=run_id)


@needs("rule.read")
def case(run_id: str, no: int) -> Response:
    """Show one case as it was decided and as it would have been, side by side."""
    pair = what_if.pair(hall(), present(), run_id, no)
    types = {row.code: named(row) for row in catalogue.matter_types(hall())}
    sides = [
        (code, _outcome(outcome, types), decision, told(decision.get("reasons"), types))
        for code, outcome, decision in (
            ("before", pair.line.before, pair.old),
            ("after", pair.line.after, pair.new),
        )
    ]
    return render(
        "policy/what_if_case.html",
        run=pair.run,
        name=_name(pair.run),
        line=pair.line,
        matter=catalogue.matter(hall(), pair.line.matter_no),
        facts=lines(pair.old.get("facts"), types),
        sides=sides,
    )


def _page(error: HallError | None = None) -> Response:
    rows, total = what_if.runs(hall(), present(), page_asked())
    today = hall_day(hall().now())
    typed = request.form if error is not None else {}
    return render(
        "policy/what_ifs.html",
        status_of(error) if error is not None else 200,
        runs=[(row, _name(row)) for row in rows],
        paging=Paging(page_asked(), hall().rules.page_size, total),
        names={one.id: one.name for one in people.everybody(hall())},
        types=[(row.code, named(row)) for row in catalogue.matter_types(hall())],
        typed={
            "first_day": (today - YEAR).isoformat(),
            "last_day": today.isoformat(),
            **dict(typed),
        },
        errors=_wrong(error) if error is not None else {},
    )


def _wrong(error: HallError) -> dict[str, str]:
    """The sentence of an error by the field that it is about; a wrong file has no other."""
    field = str(error.params.get("field", "file" if request.form.get("what") == "file" else ""))
    return {field: sentence(error)}


def _question() -> Question:
    first, last = _day("first_day"), _day("last_day")
    if request.form.get("what") != "file":
        days = request.form.get("days", "").strip()
        number = int(days) if days.isascii() and days.isdigit() and len(days) <= DAYS_TYPED else 0
        return replays.of_promise(
            hall(), present(), request.form.get("type", ""), number, first, last
        )
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Invalid("what_if.no_file", field="file")
    source = file.read()
    if file.filename.lower().endswith(".bpmn"):
        return replays.of_process(hall(), present(), source, first, last)
    return replays.of_table(present(), source, first, last)


def _day(field: str) -> date:
    text = request.form.get(field, "").strip()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid("what_if.day", field=field) from None


def _run(run_id: str, problem: str = "", status: int = 200) -> Response:
    found = what_if.run(hall(), present(), run_id)
    shown = page_asked()
    rows = what_if.changed(hall(), present(), run_id, shown)
    types = {row.code: named(row) for row in catalogue.matter_types(hall())}
    touched_matters = _touched(found.result["by_matter"])
    touched_units = _touched(found.result["by_unit"])
    wanted = {no for no, _row in touched_matters[:GROUPS]} | {row.matter_no for row in rows}
    matters = {no: catalogue.matter(hall(), no) for no in wanted}
    effects = [
        (_called(name), _worded(name, before, types), _worded(name, after, types), number)
        for name, before, after, number in found.result["effects"]
    ]
    return render(
        "policy/what_if.html",
        status,
        run=found,
        name=_name(found),
        timed=found.kind == PROMISE,
        by=next((one.name for one in people.everybody(hall()) if one.id == found.started_by), ""),
        problem=problem,
        failure=_failure(found),
        effects=effects[:EFFECTS],
        other_effects=found.result["other_effects"] + sum(one[-1] for one in effects[EFFECTS:]),
        untold=[(sentence_of(code), number) for code, number in found.result["untold"].items()],
        by_matter=[(matters[no].name, row) for no, row in touched_matters[:GROUPS]],
        by_unit=[(named(catalogue.unit(hall(), no)), row) for no, row in touched_units[:GROUPS]],
        touched_matters=len(touched_matters),
        touched_units=len(touched_units),
        rows=[(row, matters[row.matter_no].name, _summary(row, types)) for row in rows],
        paging=Paging(shown, hall().rules.page_size, found.changes),
    )


def _touched(groups: Mapping[str, Mapping[str, int]]) -> list[tuple[int, Mapping[str, int]]]:
    """Return the groups in which something changes or is late, the most changed first."""
    rows = [(int(no), row) for no, row in groups.items() if row["changed"] or row["late_after"]]
    return sorted(rows, key=lambda one: (-one[1]["changed"], -one[1]["late_after"], one[0]))


def _name(run: Run) -> str:
    """What a replay asks, in one line."""
    if run.kind == PROMISE:
        found = {row.code: named(row) for row in catalogue.matter_types(hall())}
        type_ = found.get(run.key, run.key)
        return _("what_if.name.promise", type=type_, before=run.days_before, after=run.days_after)
    if run.kind == "table":
        key = table_said(run.key)
    else:
        types = catalogue.matter_types(hall())
        key = next((named(row) for row in types if row.process == run.key), run.key)
    return _(f"what_if.name.{run.kind}", key=key)


def _failure(run: Run) -> str:
    if not run.failure:
        return ""
    return said(str(run.failure["code"]), dict(run.failure["params"]))


def sentence_of(code: str) -> str:
    """Return the sentence of a code that carries nothing more."""
    return _(code) if known(code) else code


def _called(name: str) -> str:
    return fact_name(name) if by_name(name) else sentence_of(f"what_if.part.{name}")


def _worded(name: str, text: Any, types: Mapping[str, str]) -> str:
    """A value of an outcome in words; texts of truths, as counts hold them, are truths again."""
    value = TRUTHS.get(text, text) if isinstance(text, str) else text
    if name == "outcome" and value:
        return sentence_of(f"outcome.{value}")
    if name == "untold":
        return sentence_of(str(value))
    if isinstance(value, list):
        return _("list.separator").join(map(str, value)) or "—"
    if value in ("", None):
        return "—"
    return types.get(str(value)) or fact_value(name, value)


def _outcome(values: Mapping[str, Any], types: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(_called(name), _worded(name, value, types)) for name, value in values.items()]


def _summary(row: Line, types: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """What differs in a case: name, before and after."""
    if "untold" in row.after:
        return [(_called("untold"), "", _worded("untold", row.after["untold"], types))]
    return [
        (_called(name), _worded(name, row.before.get(name), types), _worded(name, value, types))
        for name, value in row.after.items()
        if row.before.get(name) != value and name not in SAID_ABOVE
    ]
