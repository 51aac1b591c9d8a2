"""A handoff as its acts and the time gone by leave it: decisions 1, 2 and 5 to 8."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_rules import fold
from sla_rules.agreement import Agreement
from sla_rules.clock import Clock
from sla_rules.fold import Act, Handoff
from sla_rules.kinds import ActKind, ClockKind, ClockState, LeadState, Outcome, Tier
from sla_rules.terms import Terms
from tests.sla_rules.berlin import TEXT, with_

MONDAY = date(2018, 6, 11)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = MONDAY.isoformat()


def terms(text: str = TEXT, version: int = 1) -> Terms:
    agreement = Agreement.parse(text)
    return agreement.terms(version, agreement.expand_days_off(MONDAY))


def at(words: str) -> int:
    """Read "fri 16:50" of the week, or "2018-05-09 16:00", as Berlin has it."""
    day, hour = words.split()
    on = MONDAY + timedelta(days=DAYS.index(day)) if day in DAYS else date.fromisoformat(day)
    return int(datetime.combine(on, time.fromisoformat(hour), ZoneInfo("Europe/Berlin")).timestamp())


TERMS = terms()
HISTORY = ((at("2018-01-01 00:00"), TERMS),)


def act(what: ActKind, when: str, /, *leads: int, by: str = "USOL", **data: Any) -> Act:
    return Act(0, what, at(when), leads, by, data)


def undo(when: str, seq: int) -> Act:
    return Act(0, ActKind.UNDONE, at(when), (), "USOL", {}, seq)


def handed(when: str, tiers: str, **data: Any) -> Act:
    """Hand over a batch such as "AABBB"."""
    arrived = data.pop("arrived", None)
    given = {
        "day": DAY,
        "source": "webinar",
        "campaign": "June",
        "tiers": [[tier, 1] for tier in tiers],
        **data,
    }
    if arrived:
        given["arrived_at"] = at(arrived)
    return act(ActKind.HANDED_OVER, when, *range(1, len(tiers) + 1), by="UMARA", **given)


def posted(when: str) -> Act:
    return act(ActKind.POSTED, when, duty="USIA")


def told(*acts: Act, until: str, history: fold.History = HISTORY) -> Handoff:
    """Fold these acts, numbered as they stand."""
    return fold.fold([replace(one, seq=seq) for seq, one in enumerate(acts, 1)], history, at(until))


def counted(handoff: Handoff, by: str = "all", value: str = "") -> Counter[str]:
    found = fold.figures(handoff)
    return Counter({key[2]: n for key, n in found.items() if key[:2] == (by, value) and n})


def fate(handoff: Handoff, kind: ClockKind, n: int = 1) -> str | None:
    return fold.fates(handoff).get((kind, n), (None, ""))[0]


def clock(handoff: Handoff, kind: ClockKind, n: int = 1) -> Clock:
    found = handoff.clock_on(kind, n)
    assert found is not None
    return found


def states(handoff: Handoff) -> str:
    """Give the first letter of each lead's state: h, o, t(aken), T(ouched), r, c."""
    letters = {LeadState.TOUCHED: "T"}
    return "".join(letters.get(lead.state, lead.state[0]) for lead in handoff.leads.values())


BATCH = (handed("mon 09:55", "BBBBB"), posted("mon 10:00"))


# ---- decide, take, give back


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("mon 10:00", "kept"),
        ("mon 13:59", "kept"),
        ("mon 14:00", "kept"),
        ("mon 14:01", "late"),
        ("tue 09:00", "late"),
    ],
)
@pytest.mark.parametrize("how", [ActKind.TAKEN, ActKind.REJECTED])
def test_a_lead_is_decided_in_time_until_its_clock_breaks(when: str, expected: str, how: ActKind) -> None:
    handoff = told(*BATCH, act(how, when, 1, reason="no_intent", kind="quality"), until="tue 09:00")
    assert fate(handoff, ClockKind.DECIDE) == expected


def test_what_nobody_decided_is_counted_late_once_its_clock_is_overdue() -> None:
    assert counted(told(*BATCH, until="mon 13:59"))["decide.late"] == 0
    assert counted(told(*BATCH, until="mon 14:01"))["decide.late"] == 5


def test_each_lead_of_a_batch_is_counted_by_its_own_decision() -> None:
    handoff = told(
        *BATCH, act(ActKind.TAKEN, "mon 13:00", 1, 2), act(ActKind.TAKEN, "mon 15:00", 3), until="mon 16:00"
    )
    assert counted(handoff)["decide.kept"] == 2
    assert counted(handoff)["decide.late"] == 3, "one taken late, two overdue"


def test_two_reps_take_parts_and_one_gives_back() -> None:
    acts = (
        *BATCH,
        act(ActKind.TAKEN, "mon 11:00", 1, 2),
        act(ActKind.TAKEN, "mon 11:30", 3, by="USIA"),
        undo("mon 12:00", 3),
    )
    handoff = told(*acts, until="mon 12:30")
    assert states(handoff) == "ootoo"
    assert handoff.leads[3].owner == "USIA"
    assert clock(handoff, ClockKind.DECIDE).waiting == {1, 2, 4, 5}
    assert not counted(handoff, "rep", "USOL"), "the touch clock is cancelled and counted nowhere"


