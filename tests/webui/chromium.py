"""A real Chromium before a real server: every page is judged under its own strict policy."""

import shutil
import threading
from contextlib import contextmanager

import pytest
from playwright.sync_api import Error, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--lang=zh-CN",
]
COLLECT = """window.__csp = [];
document.addEventListener('securitypolicyviolation', (e) =>
  window.__csp.push([e.violatedDirective, e.blockedURI, e.sample]));"""
BETWEEN_PAGES = ("Execution context was destroyed", "Cannot read properties of null")
READY = "document.documentElement.dataset.ready === 'app'"
DESKTOP, PHONE = (1366, 768), (390, 844)


class _Quiet(WSGIRequestHandler):
    def log(self, *_):
        """Say nothing: the test says what went wrong."""


@contextmanager
def served(app):
    """Serve `app` on a free port of this machine; yield its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@contextmanager
def chromium():
    """Start the system's Chromium; skip where there is none."""
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("no Chromium here: install the package chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def page(browser, size=DESKTOP, forgiven=()):
    """Open a page that fails the test on a violation, a console error or an exception."""
    context = browser.new_context(
        viewport=dict(zip(("width", "height"), size, strict=True)), locale="zh-CN"
    )
    opened, wrong = context.new_page(), []
    opened.set_default_timeout(20000)
    opened.add_init_script(COLLECT)
    opened.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    yield opened
    violations = opened.evaluate("window.__csp")
    context.close()
    wrong = [text for text in wrong if not any(part in text for part in forgiven)]
    assert not violations, violations
    assert not wrong, wrong


def until(opened, script, seconds=20.0):
    """Wait until `script` is true in the page. (Playwright's own waiting is blocked by the CSP.)"""
    waited = 0.0
    while not _holds(opened, script):
        assert waited < seconds, f"not within {seconds} s: {script}"
        opened.wait_for_timeout(25)
        waited += 0.025
    return waited


def _holds(opened, script):
    try:
        return opened.evaluate(script)
    except Error as error:
        # The page is just being left for the next one, or the next has no element yet.
        if any(sign in str(error) for sign in BETWEEN_PAGES):
            return False
        raise


def sign_in(opened, place, account):
    """Let somebody of the demo city sign in, also one whom the first page does not list."""
    opened.goto(f"{place}/account/sign-in")
    opened.evaluate(
        "account => { const form = document.querySelector('form[action$=\"/account/demo\"]');"
        "const field = document.createElement('input'); field.type = 'hidden';"
        "field.name = 'account'; field.value = account; form.append(field); form.submit(); }",
        account,
    )
    opened.wait_for_url(lambda url: "/sign-in" not in url)
    until(opened, READY)
