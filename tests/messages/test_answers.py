"""The short answers: why, help, signing, plan, away, done."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.errors import UserError
from bot.facts.people import Step
from bot.messages import apology, away, done, help, hint, plan, signing, why  # noqa: A004  (the word people type)
from sla_rules.kinds import Side
from tests.messages import examples as e
from tests.messages.reading import controls, lines

LOCALE = "en"


def test_why_gives_clause_version_arithmetic_and_acts() -> None:
    assert lines(why.message(e.why(), LOCALE)) == [
        "*H-131 is open.*",
        "*First touch, A: running* · <@U2> · 1 lead waits",
        "§4.1, version 2: 1h of working time from Thu 18 Jun 06:40 UTC, due Thu 18 Jun 07:50 UTC",
        "Used 35min of 1h",
        "Working time: Mon-Fri 09:00-17:00, Europe/Berlin",
        "*What happened*",
        "Thu 18 Jun 06:40 UTC · handed over · 1 lead · <@U1>",
        "Thu 18 Jun 06:40 UTC · card posted",
    ]


def test_why_says_what_was_over_and_what_is_not_counted() -> None:
    late = e.why_clock(elapsed_s=5400, paused_s=600, kept=3, late=2)
    said = lines(why.message(e.why(clocks=[late]), LOCALE))

    assert "Used 1h 30min of 1h, 30min over · paused 10min, which is not counted" in said
    assert "3 in time, 2 late" in said


def test_why_tells_the_working_time_once_and_by_version_where_it_changed() -> None:
    hours = "Mon-Fri 08:00-16:00"
    same = lines(why.message(e.why(clocks=[e.why_clock()] * 3), LOCALE))
    other = lines(why.message(e.why(clocks=[e.why_clock(version=1, hours=hours), e.why_clock()]), LOCALE))

    assert same.count("Working time: Mon-Fri 09:00-17:00, Europe/Berlin") == 1
    assert [line for line in other if line.startswith("Working time")] == [
        "Working time under version 1: Mon-Fri 08:00-16:00, Europe/Berlin",
        "Working time under version 2: Mon-Fri 09:00-17:00, Europe/Berlin",
    ]


def test_why_counts_nothing_that_waits_on_a_clock_that_has_ended() -> None:
    ended = e.why_clock(clock=e.clock(waiting=0), state="met", target="5 working days", kept=1)

    assert lines(why.message(e.why(clocks=[ended]), LOCALE))[1:4] == [
        "*First touch, A: met* · <@U2>",
        "§4.1, version 2: 5 working days from Thu 18 Jun 06:40 UTC, due Thu 18 Jun 07:50 UTC",
        "1 in time, 0 late",
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"is_imported": True}, "It was imported: its figures count, and no clock runs for it."),
        (
            {"is_trial": True},
            "It is a trial: the agreement was not signed when it was handed over, so no clock runs for it.",
        ),
        ({}, "No clock runs for it."),
    ],
)
def test_why_tells_why_no_clock_runs(change: dict[str, bool], said: str) -> None:
    assert lines(why.message(e.why(clocks=[], **change), LOCALE))[1] == said


def test_why_leaves_out_what_is_long_past() -> None:
    events = [(e.PAST + timedelta(minutes=n), "taken", "U2", 5) for n in range(40)]

    assert "…25 earlier acts" in lines(why.message(e.why(events=events), LOCALE))


def test_why_tells_what_was_done_lead_by_lead_in_one_line() -> None:
    events = [(e.PAST, "outcome", "U2", 1)] * 3

    assert lines(why.message(e.why(events=events), LOCALE))[-1] == (
        "Thu 18 Jun 06:40 UTC · outcome · 3 leads · <@U2>"
    )


def test_help_lists_the_words() -> None:
    assert lines(help.message(e.WORDS, LOCALE))[:2] == ["*What `/sla` understands*", "`/sla` where you stand"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"duties": 0}, "*1 lead needs a first touch.*"),
        ({"duties": 2}, "*1 lead needs a first touch · 2 duties are open.*"),
        ({"moves": [], "duties": 1}, "*1 duty is open.*"),
    ],
)
def test_help_begins_with_what_waits_on_somebody_duties_too(change: dict[str, Any], said: str) -> None:
    waiting = replace(e.next_step(Step.MOVES), **change)
    assert lines(help.message(e.WORDS, LOCALE, next_step=waiting))[0].startswith(said)


@pytest.mark.parametrize(
    ("nearest", "said"),
    [
        ("log", "*“lgo” is no word of `/sla`. Did you mean `/sla log`?*"),
        (None, "*“lgo” is no word of `/sla`. These are:*"),
    ],
)
def test_an_unknown_word_gets_the_nearest_one(nearest: str | None, said: str) -> None:
    assert lines(help.message(e.WORDS, LOCALE, unknown="lgo", nearest=nearest))[0] == said


def test_the_card_to_sign_shows_who_signed_and_offers_the_other_its_button() -> None:
    drawn = signing.message(e.signing(), LOCALE)

    assert lines(drawn) == [
        "*DACH, version 1, waits for the other signature.*",
        "Until both leads have signed, handoffs are trials and no clock runs.",
        "Written by <@U1> · text `abababababab`",
        "*What is promised*",
        "§10.1 Marketing: qualified leads 240 a month",
        "§10.5 Sales: hand-raisers touched in time 85% a month",
        "§11.5 first touch: A 1h · B 1 working day",
        "✓ *Marketing* signed: <@U1>, Thu 18 Jun 06:40 UTC",
        "*Sales*: <@U9> signs",
    ]
    ways = ("agreement.sign", "agreement.decline", "agreement.withdraw")
    assert controls(drawn) == [(action, f"1:1:{'ab' * 32}") for action in ways]


def test_a_new_card_has_two_buttons_and_a_signed_one_none() -> None:
    both = dict.fromkeys(e.signing().leads, ("U1", e.PAST))

    ids = [action for action, _ in controls(signing.message(e.signing(signed={}), LOCALE))]
    assert ids.count("agreement.sign") == 2
    signed = signing.message(e.signing(signed=both, state="in_force"), LOCALE)
    assert controls(signed) == []
    assert lines(signed)[0] == "*DACH, version 1, is signed and in force.*"


def test_an_amendment_shows_each_clause_old_and_new_and_what_it_would_have_meant() -> None:
    drawn = signing.message(e.amendment(), LOCALE)

    assert lines(drawn)[:7] == [
        "*DACH, version 2, waits for the other signature.*",
        "<@U1> proposes it, to hold from Thu 18 Jun 07:15 UTC · text `abababababab`",
        "Until then version 1 holds. A clock that runs keeps the target it started with.",
        "*What changes from version 1*",
        "§10.1 Marketing: qualified leads a month: 120 → *100*",
        "*What it would have meant, Sun 1 Mar to Sun 31 May*",
        "§10.1 qualified 120 → 100: kept 3 of 3 months instead of 1",
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"state": "declined", "closed_by": "U9", "closed_because": "too low"},
            "*DACH, version 2, is declined by <@U9>:* too low",
        ),
        ({"state": "withdrawn", "closed_by": "U1"}, "*DACH, version 2, is withdrawn by <@U1>.*"),
        (
            {"state": "withdrawn", "replaced_by": 3},
            "*DACH, version 2, is withdrawn: version 3 takes its place, and what was signed here is void.*",
        ),
        ({"state": "signed"}, "*DACH, version 2, is signed by both and begins Thu 18 Jun 07:15 UTC.*"),
        (
            {"state": "superseded"},
            "*DACH, version 2, was in force until a later version took its place.*",
        ),
        ({"state": "ended"}, "*DACH, version 2, was in force until the agreement ended.*"),
        ({"is_ending": True}, "*DACH is to end; that waits for the other signature.*"),
        ({"state": "ended", "is_ending": True}, "*DACH has ended, Thu 18 Jun 07:15 UTC.*"),
    ],
)
def test_the_card_of_a_version_says_what_became_of_it(change: dict[str, Any], said: str) -> None:
    assert lines(signing.message(e.amendment(**change), LOCALE))[0] == said


def test_where_nobody_is_left_to_sign_the_card_says_so() -> None:
    nobody = e.signing(leads={Side.MARKETING: "U1", Side.SALES: None})
    assert "*Sales*: nobody is left to sign" in lines(signing.message(nobody, LOCALE))


def test_a_plan_is_confirmed_with_what_is_to_come() -> None:
    ahead = e.PLANS[-1:]

    assert lines(plan.message(plan.Planned(ahead[0].on, "trade fair", 40), ahead, LOCALE)) == [
        "*Planned: 40 trade fair leads on Wed 24 Jun.*",
        "Pace is held against the plan from now on, and Sales sees it coming.",
        "Wed 24 Jun · 40 trade fair",
    ]
    assert lines(plan.listing(ahead, LOCALE)) == ["*40 leads planned*", "Wed 24 Jun · 40 trade fair"]
    assert lines(plan.listing([], LOCALE))[0] == "Nothing is planned."


def test_a_plan_that_is_changed_says_what_it_was() -> None:
    planned = plan.Planned(date(2026, 6, 24), "trade fair", 40, was=25)

    assert lines(plan.message(planned, [], LOCALE))[0] == (
        "*Planned: 40 trade fair leads on Wed 24 Jun, instead of 25.*"
    )


def test_the_list_of_plans_says_what_came_of_each() -> None:
    *plans, rule = lines(plan.listing(e.PLANS, LOCALE))

    assert rule.startswith("What came from the same source within a week of its day counts for a plan")
    assert plans == [
        "*150 leads planned*",
        "Tue 16 Jun · 90 webinar: late, 40 so far",
        "Thu 18 Jun · 20 newsletter: 5 so far",
        "Wed 24 Jun · 40 trade fair",
        "*1 of 2 plans met in the last four weeks*",
        "✗ Thu 4 Jun · 12 of 30 partner",
        "✓ Thu 28 May · 64 of 60 webinar",
    ]


def test_who_is_away_is_told_with_the_cover() -> None:
    assert lines(away.message([e.AWAY], LOCALE)) == [
        "*1 person is away*",
        "<@U4> until Wed 24 Jun 07:15 UTC · <@U2> covers",
    ]
    assert lines(away.message([], LOCALE))[0] == "Nobody is away."


DONE = [
    ("taken", {"count": 1, "handoff": 128}, "*1 lead of H-128 is yours*."),
    ("taken_none", {"handoff": 128}, "Nothing of H-128 was left to take."),
    (
        "standby",
        {"handoff": 128},
        "*You stand by for H-128.* Nothing is left of it now; if the first gives it back, it is yours.",
    ),
    ("undone", {"handoff": 128, "count": 10}, "*10 leads of H-128 are given back.*"),
    ("touched", {"count": 3, "left": 2}, "*3 leads contacted.* 2 still wait."),
    (
        "rejected",
        {"count": 2, "handoff": 128, "reason": "too_small", "clause": "2.1"},
        "*2 leads of H-128 rejected:* too small (§2.1).",
    ),
    ("outcome", {"count": 1, "handoff": 128, "outcome": "sql"}, "*SQL:* 1 lead of H-128."),
    (
        "logged",
        {"handoff": 128, "count": 70, "source": "webinar", "left_out": 1, "held": 36, "clause": "3.4"},
        "*H-128: 70 webinar leads are handed over.* 1 known lead was left out.",
    ),
    (
        "planned",
        {"count": 90, "source": "webinar", "day": e.NOW.date()},
        "*Planned: 90 webinar leads on Thu 18 Jun.*",
    ),
    (
        "away_set",
        {"until_at": e.SOON, "cover": "U2", "moved": 3},
        "*You are away until Thu 18 Jun 07:50 UTC.* <@U2> covers. 3 leads go there with a fresh start.",
    ),
    ("away_ended", {}, "*Welcome back.* You have shares and the rota again."),
    (
        "signed",
        {"side": "sales", "other": "U1"},
        "*You signed for Sales.* The other signature is <@U1>'s to give.",
    ),
    (
        "in_force",
        {"name": "DACH", "version": 1},
        "*DACH, version 1, is signed by both and in force.* Clocks run for what is handed over from now on.",
    ),
    (
        "setup_done",
        {"name": "DACH", "channel": "C1"},
        "*DACH is written and stands in <#C1> for both leads to sign.*",
    ),
    (
        "corrected",
        {"handoff": 128},
        "*H-128 is corrected.* Its card says so, and all figures count it as it is now.",
    ),
    ("voided", {"handoff": 128}, "*H-128 is voided.* It counts nowhere."),
    ("shared", {}, "The figures are in the channel."),
    ("already", {}, "That was done already; nothing changed."),
    ("digest_none", {}, "There is no digest yet. The first one comes at the end of the week."),
]


@pytest.mark.parametrize(("code", "values", "said"), DONE, ids=[code for code, _, _ in DONE])
def test_what_was_done_is_said_in_its_first_line(code: str, values: dict[str, object], said: str) -> None:
    assert lines(done.message(code, LOCALE, **values))[0] == said


def test_a_refusal_names_the_fault_and_the_way_out() -> None:
    refused = UserError("not_so_many", field="count", count=20, left=1, handoff=128)

    assert lines(hint.message(refused, LOCALE)) == ["1 of H-128 is left, not 20. Take fewer."]


def test_an_apology_gives_a_reference() -> None:
    assert "`a1b2c3`" in lines(apology.message("a1b2c3", LOCALE))[1]
