"""三证合一: one code in place of three numbers, on the spot when everything is there."""

import pytest

from engine.demo.story import walk_through
from engine.domain.codes import check_uscc, organisation_check, uscc_check
from engine.kernel.errors import Invalid
from engine.kernel.now import hall_day
from engine.services import cases, intake
from tests.story import application, walk_through_matter


def test_m_three_2_the_licence_number_has_both_check_characters_right(hall, now):
    number = walk_through(hall, now).licence_no
    assert len(check_uscc(number)) == 18
    assert number[16] == organisation_check(number[8:16])
    assert number[17] == uscc_check(number[:17])


@pytest.mark.parametrize("place", [8, 16, 17], ids=["inside", "organisation check", "last check"])
def test_m_three_2_a_wrong_number_is_refused_by_the_window(hall, cast, now, place):
    number = walk_through(hall, now).licence_no
    wrong = number[:place] + ("2" if number[place] != "2" else "3") + number[place + 1 :]
    given = application(hall)
    matter = walk_through_matter(hall)
    holder = type(given.applicant)("enterprise", "雁城禾木科技有限公司", wrong, "13900000001")
    with pytest.raises(Invalid, match=r"code\.uscc_check"):
        intake.receive(
            hall, cast.clerk(matter.unit_no), application(hall, matter, applicant=holder)
        )


def test_m_three_3_a_complete_application_is_accepted_on_the_spot_and_issued_the_same_day(
    hall, cast, now
):
    story = walk_through(hall, now)
    clerk = cast.clerk(walk_through_matter(hall).unit_no)
    found = cases.find(hall, clerk, story.case_no).rows[0]
    view = cases.case(hall, clerk, found.id)
    assert all(paper.state == "received" for paper in view.materials if paper.required)
    moments = (view.case.applied_at, view.case.accepted_at, view.licence.issued_at)
    assert view.case.accepted_at == view.case.applied_at
    assert len({hall_day(moment) for moment in moments}) == 1
