"""What is over the cap comes in portions: the coldest last, on working days, by the reps who are there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.demo.cast import MARA, MILO, RITA, SAM, THEO
from bot.demo.run import TEXT
from bot.services import verify
from tests.story.week import Week, opened


@pytest.fixture
def closed_on_wednesday(tmp_path: Path) -> Iterator[Week]:
    assert "blackout: []" in TEXT
    with opened(tmp_path, text=TEXT.replace("blackout: []", "blackout: [2026-06-03]")) as week:
        yield week


def test_a_cap_is_for_the_day_and_not_for_the_batch(week: Week) -> None:
    week.go("tue 10:00")
    assert "more than was signed for" not in week.type(MILO.id, "/sla log webinar first B=20")
    assert "10 more than was signed for" in week.type(MILO.id, "/sla log webinar second C=20")
    assert "30 more than was signed for" in week.type(MARA.id, "/sla log fair B=30")
    week.go("wed 09:01")
    assert "20 to take now" in week.says(2)
    assert "20 to take now" in week.says(3)
    assert "10 more follow Thu 09:00" in week.says(3)


def test_hand_raisers_never_wait(week: Week) -> None:
    week.go("tue 10:00")
    week.type(MILO.id, "/sla log webinar B=30")
    assert "more than was signed for" not in week.type(MILO.id, "/sla log demo-request A=5")
    assert "5 to take now" in week.says(2)


def test_the_coldest_wait(week: Week) -> None:
    week.go("tue 10:00")
    assert "10 more than was signed for" in week.type(MILO.id, "/sla log webinar A=4 B=25 C=15")
    week.type(RITA.id, "/sla take H-1 A")
    week.type(SAM.id, "/sla take H-1 B")
    week.type(THEO.id, "/sla take H-1 C")
    assert f"(<@{SAM.id}> 25, <@{THEO.id}> 5, <@{RITA.id}> 4)" in week.says(1)


def test_what_is_voided_takes_no_room(week: Week) -> None:
    week.go("tue 10:00")
    week.type(MILO.id, "/sla log webinar wrong B=30")
    week.type(MILO.id, "/sla void H-1")
    assert "more than was signed for" not in week.type(MILO.id, "/sla log webinar right B=30")


def test_a_voided_handoff_lets_nothing_through(week: Week) -> None:
    week.go("tue 10:00")
    week.type(MILO.id, "/sla log webinar B=40")
    week.type(MILO.id, "/sla void H-1")
    week.go("thu 10:00")
    assert "is voided" in week.says(1)
    with week.reading() as (session, _):
        assert list(verify.differences(session)) == []


def test_fewer_reps_get_fewer_leads(week: Week) -> None:
    week.go("tue 10:00")
    week.type(MILO.id, "/sla log webinar B=106")
    week.type(SAM.id, f"/sla away until 5 Jun cover <@{RITA.id}>")
    assert "Take My 15" in week.says(1), "two share what was let through for three"
    for rep in (RITA, THEO):
        week.type(rep.id, "/sla take H-1")
    week.go("wed 09:01")
    assert "20 to take now" in week.says(1)
    assert "Take My 10" in week.says(1)
    week.type(SAM.id, "/sla away back")
    assert "Take My 7" in week.says(1)


def test_on_a_blackout_date_nothing_is_let_through(closed_on_wednesday: Week) -> None:
    closed_on_wednesday.go("tue 10:00")
    answer = closed_on_wednesday.type(MILO.id, "/sla log webinar B=40")
    assert "10 more than was signed for (§7.3) follow Thu 09:00" in answer
    closed_on_wednesday.go("wed 17:00")
    assert "30 to take now" in closed_on_wednesday.says(1)
    closed_on_wednesday.go("thu 09:01")
    assert "40 to take now" in closed_on_wednesday.says(1)


def test_what_was_due_while_the_bot_was_down_comes_when_it_is_back(week: Week) -> None:
    week.go("tue 10:00")
    week.type(MILO.id, "/sla log webinar B=70")
    week.sleep_until("fri 11:00")
    week.settle()
    assert "30 more" not in week.says(1)
    assert "60 to take now" in week.says(1)
    assert "10 more follow" in week.says(1)


def test_who_has_the_duty_on_the_day_answers_for_what_comes_on_it(week: Week) -> None:
    week.go("tue 10:00")
    week.type(MILO.id, "/sla log webinar B=40")
    first = week.says(1).partition("the move is ")[2][:10]
    week.go("wed 09:01")
    assert first not in week.says(1).partition("the move is ")[2][:10]


@pytest.fixture
def capped_by_the_week(tmp_path: Path) -> Iterator[Week]:
    text = TEXT.replace("volume: {}", "volume: {week: 50}")
    with opened(tmp_path, text=text) as week:
        yield week


def test_what_is_over_the_week_waits_for_the_next_and_both_sides_read_the_clause(
    capped_by_the_week: Week,
) -> None:
    week = capped_by_the_week
    week.go("tue 10:00")
    answer = week.type(MILO.id, "/sla log webinar B=70")
    assert "40 more than was signed for (§7.3) follow, the next 20 Wed 09:00" in answer
    assert "40 more follow, the next 20 Wed 09:00 · over what was signed for, §7.3 (10 a rep and day)" in (
        week.says(1)
    )
    week.go("wed 09:01")
    assert "20 more follow Mon 09:00 · over what was signed for, §7.1 (50 a week)" in week.says(1)
    assert "5 more than was signed for (§7.1) follow Mon 09:00" in week.type(MARA.id, "/sla log fair C=5")
    assert "3 to take now" in week.type(MARA.id, "/sla log demo A=3") + week.says(3)
    week.go("next mon 09:01")
    assert "70 to take now" in week.says(1)
    assert "5 to take now" in week.says(2)


def test_the_card_says_anew_when_the_next_come_after_an_earlier_batch_is_voided(week: Week) -> None:
    week.go("tue 10:00")
    week.type(MILO.id, "/sla log webinar B=60")
    week.type(MARA.id, "/sla log fair B=20")
    assert "20 more follow Thu 09:00" in week.says(2)
    week.type(MILO.id, "/sla void H-1")
    assert "20 more follow Wed 09:00" in week.says(2)


def test_groups_of_tiers_have_each_their_own_number(tmp_path: Path) -> None:
    text = TEXT.replace("B and C: 10 ", "B: 2\n    C: 1 ")
    assert text != TEXT
    with opened(tmp_path, text=text) as week:
        week.go("tue 10:00")
        assert "2 more than was signed for" in week.type(MILO.id, "/sla log webinar B=7 C=4")
        assert "9 to take now" in week.says(1)