def test_giving_back_leaves_no_trace_in_the_figures() -> None:
    taken = act(ActKind.TAKEN, "mon 11:00", 1, 2)
    with_undo = told(*BATCH, taken, undo("mon 12:00", 3), until="fri 16:00")
    assert fold.figures(with_undo) == fold.figures(told(*BATCH, until="fri 16:00"))


def test_after_giving_back_the_decide_clock_went_on_and_may_break_at_once() -> None:
    acts = (*BATCH, act(ActKind.TAKEN, "mon 11:00", 1), undo("mon 15:00", 3))
    handoff = told(*acts, until="mon 15:00")
    assert clock(handoff, ClockKind.DECIDE).started_at == at("mon 10:00")
    assert fate(handoff, ClockKind.DECIDE) == "late"


def test_whoever_stands_by_waits_in_order_until_holding_leads() -> None:
    acts = (*BATCH, act(ActKind.STOOD_BY, "mon 11:00"), act(ActKind.STOOD_BY, "mon 11:05", by="USIA"))
    assert told(*acts, until="mon 12:00").standby == ["USOL", "USIA"]
    holds = act(ActKind.TAKEN, "mon 11:30", 1)
    handoff = told(*acts, holds, until="mon 12:00")
    assert handoff.standby == ["USIA"]
    assert clock(handoff, ClockKind.FIRST_TOUCH).started_at == at("mon 11:30"), (
        "a new clock from that instant"
    )
    assert told(*acts, undo("mon 11:40", 4), until="mon 12:00").standby == ["USOL"]


def test_standing_by_without_a_name_is_nothing() -> None:
    nobody = replace(act(ActKind.STOOD_BY, "mon 11:00"), actor=None)
    assert told(*BATCH, nobody, until="mon 12:00").standby == []


# ---- what time alone does


def test_untouched_leads_lapse_once_and_go_back_to_the_pool() -> None:
    taken = (*BATCH, act(ActKind.TAKEN, "mon 11:00", 1))
    before, after = told(*taken, until="tue 10:59"), told(*taken, until="tue 11:01")
    assert (states(before)[0], states(after)[0]) == ("t", "o")
    assert after.leads[1].owner is None
    assert clock(after, ClockKind.DECIDE).owner == "USIA"
    assert clock(after, ClockKind.DECIDE).started_at == at("tue 11:00")
    assert counted(after, "rep", "USOL")["first_touch.late"] == 1

    again = told(*taken, act(ActKind.TAKEN, "tue 12:00", 1), until="fri 16:00")
    assert again.leads[1].owner == "USOL", "a second time nobody takes it away"
    assert counted(again)["first_touch.late"] == 1, "and the promise was broken only once"


def test_a_touch_reported_for_earlier_undoes_the_lapse() -> None:
    acts = (*BATCH, act(ActKind.TAKEN, "mon 11:00", 1))
    touched = act(ActKind.TOUCHED, "mon 16:00", 1, reported=True)
    handoff = told(*acts, touched, until="wed 10:00")
    assert states(handoff)[0] == "T"
    assert handoff.leads[1].owner == "USOL"
    assert fate(handoff, ClockKind.FIRST_TOUCH) == "kept"


def test_an_act_that_arrives_late_disproves_a_breach() -> None:
    assert fate(told(*BATCH, until="mon 15:00"), ClockKind.DECIDE) == "late"
    found = act(ActKind.TAKEN, "mon 13:50", 1, found=True)
    assert fate(told(*BATCH, found, until="mon 15:00"), ClockKind.DECIDE) == "kept"


@given(order=st.permutations(range(8)))
def test_the_order_in_which_acts_arrive_is_of_no_matter(order: list[int]) -> None:
    acts = [
        *BATCH,
        act(ActKind.TAKEN, "mon 11:00", 1, 2, 3),
        act(ActKind.TOUCHED, "mon 12:00", 1, 2),
        act(ActKind.REJECTED, "mon 12:30", 4, reason="duplicate", kind="neutral"),
        act(ActKind.OUTCOME, "tue 10:00", 1, outcome="sql"),
        act(ActKind.OUTCOME, "wed 10:00", 1, outcome="won", amount=100),
        act(ActKind.MOVED, "tue 12:00", 2, to="USIA"),
    ]
    numbered = [replace(one, seq=seq) for seq, one in enumerate(acts, 1)]
    shuffled = fold.fold([numbered[place] for place in order], HISTORY, at("fri 12:00"))
    assert shuffled == fold.fold(numbered, HISTORY, at("fri 12:00"))


# ---- hand-raisers: from arrival to first touch


def test_four_demo_requests_on_friday_evening_are_due_on_monday() -> None:
    acts = (handed("fri 16:51", "AAAA", arrived="fri 16:50"), posted("fri 16:52"))
    handoff = told(*acts, until="fri 17:00")
    touch = clock(handoff, ClockKind.FIRST_TOUCH)
    assert touch.waiting == {1, 2, 3, 4}
    assert touch.owner == "USIA", "the duty rep's until somebody takes them"
    assert touch.due_at == at("2018-06-18 09:52"), "the two minutes before the card count against nobody"
    assert handoff.clock_on(ClockKind.DECIDE, 1) is None
    assert counted(handoff)["handover.kept"] == 4


