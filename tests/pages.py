"""A visitor of the pages without a browser: follows links, fills forms, keeps cookies."""

import re
from html import unescape
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


class Page:
    """One answer of the server: its status, where it was found and its text."""

    def __init__(self, status, url, text):
        self.status, self.url, self.text = status, url, unescape(text)


class InProcess:
    """Reaches an application without a server."""

    def __init__(self, app):
        self._client = app.test_client()

    def get(self, url):
        """Return the page behind `url`, redirects followed."""
        return self._page(self._client.get(url, follow_redirects=True))

    def post(self, url, fields):
        """Return the page that answers a form, redirects followed."""
        return self._page(self._client.post(url, data=fields, follow_redirects=True))

    def _page(self, answer):
        return Page(answer.status_code, answer.request.url, answer.get_data(as_text=True))


class OverTheWire:
    """Reaches a server that really runs."""

    def __init__(self, origin):
        self._origin = origin
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()))

    def get(self, url):
        """Return the page behind `url`, redirects followed."""
        return self._open(url, None)

    def post(self, url, fields):
        """Return the page that answers a form, redirects followed."""
        return self._open(url, urlencode(fields, doseq=True).encode())

    def _open(self, url, body):
        try:
            with self._opener.open(self._origin + url, body, timeout=20) as answer:
                return Page(answer.status, answer.url, answer.read().decode())
        except HTTPError as error:
            return Page(error.code, error.url, error.read().decode())


class Visitor:
    """One person with one browser; the answer to the last request is kept in `page`."""

    def __init__(self, transport):
        self.transport = transport
        self.page = None

    def get(self, url):
        """Open a page."""
        self.page = self.transport.get(url)
        return self.page

    def post(self, url, **fields):
        """Send a form with the token of the present page."""
        found = TOKEN.search(self.page.text)
        token = {"csrf_token": found[1]} if found else {}
        self.page = self.transport.post(url, token | fields)
        return self.page

    def sign_in(self, account):
        """Become one of the invented people."""
        self.get("/account/sign-in")
        return self.post("/account/demo", account=account)

    def hidden(self):
        """The hidden fields of the present page by name."""
        return dict(HIDDEN.findall(self.page.text))

    def find(self, pattern):
        """The first group of the first place that fits; a failure shows the page."""
        found = re.search(pattern, self.page.text)
        assert found, f"{pattern} is not on the page {self.page.url}:\n{self.page.text[:3000]}"
        return found[1]
