"""How long the server worked on an answer."""

import re


def test_every_answer_tells_the_time_it_took(visitor):
    for path in ("/", "/licences/check", "/no-such-page"):
        told = visitor.get(path).headers["Server-Timing"]
        assert re.fullmatch(r"app;dur=\d+\.\d", told), path