def test_taking_a_hand_raiser_passes_the_running_clock_on() -> None:
    acts = (handed("mon 10:01", "AA", arrived="mon 10:00"), posted("mon 10:02"))
    taken = act(ActKind.TAKEN, "mon 10:30", 1)
    handoff = told(*acts, taken, until="mon 10:40")
    mine, duty = clock(handoff, ClockKind.FIRST_TOUCH, 1), clock(handoff, ClockKind.FIRST_TOUCH, 2)
    assert (mine.owner, duty.owner) == ("USOL", "USIA")
    assert mine.due_at == duty.due_at == at("mon 11:02")


@pytest.mark.parametrize(("when", "expected"), [("mon 11:02", "kept"), ("mon 11:03", "late")])
def test_a_hand_raiser_is_touched_in_time_from_arrival(when: str, expected: str) -> None:
    acts = (handed("mon 10:01", "A", arrived="mon 10:00"), posted("mon 10:02"))
    handoff = told(*acts, act(ActKind.TOUCHED, when, 1), until="mon 12:00")
    assert fate(handoff, ClockKind.FIRST_TOUCH) == expected
    assert handoff.leads[1].owner == "USOL", "touching takes"


def test_a_hand_raiser_who_lapsed_has_a_new_clock_from_then() -> None:
    acts = (handed("mon 10:00", "A", arrived="mon 10:00"), posted("mon 10:00"))
    handoff = told(*acts, act(ActKind.TAKEN, "mon 10:30", 1), until="mon 11:30")
    assert clock(handoff, ClockKind.FIRST_TOUCH).started_at == at("mon 11:00")
    assert clock(handoff, ClockKind.FIRST_TOUCH).owner == "USIA"


@pytest.mark.parametrize(
    ("tier", "handed_at", "expected"),
    [
        ("A", "mon 10:15", "kept"),
        ("A", "mon 10:16", "late"),
        ("B", "tue 10:00", "kept"),
        ("B", "tue 10:01", "late"),
        ("C", "wed 10:00", "kept"),
    ],
)
def test_marketing_hands_over_in_time_from_arrival(tier: str, handed_at: str, expected: str) -> None:
    handoff = told(handed(handed_at, tier, arrived="mon 10:00"), until=handed_at)
    assert fate(handoff, ClockKind.HANDOVER) == expected


def test_a_lead_that_arrived_after_its_handover_has_no_handover_clock() -> None:
    handoff = told(handed("mon 10:00", "B", arrived="mon 11:00"), until="mon 12:00")
    assert fate(handoff, ClockKind.HANDOVER) is None


# ---- where no clock runs


@pytest.mark.parametrize(("kind", "delivered"), [("trial", 0), ("imported", 2)])
def test_trial_and_imported_handoffs_open_no_clock_and_a_trial_counts_nowhere(
    kind: str, delivered: int
) -> None:
    acts = (handed("mon 10:00", "AB", arrived="mon 09:00", **{kind: True}), posted("mon 10:00"))
    handoff = told(*acts, act(ActKind.TAKEN, "mon 11:00", 1), until="fri 12:00")
    assert handoff.clocks == []
    assert counted(handoff)["delivered"] == delivered
    assert handoff.leads[1].take_s is None


def test_nothing_runs_before_an_agreement_is_in_force() -> None:
    history = ((at("tue 10:00"), TERMS),)
    assert told(*BATCH, until="mon 12:00", history=history).clocks == []
    assert told(*BATCH, until="mon 12:00", history=()).clocks == []


def test_without_a_promise_there_is_no_clock() -> None:
    silent = replace(TERMS, targets={}, from_arrival=frozenset())
    acts = (*BATCH, act(ActKind.ASKED, "mon 11:00"), act(ActKind.ANSWERED, "mon 12:00", question=3))
    handoff = told(*acts, until="fri 12:00", history=((0, silent),))
    assert handoff.clocks == []
    assert handoff.impossible == []


def test_leads_over_a_cap_wait_without_a_clock_until_they_are_released() -> None:
    acts = (handed("mon 09:55", "BBB", held=[2, 3]), posted("mon 10:00"))
    held = told(*acts, until="mon 16:00")
    assert states(held) == "ohh"
    assert counted(held)["decide.late"] == 1
    released = told(*acts, act(ActKind.RELEASED, "tue 09:00", 2), until="tue 09:30")
    assert states(released) == "ooh"
    assert clock(released, ClockKind.DECIDE, 2).started_at == at("tue 09:00")


def test_leads_released_before_the_card_is_seen_wait_for_it() -> None:
    acts = (handed("mon 09:55", "BB", held=[2]), act(ActKind.RELEASED, "mon 09:56", 2), posted("mon 10:00"))
    assert clock(told(*acts, until="mon 10:30"), ClockKind.DECIDE, 2).started_at == at("mon 10:00")


def test_a_card_is_posted_once() -> None:
    handoff = told(*BATCH, posted("mon 15:00"), until="mon 16:00")
    assert counted(handoff)["decide.late"] == 5
    assert [one.at for one in handoff.impossible] == [at("mon 15:00")]


