import pytest

from engine.processes.placing.tree import (
    all_scopes,
    data_lines,
    fixed_size,
    flow_nodes,
    ident,
    label_of,
)
from tests.engine.processes.placing.models import read

FILE = (
    '<process id="p"><transaction id="x"><serviceTask id="i"/></transaction>'
    '<complexGateway id="g" name=" a \n b "/><task id="t" name="名"><dataInputAssociation id="l">'
    "<sourceRef>d</sourceRef></dataInputAssociation></task><callActivity id='c'/>"
    '<startEvent id="s" name="开始"/><subProcess id="e"/><textAnnotation id="n"/></process>'
)


def test_every_kind_of_scope_and_node_is_seen():
    root = read(FILE)
    assert [ident(scope) for scope in all_scopes(root)] == ["p", "x", "e"]
    assert [ident(node) for node in flow_nodes(root[0])] == ["x", "g", "t", "c", "s", "e"]


@pytest.mark.parametrize(
    ("name", "size"),
    [("x", None), ("g", (50, 50)), ("t", (100, 80)), ("c", (100, 80)), ("s", (36, 36))],
)
def test_sizes_are_the_usual_ones(name, size):
    node = next(node for node in flow_nodes(read(FILE)[0]) if ident(node) == name)
    assert fixed_size(node) == size


def test_an_empty_sub_process_has_the_size_of_a_task():
    assert fixed_size(flow_nodes(read(FILE)[0])[-1]) == (100, 80)


def test_only_what_has_no_room_inside_is_labelled_beside():
    labels = {ident(node): label_of(node) for node in flow_nodes(read(FILE)[0])}
    assert labels["g"] == "a b"
    assert labels["s"] == "开始"
    assert labels["t"] == ""


def test_lines_of_data_have_both_ends():
    assert list(data_lines(read(FILE)[0])) == [("l", "d", "t")]
