"""Home as a person reads it: what waits on them first, whatever they are to the agreement."""

from itertools import pairwise
from typing import Any

import pytest

from bot.facts.people import HomeFact
from bot.messages import home, status
from sla_rules.kinds import ClockKind, Side, Tier
from tests.messages import examples as e
from tests.messages.reading import captions, controls, lines

LOCALE = "en"
ADA = "Ada Lovelace*, Acme · B · score 87"


def pressed(fact: HomeFact) -> list[str]:
    return [action for action, _ in controls(home.view(fact, LOCALE))]


def said(fact: HomeFact) -> list[str]:
    return lines(home.view(fact, LOCALE))


def of_status(**change: Any) -> HomeFact:
    return e.home(parts=[e.part(status=e.status(**change))])


def test_a_rep_sees_the_own_moves_first_each_with_its_button() -> None:
    drawn = e.home(away=e.AWAY)

    assert said(drawn)[:4] == [
        "*3 leads need a first touch*, first by Thu 18 Jun 07:50 UTC",
        "You are away until Wed 24 Jun 07:15 UTC; <@U2> covers.",
        "H-131 · 1 demo, A · first touch due Thu 18 Jun 07:50 UTC · §4.1",
        "H-132 · 2 demo, A · first touch due Thu 18 Jun 07:50 UTC · §4.1",
    ]
    assert f"*3 · {ADA}" in said(drawn)
    assert pressed(drawn)[:6] == [
        "home.away_end",
        "nudge.touched_all",
        "nudge.touched_all",
        "lead.touched_all",
        "lead.touched",
        "lead.touched",
    ]


def test_a_move_whose_leads_stand_below_is_not_listed_twice() -> None:
    of_b = e.clock(number=128, tier=Tier.B, waiting=2)
    assert not [line for line in said(of_status(moves=[of_b])) if line.startswith("H-128 · 2")]


def test_a_question_is_no_lead() -> None:
    asked = e.clock(kind=ClockKind.ANSWER, side=Side.MARKETING, tier=None, due_at=None)

    assert said(of_status(moves=[asked]))[0] == "*1 question waits for an answer*"
    assert said(of_status(moves=[asked, e.clock(due_at=None)]))[0] == (
        "*1 question waits for an answer · 1 lead needs a first touch*"
    )


def test_the_answer_to_sla_counts_questions_apart_and_says_whose_move_is_at_risk() -> None:
    asked = e.clock(kind=ClockKind.ANSWER, side=Side.MARKETING, tier=None, due_at=None, number=126)
    drawn = lines(status.message(e.status(moves=[asked, e.clock(due_at=None)]), LOCALE))

    assert drawn[0] == "*You: 1 question waits for an answer · 1 lead needs a first touch*"
    assert drawn[-1] == "*At risk:* Sales' move: H-131 · Marketing's move: H-126"


def test_who_is_on_both_sides_is_told_why_nothing_can_be_done() -> None:
    fact = e.home(parts=[e.part(status=e.status(side=None, moves=[]), is_in_both=True)], leads=[])

    assert said(fact)[1].startswith("You are in the user groups of both sides of DACH")
    assert "neither side" not in " ".join(said(fact))


def test_the_signature_is_the_one_main_button() -> None:
    waiting = (Side.MARKETING, e.amendment(signed={}))
    drawn = home.view(e.home(parts=[e.part(may_log=True, to_sign=waiting)]), LOCALE)
    elements = [one for block in drawn["blocks"] for one in block.get("elements", ())]

    assert [one["action_id"] for one in elements if one.get("style") == "primary"] == ["agreement.sign"]


def test_a_marketer_answers_first_and_can_log_and_plan() -> None:
    drawn = e.home_of_marketer()

    assert said(drawn)[0].startswith("*1 question waits for an answer · 1 duty is open*")
    assert pressed(drawn)[:4] == ["ask.answer", "duty.done", "home.log", "home.plan"]
    assert "*Your open handoffs*" in said(drawn)
    assert "home.log" not in pressed(e.home())


def test_who_markets_in_several_agreements_says_for_which_a_plan_is() -> None:
    parts = [e.part(status=e.status(agreement_id=n, side=Side.MARKETING), may_log=True) for n in (1, 2)]
    planned = [pair for pair in controls(home.view(e.home(parts=parts), LOCALE)) if pair[0] == "home.plan"]

    assert planned == [("home.plan", "1"), ("home.plan", "2")]


def test_a_lead_signs_in_home_and_sees_what_the_side_has_at_risk() -> None:
    drawn = e.home_of_lead()

    assert said(drawn)[0] == "*1 text waits for your signature*"
    assert pressed(drawn)[:2] == ["agreement.sign", "agreement.decline"]
    assert "*What changes from version 1*" in said(drawn)
    assert "*Late or at risk on your side*" in said(drawn)
    assert any(line.startswith("H-133") and line.endswith("<@U3>") for line in said(drawn))


