"""A visitor of the pages: keeps cookies and sends the form's token, without any script."""

import re

TOKEN = re.compile(r'name="csrf-token" content="([0-9a-f]+)"')
LIGHT_PAGE = "/licences/check"


class Visitor:
    """Reads and writes through HTTP as a person would."""

    def __init__(self, app, account=None):
        self.app, self.client = app, app.test_client()
        if account:
            self.sign_in(account)

    def get(self, path, fragment=False, **options):
        headers = {"HX-Request": "true"} if fragment else {}
        return self.client.get(path, headers=headers, buffered=True, **options)

    def read(self, path, **options):
        """Return the text of a page that must be there."""
        answer = self.get(path, **options)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[-2000:])
        return answer.text

    def post(self, path, fields=None, fragment=False, **more):
        headers = {"HX-Request": "true"} if fragment else {}
        sent = {"csrf_token": self.token(), **(fields or {}), **more}
        return self.client.post(path, data=sent, headers=headers)

    def token(self):
        return TOKEN.search(self.read(LIGHT_PAGE))[1]

    def sign_in(self, account):
        answer = self.post("/account/demo", account=account)
        assert answer.status_code == 303, answer.text[-2000:]
        return self
