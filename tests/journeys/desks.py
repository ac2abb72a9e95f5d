"""People at their desks in a real Chromium: who sits down, what is filled in, what is kept."""

from contextlib import ExitStack, contextmanager

from engine.services.people import everybody
from tests.joint import open_tasks
from tests.story import answers
from tests.webui.chromium import READY, page, sign_in, until
from webui.build import FRONTEND

SCREENS = FRONTEND.parents[1] / "var/screens"


class Desks:
    """A served hall and a browser; everybody who sits down has a window of his own."""

    def __init__(self, hall, browser, place, stack):
        self.hall, self._browser, self._place, self._stack = hall, browser, place, stack

    def sit(self, who, path="/desk/"):
        """Return the page of somebody who signs in now; a session does not last for days."""
        opened = self._stack.enter_context(page(self._browser))
        sign_in(opened, self._place, getattr(who, "account", who))
        return self.go(opened, path)

    def leave_all(self):
        """Let everybody go home before days pass: an open page would say that its session ended."""
        self._stack.close()

    def go(self, opened, path):
        """Open another page of the hall."""
        opened.goto(self._place + path)
        until(opened, READY)
        return opened

    def complete(self, task, who=None, **wanted):
        """Let an official do a task on its page; return the page that follows."""
        opened = self.sit(who or self.holder(task), f"/desk/tasks/{task.id}")
        fill(opened, answers(self.hall, task, **wanted))
        leave(opened, lambda: opened.keyboard.press("F8"))
        assert "done=" in opened.url, opened.inner_text("main")
        return opened

    def holder(self, task):
        """Return who has a task in hand."""
        return next(one for one in everybody(self.hall) if one.id == task.holder_id)

    def waiting(self, case_id):
        """Return the one task that waits in a case."""
        (task,) = open_tasks(self.hall, case_id)
        return task


@contextmanager
def desks(hall, browser, place):
    """Open the desks; closing them fails the test on any error that a browser has seen."""
    with ExitStack() as stack:
        yield Desks(hall, browser, place, stack)


def fill(opened, values):
    """Fill in the fields that are there to be seen, each by its kind."""
    for name, value in values.items():
        field = opened.locator(f"main [name='{name}']").first
        kind = field.evaluate("one => one.type")
        if kind == "radio":
            opened.locator(f"main [name='{name}'][value='{value}']").check(force=True)
        elif kind == "checkbox":
            if field.is_checked() != bool(value):
                field.press("Space")
        elif kind == "select-one":
            field.select_option(str(value))
        elif field.is_visible():
            field.fill(str(value))


def leave(opened, deed):
    """Do what leads to another page and wait until that is ready."""
    with opened.expect_navigation():
        deed()
    until(opened, READY)


def press(opened, text, within="main"):
    """Press the button of a text and wait for the page that follows."""
    leave(opened, opened.locator(f"{within} button", has_text=text).first.click)


def keep(opened, name):
    """Keep what the page looks like, to be judged by people."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    opened.screenshot(path=SCREENS / f"journey.{name}.png", full_page=True)
    return opened.inner_text("main")