# ---- amendments


def test_an_amendment_leaves_running_clocks_under_the_old_version() -> None:
    stricter = terms(with_("B: 4h, C: 1 working day", "B: 1h, C: 2h"), version=2)
    history = (*HISTORY, (at("mon 11:00"), stricter))
    acts = (handed("mon 09:55", "BB", held=[2]), posted("mon 10:00"), act(ActKind.RELEASED, "mon 12:00", 2))
    handoff = told(*acts, until="mon 12:30", history=history)
    before, after = clock(handoff, ClockKind.DECIDE, 1), clock(handoff, ClockKind.DECIDE, 2)
    assert (before.terms.version, before.due_at) == (1, at("mon 14:00"))
    assert (after.terms.version, after.due_at) == (2, at("mon 13:00"))


def test_an_act_of_the_same_second_is_under_the_version_that_was() -> None:
    history = (*HISTORY, (at("mon 10:00"), terms(version=2)))
    assert clock(told(*BATCH, until="mon 10:30", history=history), ClockKind.DECIDE).terms.version == 1


# ---- questions


def test_a_question_over_a_holiday_stops_sales_clocks_until_the_answer() -> None:
    acts = (
        handed("2018-05-09 14:50", "B"),
        posted("2018-05-09 15:00"),
        act(ActKind.ASKED, "2018-05-09 16:00"),
    )  # Ascension Day follows
    asked = told(*acts, until="2018-05-11 12:00")
    assert clock(asked, ClockKind.DECIDE).due_at is None
    assert clock(asked, ClockKind.ANSWER, -3).due_at == at("2018-05-11 12:00")
    answered = told(
        *acts, act(ActKind.ANSWERED, "2018-05-11 10:00", by="UMARA", question=3), until="2018-05-11 12:00"
    )
    assert clock(answered, ClockKind.DECIDE).due_at == at("2018-05-11 13:00")
    assert counted(answered)["answer.kept"] == 1
    assert counted(answered, "rep", "UMARA")["answer.kept"] == 1


def test_an_answer_that_comes_late_is_counted_late() -> None:
    acts = (*BATCH, act(ActKind.ASKED, "mon 11:00", 1), act(ActKind.ANSWERED, "mon 15:01", question=3))
    assert counted(told(*acts, until="mon 16:00"))["answer.late"] == 1


def test_a_clock_stands_while_any_question_is_open() -> None:
    acts = (
        *BATCH,
        act(ActKind.ASKED, "mon 11:00"),
        act(ActKind.ASKED, "mon 12:00", 1),
        act(ActKind.ANSWERED, "mon 13:00", question=3),
    )
    handoff = told(*acts, until="mon 16:00")
    assert clock(handoff, ClockKind.DECIDE).due_at is None
    both = told(*acts, act(ActKind.ANSWERED, "mon 14:00", question=4), until="mon 16:00")
    assert clock(both, ClockKind.DECIDE).due_at == at("mon 17:00"), "one hour gone before, three to go"


def test_a_question_about_one_lead_stops_no_other_leads_clock() -> None:
    acts = (handed("mon 09:55", "BC"), posted("mon 10:00"), act(ActKind.ASKED, "mon 11:00", 1))
    handoff = told(*acts, until="mon 12:00")
    assert clock(handoff, ClockKind.DECIDE, 1).due_at is None
    assert clock(handoff, ClockKind.DECIDE, 2).due_at is not None


def test_two_questions_of_one_second_are_both_owed_an_answer() -> None:
    acts = (*BATCH, act(ActKind.ASKED, "mon 11:00", 1), act(ActKind.ASKED, "mon 11:00", 2))
    handoff = told(*acts, until="mon 15:30")
    assert len({one.key for one in handoff.clocks}) == len(handoff.clocks)
    assert counted(handoff)["answer.late"] == 2


# ---- excuses, disputes, voids, corrections


@pytest.mark.parametrize("excused_at", ["mon 12:00", "tue 12:00"])
def test_an_excused_breach_is_in_neither_part(excused_at: str) -> None:
    handoff = told(*BATCH, act(ActKind.EXCUSED, excused_at, 1, 2, clock="decide"), until="tue 16:00")
    assert counted(handoff)["decide.late"] == 3
    assert counted(handoff)["decide.excused"] == 2
    assert counted(handoff)["decide.kept"] == 0


def test_the_breach_of_a_clock_with_excused_leads_needs_a_fold() -> None:
    handoff = told(*BATCH, act(ActKind.EXCUSED, "mon 12:00", 1, clock="decide"), until="mon 13:00")
    assert fold.breaks_into_more(handoff, clock(handoff, ClockKind.DECIDE))
    assert fold.counting(handoff, clock(handoff, ClockKind.DECIDE)) == 4
    assert not fold.breaks_into_more(told(*BATCH, until="mon 13:00"), clock(handoff, ClockKind.DECIDE))


REJECTED = (*BATCH, act(ActKind.REJECTED, "mon 11:00", 1, reason="wrong_role", kind="quality"))


