from engine.processes.placing.scope import place
from tests.engine.processes.placing.models import read


def flow(source: str, target: str) -> str:
    return f'<sequenceFlow id="{source}{target}" sourceRef="{source}" targetRef="{target}"/>'


def placed(body: str, bands=()):
    return place(read(f'<process id="p">{body}</process>')[0], bands)


def test_a_loop_goes_below_what_it_passes():
    drawing = placed(
        '<task id="a"/><task id="b"/><task id="c"/>'
        + flow("a", "b")
        + flow("b", "c")
        + flow("c", "a")
    ).drawing
    level = max(y for _, y in drawing.lines["ca"])
    assert level > max(drawing.shapes[name].bottom for name in "abc")
    assert drawing.lines["ca"][-1] == (drawing.shapes["a"].middle[0], drawing.shapes["a"].bottom)


def test_a_task_may_lead_back_to_itself():
    drawing = placed('<task id="a"/>' + flow("a", "a")).drawing
    points = drawing.lines["aa"]
    assert points[0] == (drawing.shapes["a"].right, drawing.shapes["a"].middle[1])
    assert points[-1] == (drawing.shapes["a"].x, drawing.shapes["a"].middle[1])
    assert max(y for _, y in points) > drawing.shapes["a"].bottom


def test_a_splitting_gateway_is_left_at_its_corners():
    drawing = placed(
        '<exclusiveGateway id="g"/><task id="a"/><task id="b"/>' + flow("g", "a") + flow("g", "b")
    ).drawing
    gate = drawing.shapes["g"]
    assert {drawing.lines["ga"][0], drawing.lines["gb"][0]} == {
        (gate.middle[0], gate.y),
        (gate.middle[0], gate.bottom),
    }


def test_bands_lie_below_each_other_and_hold_their_nodes():
    made = placed('<task id="a"/><task id="b"/><task id="c"/>' + flow("a", "b"), [["b"], ["a"]])
    (top_b, bottom_b), (top_a, bottom_a), (top_c, _) = made.bands
    assert bottom_b == top_a
    assert bottom_a == top_c
    assert top_b < made.drawing.shapes["b"].y < bottom_b
    assert top_a < made.drawing.shapes["a"].y < bottom_a
    assert made.drawing.shapes["c"].y > top_c


def test_several_boundary_events_stand_side_by_side_and_leave_downward():
    edges = "".join(f'<boundaryEvent id="{name}" attachedToRef="a" name="逾期"/>' for name in "xyz")
    drawing = placed(
        '<task id="a"/><task id="b"/>' + edges + flow("a", "b") + flow("x", "b") + flow("y", "b")
    ).drawing
    host = drawing.shapes["a"]
    for name in "xyz":
        assert drawing.shapes[name].middle[1] == host.bottom
        assert host.x <= drawing.shapes[name].middle[0] <= host.right
    assert len({drawing.shapes[name].x for name in "xyz"}) == 3
    assert drawing.lines["xb"][0][1] == drawing.shapes["x"].bottom
    levels = [drawing.lines[name][1][1] for name in ("xb", "yb")]
    assert levels[0] != levels[1]


def test_a_sub_process_holds_its_drawing():
    inner = '<subProcess id="s"><task id="i"/><task id="j"/>' + flow("i", "j") + "</subProcess>"
    drawing = placed(inner).drawing
    outer = drawing.shapes["s"]
    for name in "ij":
        assert outer.x < drawing.shapes[name].x
        assert drawing.shapes[name].bottom < outer.bottom
