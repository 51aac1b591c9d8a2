"""The daily progress, the weekly digest, and the answers with figures."""

from datetime import date

from bot.messages import daily, digest, goals, handoffs, status
from sla_rules.kinds import Metric, Side
from tests.messages import examples as e
from tests.messages.reading import controls, lines

LOCALE = "en"
PROMISES = "hand-raisers touched 86% (85%) · engaged leads decided 94% (90%) · list leads touched 72% (80%)"
OPEN = "6 handoffs open · 5 wait on Sales · 1 waits on Marketing"
GOAL = "Qualified `█████░░░░░` 118 of 240 · plan 116 · need 13.6 a day, 3.6 after the 90 planned"


def test_a_calm_day_is_one_line() -> None:
    drawn = daily.message(e.daily(is_calm=True, at_risk=[]), LOCALE)

    assert lines(drawn) == [
        "*Thu 18 Jun · on plan:* 118 of 240 qualified leads (plan 116) · 6 open, none at risk"
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
        "*Next week* need 8.4 a day for 7 days",
        "Planned 40: 40 trade fair on Wed 24 Jun",
        "Away: <@U4>",
    ]


def test_a_week_with_nothing_to_say_is_one_line() -> None:
    assert len(lines(digest.message(e.digest(is_quiet=True), LOCALE))) == 1


def test_messages_of_unknown_fate_are_told_in_the_digest() -> None:
    assert lines(digest.message(e.digest(unknown_posts=1), LOCALE))[-1].startswith(
        "1 message of Baton may or may not"
    )


def test_the_thread_draws_two_charts_and_a_table() -> None:
    drawn = digest.thread(e.digest(), LOCALE)

    assert [block["type"] for block in drawn.blocks] == [
        "data_visualization",
        "data_visualization",
        "data_table",
        "section",
    ]
    assert lines(drawn) == [
        "*From handoff to deal*",
        "Delivered 120 · qualified 100 · accepted 80 · SQL 12 · won 4",
        "Handed over to won: median 28.5 days, mean 31.2",
        "SQL to won: mean 12 days",
    ]


def test_weeks_without_promises_are_left_out_of_the_chart_and_named() -> None:
    weeks = [e.week(label="2026-W24", sales_made=0), e.week(label="2026-W25")]

    assert "Not drawn, as not both sides had something due: W24" in lines(
        digest.thread(e.digest(weeks=weeks), LOCALE)
    )


def test_weeks_without_leads_draw_no_chart() -> None:
    none = e.week(delivered=0, qualified=0, planned=0, sales_made=0)

    kinds = [block["type"] for block in digest.thread(e.digest(weeks=[none]), LOCALE).blocks]
    assert kinds == ["data_table", "section"]


def test_weeks_before_the_first_handoff_are_left_out() -> None:
    before = e.week(delivered=0, qualified=0, planned=0, sales_made=0, marketing_made=0)

    kinds = [block["type"] for block in digest.thread(e.digest(weeks=[before]), LOCALE).blocks]
    assert kinds == ["section"]


def test_the_thread_in_words_has_every_week() -> None:
    said = lines(digest.thread_plain(e.digest(), LOCALE))

    assert said[-1] == (
        "week 25 of 2026: delivered 115 (planned 110), qualified 100, accepted 80, won 4 · "
        "Sales 3 of 4, Marketing 2 of 4"
    )


def test_status_tells_my_moves_then_figures_then_what_is_open() -> None:
    drawn = status.message(e.status(), LOCALE, may_share=True)

    assert lines(drawn) == [
        "*You: 3 leads need a first touch, first by Thu 18 Jun 07:50 UTC*",
        GOAL,
        f"*Sales* June 2026: {PROMISES}",
        "*Marketing* June 2026: qualified 181 (164) · quality refusals 30% (at most 25%)",
        f"{OPEN} · at risk 2: H-131, H-126",
    ]
    assert controls(drawn) == [("status.share", "1"), ("status.goals", "1"), ("why.open", "1")]