def test_a_dispute_that_marketing_wins_puts_the_lead_back_into_the_pool() -> None:
    disputed = (*REJECTED, act(ActKind.DISPUTED, "tue 10:00", 1, by="UMARA"))
    assert told(*disputed, until="tue 11:00").leads[1].is_disputed
    won = told(*disputed, act(ActKind.SETTLED, "wed 10:00", 1, upheld=False), until="wed 11:00")
    assert states(won)[0] == "o"
    assert counted(won)["rejected_quality"] == 0
    assert clock(won, ClockKind.DECIDE).started_at == at("wed 10:00")
    lost = told(*disputed, act(ActKind.SETTLED, "wed 10:00", 1, upheld=True), until="wed 11:00")
    assert counted(lost)["rejected_quality"] == 1
    assert not lost.leads[1].is_disputed


def test_silence_upholds_a_rejection() -> None:
    handoff = told(*REJECTED, act(ActKind.DISPUTED, "tue 10:00", 1), until="fri 17:00")
    assert counted(handoff)["rejected_quality"] == 1
    assert counted(handoff)["reason.wrong_role"] == 1


def test_silence_ends_a_dispute_after_its_time_and_there_is_no_second_one() -> None:
    disputed = (*REJECTED, act(ActKind.DISPUTED, "tue 10:00", 1))
    assert told(*disputed, until="fri 09:59").leads[1].is_disputed
    assert not told(*disputed, until="fri 10:00").leads[1].is_disputed
    again = told(*disputed, act(ActKind.DISPUTED, "fri 11:00", 1), until="fri 12:00")
    assert not again.leads[1].is_disputed
    assert len(again.impossible) == 1


def test_an_excuse_waits_for_the_other_side() -> None:
    asked = (*BATCH, act(ActKind.EXCUSE_ASKED, "tue 10:00", 1, 2, clock="decide"))
    waiting = told(*asked, until="tue 11:00")
    assert waiting.excuses == {3: (ClockKind.DECIDE, (1, 2))}
    assert counted(waiting)["decide.excused"] == 0
    granted = told(
        *asked, act(ActKind.EXCUSED, "tue 12:00", 1, 2, clock="decide", asked=3), until="tue 16:00"
    )
    assert (counted(granted)["decide.excused"], granted.excuses) == (2, {})
    refused = told(*asked, act(ActKind.EXCUSE_REFUSED, "tue 12:00", asked=3), until="tue 16:00")
    assert (counted(refused)["decide.excused"], refused.excuses) == (0, {})


def test_what_starts_while_a_question_is_open_stands_still_until_the_answer() -> None:
    acts = (*BATCH, act(ActKind.ASKED, "mon 11:00"), act(ActKind.TAKEN, "mon 12:00", 1))
    waiting = told(*acts, until="wed 12:00")
    assert states(waiting)[0] == "t"
    assert clock(waiting, ClockKind.FIRST_TOUCH).due_at is None
    answered = told(*acts, act(ActKind.ANSWERED, "mon 14:00", question=3), until="mon 15:00")
    assert clock(answered, ClockKind.FIRST_TOUCH).due_at == at("tue 14:00")


def test_a_question_on_some_pauses_their_group_and_its_time_says_so() -> None:
    acts = (*BATCH, act(ActKind.ASKED, "mon 11:00", 1), act(ActKind.ANSWERED, "mon 13:00", question=3))
    handoff = told(*acts, until="mon 14:00")
    assert [lead.spent["paused"] for lead in handoff.leads.values() if lead.tier is Tier.B][:2] == [
        7200,
        7200,
    ]


def test_what_is_handed_back_stands_as_it_stood_with_the_other() -> None:
    taken = (*BATCH, act(ActKind.TAKEN, "mon 11:00", 1))
    there = act(ActKind.MOVED, "mon 12:00", 1, to="USIA", fresh=False)
    back = act(ActKind.MOVED, "mon 14:00", 1, by="USIA", to="USOL", fresh=False)
    snoozed = act(ActKind.SNOOZED, "mon 12:30", 1, by="USIA", clock="first_touch", until=at("mon 13:30"))
    running = clock(told(*taken, there, snoozed, back, until="mon 15:00"), ClockKind.FIRST_TOUCH)
    assert (running.owner, running.snoozes, running.due_at) == ("USOL", 1, at("tue 12:00"))


# ---- snoozes, attempts, where the time went


def test_a_snoozed_clock_stands_still_until_its_time_and_the_snooze_is_counted() -> None:
    taken = (*BATCH, act(ActKind.TAKEN, "mon 11:00", 1))
    due = clock(told(*taken, until="mon 12:00"), ClockKind.FIRST_TOUCH).due_at
    until = at("tue 11:00")
    snoozed = told(
        *taken, act(ActKind.SNOOZED, "mon 11:00", 1, clock="first_touch", until=until), until="mon 12:00"
    )
    paused = clock(snoozed, ClockKind.FIRST_TOUCH)
    assert due == at("tue 11:00")
    assert paused.due_at == at("wed 11:00")
    assert (paused.snoozes, paused.snoozed_until) == (1, until)
    assert counted(snoozed)["first_touch.snoozed"] == 1


