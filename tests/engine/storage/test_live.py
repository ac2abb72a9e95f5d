"""Fresh events concern the units and holders of cases, and the zones of numbers."""

from dataclasses import replace

from engine.domain.case import TaskState
from engine.domain.ticket import Ticket, TicketState
from engine.storage import cases, live, tickets
from tests.engine.storage.samples import EVENT, case_of, put, task_of


def test_a_case_concerns_the_units_and_holders_of_all_its_tasks(office):
    case, other = case_of(office, 1), case_of(office, 2)
    first = task_of(case, office, 1, state=TaskState.DONE, holder_id="o1")
    with office.unit() as unit:
        put(unit, case, first)
        put(unit, other, task_of(other, office, 2, holder_id="o9"))
        cases.open_tasks(unit, [replace(first, id="t7", unit_no=7, holder_id=None)])
    with office.reading() as unit:
        assert live.of_cases(unit, [case.id]) == {(first.unit_no, "o1"), (7, None)}
        assert live.of_cases(unit, []) == set()


def test_a_number_concerns_its_zone_and_the_windows_it_was_at_and_waits_for(office):
    at = office.now()
    ticket = Ticket("n1", "A001", 1, None, None, TicketState.WAITING, at, at)
    with office.unit() as unit:
        tickets.insert(unit, replace(ticket, window_no=6, for_window=54))
        tickets.insert(unit, replace(ticket, id="n2", number="A002"))
        unit.record(EVENT)
    with office.reading() as unit:
        assert live.of_tickets(unit, ["n1"]) == {(1, 6, 54)}
        assert live.of_tickets(unit, ["n2", "n9"]) == {(1, None, None)}
