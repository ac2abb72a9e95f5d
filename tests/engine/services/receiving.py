"""What the tests of receiving share: a matter with papers, its clerk, applications with gaps."""

from dataclasses import replace

from engine.kernel.now import hall_moment
from engine.services import catalogue, intake
from engine.services.intake import MaterialHandedIn
from engine.worker.loop import run_once
from engine.worker.tasks import HANDLERS
from tests.story import application

LAW = "《中华人民共和国行政许可法》第三十二条"


def lacking(hall, matter, *numbers, state="missing"):
    """Return an application in which some papers are missing, or only tolerated."""
    whole = application(hall, matter)
    given = {**whole.materials, **dict.fromkeys(numbers, MaterialHandedIn(state, 0))}
    return replace(whole, materials=given)


def required(matter):
    """Return the numbers of the papers that the matter must have."""
    return [paper.no for paper in matter.materials if paper.required]


def tolerant_matter(hall):
    """Return the first matter that accepts with a tolerated paper outstanding, and the paper."""
    page = 1
    while rows := catalogue.matters(hall, page=page).rows:
        for row in rows:
            matter = catalogue.matter(hall, row.no)
            paper = next((one for one in matter.materials if one.tolerant), None)
            if row.tolerant and paper is not None:
                return matter, paper
        page += 1
    raise LookupError("no matter tolerates a paper")


def enter(hall, clerk, given):
    """Enter an application; it is not accepted yet."""
    return intake.apply(hall, clerk, given).case


def let_pass(hall, now, moment):
    """Go to a moment and run every job that is due by then."""
    now.move_to(hall_moment(moment))
    while run_once(hall, HANDLERS):
        pass