def test_every_attempt_is_counted_and_the_first_one_is_the_touch() -> None:
    tried = [act(ActKind.TOUCHED, when, 1) for when in ("mon 11:00", "tue 09:30", "wed 16:00")]
    lead = told(*BATCH, *tried, until="thu 10:00").leads[1]
    assert (lead.attempts, lead.touched_at) == (3, at("mon 11:00"))


def test_handing_on_is_no_fresh_start() -> None:
    acts = (*BATCH, act(ActKind.TAKEN, "mon 11:00", 1))
    handed_on = told(*acts, act(ActKind.MOVED, "mon 15:00", 1, to="USIA", fresh=False), until="mon 16:00")
    running = clock(handed_on, ClockKind.FIRST_TOUCH)
    assert (running.owner, running.due_at) == ("USIA", at("tue 11:00"))


def test_where_the_time_went_adds_up_to_the_whole() -> None:
    acts = (
        handed("fri 16:00", "B", arrived="fri 15:00"),
        posted("fri 16:30"),
        act(ActKind.ASKED, "2018-06-18 10:00", 1),
        act(ActKind.ANSWERED, "2018-06-18 11:00", question=3),
        act(ActKind.TAKEN, "2018-06-18 12:00", 1),
        act(ActKind.TOUCHED, "2018-06-18 15:00", 1),
    )
    handoff = told(*acts, until="2018-06-19 10:00")
    hours = {part: seconds / 3600 for part, seconds in handoff.leads[1].spent.items()}
    # Friday from 17:00 to Monday 09:00 lies outside hours.
    assert hours == {"posting": 1.5, "pool": 2.5, "touch": 3, "paused": 1, "outside": 64}
    assert counted(handoff)["where.n"] == 1
    assert sum(hours.values()) * 3600 == at("2018-06-18 15:00") - at("fri 15:00")


def test_who_rejected_a_lead_is_remembered_when_a_dispute_gives_it_back() -> None:
    disputed = (*REJECTED, act(ActKind.DISPUTED, "tue 10:00", 1))
    back = told(*disputed, act(ActKind.SETTLED, "wed 10:00", 1, upheld=False), until="wed 11:00").leads[1]
    assert back.refused_by == ["USOL"]


def test_a_voided_handoff_counts_nowhere_whatever_comes_after() -> None:
    acts = (
        *BATCH,
        act(ActKind.TAKEN, "mon 11:00", 1),
        act(ActKind.VOIDED, "mon 12:00"),
        act(ActKind.TAKEN, "mon 13:00", 2),
    )
    handoff = told(*acts, until="fri 12:00")
    assert fold.figures(handoff) == Counter()
    assert handoff.clocks == []
    assert handoff.waiting() == 0
    assert handoff.leads[2].owner is None
    assert counted(told(*acts, undo("tue 10:00", 4), until="fri 12:00"))["delivered"] == 5


def test_a_corrected_source_moves_the_figures() -> None:
    handoff = told(*BATCH, act(ActKind.CORRECTED, "tue 10:00", source="fair"), until="tue 11:00")
    assert counted(handoff, "source", "fair")["delivered"] == 5
    assert counted(handoff, "source", "webinar")["delivered"] == 0
    assert counted(handoff, "campaign", "June")["delivered"] == 5


def recounted(when: str, tiers: str, **data: Any) -> Act:
    """Correct how many there are, such as to "AAB"."""
    numbers = range(1, len(tiers) + 1)
    return act(
        ActKind.CORRECTED, when, *numbers, by="UMARA", tiers=[[tier, 1] for tier in tiers], held=[], **data
    )


def test_a_corrected_number_counts_on_the_day_of_the_handing_over() -> None:
    handoff = told(*BATCH, recounted("mon 12:00", "ABB"), until="mon 13:00")
    assert counted(handoff)["delivered"] == 3
    assert [counted(handoff, "tier", tier)["delivered"] for tier in "ABC"] == [1, 2, 0]
    assert {lead.handed_over_at for lead in handoff.leads.values()} == {at("mon 09:55")}
    assert handoff.corrected == (at("mon 12:00"), "UMARA")


@pytest.mark.parametrize(("when", "expected"), [("tue 10:00", "kept"), ("tue 10:01", "late")])
def test_the_time_to_decide_begins_when_the_number_is_told_anew(when: str, expected: str) -> None:
    acts = (*BATCH, recounted("mon 14:00", "BBBBBB"))
    assert clock(told(*acts, until="mon 14:01"), ClockKind.DECIDE).started_at == at("mon 14:00")
    taken = act(ActKind.TAKEN, when, *range(1, 7))
    assert fate(told(*acts, taken, until="tue 11:00"), ClockKind.DECIDE, 6) == expected


def test_nobody_is_late_before_the_number_was_right() -> None:
    acts = (*BATCH, recounted("mon 16:00", "BBBBB"))
    handoff = told(*acts, until="mon 16:30")
    assert fate(handoff, ClockKind.DECIDE) is None
    assert len(handoff.clocks) == 1


def test_what_was_taken_before_the_correction_was_known_stays_taken() -> None:
    taken = act(ActKind.TAKEN, "mon 11:59", 1, 2)
    handoff = told(*BATCH, recounted("mon 12:00", "BBBB"), taken, until="mon 13:00")
    assert states(handoff) == "ttoo"
    assert clock(handoff, ClockKind.DECIDE, 3).started_at == at("mon 12:00")


