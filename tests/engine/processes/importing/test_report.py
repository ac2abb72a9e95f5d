from lxml import etree

from engine.processes.importing.report import MOST_NOTE, Outcome, Report, place_of, shortened
from tests.engine.processes.importing.samples import text


def task(inside: str = "") -> etree._Element:
    root = etree.fromstring(text(f'<userTask id="t" name="审批">{inside}</userTask>'))
    return next(root.iter("{*}userTask"))


def test_an_entry_stands_at_the_element_that_can_be_selected():
    node = task("<multiInstanceLoopCharacteristics/>")
    report = Report()
    report.ask(node[0], "collection", "${x}", "import.collection", said="${x}")
    (entry,) = report.entries()
    assert entry.plain() == {
        "element": "t",
        "name": "审批",
        "what": "collection",
        "from": "${x}",
        "to": "",
        "kind": "ask",
        "code": "import.collection",
        "params": {"said": "${x}"},
    }
    assert place_of(node[0]) is node


def test_what_is_asked_is_kept_as_a_note_once():
    node, report = task(), Report()
    for _ in range(2):
        report.stubbed(node, "program", "class=X", "import.program", program="class=X")
    assert [note.text for note in node.iter("{*}documentation")] == ["program: class=X"]


def test_what_is_dropped_leaves_no_note():
    node, report = task(), Report()
    report.dropped(node, "attribute", "a=b", "import.attribute", word="a")
    assert len(node) == 0
    assert not report.asks("t")


def test_only_open_things_are_asked():
    node, report = task(), Report()
    report.mapped(node, "role", "a", "b", "import.role", role="b")
    assert not report.asks("t")
    report.ask(node, "form", "", "import.form_missing", form="f")
    assert report.asks("t")
    assert report.asks("t", "form")
    assert not report.asks("t", "condition")


def test_noise_is_counted_at_the_end():
    report = Report()
    for space in ("urn:b", "urn:a", "urn:b"):
        report.noise(space)
    found = [(entry.source, entry.params["count"], entry.kind) for entry in report.entries()]
    assert found == [("urn:a", 1, Outcome.DROPPED), ("urn:b", 2, Outcome.DROPPED)]


def test_long_texts_are_cut():
    assert len(shortened("长" * 5000)) == MOST_NOTE
    assert shortened(" short ") == "short"