def test_what_is_late_already_was_due() -> None:
    late = e.clock(is_breached=True, due_at=e.PAST)
    drawn = status.message(e.status(moves=[late]), LOCALE, may_share=False)

    assert lines(drawn)[0] == "*You: 1 lead needs a first touch, first was due Thu 18 Jun 06:40 UTC*"


def test_only_who_may_share_is_offered_to() -> None:
    drawn = status.message(e.status(moves=[], at_risk=[]), LOCALE, may_share=False)

    assert lines(drawn)[0] == "*You: nothing waits on you.*"
    assert controls(drawn) == [("status.goals", "1")]


def test_shared_figures_hold_nobodys_moves() -> None:
    drawn = status.shared(e.status(), LOCALE, by="U1")

    assert lines(drawn)[:2] == ["*DACH*, shared by <@U1>", GOAL]
    assert controls(drawn) == []


def test_goals_are_told_with_count_and_clause() -> None:
    drawn = goals.message(e.status(), LOCALE)

    assert lines(drawn) == [
        "*DACH: Sales keeps 2 of 3 promises, Marketing keeps 1 of 2*",
        f"{GOAL} · June 2026 · §3.1",
        "*Sales*",
        "✓ hand-raisers touched in time 86% (85%), median 24min, 43 of 50 · §3.3",
        "✓ engaged leads decided in time 94% (90%), 43 of 50 · §3.3",
        "✗ list leads touched in time 72% (80%), 46 of 64 · §3.3",
        "— outcome in time: no leads · §3.3",
        "*Marketing*",
        "✓ qualified leads 181 (164) · §3.1",
        "✗ quality refusals 30% (at most 25%), 42 of 140 · §3.2",
    ]


def test_a_reached_goal_asks_for_nothing_more() -> None:
    goal = e.goal(so_far=250, needed_a_day=0.0, needed_after_plan=0.0)

    assert lines(goals.message(e.status(goals=[goal], promises=()), LOCALE))[1] == (
        "Qualified `██████████` 250 of 240 · reached · June 2026 · §3.1"
    )


def test_what_is_planned_may_reach_the_goal() -> None:
    goal = e.goal(needed_after_plan=0.0)

    assert "plan 116 · the 90 planned reach it" in lines(daily.message(e.daily(goals=[goal]), LOCALE))[1]


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
        "Delivered `█████░░░░░` 118 of 240 · plan 116 · no working day left"
        in lines(goals.message(e.status(goals=[goal], promises=()), LOCALE))[1]
    )


def test_without_a_plan_the_need_is_told_for_the_days_left() -> None:
    goal = e.goal(planned=0, needed_after_plan=13.6)

    assert "need 13.6 a day for 9 days" in lines(daily.message(e.daily(goals=[goal]), LOCALE))[1]


def test_open_handoffs_are_a_line_each() -> None:
    drawn = handoffs.message(
        [e.handoff(), e.handoff(number=129, undecided=0, is_trial=True, campaign="")], LOCALE
    )

    assert lines(drawn) == [
        "*2 handoffs are open*",
        "*H-128* · 106 webinar, June webinar · 15 to take · 43 in work · next due Thu 18 Jun 07:50 UTC",
        "*H-129* · 106 webinar · 58 in work · next due Thu 18 Jun 07:50 UTC · trial",
    ]


def test_no_open_handoff_is_an_answer_too() -> None:
    assert lines(handoffs.message([], LOCALE))[0] == "No handoff is open."


def test_a_side_that_had_nothing_due_is_not_judged() -> None:
    promises = [e.promise(value=None, is_kept=None), e.promise(side=Side.MARKETING)]
    drawn = digest.message(e.digest(promises=promises, start_on=date(2026, 6, 15)), LOCALE)

    assert lines(drawn)[0].endswith("Sales made no promise that fell due, Marketing kept 1 of 1.*")