def test_a_corrected_arrival_moves_the_clocks_that_run_from_it() -> None:
    batch = (handed("mon 09:55", "A", arrived="mon 09:50"), posted("mon 10:00"))
    assert fate(told(*batch, until="mon 10:05"), ClockKind.HANDOVER) == "kept"
    earlier = act(ActKind.CORRECTED, "mon 10:04", arrived_at=at("mon 09:10"))
    handoff = told(*batch, earlier, until="mon 10:05")
    assert fate(handoff, ClockKind.HANDOVER) == "late"
    assert clock(handoff, ClockKind.FIRST_TOUCH).started_at == at("mon 09:10")


def test_a_correction_taken_back_never_was() -> None:
    corrected = recounted("mon 12:00", "A", source="fair")
    plain = told(*BATCH, until="tue 10:00")
    undone = told(*BATCH, corrected, undo("mon 12:01", 3), until="tue 10:00")
    assert fold.figures(undone) == fold.figures(plain)


# ---- moving to another rep


def test_moving_starts_the_touch_afresh_and_leaves_the_outcome_running() -> None:
    acts = (*BATCH, act(ActKind.TAKEN, "mon 11:00", 1), act(ActKind.MOVED, "mon 15:00", 1, to="USIA"))
    handoff = told(*acts, until="mon 16:00")
    assert clock(handoff, ClockKind.FIRST_TOUCH).owner == "USIA"
    assert clock(handoff, ClockKind.FIRST_TOUCH).started_at == at("mon 15:00")
    assert clock(handoff, ClockKind.OUTCOME).owner == "USIA"
    assert clock(handoff, ClockKind.OUTCOME).started_at == at("mon 11:00")
    assert fate(handoff, ClockKind.FIRST_TOUCH) is None, "nobody kept or broke it yet"


def test_moving_what_is_overdue_leaves_the_breach_with_who_broke_it() -> None:
    acts = (
        *BATCH,
        act(ActKind.TAKEN, "mon 11:00", 1),
        act(ActKind.TAKEN, "tue 12:00", 1),
        act(ActKind.MOVED, "thu 12:00", 1, to="USIA"),
    )
    handoff = told(*acts, until="thu 13:00")
    assert counted(handoff, "rep", "USOL")["first_touch.late"] == 1
    assert counted(handoff, "rep", "USIA")["first_touch.late"] == 0


def test_moving_what_nobody_decided_moves_the_duty() -> None:
    handoff = told(*BATCH, act(ActKind.MOVED, "mon 11:00", 1, 2, to="USAM"), until="mon 12:00")
    moved = clock(handoff, ClockKind.DECIDE, 1)
    assert (moved.owner, moved.started_at, moved.waiting) == ("USAM", at("mon 10:00"), {1, 2})
    assert clock(handoff, ClockKind.DECIDE, 3).owner == "USIA"
    assert states(handoff) == "ooooo"


@pytest.mark.parametrize("is_trial", [False, True])
def test_moving_a_touched_lead_changes_its_owner_alone(is_trial: bool) -> None:  # noqa: FBT001
    batch = (handed("mon 09:55", "B", trial=is_trial), posted("mon 10:00"))
    acts = (*batch, act(ActKind.TOUCHED, "mon 11:00", 1), act(ActKind.MOVED, "mon 12:00", 1, to="USIA"))
    handoff = told(*acts, until="mon 13:00")
    assert (states(handoff)[0], handoff.leads[1].owner) == ("T", "USIA")
    assert handoff.clock_on(ClockKind.FIRST_TOUCH, 1) is None


# ---- outcomes


@pytest.mark.parametrize(
    ("outcomes", "state", "measures"),
    [
        (["sql"], "T", {"sql": 1}),
        (["won"], "c", {"won": 1, "amount": 500}),
        (["lost"], "c", {"lost": 1}),
        (["recycled"], "c", {"recycled": 1}),
        (["sql", "won"], "c", {"sql": 1, "won": 1, "amount": 500}),
        (["sql", "lost"], "c", {"sql": 1, "lost": 1}),
        (["won", "lost"], "c", {"lost": 1}),
        (["won", "sql"], "c", {"won": 1, "sql": 1, "amount": 500}),
    ],
)
def test_the_last_outcome_counts_and_sql_stays_beside_it(
    outcomes: Sequence[str], state: str, measures: dict[str, int]
) -> None:
    days = ("tue", "wed")
    acts = [
        act(ActKind.OUTCOME, f"{day} 10:00", 1, outcome=outcome, amount=500)
        for day, outcome in zip(days, outcomes, strict=False)
    ]
    handoff = told(*BATCH, *acts, until="fri 12:00")
    found = counted(handoff)
    assert states(handoff)[0] == state
    assert {
        name: found[name] for name in (*(one.value for one in Outcome), "amount") if found[name]
    } == measures
    assert found["outcome.kept"] == 1
    assert found["conversion.n"] == ("won" in measures)


