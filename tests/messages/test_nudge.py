import pytest

from bot.messages import nudge
from sla_rules.kinds import ClockKind, Side, Tier
from tests.messages import examples as e
from tests.messages.reading import captions, controls, lines

LOCALE = "en"


def test_what_is_at_risk_is_told_with_the_first_due_time_and_what_to_press() -> None:
    drawn = nudge.message(e.nudge(), LOCALE)

    assert drawn.text == "4 leads wait on you: H-131, H-132, H-133, H-134"
    assert lines(drawn)[:2] == [
        "*4 leads need a first touch, first by Thu 18 Jun 07:51 UTC*",
        "H-131 · 1 demo, A · first touch due Thu 18 Jun 07:51 UTC · §4.1",
    ]
    assert controls(drawn)[-2:] == [
        ("nudge.touched_all", "1,2,3,4"),
        ("nudge.touched_at", "1,2,3,4"),
    ]


def test_each_of_several_has_all_its_acts() -> None:
    assert controls(nudge.message(e.nudge(), LOCALE))[:5] == [
        ("nudge.more", f"{act}:1") for act in ("touched", "hand", "ask", "why", "snooze")
    ]


def test_a_breach_is_told_without_blame() -> None:
    drawn = nudge.message(e.nudge(clocks=[e.clock(is_breached=True, due_at=e.PAST)]), LOCALE)

    assert lines(drawn) == [
        "*H-131 passed its time Thu 18 Jun 06:40 UTC.* Still worth a call; late counts as late, not as lost.",
        "H-131 · 1 demo, A · first touch · §4.1",
    ]
    assert captions(drawn) == ["Contacted", "Contacted At…", "Hand On…", "Ask Marketing…"]
    assert controls(drawn)[-2:] == [("nudge.more", "why:1"), ("nudge.more", "excuse:1")]


def test_a_decision_is_asked_for_with_its_own_buttons() -> None:
    decide = e.clock(
        kind=ClockKind.DECIDE, tier=Tier.B, number=128, waiting=15, source="webinar", clause="4.2"
    )
    drawn = nudge.message(e.nudge(clocks=[decide]), LOCALE)

    assert lines(drawn) == [
        "*15 leads need a decision by Thu 18 Jun 07:50 UTC*",
        "H-128 · 15 webinar, B · §4.2",
    ]
    assert controls(drawn) == [
        ("card.take_other", "7"),
        ("card.reject", "7"),
        ("ask.open", "7"),
        ("nudge.more", "why:1"),
        ("nudge.more", "snooze:1"),
    ]


@pytest.mark.parametrize("locale", ["en", "pt_BR"])
@pytest.mark.parametrize("is_breached", [False, True])
def test_of_one_clock_the_due_time_is_told_once(locale: str, *, is_breached: bool) -> None:
    drawn = nudge.message(e.nudge(clocks=[e.clock(is_breached=is_breached)]), locale)
    assert "\n".join(lines(drawn)).count("07:50") == 1


@pytest.mark.parametrize("locale", ["en", "pt_BR"])
def test_of_several_that_are_due_at_one_time_it_is_told_once(locale: str) -> None:
    alike = [e.clock(number=131), e.clock(number=132)]
    assert "\n".join(lines(nudge.message(e.nudge(clocks=alike), locale))).count("07:50") == 1


def test_of_one_clock_that_stands_still_it_is_said() -> None:
    drawn = nudge.message(e.nudge(clocks=[e.clock(due_at=None)]), LOCALE)
    assert lines(drawn) == ["*1 lead needs a first touch*", "H-131 · 1 demo, A · first touch paused · §4.1"]


def test_an_outcome_is_reported_from_the_message_that_asks_for_it() -> None:
    drawn = nudge.message(e.nudge(clocks=[e.clock(kind=ClockKind.OUTCOME)]), LOCALE)
    assert controls(drawn)[:3] == [("outcome.open", "7"), ("hand.open", "7"), ("ask.open", "7")]


def test_marketing_is_asked_in_the_same_tone() -> None:
    answer = e.clock(kind=ClockKind.ANSWER, side=Side.MARKETING, tier=None, number=126)

    assert lines(nudge.message(e.nudge(clocks=[answer]), LOCALE)) == [
        "*1 question waits for an answer by Thu 18 Jun 07:50 UTC*",
        "H-126 · demo · §4.1",
    ]


def test_an_answer_is_given_from_the_message_that_asks_for_it() -> None:
    drawn = nudge.message(e.nudge(clocks=[e.clock(kind=ClockKind.ANSWER, side=Side.MARKETING)]), LOCALE)
    assert controls(drawn)[0] == ("ask.answer", "7:0")


def test_late_and_soon_are_told_apart() -> None:
    clocks = [e.clock(number=130, waiting=2), e.clock(is_breached=True, due_at=e.PAST)]

    assert lines(nudge.message(e.nudge(clocks=clocks), LOCALE))[:2] == [
        "*H-131 passed its time Thu 18 Jun 06:40 UTC.* Still worth a call; late counts as late, not as lost.",
        "*2 leads need a first touch by Thu 18 Jun 07:50 UTC*",
    ]


def test_why_leads_went_back_can_be_asked_and_excused() -> None:
    drawn = nudge.message(e.nudge(clocks=[], is_settled=True, lapsed=[(128, 3)], lapsed_clock=9), LOCALE)

    assert lines(drawn)[0].startswith("*3 leads of H-128 went back to the pool:*")
    assert controls(drawn) == [("nudge.more", "why:9"), ("nudge.more", "excuse:9")]


def test_a_settled_nudge_is_one_calm_line() -> None:
    drawn = nudge.message(e.nudge(is_settled=True), LOCALE)

    assert lines(drawn) == ["Done: nothing of this waits on you any more."]
    assert controls(drawn) == []


def test_too_many_clocks_for_a_button_are_cut_between_two_of_them() -> None:
    clocks = [e.clock(clock_id=10**9 + n, number=n) for n in range(300)]
    value = dict(controls(nudge.message(e.nudge(clocks=clocks), LOCALE)))["nudge.touched_at"]

    assert len(value) <= 2_000
    assert all(len(one) == 10 for one in value.split(","))
