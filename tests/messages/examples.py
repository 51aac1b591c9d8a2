"""Facts as services would give them, for the tests and the gallery of messages."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.facts import (
    AwayFact,
    CardFact,
    ClockFact,
    DailyFact,
    DigestFact,
    GoalFact,
    HandoffFact,
    HomeFact,
    LeadFact,
    NudgeFact,
    PromiseFact,
    ReasonFact,
    SigningFact,
    StatusFact,
    WeekFact,
    WhyClockFact,
    WhyFact,
    WorkFact,
)
from sla_rules.kinds import ClockKind, Metric, Per, RejectionKind, Side, Tier
from sla_rules.promises import Goal

NOW = datetime(2026, 6, 18, 7, 15, tzinfo=UTC)
SOON = NOW + timedelta(minutes=35)
PAST = NOW - timedelta(minutes=35)


def clock(**change: Any) -> ClockFact:
    usual = ClockFact(
        clock_id=1,
        handoff_id=7,
        number=131,
        kind=ClockKind.FIRST_TOUCH,
        tier=Tier.A,
        owner="U2",
        side=Side.SALES,
        waiting=1,
        due_at=SOON,
        is_breached=False,
        is_at_risk=True,
        clause="4.1",
        source="demo",
    )
    return replace(usual, **change)


def lead(**change: Any) -> LeadFact:
    usual = LeadFact(
        handoff_id=7,
        number=128,
        n=3,
        tier=Tier.B,
        state="taken",
        name="Ada Lovelace",
        company="Acme",
        email="ada@acme.example",
        link="https://crm.example/3",
        score="87",
        due_at=SOON,
    )
    return replace(usual, **change)


def card(**change: Any) -> CardFact:
    usual = CardFact(
        handoff_id=7,
        number=128,
        count=106,
        source="webinar",
        campaign="June webinar",
        author="U1",
        state="open",
        is_trial=False,
        handed_over_at=PAST,
        tiers=[(Tier.B, 38), (Tier.C, 68)],
        taken=[("U2", 20), ("U3", 20), ("U4", 3)],
        touched=12,
        rejected=[
            ("too_small", RejectionKind.QUALITY, "2.1", 8),
            ("duplicate", RejectionKind.NEUTRAL, "2.5", 4),
        ],
        outcomes={"sql": 2, "won": 0},
        undecided=15,
        held=36,
        release_at=NOW + timedelta(days=1),
        left_out=14,
        share=10,
        duty="U5",
        standby=["U6"],
        clocks=[
            clock(kind=ClockKind.DECIDE, tier=Tier.B, number=128, waiting=5, clause="4.2"),
            clock(kind=ClockKind.DECIDE, tier=Tier.C, number=128, waiting=10, clause="4.2"),
        ],
        link="https://crm.example/list?a=1&b=2",
        note="Call before noon",
        cap_clause="3.4",
    )
    return replace(usual, **change)


def promise(**change: Any) -> PromiseFact:
    usual = PromiseFact(
        side=Side.SALES,
        metric=Metric.TOUCHED_IN_TIME,
        tier=Tier.A,
        target=0.85,
        at_most=False,
        value=0.86,
        n=43,
        of=50,
        is_kept=True,
        clause="3.3",
        per="month",
        median_s=24 * 60,
    )
    return replace(usual, **change)


PROMISES = (
    promise(),
    promise(metric=Metric.DECIDED_IN_TIME, tier=Tier.B, value=0.94, target=0.9, median_s=None),
    promise(tier=Tier.C, value=46 / 64, n=46, of=64, target=0.8, is_kept=False, median_s=None),
    promise(metric=Metric.OUTCOME_IN_TIME, tier=None, value=None, n=0, of=0, is_kept=None, median_s=None),
    promise(
        side=Side.MARKETING,
        metric=Metric.QUALIFIED_LEADS,
        tier=None,
        target=164,
        value=181,
        n=181,
        of=0,
        median_s=None,
        clause="3.1",
    ),
    promise(
        side=Side.MARKETING,
        metric=Metric.QUALITY_REFUSALS,
        tier=None,
        target=0.25,
        at_most=True,
        value=0.3,
        n=42,
        of=140,
        is_kept=False,
        median_s=None,
        clause="3.2",
    ),
)


def goal(**change: Any) -> GoalFact:
    usual = GoalFact(
        side=Side.MARKETING,
        metric=Metric.QUALIFIED_LEADS,
        label="2026-06",
        target=240,
        so_far=118,
        expected=116.4,
        planned=90,
        days_left=9,
        needed_a_day=13.6,
        needed_after_plan=3.6,
        is_on_plan=True,
        clause="3.1",
    )
    return replace(usual, **change)


def status(**change: Any) -> StatusFact:
    usual = StatusFact(
        agreement_id=1,
        name="DACH",
        state="in_force",
        channel_id="C1",
        side=Side.SALES,
        moves=[clock(), clock(clock_id=2, number=132, waiting=2)],
        goals=[goal()],
        promises=PROMISES,
        open_handoffs=6,
        open_by_side={Side.SALES: 5, Side.MARKETING: 1},
        at_risk=[clock(), clock(clock_id=3, number=126, side=Side.MARKETING, kind=ClockKind.ANSWER)],
        period_label="2026-06",
        now=NOW,
    )
    return replace(usual, **change)


def handoff(**change: Any) -> HandoffFact:
    usual = HandoffFact(
        number=128,
        count=106,
        source="webinar",
        campaign="June webinar",
        state="open",
        undecided=15,
        waiting=58,
        handed_over_at=PAST,
        next_due_at=SOON,
        is_trial=False,
    )
    return replace(usual, **change)


def daily(**change: Any) -> DailyFact:
    usual = DailyFact(
        agreement_id=1,
        name="DACH",
        day=date(2026, 6, 18),
        goals=[goal()],
        open_handoffs=6,
        open_by_side={Side.SALES: 5, Side.MARKETING: 1},
        at_risk=[
            clock(clock_id=3, number=126, tier=Tier.B, side=Side.MARKETING, kind=ClockKind.ANSWER),
            clock(waiting=2),
        ],
        is_calm=False,
        now=NOW,
    )
    return replace(usual, **change)


def week(**change: Any) -> WeekFact:
    usual = WeekFact(
        label="2026-W25",
        delivered=120,
        qualified=100,
        accepted=80,
        won=4,
        planned=110,
        marketing_kept=2,
        marketing_made=4,
        sales_kept=3,
        sales_made=4,
    )
    return replace(usual, **change)


def reason(**change: Any) -> ReasonFact:
    usual = ReasonFact(
        reason="too_small",
        label="too small",
        kind=RejectionKind.QUALITY,
        clause="2.1",
        n=42,
        top_source="webinar",
        top_source_n=39,
    )
    return replace(usual, **change)


def digest(**change: Any) -> DigestFact:
    usual = DigestFact(
        agreement_id=1,
        name="DACH",
        start_on=date(2026, 6, 15),
        end_on=date(2026, 6, 19),
        promises=PROMISES,
        fix_first=PROMISES[-1],
        reasons=[reason(), reason(reason="duplicate", label="duplicate", kind=RejectionKind.NEUTRAL, n=4)],
        delivered=120,
        qualified=100,
        accepted=80,
        sql=12,
        won=4,
        conversion_mean_days=31.25,
        conversion_median_days=28.5,
        cycle_mean_days=12.04,
        needed_a_day=8.4,
        days_left=7,
        planned_next=[(date(2026, 6, 24), "trade fair", 40)],
        away_next=["U4"],
        weeks=[week(label=f"2026-W{n}", delivered=90 + n) for n in range(21, 26)],
        is_quiet=False,
        now=NOW,
    )
    return replace(usual, **change)


def why_clock(**change: Any) -> WhyClockFact:
    usual = WhyClockFact(
        clock=clock(),
        state="running",
        version=2,
        clause_text="First touch of A leads within 1h of their arrival",
        target="1h",
        started_at=PAST,
        elapsed_s=2100,
        target_s=3600,
        paused_s=0,
        kept=0,
        late=0,
        hours="Mon-Fri 09:00-17:00",
        zone="Europe/Berlin",
    )
    return replace(usual, **change)


def why(**change: Any) -> WhyFact:
    usual = WhyFact(
        number=131,
        clocks=[why_clock()],
        events=[(PAST, "handed_over", "U1", 1), (PAST, "posted", None, 0)],
        state="open",
        is_trial=False,
        is_imported=False,
    )
    return replace(usual, **change)


def signing(**change: Any) -> SigningFact:
    usual = SigningFact(
        agreement_id=1,
        name="DACH",
        version=1,
        sha256="ab" * 32,
        proposed_by="U1",
        leads={Side.MARKETING: "U1", Side.SALES: "U9"},
        signed={Side.MARKETING: ("U1", PAST)},
        state="proposed",
        goals=[
            ("10.1", Goal(party=Side.MARKETING, metric=Metric.QUALIFIED_LEADS, target="240", per=Per.MONTH)),
            (
                "10.5",
                Goal(
                    party=Side.SALES, metric=Metric.TOUCHED_IN_TIME, target="85 %", per=Per.MONTH, tier=Tier.A
                ),
            ),
        ],
        clocks=[("11.5", ClockKind.FIRST_TOUCH, [(Tier.A, "1h"), (Tier.B, "1 working day")])],
    )
    return replace(usual, **change)


def work(**change: Any) -> WorkFact:
    usual = WorkFact(
        user_id="U2",
        handoff_id=7,
        number=128,
        source="webinar",
        campaign="June webinar",
        leads=[
            lead(n=9, state="touched", touched_at=PAST),
            lead(),
            lead(n=4, name="", company="", email="", link="", score=""),
            lead(n=5, state="closed", outcome="won"),
        ],
        link="https://crm.example/list",
        note="Call before noon",
        due_at=SOON,
        now=NOW,
    )
    return replace(usual, **change)


def nudge(**change: Any) -> NudgeFact:
    usual = NudgeFact(
        user_id="U2",
        clocks=[clock(clock_id=n, number=130 + n, due_at=SOON + timedelta(minutes=n)) for n in range(1, 5)],
        now=NOW,
    )
    return replace(usual, **change)


def home(**change: Any) -> HomeFact:
    usual = HomeFact(
        user_id="U2",
        name="Rep One",
        is_guest=False,
        statuses=[status()],
        leads=work().leads,
        handoffs=[handoff()],
        away=None,
        now=NOW,
        agreement_lines=[("DACH", "version 2, in force", PAST)],
    )
    return replace(usual, **change)


AWAY = AwayFact(user_id="U4", until_at=NOW + timedelta(days=6), cover="U2")
WORDS = [
    ("status", "/sla", "where you stand"),
    ("log", '/sla log 25 webinar "June webinar" A=6 B=19', "hand leads over"),
]