def test_conversion_is_in_calendar_time_and_the_cycle_from_sql() -> None:
    acts = (
        act(ActKind.OUTCOME, "tue 09:55", 1, outcome="sql"),
        act(ActKind.OUTCOME, "sat 09:55", 1, outcome="won"),
    )
    lead = told(*BATCH, *acts, until="sat 12:00").leads[1]
    assert (lead.conversion_s, lead.cycle_s) == (5 * 86_400, 4 * 86_400)
    assert (lead.take_s, lead.touch_s) == (7 * 3600 + 55 * 60, 0)


def test_a_win_before_the_handover_has_no_conversion_time() -> None:
    batch = handed("mon 09:55", "B", imported=True)
    handoff = told(batch, act(ActKind.OUTCOME, "2018-06-10 10:00", 1, outcome="won"), until="mon 12:00")
    assert counted(handoff)["won"] == 1
    assert counted(handoff)["conversion.n"] == 0


def test_a_win_dated_before_its_sql_has_no_cycle() -> None:
    acts = (
        act(ActKind.OUTCOME, "wed 10:00", 1, outcome="won"),
        act(ActKind.OUTCOME, "thu 10:00", 1, outcome="sql"),
    )
    assert told(*BATCH, *acts, until="fri 12:00").leads[1].cycle_s is None


def test_an_imported_lead_without_an_owner_counts_for_no_rep() -> None:
    won = replace(act(ActKind.OUTCOME, "tue 10:00", 1, outcome="won"), actor=None)
    handoff = told(handed("mon 10:00", "B", imported=True), won, until="wed 10:00")
    assert handoff.leads[1].owner is None
    assert {by for by, *_ in fold.figures(handoff)} == {"all", "source", "campaign", "tier"}


def test_times_to_take_and_to_touch_are_working_time() -> None:
    acts = (*BATCH, act(ActKind.TAKEN, "mon 12:00", 1), act(ActKind.TOUCHED, "tue 10:00", 1))
    lead = told(*acts, until="tue 12:00").leads[1]
    assert (lead.take_s, lead.touch_s) == (2 * 3600, 6 * 3600)
    assert counted(told(*acts, until="tue 12:00"))["touch.sum"] == 6 * 3600


# ---- what finds nothing to act on


@pytest.mark.parametrize(
    "lost",
    [
        act(ActKind.TAKEN, "tue 12:00", 1),
        act(ActKind.TAKEN, "tue 12:00", 99),
        act(ActKind.RELEASED, "tue 12:00", 2),
        act(ActKind.TOUCHED, "tue 12:00", 1),
        act(ActKind.REJECTED, "tue 12:00", 1, reason="duplicate", kind="neutral"),
        act(ActKind.OUTCOME, "tue 12:00", 3, outcome="won"),
        act(ActKind.MOVED, "tue 12:00", 1, to="USIA"),
        act(ActKind.DISPUTED, "tue 12:00", 2),
        act(ActKind.SETTLED, "tue 12:00", 2, upheld=False),
        act(ActKind.ANSWERED, "tue 12:00", question=1),
    ],
)
def test_an_act_that_finds_nothing_changes_nothing_and_is_named(lost: Act) -> None:
    before = (
        *BATCH,
        act(ActKind.OUTCOME, "mon 11:00", 1, outcome="won"),
        act(ActKind.REJECTED, "mon 11:00", 3, reason="duplicate", kind="neutral"),
    )
    handoff = told(*before, lost, until="tue 13:00")
    assert [one.kind for one in handoff.impossible] == [lost.kind]
    assert fold.figures(handoff) == fold.figures(told(*before, until="tue 13:00"))


def test_a_handoff_waits_on_somebody_until_every_lead_is_rejected_or_closed() -> None:
    acts = (*BATCH, act(ActKind.REJECTED, "mon 11:00", 1, 2, 3, reason="duplicate", kind="neutral"))
    assert told(*acts, until="mon 12:00").waiting() == 2
    closed = act(ActKind.OUTCOME, "mon 11:00", 4, 5, outcome="lost")
    assert told(*acts, closed, until="mon 12:00").waiting() == 0


def test_every_lead_is_counted_by_all_source_campaign_tier_and_rep() -> None:
    handoff = told(*BATCH, act(ActKind.TAKEN, "mon 11:00", 1), until="mon 12:00")
    found = {
        (by, value): n
        for (by, value, measure, day), n in fold.figures(handoff).items()
        if measure == "accepted"
    }
    assert found == {
        ("all", ""): 1,
        ("source", "webinar"): 1,
        ("campaign", "June"): 1,
        ("tier", "B"): 1,
        ("rep", "USOL"): 1,
    }
    assert {day for *_, day in fold.figures(handoff)} == {DAY}


def test_the_breach_of_a_clock_alone_changes_what_the_fold_would() -> None:
    before, after = told(*BATCH, until="mon 13:00"), told(*BATCH, until="mon 15:00")
    change = fold.figures(after)
    change.subtract(fold.figures(before))
    running = clock(before, ClockKind.DECIDE)
    dims = fold.dims("webinar", "June", running.tier, running.owner)
    counts = fold.breach_figures(dims, running.kind, DAY, fold.counting(before, running))
    assert counts == Counter({key: n for key, n in change.items() if n})
    assert running.state(at("mon 15:00")) is ClockState.BREACHED
    assert running.tier is Tier.B
