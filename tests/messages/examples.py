"""Facts as services would give them, for the tests and the gallery of messages."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.facts.agreement import (
    AgreementFact,
    CalculationFact,
    DiffFact,
    EditFact,
    HistoryFact,
    SigningFact,
    TextFact,
    VersionFact,
)
from bot.facts.breaches import BreachesFact, BrokenFact
from bot.facts.clocks import (
    AppealFact,
    ClockFact,
    NudgeFact,
    OverdueFact,
    RoundupFact,
    ThreadFact,
    WhyClockFact,
    WhyFact,
)
from bot.facts.export import ExportFact
from bot.facts.figures import (
    DailyFact,
    DigestFact,
    ForecastFact,
    GoalFact,
    MovedFact,
    OutlookFact,
    PaceFact,
    PlannedFact,
    PromiseFact,
    ReasonFact,
    SpanFact,
    StatusFact,
    WeekFact,
)
from bot.facts.handoffs import (
    CardFact,
    DisputeFact,
    ExcuseFact,
    HandoffFact,
    LeadFact,
    LimitFact,
    QuestionFact,
    RejectionFact,
    WorkFact,
)
from bot.facts.people import (
    AwayFact,
    DepartureFact,
    DutyFact,
    HomeFact,
    NextFact,
    PartFact,
    Step,
    TroubleFact,
)
from bot.facts.review import (
    AgendaFact,
    DraftFact,
    ImpossibleFact,
    MeantFact,
    PeopleFact,
    RepFact,
    ReviewedFact,
    ReviewFact,
    SeenFact,
    SignFact,
    SimulatedFact,
)
from bot.messages import words
from bot.services import texts
from sla_rules.agreement import Agreement
from sla_rules.amend import amended
from sla_rules.compare import Change, changes
from sla_rules.doubts import doubts
from sla_rules.kinds import ActKind, ClockKind, Metric, Per, RejectionKind, Side, Tier
from sla_rules.pieces import data_of
from sla_rules.promises import Goal
from sla_rules.starter import StarterValues, starter

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
        over=[LimitFact("capacity", 10, "3.4")],
        portion=30,
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


PLANS = [
    PlannedFact(date(2026, 5, 28), "webinar", 60, 64, "met"),
    PlannedFact(date(2026, 6, 4), "partner", 30, 12, "missed"),
    PlannedFact(date(2026, 6, 16), "webinar", 90, 40, "late"),
    PlannedFact(date(2026, 6, 18), "newsletter", 20, 5, "due"),
    PlannedFact(date(2026, 6, 24), "trade fair", 40, 0, "ahead"),
]


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
        until_on=NOW.date(),
        now=NOW,
    )
    return replace(usual, **change)


def broken(**change: Any) -> BrokenFact:
    usual = BrokenFact(
        side=Side.SALES,
        kind=ClockKind.FIRST_TOUCH,
        tier=Tier.A,
        late=3,
        of=20,
        excused=0,
        clause="4.1",
    )
    return replace(usual, **change)


def breaches(**change: Any) -> BreachesFact:
    usual = BreachesFact(
        agreement_id=1,
        name="DACH",
        overdue=[
            overdue(),
            overdue(number=126, side=Side.MARKETING, kind=ClockKind.ANSWER, owner="U1", cover="", late_s=900),
        ],
        count=5,
        by_side={Side.MARKETING: 1, Side.SALES: 4},
        broken=[
            broken(),
            broken(kind=ClockKind.DECIDE, tier=Tier.B, late=6, of=64, clause="4.2"),
            broken(kind=ClockKind.OUTCOME, tier=Tier.C, late=0, of=9, excused=2),
            broken(side=Side.MARKETING, kind=ClockKind.ANSWER, tier=None, late=1, of=4, excused=1),
            broken(side=Side.MARKETING, kind="duties", tier=None, late=0, of=2),
        ],
        period_label="2026-06",
        until_on=NOW.date(),
        sees_handoffs=True,
        now=NOW,
    )
    return replace(usual, **change)


def export(**change: Any) -> ExportFact:
    usual = ExportFact(
        what="leads",
        name="DACH",
        period_label="2026-05",
        start_on=date(2026, 5, 1),
        end_on=date(2026, 6, 1),
        until_on=None,
        rows=1_200,
        names="own",
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
        target=56.2,
    )
    return replace(usual, **change)


def moved(**change: Any) -> MovedFact:
    usual = MovedFact(
        start_on=date(2026, 6, 8),
        end_on=date(2026, 6, 14),
        what=Metric.QUALITY_REFUSALS,
        tier=None,
        target=0.25,
        at_most=True,
        was=0.3,
        value=0.24,
        was_kept=False,
        is_kept=True,
        cause="dispute",
        numbers=(120,),
    )
    return replace(usual, **change)


MOVED = (
    moved(),
    moved(
        what=Metric.TOUCHED_IN_TIME,
        tier=Tier.C,
        target=0.8,
        at_most=False,
        was=None,
        value=0.79,
        was_kept=None,
        is_kept=False,
        cause="",
        numbers=(),
    ),
    moved(
        what="won",
        target=None,
        at_most=False,
        was=2,
        value=5,
        was_kept=None,
        is_kept=None,
        cause="outcome",
        numbers=(1, 2, 3, 4),
    ),
    moved(what="duties", at_most=False, cause="undone"),
)


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
        needed_a_day=8.4,
        days_left=7,
        planned_next=[(date(2026, 6, 24), "trade fair", 40)],
        away_next=["U4"],
        weeks=[week(label=f"2026-W{n}", delivered=90 + n) for n in range(21, 26)],
        is_quiet=False,
        now=NOW,
        conversion=SpanFact(31.25, 28.5, 30.1, 33.04),
        cycle=SpanFact(12.04, 11.5, 13),
        acceptance_rate=80 / 122,
        sql_rate=0.1,
        won_per_100=10 / 3,
        undecided=12,
        neutral=4,
    )
    return replace(usual, **change)


def meant(**change: Any) -> MeantFact:
    usual = MeantFact(
        clause="11.5",
        side=Side.SALES,
        metric=Metric.TOUCHED_IN_TIME,
        tier=Tier.C,
        start_on=date(2026, 4, 1),
        end_on=date(2026, 6, 30),
        was=0.71,
        meant=0.83,
        of=412,
        target_was=0.75,
        target_meant=0.75,
        span_was="3 working days",
        span_meant="4 working days",
        kept_was=0,
        kept_meant=3,
        periods=3,
        per=Per.MONTH,
    )
    return replace(usual, **change)


def draft(**change: Any) -> DraftFact:
    usual = DraftFact(
        code="never_kept",
        clause="11.5",
        path=("clocks", "first_touch", "C"),
        old="3 working days",
        new="4 working days",
        meant=meant(),
    )
    return replace(usual, **change)


REFUSED = draft(
    code="refusals",
    clause="6.2",
    path=("scope", "out"),
    old="",
    new="webinar: Wrong role",
    source="webinar",
    reason="Wrong role",
    before=0.34,
    after=0.19,
    meant=None,
)
RAISED = draft(
    code="always_kept",
    clause="10.1",
    path=("goals", 0, "target"),
    old="240",
    new="250",
    meant=meant(
        clause="10.1",
        metric=Metric.QUALIFIED_LEADS,
        tier=None,
        target_was=240,
        target_meant=250,
        span_was="",
        span_meant="",
        was=780,
        meant=780,
        kept_was=3,
    ),
)
NEXT = draft(
    code="next_review",
    clause="14.4",
    path=("cadence", "review"),
    old="2026-07-07",
    new="2026-10-06",
    meant=None,
)


def outlook(**change: Any) -> OutlookFact:
    usual = OutlookFact(
        side=Side.MARKETING,
        metric=Metric.QUALIFIED_LEADS,
        tier=None,
        label="2026-06",
        target=240,
        at_most=False,
        so_far=118,
        low=207,
        high=251,
        chance=0.38,
        weeks=13,
        clause="10.1",
    )
    return replace(usual, **change)


OUTLOOKS = (
    outlook(),
    outlook(
        metric=Metric.QUALITY_REFUSALS,
        target=0.25,
        at_most=True,
        so_far=0.3,
        low=0.26,
        high=0.31,
        chance=0.004,
        clause="10.2",
    ),
    outlook(
        side=Side.SALES,
        metric=Metric.TOUCHED_IN_TIME,
        tier=Tier.A,
        target=0.85,
        so_far=0.86,
        low=0.84,
        high=0.88,
        chance=0.81,
        clause="10.5",
    ),
)


def forecast(**change: Any) -> ForecastFact:
    usual = ForecastFact(
        agreement_id=1,
        name="DACH",
        goals=(
            *OUTLOOKS,
            outlook(
                side=Side.SALES,
                metric=Metric.OUTCOME_IN_TIME,
                target=0.9,
                so_far=None,
                low=None,
                high=None,
                chance=None,
                weeks=4,
                clause="10.8",
            ),
        ),
        left_out=(Metric.PIPELINE,),
        least_weeks=6,
        most_weeks=13,
        now=NOW,
    )
    return replace(usual, **change)


def review(**change: Any) -> ReviewFact:
    usual = ReviewFact(
        agreement_id=1,
        name="DACH",
        review_on=date(2026, 7, 7),
        start_on=date(2026, 4, 7),
        end_on=date(2026, 7, 6),
        promises=[ReviewedFact(promise, kept=n % 4, made=3) for n, promise in enumerate(PROMISES)],
        pipeline=412_000,
        pipeline_before=365_000,
        drafts=(REFUSED, draft(), RAISED, NEXT),
        agenda=[AgendaFact("10.8", Side.SALES, Metric.OUTCOME_IN_TIME, None, Per.MONTH, 2)],
        versions=(1, 2),
        is_preview=False,
        now=NOW,
        outlooks=OUTLOOKS,
    )
    return replace(usual, **change)


def people(**change: Any) -> PeopleFact:
    usual = PeopleFact(
        name="DACH",
        start_on=date(2026, 4, 7),
        end_on=date(2026, 7, 6),
        reps=[RepFact("U2", 120, 96, 24, 8400), RepFact("U3", 40, 0, 12, None)],
        signs=[
            SignFact("taken_and_left", person="U3", n=12, of=12),
            SignFact("touched_at_once", person="U2", n=45, of=120),
            SignFact("handed_over_at_the_end", period="2026-05", n=130, of=210),
            SignFact("handed_over_before_days_off", n=80, of=210),
            SignFact("taken_at_the_end", person="U2", n=60, of=90),
            SignFact("snoozed", person="U3", n=12, of=30),
        ],
    )
    return replace(usual, **change)


def seen(**change: Any) -> SeenFact:
    usual = SeenFact(
        agreement_id=1,
        name="DACH",
        start_on=date(2026, 6, 1),
        end_on=date(2026, 6, 26),
        targets=[
            (promise, replace(RAISED, new="85 %") if n % 2 else None) for n, promise in enumerate(PROMISES)
        ],
    )
    return replace(usual, **change)


def why_clock(**change: Any) -> WhyClockFact:
    usual = WhyClockFact(
        clock=clock(),
        state="running",
        version=2,
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


def departure(**change: Any) -> DepartureFact:
    usual = DepartureFact(
        what="left_member",
        who="U5",
        side=Side.SALES,
        moved=3,
        heir="U2",
        name="DACH",
        clause="1.2",
        agreement_id=1,
        version=2,
    )
    return replace(usual, **change)


def trouble(**change: Any) -> TroubleFact:
    return replace(TroubleFact("closed", "DACH", "C1", "not_in_channel"), **change)


TROUBLES = (
    ("closed", "is_archived"),
    ("closed", "not_in_channel"),
    ("closed", "restricted_action"),
    ("not_sent", "no_text"),
)

DEPARTURES = (
    "left_member",
    "left_lead",
    "left_manager",
    "left_side",
    "in_both",
    "rota",
    "group_gone",
    "group_closed",
)


def appeal(**change: Any) -> AppealFact:
    usual = AppealFact("Too small", 8, "4.1", 2, "ICP.size", "20 to 500 employees")
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


def text(**change: Any) -> TextFact:
    return replace(TextFact("DACH", 3, "in_force"), **change)


TARGET_DOWN = Change(
    ("goals", "marketing", "qualified_leads", "", "month"), "10.1", "10.1", old="120", new="100"
)
TARGET_MEANT = MeantFact(
    clause="10.1",
    side=Side.MARKETING,
    metric=Metric.QUALIFIED_LEADS,
    tier=None,
    start_on=date(2026, 3, 1),
    end_on=date(2026, 5, 31),
    was=104,
    meant=104,
    of=312,
    target_was=120,
    target_meant=100,
    kept_was=1,
    kept_meant=3,
    per=Per.MONTH,
    periods=3,
)


def amendment(**change: Any) -> SigningFact:
    usual = signing(
        version=2,
        based_on=1,
        goals=[],
        clocks=[],
        changes=[TARGET_DOWN],
        begins_at=NOW,
        meant=[TARGET_MEANT],
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


def question(**change: Any) -> QuestionFact:
    usual = QuestionFact(
        handoff_id=7,
        number=128,
        seq=4,
        asked_by="U9",
        of="U1",
        numbers=(3, 4),
        question="Is the budget real?",
        due_at=SOON,
        answered_by=None,
        answer="",
        clause="11.3",
    )
    return replace(usual, **change)


def excuse(**change: Any) -> ExcuseFact:
    usual = ExcuseFact(
        handoff_id=7,
        number=128,
        seq=5,
        asked_by="U9",
        side=Side.SALES,
        kind=ClockKind.FIRST_TOUCH,
        leads=3,
        reason="The phones were down.",
        clause="11.5",
        judged_by=None,
        is_granted=False,
    )
    return replace(usual, **change)


def rejection(**change: Any) -> RejectionFact:
    usual = RejectionFact(
        handoff_id=7,
        number=128,
        seq=6,
        by="U9",
        reason="Outside our ICP",
        kind=RejectionKind.QUALITY,
        clause="4.1",
        appeals_to="20 to 500 employees; Decides on the budget",
        count=12,
        of=106,
        note="Most have fewer than ten people.",
        examples=("3 Ada Example, Example Ltd", "4 Bo Example"),
        dispute_until=SOON,
        state="stands",
    )
    return replace(usual, **change)


def dispute(**change: Any) -> DisputeFact:
    usual = DisputeFact(
        handoff_id=7,
        number=128,
        seq=7,
        side=Side.SALES,
        disputed_by="U1",
        rejected_by="U9",
        reason="Outside our ICP",
        clause="4.1",
        leads=12,
        note="Most have fewer than ten people.",
        because="They have 200.",
        until_at=SOON,
        is_open=True,
        settled_by=None,
        is_upheld=True,
    )
    return replace(usual, **change)


def nudge(**change: Any) -> NudgeFact:
    usual = NudgeFact(
        user_id="U2",
        clocks=[clock(clock_id=n, number=130 + n, due_at=SOON + timedelta(minutes=n)) for n in range(1, 5)],
        now=NOW,
    )
    return replace(usual, **change)


TEXT = starter(
    StarterValues(
        name="DACH",
        marketing_lead="U1",
        marketing_manager="U6",
        sales_lead="U2",
        sales_manager="U7",
        sales_members=["U2", "U3", "U4"],
        zone="Europe/Berlin",
        country="DE",
        review_on=date(2026, 9, 15),
    )
)


def agreement(text: str = TEXT, **change: Any) -> AgreementFact:
    document = Agreement.parse(text)
    usual = AgreementFact(
        agreement_id=1,
        name=document.name,
        version=3,
        state="in_force",
        sha256="5f" * 32,
        signed={Side.MARKETING: ("U1", PAST), Side.SALES: ("U2", PAST)},
        in_force_at=PAST,
        review_on=document.cadence.review,
        sections=texts.sections(1, document, 3),
        names={"U1": "Maya Lind", "U2": "Sara Okafor"},
    )
    return replace(usual, **change)


def version(number: int = 2, **change: Any) -> VersionFact:
    usual = VersionFact(
        version=number,
        state="superseded",
        is_ending=False,
        sha256="5f" * 32,
        based_on=number - 1 or None,
        proposed_by="U1",
        proposed_at=PAST,
        signed={Side.MARKETING: ("U1", PAST), Side.SALES: ("U2", PAST)},
        begins_at=None,
        in_force_at=PAST,
        closed_by=None,
        closed_because="",
        speaks=False,
    )
    return replace(usual, **change)


def versions(**change: Any) -> HistoryFact:
    waiting = version(5, state="proposed", signed={}, in_force_at=None, based_on=3)
    declined = version(
        4, state="declined", signed={}, in_force_at=None, closed_by="U2", closed_because="Too low for four"
    )
    in_force = version(3, state="in_force", in_force_at=NOW, speaks=True)
    usual = HistoryFact(1, "DACH", [waiting, declined, in_force, version(2), version(1)])
    return replace(usual, **change)


def diff(**change: Any) -> DiffFact:
    new = amended(
        TEXT,
        {
            ("goals", 0, "target"): "100",
            ("clocks", "first_touch", "C"): "4 working days",
            ("clocks", "attempts", "B"): None,
            ("duties", 0, "who"): "U3",
            ("definitions", "ICP", "size"): "50 to 500 employees",
            ("limits", "volume", "week"): "60",
        },
    )
    found = changes(Agreement.parse(TEXT), Agreement.parse(new))
    return replace(DiffFact(1, "DACH", 2, 3, found), **change)


def edit(text: str | None = None, **change: Any) -> EditFact:
    """Give a draft: `text`, or an amendment of the usual one."""
    said = text or amended(
        TEXT, {("goals", 0, "target"): "100", ("clocks", "answer"): "2h", ("duties", 0): None}
    )
    document = Agreement.parse(said)
    usual = EditFact(
        agreement_id=1,
        version=2,
        document=document,
        data=data_of(said),
        before=data_of(TEXT),
        text_hash="e" * 64,
        author="U1",
        written_at=PAST,
        proposal=None,
        doubts=doubts(document),
    )
    return replace(usual, **change)


def calculation(**change: Any) -> CalculationFact:
    usual = CalculationFact(
        deals=20,
        leads=400,
        qualified=300,
        capacity=440,
        reps=2,
        a_day=10,
        working_days=22,
        uncapped=["A"],
        target="240",
    )
    return replace(usual, **change)


def thread(**change: Any) -> ThreadFact:
    usual = ThreadFact(
        handoff_id=7,
        number=131,
        source="demo",
        clocks=[(1, ClockKind.FIRST_TOUCH, 1)],
        to_take=1,
    )
    return replace(usual, **change)


def overdue(**change: Any) -> OverdueFact:
    usual = OverdueFact(
        clock_id=1,
        number=131,
        source="demo",
        kind=ClockKind.FIRST_TOUCH,
        side=Side.SALES,
        tier=Tier.A,
        owner="U2",
        cover="",
        waiting=1,
        late_s=5 * 3600 + 600,
        clause="11.5",
    )
    return replace(usual, **change)


def roundup(**change: Any) -> RoundupFact:
    usual = RoundupFact(
        user_id="U8",
        day=date(2026, 6, 18),
        clocks=[
            overdue(),
            overdue(clock_id=2, number=128, source="webinar", tier=Tier.B, waiting=15, cover="U3"),
        ],
        settled=0,
        disproved=[],
        clause="13.3",
    )
    return replace(usual, **change)


def part(**change: Any) -> PartFact:
    usual = PartFact(
        status=status(),
        version=2,
        since_at=PAST,
        signed={Side.MARKETING: "U1", Side.SALES: "U5"},
        review_on=date(2026, 9, 15),
        handoffs=[handoff()],
    )
    return replace(usual, **change)


def home(**change: Any) -> HomeFact:
    usual = HomeFact(
        user_id="U2",
        name="Rep One",
        zone="Europe/Berlin",
        is_guest=False,
        parts=[part()],
        leads=work().leads,
        away=None,
        now=NOW,
    )
    return replace(usual, **change)


def home_of_marketer() -> HomeFact:
    asked = clock(kind=ClockKind.ANSWER, side=Side.MARKETING, owner="U1", number=126, tier=None)
    stands = status(side=Side.MARKETING, moves=[asked])
    return home(
        user_id="U1",
        parts=[part(status=stands, may_log=True, may_edit=True, questions=[question()], duties=[duty()])],
        leads=[],
    )


def home_of_lead() -> HomeFact:
    late = clock(clock_id=4, number=133, owner="U3", due_at=PAST, is_breached=True)
    return home(
        user_id="U5",
        parts=[
            part(
                status=status(moves=[], at_risk=[late, clock(owner="U4")]),
                watches=(Side.SALES,),
                may_edit=True,
                has_draft=True,
                to_sign=(Side.SALES, amendment(signed={Side.MARKETING: ("U1", PAST)})),
            )
        ],
        leads=[],
    )


def home_of_manager() -> HomeFact:
    late = clock(clock_id=4, number=133, owner="U3", due_at=PAST, is_breached=True)
    watched = part(
        status=status(side=None, moves=[], at_risk=[late, clock()]),
        is_manager=True,
        watches=tuple(Side),
        may_edit=True,
    )
    return home(user_id="U8", parts=[watched], leads=[])


def home_of_colleague() -> HomeFact:
    return home(user_id="U9", parts=[part(status=status(side=None, moves=[]))], leads=[])


def duty(**change: Any) -> DutyFact:
    usual = DutyFact(
        duty_id=3,
        side=Side.MARKETING,
        what="Share the campaign calendar of next month",
        every=Per.MONTH,
        due="25th",
        owner="U1",
        due_at=NOW + timedelta(days=5),
        clause="9.1",
        version=2,
    )
    return replace(usual, **change)


def pace(**change: Any) -> PaceFact:
    usual = PaceFact(
        notice_id=9,
        agreement_id=1,
        goal=goal(so_far=118, expected=160, target=240, planned=0, is_on_plan=False),
        share_gone=0.5,
        below=0.85,
        plan_within="1 working day",
        looked_at=PAST,
        due_at=SOON,
        clause="13.5",
        version=2,
        is_over=False,
        settled_by="",
        now=NOW,
    )
    return replace(usual, **change)


def simulated(**change: Any) -> SimulatedFact:
    usual = SimulatedFact(
        agreement_id=1,
        name="DACH",
        base="in_force",
        words="touch.C=4 working days",
        text_hash="ab" * 32,
        changes=(Change(("clocks", "first_touch", "C"), "11.5", "11.5", "3 working days", "4 working days"),),
        start_on=date(2026, 4, 1),
        end_on=date(2026, 6, 30),
        leads=1240,
        promises=(
            meant(metric=Metric.OUTCOME_IN_TIME, tier=None, was=0.9, meant=0.9, kept_was=2, kept_meant=2),
            meant(),
        ),
        sides=((Side.MARKETING, 9, 9, 12), (Side.SALES, 8, 10, 12)),
        impossible=(ImpossibleFact(128, ActKind.TAKEN, 3, datetime(2026, 5, 4, 9, tzinfo=UTC)),),
        impossible_in_all=14,
        left_out=(("imported", (7, 8)), ("running", (131,))),
        is_as_it_was=False,
        may_propose=True,
    )
    return replace(usual, **change)


def imported() -> SimulatedFact:
    """Show leads from a file, of which it does not tell when they were taken."""
    return simulated(
        base="imported",
        words="imported",
        changes=(),
        promises=(meant(metric=Metric.HANDED_OVER_IN_TIME, tier=None, was=None, meant=0.9, kept_was=0),),
        sides=((Side.MARKETING, 0, 2, 3),),
        impossible=(),
        impossible_in_all=0,
        left_out=(),
        untold=(Metric.TOUCHED_IN_TIME, Metric.OUTCOME_IN_TIME),
    )


AWAY = AwayFact(user_id="U4", until_at=NOW + timedelta(days=6), cover="U2")
WORDS = [
    ("status", "/sla", "where you stand"),
    ("log", '/sla log 25 webinar "June webinar" A=6 B=19', "hand leads over"),
]
EXPLAINED = sorted(words._sentences("en", "examples"))
"""The words of `/sla` that help explains by examples."""


def next_step(step: Step) -> NextFact:
    is_trial = step is Step.TRIAL
    moves = [clock()] if step is Step.MOVES else []
    return NextFact(step, moves, agreement_id=1 if is_trial else None, name="DACH" if is_trial else "")
