import pytest

from engine.processes.placing.geometry import Box, Drawing, straight, text_size


def test_a_box_knows_its_sides():
    box = Box(10, 20, 30, 40)
    assert (box.right, box.bottom, box.middle) == (40, 60, (25, 40))
    assert box.moved(1, -1) == Box(11, 19, 30, 40)


@pytest.mark.parametrize(
    ("start", "end", "crosses"),
    [
        ((0, 40), (100, 40), True),
        ((0, 20), (100, 20), False),
        ((40, 0), (40, 100), False),
        ((25, 0), (25, 19), False),
        ((25, 0), (25, 21), True),
    ],
)
def test_a_line_along_the_border_does_not_cross(start, end, crosses):
    assert Box(10, 20, 30, 40).crossed(start, end) is crosses


def test_a_line_loses_what_is_between_on_a_straight_run():
    assert straight([(0, 0), (0, 0), (5, 0), (9, 0), (9, 4)]) == [(0, 0), (9, 0), (9, 4)]


def test_chinese_is_wider_and_long_texts_are_broken():
    assert text_size("审批")[0] > text_size("ab")[0]
    width, height = text_size("一次性告知需要补正的全部内容")
    assert width <= 92
    assert height == 2 * text_size("一")[1]


def test_a_drawing_takes_another_one_moved():
    inner, outer = Drawing(), Drawing()
    inner.shapes["a"] = Box(0, 0, 1, 1)
    inner.lines["f"] = [(0, 0), (1, 0)]
    outer.take(inner, 5, 6)
    assert outer.shapes["a"] == Box(5, 6, 1, 1)
    assert outer.lines["f"] == [(5, 6), (6, 6)]
