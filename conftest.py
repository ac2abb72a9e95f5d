"""Says at the end of a run how many browser and PostgreSQL tests really ran; CI skips none."""

import os
from collections import Counter
from collections.abc import Generator

import pytest

REAL = {"browser": "Chromium", "postgres": "PostgreSQL"}
RAN, LEFT_OUT = "really ran", "did not run"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note whether a test met the real thing; where CI is set, a skip of such a test fails."""
    report = yield
    kinds = [kind for kind in REAL if item.get_closest_marker(kind)]
    skipped = report.skipped and not hasattr(report, "wasxfail")
    if skipped or (report.when == "setup" and report.failed):
        report.user_properties.extend((LEFT_OUT, kind) for kind in kinds)
    elif report.when == "call":
        report.user_properties.extend((RAN, kind) for kind in kinds)
    if kinds and skipped and os.environ.get("CI"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"CI runs every {' and '.join(kinds)} test, but not this one: {reason}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print one line per kind of real machinery: how many tests met it, how many did not."""
    reports = {
        id(report): report
        for found in terminalreporter.stats.values()
        for report in found
        if isinstance(report, pytest.TestReport)
    }
    count = Counter(note for report in reports.values() for note in report.user_properties)
    for kind, name in REAL.items():
        left = f", {count[LEFT_OUT, kind]} did not" if count[LEFT_OUT, kind] else ""
        terminalreporter.write_line(f"{name}: {count[RAN, kind]} tests really ran{left}")
