from bot.messages import card
from sla_rules.kinds import ClockKind, Tier
from tests.messages import examples as e
from tests.messages.reading import captions, controls, lines

LOCALE = "en"
RELEASE = "Fri 19 Jun 07:15 UTC"


def test_the_card_tells_the_point_first_and_then_one_idea_a_line() -> None:
    drawn = card.message(e.card(), LOCALE)

    assert drawn.text == "H-128: 106 webinar leads, 15 to take now"
    assert lines(drawn) == [
        "*H-128 · 106 webinar leads · 15 to take now*  June webinar, by <@U1>",
        "B 38 · C 68 · 14 known leads left out · <https://crm.example/list?a=1&amp;b=2|open list>",
        "Taken 43 (<@U2> 20, <@U3> 20, <@U4> 3) · contacted 12 · SQL 2",
        "Rejected 12: 8 too small (§2.1), 4 duplicate (§2.5)",
        "*Decision:* B 5 by Thu 18 Jun 07:50 UTC, C 10 by Thu 18 Jun 07:50 UTC · §4.2",
        f"36 more follow, the next 30 {RELEASE} · over what was signed for, §3.4 (10 a rep and day)",
        "Until they are taken the move is <@U5>'s.",
        "Standing by: <@U6>",
        "_Note:_ Call before noon",
        ":white_check_mark: takes your share. Names are in your DM.",
    ]


def test_the_card_offers_what_can_be_done() -> None:
    assert controls(card.message(e.card(), LOCALE)) == [
        ("card.take", "7"),
        ("card.take_other", "7"),
        ("card.reject", "7"),
        ("ask.open", "7"),
        ("card.more", "undo:7"),
        ("card.more", "why:7"),
        ("card.more", "correct:7"),
        ("card.more", "void:7"),
    ]


def test_the_button_says_how_many_it_takes() -> None:
    assert captions(card.message(e.card(share=10), LOCALE))[0] == "Take My 10"
    assert captions(card.message(e.card(share=99), LOCALE))[0] == "Take All 15"
    assert captions(card.message(e.card(share=0), LOCALE))[0] == "Take All 15"


def test_a_decided_handoff_asks_for_nothing() -> None:
    drawn = card.message(e.card(undecided=0, duty="U5"), LOCALE)

    assert captions(drawn) == []
    assert not any("move is" in line or "takes your share" in line for line in lines(drawn))


def test_a_closed_handoff_says_so() -> None:
    assert (
        lines(card.message(e.card(undecided=0, state="closed", clocks=[]), LOCALE))[-1]
        == "Every lead has its outcome."
    )


def test_a_trial_says_that_no_clock_runs() -> None:
    assert "Trial: the agreement is not signed yet, so no clock runs and nothing counts." in lines(
        card.message(e.card(is_trial=True, clocks=[]), LOCALE)
    )


def test_a_voided_handoff_is_one_line_without_buttons() -> None:
    drawn = card.message(e.card(state="voided"), LOCALE)

    assert lines(drawn) == ["*H-128 is voided.* 106 webinar leads, by <@U1>; they count nowhere."]
    assert controls(drawn) == []


def test_a_corrected_handoff_says_when_and_by_whom() -> None:
    drawn = card.message(e.card(corrected=(e.PAST, "U1")), LOCALE)

    assert lines(drawn)[-2] == "Corrected Thu 18 Jun 06:40 UTC by <@U1>."


def test_clocks_are_told_by_kind_and_calmly_when_they_broke() -> None:
    clocks = [
        e.clock(kind=ClockKind.DECIDE, tier=Tier.B, waiting=5, is_breached=True, due_at=e.PAST, clause="4.2"),
        e.clock(kind=ClockKind.FIRST_TOUCH, tier=Tier.B, waiting=20, clause="4.3"),
        e.clock(kind=ClockKind.FIRST_TOUCH, tier=Tier.C, waiting=3, due_at=None, clause="4.4"),
    ]

    assert lines(card.message(e.card(clocks=clocks), LOCALE))[4:6] == [
        "*Decision:* B 5 was due Thu 18 Jun 06:40 UTC · §4.2",
        "*First touch:* B 20 by Thu 18 Jun 07:50 UTC, C 3 paused · §4.3 · §4.4",
    ]


def test_leads_of_several_owners_are_counted_together_until_the_first_is_due() -> None:
    touch = {"kind": ClockKind.FIRST_TOUCH, "tier": Tier.A, "clause": "4.3"}
    clocks = [e.clock(owner="U2", waiting=2, **touch), e.clock(owner="U3", waiting=1, due_at=e.NOW, **touch)]
    drawn = card.message(e.card(tiers=[(Tier.A, 3)], clocks=clocks), LOCALE)

    assert lines(drawn)[1].startswith("Hand-raisers (A)")
    assert lines(drawn)[4] == "*First touch:* 3, first by Thu 18 Jun 07:15 UTC · §4.3"


def test_a_single_lead_is_a_lead() -> None:
    assert lines(card.message(e.card(count=1, undecided=1, campaign=""), LOCALE))[0] == (
        "*H-128 · 1 webinar lead · 1 to take now* by <@U1>"
    )