def test_a_manager_sees_what_is_past_its_time_and_nothing_that_is_only_near() -> None:
    drawn = said(e.home_of_manager())

    assert "*Past their time*" in drawn
    assert [line[:5] for line in drawn if line.startswith("H-")] == ["H-133"]
    assert "You are on neither side, so this is for you to read." not in drawn


def test_a_colleague_reads_and_presses_nothing_that_changes_anything() -> None:
    drawn = e.home_of_colleague()

    assert said(drawn)[1] == "You are on neither side, so this is for you to read."
    assert pressed(drawn) == ["home.goals", "home.agreement"]


def test_the_agreement_says_since_when_who_signed_and_when_it_is_reviewed() -> None:
    assert [line for line in said(e.home()) if "version 2" in line or "Signed" in line] == [
        "*The agreement* · version 2, in force since Thu 18 Jun 06:40 UTC · <#C1>",
        "Signed by <@U1> for Marketing and <@U5> for Sales · next review Tue 15 Sep",
    ]


@pytest.mark.parametrize(
    ("state", "words"),
    [("trial", ", not signed yet"), ("ended", ", ended")],
)
def test_an_agreement_not_in_force_says_so(state: str, words: str) -> None:
    assert any(
        line.startswith(f"*The agreement* · version 2{words}") for line in said(of_status(state=state))
    )


def test_the_next_step_is_offered_by_rights_alone() -> None:
    of_agreement = ["home.goals", "home.agreement", "agreement.edit", "agreement.edit_propose"]
    for may_edit, has_draft, offered in ((False, False, 2), (True, False, 3), (True, True, 4)):
        fact = e.home(parts=[e.part(may_edit=may_edit, has_draft=has_draft)], leads=[], away=e.AWAY)
        assert pressed(fact)[-offered:] == of_agreement[:offered]


def test_home_of_somebody_without_moves_says_so() -> None:
    assert said(e.home(parts=[e.part(status=e.status(moves=[]))], leads=[]))[0] == "*Nothing waits on you.*"


def test_five_hundred_leads_are_turned_page_by_page_and_each_comes_once() -> None:
    listed = [e.lead(n=n, number=n % 7, handoff_id=n % 7) for n in range(1, 501)]
    begin, seen = 0, list[str]()
    while True:
        drawn = home.view(e.home(leads=listed, leads_from=begin), LOCALE)
        assert len(drawn["blocks"]) <= 100
        assert captions(drawn)[-3:] == ["Show Goals", "Agreement", "Away Until…"]
        found = dict(controls(drawn))
        seen += [value for action, value in controls(drawn) if action == "lead.touched"]
        assert (home.BACK in found) is (begin > 0)
        if home.FROM not in found:
            break
        begin = int(found[home.FROM])
    assert sorted(seen) == sorted(f"{lead.handoff_id}:{lead.n}" for lead in listed)


@pytest.mark.parametrize("each", [1, 2, 500])
def test_whatever_the_handoffs_leads_fill_the_room_and_nothing_is_dropped(each: int) -> None:
    listed = [e.lead(n=n, number=n // each, handoff_id=n // each) for n in range(500)]
    parts = [e.part(may_edit=True, duties=[e.duty()] * 9, questions=[e.question()] * 5)] * 9
    drawn = home.view(e.home(leads=listed, parts=parts, away=e.AWAY), LOCALE)

    assert len(drawn["blocks"]) <= 100
    assert "home.from" in pressed(e.home(leads=listed, parts=parts))
    assert lines(drawn)[-1].startswith("Updated")


def test_a_page_that_is_gone_is_the_first_one() -> None:
    assert f"*3 · {ADA}" in said(e.home(leads_from=80))


def test_two_dividers_never_meet() -> None:
    for fact in (e.home(), e.home_of_lead(), e.home(leads=[]), e.home_of_colleague()):
        kinds = [block["type"] for block in home.view(fact, LOCALE)["blocks"]]
        assert ("divider", "divider") not in pairwise(kinds)


def test_the_first_home_teaches_the_next_step() -> None:
    fact = e.home(parts=[], leads=[])

    assert said(fact)[0] == "*Nothing is agreed here yet.*"
    assert any("`/sla setup`" in line for line in said(fact))
    assert pressed(fact) == []


def test_somebody_new_is_asked_for_a_moment() -> None:
    fact = e.home(is_new=True, parts=[])

    assert said(fact)[0].startswith("*One moment.*")
    assert pressed(fact) == []


def test_a_guest_has_nothing_to_press() -> None:
    assert pressed(e.home(is_guest=True)) == []
