from bot.messages import nudge, roundup, thread, why
from sla_rules.kinds import ClockKind, Side
from sla_rules.ladder import Rung
from tests.messages import examples as e
from tests.messages.reading import captions, controls, lines

LOCALE = "en"


def test_the_thread_names_the_handoff_and_no_person() -> None:
    drawn = thread.message(e.thread(), LOCALE)

    assert drawn.text == "H-131 (1 demo) is open past its time. Anyone in Sales can take it."
    assert lines(drawn) == ["*H-131 (1 demo) is open past its time.* Anyone in Sales can take it."]
    assert controls(drawn) == [("card.take", "7"), ("why.open", "1")]
    assert captions(drawn) == ["Take", "Why This?"]


def test_the_thread_counts_leads_that_wait_for_two_things_once() -> None:
    clocks = [(1, ClockKind.FIRST_TOUCH, 3), (2, ClockKind.OUTCOME, 2), (3, ClockKind.OUTCOME, 2)]

    assert lines(thread.message(e.thread(clocks=clocks, to_take=0), LOCALE)) == [
        "*H-131 (4 demo) is open past its time.* A first touch is still to come."
    ]


def test_what_nobody_can_take_has_no_button_for_it() -> None:
    for kind, words in (
        (ClockKind.FIRST_TOUCH, "A first touch is still to come."),
        (ClockKind.OUTCOME, "An outcome is still to come."),
    ):
        drawn = thread.message(e.thread(clocks=[(1, kind, 12)], to_take=0), LOCALE)
        assert lines(drawn) == [f"*H-131 (12 demo) is open past its time.* {words}"]
        assert captions(drawn) == ["Why This?"]


def test_a_question_past_its_time_is_marketings_in_the_same_tone() -> None:
    drawn = thread.message(e.thread(clocks=[(1, ClockKind.ANSWER, 1)], to_take=0), LOCALE)

    assert lines(drawn) == [
        "*H-131 (demo) is open past its time.* A question about it waits for Marketing's answer."
    ]


def test_a_thread_says_when_it_is_over() -> None:
    settled = thread.message(e.thread(clocks=[], to_take=0), LOCALE)
    disproved = thread.message(e.thread(clocks=[], to_take=0, is_disproved=True), LOCALE)

    assert lines(settled) == ["H-131 is in hand again."]
    assert lines(disproved) == ["H-131 was in time after all: a later report says so."]
    assert controls(settled) == controls(disproved) == []


def test_the_manager_sees_whose_it_is_how_late_and_who_covers() -> None:
    drawn = roundup.message(e.roundup(), LOCALE)

    assert drawn.text == "2 promises past their time: H-131, H-128"
    assert lines(drawn) == [
        "*Thu 18 Jun: 2 promises are past their time and still open*",
        "Those who have the move were told first · §13.3",
        "H-131 · 1 demo, A · first touch 5h 10min late · <@U2> · §11.5",
        "H-128 · 15 webinar, B · first touch 5h 10min late · <@U2>, covered by <@U3> · §11.5",
    ]
    assert controls(drawn) == [("why.open", "1"), ("why.open", "2")]


def test_a_round_up_says_what_became_of_it() -> None:
    drawn = roundup.message(e.roundup(clocks=[e.overdue()], settled=2, disproved=[128]), LOCALE)

    assert lines(drawn)[-2:] == [
        "H-128 was in time after all: a later report says so.",
        "2 others are settled since.",
    ]
    assert lines(roundup.message(e.roundup(clocks=[], settled=2), LOCALE)) == ["All of this is settled."]


def test_a_breach_that_was_none_is_taken_back_in_the_dm() -> None:
    drawn = nudge.message(e.nudge(clocks=[], is_settled=True, disproved=[131]), LOCALE)

    assert drawn.text == "H-131 was in time after all: a later report says so."
    assert lines(drawn) == [drawn.text]


def test_why_names_the_rung_its_clause_and_what_follows() -> None:
    climbed = e.why_clock(rung=(Rung.BREACHED, "13.1"), next_rung=(Rung.THREAD, "13.2", e.SOON))

    assert (
        "So far: told by DM (§13.1) · Next, if it stays open: the thread Thu 18 Jun 07:50 UTC (§13.2)"
        in lines(why.message(e.why(clocks=[climbed]), LOCALE))
    )


def test_why_says_that_nobody_is_told_in_the_weeks_of_observing() -> None:
    said = lines(why.message(e.why(clocks=[e.why_clock(observed_clause="14.5")]), LOCALE))

    assert "In the weeks of observing nobody is told (§14.5)." in said


def test_both_sides_stand_in_one_round_up_for_who_manages_both() -> None:
    marketing = e.overdue(clock_id=3, number=126, kind=ClockKind.ANSWER, side=Side.MARKETING, tier=None)

    assert "H-126 · demo · answer 5h 10min late · <@U2> · §11.5" in lines(
        roundup.message(e.roundup(clocks=[marketing]), LOCALE)
    )
