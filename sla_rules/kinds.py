"""The closed lists of words that the rules, the tables and the commands share."""

from enum import StrEnum


class Locale(StrEnum):
    """The languages that an agreement may speak; each has its folder of templates."""

    EN = "en"
    PT_BR = "pt_BR"


class Side(StrEnum):
    """The two parties of an agreement."""

    MARKETING = "marketing"
    SALES = "sales"


class Tier(StrEnum):
    """How warm a lead is: A raised a hand, B is engaged, C came on a list."""

    A = "A"
    B = "B"
    C = "C"


class ClockKind(StrEnum):
    """The promises that have a time."""

    HANDOVER = "handover"
    ANSWER = "answer"
    DECIDE = "decide"
    FIRST_TOUCH = "first_touch"
    OUTCOME = "outcome"

    @property
    def side(self) -> Side:
        """Say whose promise it is."""
        return Side.MARKETING if self in (ClockKind.HANDOVER, ClockKind.ANSWER) else Side.SALES


class ClockState(StrEnum):
    """Where a clock stands; after a breach it goes on measuring while leads wait on it."""

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    BREACHED = "breached"
    CANCELLED = "cancelled"


class RejectionKind(StrEnum):
    """Quality appeals to a definition and counts against Marketing; neutral counts against nobody."""

    QUALITY = "quality"
    NEUTRAL = "neutral"


class Outcome(StrEnum):
    """What became of a lead that Sales took."""

    SQL = "sql"
    WON = "won"
    LOST = "lost"
    RECYCLED = "recycled"


class ActKind(StrEnum):
    """What people and Slack do to a handoff: the kinds of events in the ledger."""

    HANDED_OVER = "handed_over"
    POSTED = "posted"
    RELEASED = "released"
    TAKEN = "taken"
    STOOD_BY = "stood_by"
    REJECTED = "rejected"
    TOUCHED = "touched"
    OUTCOME = "outcome"
    MOVED = "moved"
    ASKED = "asked"
    ANSWERED = "answered"
    SNOOZED = "snoozed"
    EXCUSE_ASKED = "excuse_asked"
    EXCUSED = "excused"
    EXCUSE_REFUSED = "excuse_refused"
    DISPUTED = "disputed"
    SETTLED = "settled"
    CORRECTED = "corrected"
    VOIDED = "voided"
    UNDONE = "undone"


class LeadState(StrEnum):
    """Where a lead stands."""

    HELD = "held"  # over a cap, not released yet
    OPEN = "open"  # handed over, nobody decided
    TAKEN = "taken"
    TOUCHED = "touched"
    REJECTED = "rejected"
    CLOSED = "closed"  # has an outcome that ends it: won, lost, recycled


class Metric(StrEnum):
    """What a goal may promise (product section 5)."""

    LEADS_DELIVERED = "leads_delivered"
    QUALIFIED_LEADS = "qualified_leads"
    QUALITY_REFUSALS = "quality_refusals"
    HANDED_OVER_IN_TIME = "handed_over_in_time"
    DECIDED_IN_TIME = "decided_in_time"
    TOUCHED_IN_TIME = "touched_in_time"
    OUTCOME_IN_TIME = "outcome_in_time"
    ANSWERED_IN_TIME = "answered_in_time"
    ACCEPTANCE_RATE = "acceptance_rate"
    SQL_RATE = "sql_rate"
    WON_PER_100 = "won_per_100"
    PIPELINE = "pipeline"


class Per(StrEnum):
    """The length of a goal's period."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
