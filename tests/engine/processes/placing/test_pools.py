from itertools import pairwise

from engine.processes.placing.pools import pools_drawing, process_drawing
from tests.engine.processes.placing.models import read

LANES = (
    '<laneSet id="ls"><lane id="L1"><flowNodeRef>a</flowNodeRef></lane><lane id="L2">'
    '<childLaneSet id="c"><lane id="L3"><flowNodeRef>b</flowNodeRef></lane><lane id="L4"/>'
    "</childLaneSet></lane></laneSet>"
)
BODY = '<task id="a"/><task id="b"/><sequenceFlow id="f" sourceRef="a" targetRef="b"/>'


def pools(flows: str = ""):
    root = read(
        '<collaboration id="c"><participant id="P0"/><participant id="P1" processRef="p"/>'
        f'<participant id="P2" processRef="q"/>{flows}</collaboration>'
        f'<process id="p">{LANES}{BODY}</process><process id="q"><task id="d"/></process>'
    )
    return pools_drawing(root, root[0])


def message(source: str, target: str) -> str:
    return f'<messageFlow id="m" name="申请" sourceRef="{source}" targetRef="{target}"/>'


def test_pools_stand_below_each_other_and_are_equally_wide():
    made = pools()
    boxes = [made.shapes[name] for name in ("P0", "P1", "P2")]
    assert all(one.bottom < two.y for one, two in pairwise(boxes))
    assert len({box.width for box in boxes}) == 1


def test_lanes_fill_their_pool_and_lanes_in_lanes_fill_theirs():
    made = pools()
    shapes = made.shapes
    assert shapes["L1"].y == shapes["P1"].y
    assert shapes["L1"].bottom == shapes["L2"].y == shapes["L3"].y
    assert shapes["L3"].bottom == shapes["L4"].y
    assert shapes["L4"].bottom == shapes["L2"].bottom == shapes["P1"].bottom
    assert len({shapes[name].right for name in ("L1", "L2", "L3", "L4", "P1")}) == 1
    assert shapes["L3"].x > shapes["L2"].x > shapes["P1"].x


def test_a_message_to_an_empty_pool_goes_straight_to_its_border():
    made = pools(message("a", "P0"))
    (x, y), (x2, y2) = made.lines["m"]
    assert x == x2 == made.shapes["a"].middle[0]
    assert (y, y2) == (made.shapes["a"].y, made.shapes["P0"].bottom)
    assert "m" in made.labels


def test_a_message_between_pools_has_right_angles_and_ends_on_both_tasks():
    made = pools(message("b", "d"))
    points = made.lines["m"]
    assert all(one[0] == two[0] or one[1] == two[1] for one, two in pairwise(points))
    assert points[0][1] == made.shapes["b"].bottom
    assert points[-1][1] == made.shapes["d"].y


def test_a_message_from_pool_to_pool_joins_their_borders():
    made = pools(message("P0", "P2"))
    assert [y for _, y in made.lines["m"]] == [made.shapes["P0"].bottom, made.shapes["P2"].y]


def test_a_process_without_a_pool_is_drawn_alone():
    root = read(f'<process id="p">{BODY}</process>')
    assert set(process_drawing(root[0]).shapes) == {"a", "b"}
