"""The walk-through as its people click it; shared by the journeys and the crash test."""

from engine.demo.carry import application_for
from engine.demo.story import ENTERPRISE
from tests.story import walk_through_matter


def take_ticket(guide, matter):
    """A guide takes a number for the visitor; returns the number."""
    guide.get("/window/tickets")
    guide.post("/window/tickets", of=f"matter.{matter.no}")
    return guide.find(r"\b(B\d{3})\b")


def receive(hall, clerk):
    """The clerk receives a complete application at window 06; returns the id of the case."""
    matter = walk_through_matter(hall)
    application = application_for(hall, matter, ENTERPRISE)
    clerk.get("/window/")
    hidden = clerk.hidden()
    clerk.post(
        "/window/6/receive",
        **{
            "once": hidden.get("once", ""),
            "case-matter": str(matter.no),
            "case-ticket": hidden.get("case-ticket", ""),
            "applicant-kind": application.applicant.kind,
            "applicant-name": application.applicant.name,
            "applicant-id_number": application.applicant.id_number,
            "applicant-phone": application.applicant.phone,
            **{f"paper-{no}-state": paper.state for no, paper in application.materials.items()},
            **{f"paper-{no}-copies": "1" for no in application.materials},
            **{key: str(value) for key, value in application.answers.items()},
        },
    )
    return clerk.find(r"/desk/cases/(\w{26})")


def complete(official, task_id, **answers):
    """An official opens a task and completes it with these answers."""
    official.get(f"/desk/tasks/{task_id}")
    seen = official.hidden()["seen"]
    return official.post(f"/desk/tasks/{task_id}/complete", seen=seen, **answers)


def open_task(official, case_id):
    """The id of the task of a case that waits, from the official's inbox."""
    official.get(f"/desk/cases/{case_id}")
    return official.find(r"/desk/tasks/(\w+(?:-\w+)*)")


def hand_out(clerk, case_id, taken_by="林晓禾"):
    """Window 01 hands out the result."""
    clerk.get("/window/licences")
    seen = clerk.find(rf'/window/licences/{case_id}"[\s\S]*?name="seen" value="(\d+)"')
    return clerk.post(f"/window/licences/{case_id}", seen=seen, taken_by=taken_by)
