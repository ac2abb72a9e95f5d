from engine.processes.placing.scope import place
from tests.engine.processes.placing.models import read

NOTE = '<textAnnotation id="{0}"><text>五个工作日内一次性告知全部内容</text></textAnnotation>'


def drawing(body: str):
    return place(read(f'<process id="p">{body}</process>')[0]).drawing


def line(name: str, source: str, target: str) -> str:
    return f'<association id="{name}" sourceRef="{source}" targetRef="{target}"/>'


def test_a_note_stands_above_what_it_is_about():
    made = drawing('<task id="t"/>' + NOTE.format("n") + line("a", "t", "n"))
    assert made.shapes["n"].bottom < made.shapes["t"].y
    assert made.lines["a"] == [
        (made.shapes["t"].middle[0], made.shapes["t"].y),
        (made.shapes["n"].middle[0], made.shapes["n"].bottom),
    ]


def test_notes_of_one_node_stand_side_by_side():
    made = drawing(
        '<task id="t"/>'
        + NOTE.format("m")
        + NOTE.format("n")
        + line("a", "m", "t")
        + line("b", "t", "n")
    )
    assert made.shapes["m"].right < made.shapes["n"].x


def test_a_note_about_nothing_or_about_a_line_stands_below():
    made = drawing(
        '<task id="t"/><task id="u"/><sequenceFlow id="f" sourceRef="t" targetRef="u"/>'
        + NOTE.format("m")
        + NOTE.format("n")
        + line("a", "n", "f")
    )
    for name in "mn":
        assert made.shapes[name].y > made.shapes["t"].bottom
        assert made.shapes[name].bottom <= made.height
    assert made.lines["a"][-1][1] == made.shapes["t"].middle[1]


def test_drawn_data_has_its_own_size_and_label():
    made = drawing(
        '<task id="t"><dataInputAssociation id="l"><sourceRef>d</sourceRef></dataInputAssociation>'
        '</task><dataObjectReference id="d" name="申请书"/>'
    )
    assert (made.shapes["d"].width, made.shapes["d"].height) == (36, 50)
    assert made.labels["d"].y >= made.shapes["d"].bottom
    assert made.labels["d"].bottom <= made.shapes["t"].y
    assert len(made.lines["l"]) == 2
