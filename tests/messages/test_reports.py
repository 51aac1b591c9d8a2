"""The daily progress, the weekly digest, and the answers with figures."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.facts.figures import DigestFact, SpanFact
from bot.messages import breaches, daily, digest, goals, handoffs, share, status
from sla_rules.kinds import Metric, Side, Tier
from tests.messages import examples as e
from tests.messages.reading import controls, lines

LOCALE = "en"
PROMISES = "hand-raisers touched 86% (85%) · engaged leads decided 94% (90%) · list leads touched 72% (80%)"
OPEN = "6 handoffs open · 5 wait on Sales · 1 waits on Marketing"
GOAL = "Qualified `█████░░░░░` 118 of 240 · plan 117 · need 13.6 a day, 3.6 after the 90 planned"


def test_a_calm_day_is_one_line() -> None:
    drawn = daily.message(e.daily(is_calm=True, at_risk=[]), LOCALE)

    assert lines(drawn) == [
        "*Thu 18 Jun · on plan:* 118 of 240 qualified leads (plan 117) · 6 open, none at risk"
    ]
    assert controls(drawn) == []


def test_any_other_day_says_first_whose_move_it_is() -> None:
    drawn = daily.message(e.daily(), LOCALE)

    assert drawn.text == "Thu 18 Jun: 3 at risk, 6 open"
    assert lines(drawn) == [
        "*Thu 18 Jun · 2 hand-raisers at risk, Sales' move*",
        GOAL,
        OPEN,
        "H-131 · 2 demo, A · first touch due Thu 18 Jun 07:50 UTC · §4.1 · Sales",
        "H-126 · demo, B · answer due Thu 18 Jun 07:50 UTC · §4.1 · Marketing",
    ]


def test_a_day_behind_plan_says_so() -> None:
    assert lines(daily.message(e.daily(at_risk=[]), LOCALE))[0] == "*Thu 18 Jun · behind plan*"


def test_the_digest_begins_with_the_verdict() -> None:
    drawn = digest.message(e.digest(), LOCALE)

    assert lines(drawn) == [
        "*15–19 Jun: Sales kept 2 of 3 promises, Marketing kept 1 of 2.*",  # noqa: RUF001
        "Fix first: quality refusals 30% (at most 25%) · §3.2",
        "*Sales*",
        "✓ hand-raisers touched in time 86% (85%), median 24min",
        "✓ engaged leads decided in time 94% (90%)",
        "✗ list leads touched in time 72% (80%), 46 of 64",
        "— outcome in time: no leads",
        "*Marketing*",
        "✓ qualified leads 181 (164)",
        "✗ quality refusals 30% (at most 25%), 42 of 140",
        "*Why refused:* 42 for quality, 4 neutral",
        "too small 42, mostly webinar · §2.1",
        "Neutral, against nobody: duplicate 4",
        "*Next week:* need 8.4 a day for 7 days",
        "Planned: 40 trade fair on Wed 24 Jun",
        "Away: <@U4>",
    ]


def test_the_digest_tells_what_is_needed_for_which_period_and_what_the_plan_leaves_of_it() -> None:
    need = {"needed_a_day": 5.2, "days_left": 9, "needed_in": "2026-06", "planned_ahead": 40}
    part, whole = (e.digest(**need, needed_after_plan=left) for left in (0.8, 0.0))
    elsewhen = e.digest(**need, needed_after_plan=0.8, planned_next=[])

    assert _next(part) == "*Next week:* need 5.2 a day for 9 days left of June 2026, 0.8 after the 40 planned"
    assert (
        _next(whole) == "*Next week:* need 5.2 a day for 9 days left of June 2026 · the 40 planned reach it"
    )
    assert "nothing planned" not in _next(elsewhen)
    assert _next(e.digest(planned_next=[])).endswith("need 8.4 a day for 7 days · nothing planned")


def _next(fact: DigestFact) -> str:
    return next(line for line in lines(digest.message(fact, LOCALE)) if line.startswith("*Next week:*"))


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("en", "✓ qualified leads 82 of 160 (plan 73), June 2026 so far"),
        ("pt_BR", "✓ leads qualificados 82 de 160 (plano 73), junho de 2026 até agora"),
    ],
)
def test_a_count_of_a_longer_period_is_told_apart_from_the_weeks_own(locale: str, said: str) -> None:
    goal = e.promise(
        side=Side.MARKETING, metric=Metric.QUALIFIED_LEADS, tier=None, target=72.7, value=82, of=160
    )
    drawn = digest.message(e.digest(promises=[replace(goal, so_far_in="2026-06", median_s=None)]), locale)
    assert said in lines(drawn)


def test_a_reason_that_comes_from_one_source_alone_says_so() -> None:
    sources = ((42, 40), (42, 42), (1, 1))
    reasons = [e.reason(n=n, top_source_n=top) for n, top in sources]
    assert [
        line for line in lines(digest.message(e.digest(reasons=reasons), LOCALE)) if "too small" in line
    ] == [
        "too small 42, mostly webinar · §2.1",
        "too small 42, all webinar · §2.1",
        "too small 1, webinar · §2.1",
    ]


def test_of_a_past_week_nothing_is_said_of_the_week_after_it() -> None:
    facts = e.digest(week_after="running"), e.digest(week_after="over")
    running, over = (lines(digest.message(fact, LOCALE)) for fact in facts)
    assert "*This week:* need 8.4 a day for 7 days" in running
    assert not any("need 8.4 a day" in line for line in over)


def test_a_week_with_nothing_to_say_is_one_line() -> None:
    assert len(lines(digest.message(e.digest(is_quiet=True), LOCALE))) == 1


def test_weeks_of_which_no_digest_came_are_named_in_the_next() -> None:
    missed = e.digest(missed=[date(2026, 6, 1), date(2026, 6, 8)])
    assert lines(digest.message(missed, LOCALE))[-1] == (
        "No digest came for the week of Mon 1 Jun, Mon 8 Jun: Baton or the channel could not be reached."
        " `/sla digest W24` shows the last of them."
    )


def test_messages_of_unknown_fate_are_told_in_the_digest() -> None:
    assert lines(digest.message(e.digest(unknown_posts=1), LOCALE))[-1].startswith(
        "1 message of Baton may or may not"
    )


def test_what_moved_since_it_was_told_is_said_most_important_first() -> None:
    said = lines(digest.message(e.digest(moved=e.MOVED), LOCALE))

    at = said.index("*Since told*")
    assert said[at + 1 : at + 5] == [
        "8–14 Jun: quality refusals 30% → 24% (at most 25%), now kept · dispute on H-120 granted",  # noqa: RUF001
        "8–14 Jun: list leads touched in time no leads → 79% (80%), now broken",  # noqa: RUF001
        "8–14 Jun: won 2 → 5 · outcomes of H-1, H-2, H-3 and 1 more",  # noqa: RUF001
        "…and 1 more.",
    ]


def test_a_quiet_week_tells_what_moved_too() -> None:
    assert lines(digest.message(e.digest(is_quiet=True, moved=e.MOVED[:1]), LOCALE))[1] == "*Since told*"


def test_a_week_that_is_not_whole_says_so() -> None:
    drawn = digest.message(e.digest(from_on=date(2026, 6, 16), until_on=date(2026, 6, 18)), LOCALE)

    assert lines(drawn)[1] == "Not a whole week: in force since Tue 16 Jun, counted to Thu 18 Jun"


def test_of_many_promises_those_that_were_broken_are_shown() -> None:
    kept = [e.promise() for _ in range(20)]
    drawn = digest.message(e.digest(promises=[*kept, e.promise(tier=Tier.C, is_kept=False)]), LOCALE)

    assert lines(drawn)[3 + 11].startswith("✗ list leads")
    assert lines(drawn)[3 + 12] == "…and 9 more."


def test_the_thread_draws_two_charts_and_a_table() -> None:
    drawn = digest.thread(e.digest(), LOCALE)

    assert [block["type"] for block in drawn.blocks] == [
        "section",
        "data_visualization",
        "section",
        "data_visualization",
        "data_table",
        "section",
        "section",
    ]
    assert lines(drawn) == [
        "*120 leads delivered, 100 qualified*",
        "planned 110 · the week's part of the target 56 · the week before 114",
        "*Promises kept:* Sales 3 of 4, Marketing 2 of 4",
        "the week before 3 of 4 and 2 of 4",
        "*From handoff to deal*",
        "Delivered 120 · qualified 100",
        "Accepted 80 (66% of those taken or refused for quality) · 12 undecided · 4 refused as neutral",
        "SQL 12 (10% of delivered) · won 4 (3.3 in 100)",
        "*How long a deal takes, on average*",
        "Handed over to won: 31.2 days, median 28.5 · 30.1 in the four weeks before, 33 before those",
        "SQL to won: 12 days, median 11.5 · 13 in the four weeks before",
    ]


def test_the_plan_and_the_target_are_series_of_their_own() -> None:
    chart = next(
        block for block in digest.thread(e.digest(), LOCALE).blocks if block["type"] == "data_visualization"
    )

    drawn: Any = chart["chart"]
    assert [series["name"] for series in drawn["series"]] == ["Delivered", "Qualified", "Planned", "Target"]
    assert [point["value"] for point in drawn["series"][3]["data"]] == [56] * 5


def test_figures_of_a_young_week_are_marked() -> None:
    assert lines(digest.thread_plain(e.digest(is_young=True), LOCALE))[3].endswith(
        "young: most have no outcome yet"
    )


def test_where_nothing_was_won_yet_no_time_is_told() -> None:
    said = lines(digest.thread_plain(e.digest(conversion=SpanFact(), cycle=SpanFact(before_days=9)), LOCALE))

    assert "Handed over to won: no leads yet" in said
    assert "SQL to won: no leads of this week yet · 9 in the four weeks before" in said


def test_a_week_that_is_not_whole_is_named_under_the_charts() -> None:
    weeks = [e.week(label="2026-W24"), e.week(is_partial=True)]

    assert "Not a whole week: W25" in lines(digest.thread(e.digest(weeks=weeks), LOCALE))


def test_weeks_without_promises_are_left_out_of_the_chart_and_named() -> None:
    weeks = [e.week(label="2026-W24", sales_made=0), e.week(label="2026-W25")]

    assert "Not drawn, as not both sides had something due: W24" in lines(
        digest.thread(e.digest(weeks=weeks), LOCALE)
    )


def test_weeks_without_leads_draw_no_chart() -> None:
    none = e.week(delivered=0, qualified=0, planned=0, sales_made=0)

    kinds = [block["type"] for block in digest.thread(e.digest(weeks=[none]), LOCALE).blocks]
    assert kinds == ["data_table", "section", "section"]


def test_weeks_before_the_first_handoff_are_left_out() -> None:
    before = e.week(delivered=0, qualified=0, planned=0, sales_made=0, marketing_made=0)

    kinds = [block["type"] for block in digest.thread(e.digest(weeks=[before]), LOCALE).blocks]
    assert kinds == ["section", "section"]


def test_the_thread_in_words_has_every_week() -> None:
    said = lines(digest.thread_plain(e.digest(), LOCALE))

    assert said[-2:] == [
        "*W25* 115 delivered (plan 110, target 56), 100 qualified, 80 accepted, 4 won",
        "Promises kept: Sales 3 of 4, Marketing 2 of 4",
    ]


def test_a_week_in_which_nothing_fell_due_is_not_counted_against_a_side() -> None:
    weeks = [e.week(label="2026-W24"), e.week(sales_kept=0, sales_made=0)]

    assert lines(digest.thread_plain(e.digest(weeks=weeks), LOCALE))[-1] == (
        "Promises kept: Sales none fell due, Marketing 2 of 4"
    )


def test_status_tells_my_moves_then_figures_then_what_is_open() -> None:
    drawn = share.offered(status.message(e.status(), LOCALE), LOCALE, "1 status 2026-06 k")

    assert lines(drawn) == [
        "*You: 3 leads need a first touch, first by Thu 18 Jun 07:50 UTC*",
        "June 2026 so far, to Thu 18 Jun",
        GOAL,
        f"*Sales:* {PROMISES}",
        "*Marketing:* qualified 181 (164) · quality refusals 30% (at most 25%)",
        OPEN,
        "*At risk:* Sales' move: H-131 · Marketing's move: H-126",
    ]
    assert controls(drawn) == [
        ("share.post", "1 status 2026-06 k"),
        ("home.mine", "1"),
        ("status.goals", "1"),
        ("why.open", "1"),
    ]


def test_what_is_late_already_was_due() -> None:
    late = e.clock(is_breached=True, due_at=e.PAST)
    drawn = status.message(e.status(moves=[late]), LOCALE)

    assert lines(drawn)[0] == "*You: 1 lead needs a first touch, first was due Thu 18 Jun 06:40 UTC*"


def test_duties_and_a_text_to_sign_are_moves_too() -> None:
    duties = status.message(e.status(side=None, moves=[], duties_due=[e.PAST]), LOCALE)
    everything = status.message(e.status(duties_due=[e.PAST, e.NOW], awaits_signature=True), LOCALE)

    assert lines(duties)[0] == "*You: 1 duty is open, first was due Thu 18 Jun 06:40 UTC*"
    assert lines(everything)[0] == (
        "*You: a text waits for your signature · 3 leads need a first touch · 2 duties are open,"
        " first was due Thu 18 Jun 06:40 UTC*"
    )


def test_only_who_may_share_is_offered_to() -> None:
    drawn = status.message(e.status(moves=[], at_risk=[]), LOCALE)

    assert lines(drawn)[0] == "*You: nothing waits on you.*"
    assert controls(drawn) == [("status.goals", "1")]


def test_shared_figures_hold_nobodys_moves() -> None:
    drawn = share.shared(status.public(e.status(), LOCALE), LOCALE, by="U1")

    assert lines(drawn)[:3] == ["Shared by <@U1>", "*DACH*", "June 2026 so far, to Thu 18 Jun"]
    assert controls(drawn) == []


def test_a_goal_with_a_pace_counts_among_the_promises_once_something_is_agreed() -> None:
    behind = [e.goal(is_on_plan=False)]
    signed, trial = (e.status(goals=behind, promises=(), state=state) for state in ("in_force", "trial"))

    assert lines(goals.message(signed, LOCALE))[0].endswith(": Marketing keeps 0 of 1 promises*")
    assert lines(goals.message(signed, LOCALE))[1].startswith("✗ Qualified")
    assert lines(goals.message(trial, LOCALE))[0].endswith(": no promise has a figure yet*")


def test_what_is_past_its_time_is_told_apart_from_what_is_at_risk() -> None:
    late = [e.clock(number=130, is_breached=True), e.clock(number=126, is_breached=True, side=Side.MARKETING)]
    fact = e.status(at_risk=[*late, e.clock(number=131)])

    assert lines(status.message(fact, LOCALE))[-2:] == [
        "*Past their time:* Sales' move: H-130 · Marketing's move: H-126",
        "*At risk:* Sales' move: H-131",
    ]
    assert lines(status.message(fact, "pt_BR"))[-2].startswith("*Fora do prazo:*")


def test_goals_are_told_with_count_and_clause() -> None:
    drawn = goals.message(e.status(), LOCALE)

    assert lines(drawn) == [
        "*DACH, June 2026 so far, to Thu 18 Jun: Sales keeps 2 of 3 promises, Marketing keeps 2 of 3*",
        f"✓ {GOAL} · §3.1",
        "*Sales*",
        "✓ hand-raisers touched in time 86% (85%), median 24min, 43 of 50 · §3.3",
        "✓ engaged leads decided in time 94% (90%), 43 of 50 · §3.3",
        "✗ list leads touched in time 72% (80%), 46 of 64 · §3.3",
        "— outcome in time: no leads · §3.3",
        "*Marketing*",
        "✓ qualified leads 181 (164) · §3.1",
        "✗ quality refusals 30% (at most 25%), 42 of 140 · §3.2",
    ]


def test_breaches_tell_first_what_is_open_and_whose_move_it_is() -> None:
    drawn = breaches.message(e.breaches(), LOCALE)

    assert lines(drawn) == [
        "*DACH: 5 promises are open past their time* · Sales' move 4 · Marketing's move 1",
        "H-131 · 1 demo, A · first touch *5h 10min late* · Sales' move, <@U2> · §11.5",
        "H-126 · demo, A · answer *15min late* · Marketing's move, <@U1> · §11.5",
        "…and 3 more.",
        "*June 2026 so far, to Thu 18 Jun:* 10 late of 99 that fell due",
        "*Sales* 9 late of 93",
        "✗ decision, engaged leads: 6 of 64 · §4.2",
        "✗ first touch, hand-raisers: 3 of 20 · §4.1",
        "*Marketing* 1 late of 6",
        "✗ answer: 1 of 4 · §4.1",
        "*Excused by the other side*, counted neither as kept nor as late: outcome, list leads 2 · answer 1",
        "All of them, one by one: `/sla export clocks 2026-06`",
    ]


def test_a_channel_is_told_whose_move_a_breach_is_and_no_person() -> None:
    drawn = breaches.public(e.breaches(), LOCALE)

    assert "Sales' move" in lines(drawn)[1]
    assert "<@" not in "".join(lines(drawn))


def test_who_sees_numbers_alone_is_told_no_handoff() -> None:
    drawn = breaches.message(e.breaches(overdue=[], sees_handoffs=False), LOCALE)

    assert "5 promises are open past their time" in lines(drawn)[0]
    assert "H-" not in "".join(lines(drawn))
    assert "export" not in "".join(lines(drawn))


def test_where_nothing_is_late_it_says_so() -> None:
    quiet = e.breaches(overdue=[], count=0, by_side={}, broken=[], until_on=None)

    assert lines(breaches.message(quiet, LOCALE)) == [
        "*DACH: nothing is open past its time*",
        "*June 2026:* nothing fell due",
    ]


def test_a_reached_goal_asks_for_nothing_more() -> None:
    goal = e.goal(so_far=250, needed_a_day=0.0, needed_after_plan=0.0)

    assert lines(goals.message(e.status(goals=[goal], promises=()), LOCALE))[1] == (
        "✓ Qualified `██████████` 250 of 240 · reached · §3.1"
    )


def test_what_is_planned_may_reach_the_goal() -> None:
    goal = e.goal(needed_after_plan=0.0)

    assert "plan 117 · the 90 planned reach it" in lines(daily.message(e.daily(goals=[goal]), LOCALE))[1]


def test_one_lead_past_its_time_is_one() -> None:
    late = e.clock(is_breached=True, due_at=e.PAST)

    assert lines(daily.message(e.daily(at_risk=[late]), LOCALE))[0] == (
        "*Thu 18 Jun · 1 hand-raiser past its time, Sales' move*"
    )


def test_the_last_day_of_a_period_leaves_no_day_to_need_anything() -> None:
    goal = e.goal(
        days_left=0, needed_a_day=None, needed_after_plan=None, planned=0, metric=Metric.LEADS_DELIVERED
    )

    assert (
        "Delivered `█████░░░░░` 118 of 240 · plan 117 · no working day left"
        in lines(goals.message(e.status(goals=[goal], promises=()), LOCALE))[1]
    )


def test_without_a_plan_the_need_is_told_for_the_days_left() -> None:
    goal = e.goal(planned=0, needed_after_plan=13.6)

    assert "need 13.6 a day for 9 days" in lines(daily.message(e.daily(goals=[goal]), LOCALE))[1]


def test_open_handoffs_are_a_line_each() -> None:
    drawn = handoffs.message(
        [e.handoff(), e.handoff(number=129, undecided=0, is_trial=True, campaign="")], 2, LOCALE
    )

    assert lines(drawn) == [
        "*2 handoffs are open*",
        "*H-128* · 106 webinar, June webinar · 15 to take · 43 in work · next due Thu 18 Jun 07:50 UTC",
        "*H-129* · 106 webinar · 58 in work · next due Thu 18 Jun 07:50 UTC · trial",
    ]


@pytest.mark.parametrize(
    ("locale", "head", "more"),
    [
        ("en", "*1,973 handoffs are open*", "…and 1,953 more."),
        ("pt_BR", "*1.973 handoffs abertos*", "…e mais 1.953."),
    ],
)
def test_of_very_many_open_handoffs_the_newest_are_listed_and_all_counted(
    locale: str, head: str, more: str
) -> None:
    said = lines(handoffs.message([e.handoff()] * 20, 1_973, locale))
    assert (said[0], said[-1]) == (head, more)


def test_no_open_handoff_is_an_answer_too() -> None:
    assert lines(handoffs.message([], 0, LOCALE))[0] == "No handoff is open."


def test_a_side_that_had_nothing_due_is_not_judged() -> None:
    promises = [e.promise(value=None, is_kept=None), e.promise(side=Side.MARKETING)]
    drawn = digest.message(e.digest(promises=promises, start_on=date(2026, 6, 15)), LOCALE)

    assert lines(drawn)[0].endswith("Sales made no promise that fell due, Marketing kept 1 of 1.*")
