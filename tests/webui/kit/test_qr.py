"""QR codes on paper."""

import re

from webui.kit.qr import BORDER, qr

FINDER = 7


def dark(code):
    return {(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", code.path)}


def test_a_code_has_its_three_corners_and_a_white_border():
    code = qr("http://localhost/licences/check?no=1&x=2")
    squares = dark(code)
    last = code.size - BORDER - FINDER
    for left, top in ((BORDER, BORDER), (last, BORDER), (BORDER, last)):
        assert {(left + step, top) for step in range(FINDER)} <= squares
        assert (left + 1, top + 1) not in squares
        assert (left + 3, top + 3) in squares
    assert min(min(square) for square in squares) == BORDER


def test_the_drawing_holds_nothing_of_the_text():
    assert re.fullmatch(r"(M\d+ \d+h1v1h-1z)+", qr("<script>政务</script>").path)


def test_other_texts_have_other_codes():
    assert qr("a") != qr("b")
    assert qr("a") == qr("a")
