"""All tables; every row but the workspace's own is bound to a workspace."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    false,
    text,
)
from sqlmodel import Field, SQLModel

from bot.database import UtcDateTime

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
SQLModel.metadata.naming_convention = NAMING

WIDE: Any = Integer().with_variant(BigInteger(), "postgresql")
"""An integer of eight bytes; SQLite has no other."""
KEY: Any = String().with_variant(String(collation="C"), "postgresql")
"""A text in whose order a range is looked for: by bytes, as SQLite has it, in any language."""


def table_of(model: type[SQLModel]) -> Table:
    """Give the Core table of a model, for statements on the hot path."""
    return SQLModel.metadata.tables[str(model.__tablename__)]


def partial(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """Declare an index of the rows that meet a condition; a query has to use its words to profit from it."""
    condition = text(where)
    return Index(name, *columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def instant(*, index: bool = False, nullable: bool = True) -> Any:
    """Declare a column that holds an aware instant."""
    return Field(default=None, sa_type=UtcDateTime, index=index, nullable=nullable)


class Workspace(SQLModel, table=True):
    """A Slack workspace that has Baton, or `local` for what comes by the command line alone."""

    id: int | None = Field(default=None, primary_key=True)
    team_id: str = Field(unique=True)
    name: str = ""
    bot_user_id: str = ""
    bot_id: str = Field(default="", sa_column_kwargs={"server_default": ""})
    tenant: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """By whose installation it is served, its own or its organisation's; by a token that is set, nobody's."""
    admin: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Who installed Baton here first."""
    state: str = "active"
    """active · stopped, its token is dead · left, it was uninstalled · withdrawn, by its organisation
    · leaving, it is being deleted"""
    left_at: datetime | None = instant()
    """Since when it is not served; so long after it, its rows are deleted."""
    next_number: int = 1
    """The number of the next handoff: H-1, H-2, …"""
    hash_key: bytes = Field(default=b"", sa_type=LargeBinary)
    look_at: datetime | None = instant(index=True)
    """The earliest instant at which one of its clocks must be seen again; none while nothing runs."""
    ticked_at: datetime | None = instant()
    """Every clock that broke up to here is marked as broken."""
    created_at: datetime = instant(nullable=False)


class Installation(SQLModel, table=True):
    """Baton as a workspace, or a whole organisation, installed it; its tokens are sealed."""

    tenant: str = Field(primary_key=True)
    """The team's id, T…, or that of the organisation, E…."""
    name: str = ""
    bot_token: str
    refresh_token: str = ""
    expires_at: datetime | None = instant()
    """When the token has to be renewed; never, unless the app rotates its tokens."""
    renewed_by: datetime | None = instant()
    """Until when somebody is renewing it: a refresh token is good once."""
    scopes: str = ""
    bot_id: str = ""
    bot_user_id: str = ""
    installer: str = ""
    installed_at: datetime = instant(nullable=False)


class OAuthState(SQLModel, table=True):
    """An installation that was begun: what Slack has to bring back, once."""

    __tablename__ = "oauth_state"

    digest: str = Field(primary_key=True)
    expires_at: datetime = instant(index=True, nullable=False)


class Person(SQLModel, table=True):
    """What Slack says of a person, kept fresh by a job and by `user_change`."""

    workspace_id: int = Field(foreign_key="workspace.id", primary_key=True)
    user_id: str = Field(primary_key=True)
    name: str = ""
    zone: str = "UTC"
    is_bot: bool = False
    is_guest: bool = False
    is_deleted: bool = False
    is_stranger: bool = False
    """From another company, in a shared channel."""
    hinted_on: date | None = None
    """The day of the last private hint for a reaction of somebody who may not act."""
    home_opened_at: datetime | None = instant()
    refreshed_at: datetime | None = instant()


class Agreement(SQLModel, table=True):
    """One agreement with its channel; its text stands in its versions."""

    __table_args__ = (UniqueConstraint("workspace_id", "channel_id"),)

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: int = Field(foreign_key="workspace.id", index=True)
    name: str
    channel_id: str | None = None
    version: int = 1
    """The version that speaks: the one in force, or the draft while nothing is signed."""
    state: str = "trial"
    """trial · in_force · ended"""
    locale: str = "en"
    next_daily_at: datetime | None = instant(index=True)
    next_digest_at: datetime | None = instant(index=True)
    look_at: datetime | None = instant(index=True)
    """When its own life goes on: a version begins, a duty opens or is due, a review nears."""
    mark: int = Field(default=0, sa_type=BigInteger)
    """Another number with every act, breach and version: what was read under one number is still so."""
    created_at: datetime = instant(nullable=False)


class AgreementVersion(SQLModel, table=True):
    """One text of an agreement, with the days off as they were expanded for it."""

    workspace_id: int = Field(foreign_key="workspace.id", primary_key=True)
    agreement_id: int = Field(foreign_key="agreement.id", primary_key=True)
    version: int = Field(primary_key=True)
    text: str
    sha256: str
    days_off: list[str] = Field(sa_type=JSON)
    state: str = "proposed"
    """draft · proposed · signed · in_force · superseded · ended, or closed unsigned: declined · withdrawn"""
    based_on: int | None = None
    """The version that it amends."""
    is_ending: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """It changes nothing in the text and ends the agreement."""
    proposed_by: str
    """Of a draft, who wrote on it last."""
    proposed_at: datetime = instant(nullable=False)
    begins_at: datetime | None = instant()
    """From when it is to hold; None is from the second signature on."""
    in_force_at: datetime | None = instant()
    closed_by: str | None = None
    """Who declined or withdrew it, and why."""
    closed_because: str = Field(default="", sa_column_kwargs={"server_default": ""})


class Signature(SQLModel, table=True):
    """One side's lead signed exactly this text."""

    workspace_id: int = Field(foreign_key="workspace.id", primary_key=True)
    agreement_id: int = Field(foreign_key="agreement.id", primary_key=True)
    version: int = Field(primary_key=True)
    side: str = Field(primary_key=True)
    user_id: str
    sha256: str
    signed_at: datetime = instant(nullable=False)


class Duty(SQLModel, table=True):
    """One turn of a duty that recurs: whose it is, when it is due, and who did it."""

    __table_args__ = (
        UniqueConstraint("workspace_id", "agreement_id", "what", "due_on"),
        partial("ix_duty_open", "workspace_id", "agreement_id", "due_at", where="done_at IS NULL"),
    )

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: int = Field(foreign_key="workspace.id")
    agreement_id: int = Field(foreign_key="agreement.id")
    version: int
    place: int
    """Where it stands among the duties of that version, from 0."""
    side: str
    owner: str
    what: str
    due_on: date
    due_at: datetime = instant(nullable=False)
    opened_at: datetime = instant(nullable=False)
    done_at: datetime | None = instant()
    done_by: str | None = None
    is_late: bool = False
    """It was not done when its time was over, and is still to be done or was done later."""


class UserGroup(SQLModel, table=True):
    """A user group of Slack that stands for the members of a party, as Slack last told it."""

    workspace_id: int = Field(foreign_key="workspace.id", primary_key=True)
    group_id: str = Field(primary_key=True)
    members: list[str] = Field(default_factory=list, sa_type=JSON)
    refreshed_at: datetime | None = instant()


class Handoff(SQLModel, table=True):
    """One batch of leads as the fold of its acts left it."""

    __table_args__ = (
        UniqueConstraint("workspace_id", "number"),
        partial(
            "ix_handoff_open",
            "workspace_id",
            "agreement_id",
            "handed_over_at",
            where="waiting > 0",
        ),
        Index("ix_handoff_agreement_day_source", "workspace_id", "agreement_id", "day", "source"),
        partial("ix_handoff_held", "workspace_id", "agreement_id", "id", where="held > 0"),
    )

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: int = Field(foreign_key="workspace.id")
    agreement_id: int = Field(foreign_key="agreement.id")
    number: int
    source: str
    campaign: str = ""
    author: str
    state: str = "open"
    """open · closed · voided"""
    is_trial: bool = False
    is_imported: bool = False
    day: date
    handed_over_at: datetime = instant(nullable=False)
    release_at: datetime | None = instant(index=True)
    """When the next of the leads over a cap are let through."""
    over: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """The limits that they wait for, as paths of the text: `limits.volume.month`, comma between."""
    count: int
    held: int = 0
    waiting: int = 0
    """Leads on which somebody still has a move: held, open, taken or touched without an outcome."""
    undecided: int = 0
    left_out: int = 0
    """Known leads left out when it was logged; they count nowhere."""
    fingerprint: str = ""
    """What was logged, hashed: the same list logged twice is noticed."""
    folded_until: datetime = instant(nullable=False)
    """The instant up to which time's own doing is in the rows."""
    revision: int = 0


class Lead(SQLModel, table=True):
    """One numbered lead of a handoff as the fold left it."""

    __table_args__ = (
        partial(
            "ix_lead_owner",
            "workspace_id",
            "owner",
            "state",
            where="state IN ('open', 'taken', 'touched')",
        ),
        Index("ix_lead_day", "workspace_id", "agreement_id", "day"),
        UniqueConstraint("workspace_id", "agreement_id", "external_id"),
    )

    workspace_id: int = Field(foreign_key="workspace.id", primary_key=True)
    handoff_id: int = Field(foreign_key="handoff.id", primary_key=True)
    n: int = Field(primary_key=True)
    agreement_id: int = Field(foreign_key="agreement.id")
    external_id: str | None = None
    tier: str
    state: str
    owner: str | None = None
    """Who took it; for a lead nobody decided, nobody: its clock names the duty rep."""
    day: date
    arrived_at: datetime | None = instant()
    handed_over_at: datetime = instant(nullable=False)
    taken_at: datetime | None = instant()
    touched_at: datetime | None = instant()
    attempts: int | None = None
    sql_at: datetime | None = instant()
    ended_at: datetime | None = instant()
    reason: str | None = None
    outcome: str | None = None
    amount: int | None = Field(default=None, sa_type=WIDE)
    """Of a won lead, in hundredths of the agreement's currency."""
    take_s: int | None = None
    touch_s: int | None = None
    """Working seconds; conversion and cycle are calendar seconds."""
    conversion_s: int | None = None
    cycle_s: int | None = None


class LeadDetail(SQLModel, table=True):
    """Who the lead is; kept apart from the ledger, and emptied by retention."""

    workspace_id: int = Field(foreign_key="workspace.id", primary_key=True)
    handoff_id: int = Field(foreign_key="handoff.id", primary_key=True)
    n: int = Field(primary_key=True)
    name: str = ""
    company: str = ""
    email: str = ""
    link: str = ""
    score: str = ""


class KnownLead(SQLModel, table=True):
    """A keyed hash of an e-mail address or a company domain, by which a lead is known again."""

    workspace_id: int = Field(foreign_key="workspace.id", primary_key=True)
    agreement_id: int = Field(foreign_key="agreement.id", primary_key=True)
    key_hash: str = Field(primary_key=True)
    handoff_id: int = Field(foreign_key="handoff.id")
    n: int


class Note(SQLModel, table=True):
    """Free text beside an act: notes, links, reasons in own words; emptied by retention."""

    workspace_id: int = Field(foreign_key="workspace.id", primary_key=True)
    handoff_id: int = Field(foreign_key="handoff.id", primary_key=True)
    seq: int = Field(primary_key=True)
    """The act it belongs to."""
    kind: str = Field(primary_key=True)
    """note · link"""
    text: str


class Clock(SQLModel, table=True):
    """One promise with a time, on a group of leads with one owner and one due time."""

    __table_args__ = (
        UniqueConstraint("workspace_id", "handoff_id", "key"),
        partial("ix_clock_look", "workspace_id", "look_at", where="look_at IS NOT NULL"),
        partial("ix_clock_owner", "workspace_id", "owner", "due_at", where="waiting > 0"),
        partial("ix_clock_open", "workspace_id", "agreement_id", "due_at", where="waiting > 0"),
        partial("ix_clock_warn", "workspace_id", "agreement_id", "warn_at", where="waiting > 0"),
    )

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: int = Field(foreign_key="workspace.id")
    agreement_id: int = Field(foreign_key="agreement.id")
    handoff_id: int = Field(foreign_key="handoff.id")
    key: str
    """kind, tier, owner and start: what makes it this clock."""
    kind: str
    tier: str | None = None
    owner: str
    version: int
    started_at: datetime = instant(nullable=False)
    due_at: datetime | None = instant()
    warn_at: datetime | None = instant()
    breaks_at: datetime | None = instant()
    state: str
    waiting: int = 0
    kept: int = 0
    late: int = 0
    counting: int = 0
    """Of those that wait, the leads that count late when it breaks; a promise counts once for a lead."""
    lapses: bool = False
    """Its leads go back to the pool when it breaks, or some are excused: the handoff is folded again."""
    snoozes: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    snoozed_until: datetime | None = instant()
    rung: str = ""
    """The last rung told: nothing, warned, breached, thread, manager."""
    look_at: datetime | None = instant()


class Event(SQLModel, table=True):
    """The ledger: one act on one handoff, or on the agreement. Append-only."""

    __table_args__ = (
        UniqueConstraint("workspace_id", "handoff_id", "seq"),
        Index("ix_event_agreement", "workspace_id", "agreement_id", "happened_at"),
        partial(
            "ix_event_released",
            "workspace_id",
            "agreement_id",
            "happened_at",
            where="kind = 'released'",
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: int = Field(foreign_key="workspace.id")
    agreement_id: int = Field(foreign_key="agreement.id")
    handoff_id: int | None = Field(default=None, foreign_key="handoff.id")
    seq: int = 0
    kind: str
    actor: str | None = None
    happened_at: datetime = instant(nullable=False)
    recorded_at: datetime = instant(nullable=False)
    leads: list[int] = Field(default_factory=list, sa_type=JSON)
    data: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    undoes: int | None = None


class Delivery(SQLModel, table=True):
    """What Slack delivered and was acted on; a second delivery finds it here."""

    workspace_id: int = Field(foreign_key="workspace.id", primary_key=True)
    key: str = Field(primary_key=True)
    made: int | None = None
    """The number of the handoff it made, where it made one."""
    received_at: datetime = instant(nullable=False)


class Tally(SQLModel, table=True):
    """How much of a measure fell on a day: the sum of `figures` over all handoffs."""

    workspace_id: int = Field(foreign_key="workspace.id", primary_key=True)
    agreement_id: int = Field(foreign_key="agreement.id", primary_key=True)
    by: str = Field(primary_key=True)
    value: str = Field(primary_key=True)
    measure: str = Field(primary_key=True, sa_type=KEY)
    day: date = Field(primary_key=True)
    n: int = Field(default=0, sa_type=WIDE)


class Plan(SQLModel, table=True):
    """Handoffs announced."""

    __table_args__ = (Index("ix_plan_day", "workspace_id", "agreement_id", "planned_on"),)

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: int = Field(foreign_key="workspace.id")
    agreement_id: int = Field(foreign_key="agreement.id")
    planned_on: date
    source: str
    count: int
    author: str
    is_withdrawn: bool = False
    created_at: datetime = instant(nullable=False)


class Away(SQLModel, table=True):
    """Somebody is away from an instant until another, and who covers."""

    __table_args__ = (Index("ix_away_user", "workspace_id", "user_id", "until_at"),)

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: int = Field(foreign_key="workspace.id")
    user_id: str
    cover: str | None = None
    from_at: datetime = instant(nullable=False)
    until_at: datetime = instant(nullable=False)
    is_ended: bool = False


class Notice(SQLModel, table=True):
    """One message in Slack for its whole life: posted once, then edited while `shown < wanted`."""

    __table_args__ = (
        UniqueConstraint("workspace_id", "key"),
        partial(
            "ix_notice_due",
            "not_before",
            where="shown < wanted AND state IN ('pending', 'shown', 'sending', 'uncertain')",
        ),
        partial(
            "uq_notice_in_flight",
            "workspace_id",
            "place",
            unique=True,
            where="state IN ('sending', 'uncertain')",
        ),
        partial("ix_notice_sweep", "sweep_at", where="sweep_at IS NOT NULL"),
        Index("ix_notice_place_ts", "workspace_id", "place", "ts"),
        Index("ix_notice_person", "workspace_id", "person", "created_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: int = Field(foreign_key="workspace.id")
    agreement_id: int | None = Field(default=None, foreign_key="agreement.id")
    key: str = Field(sa_type=KEY)
    """Permanent: card:7 · work:1:U1:2026-06-18 · daily:1:2026-06-18 · digest:1:2026-06-15 · home:U1"""
    kind: str
    """The message module that renders it."""
    place: str
    """Channel, or the person for a DM or a Home."""
    person: str | None = None
    """For whom it is, in a DM or a Home."""
    thread_key: str | None = None
    """The notice in whose thread it stands."""
    subject_id: int | None = None
    about: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    uuid: str
    """Stands in the message's metadata: how a post is found again when Slack's answer was lost."""
    state: str = "pending"
    """pending · sending · uncertain · shown · superseded · parked · unknown · dead"""
    counts: bool = True
    """Whether it counts against the reader's two messages a day."""
    channel_id: str | None = None
    ts: str | None = None
    wanted: int = 1
    shown: int = 0
    shows: str | None = None
    """Fingerprint of what stands in Slack; None where that is not known for certain."""
    attempts: int = 0
    is_plain: bool = False
    """Slack refused its blocks, so the next try is its plain text."""
    fence: int = 0
    not_before: datetime = instant(nullable=False)
    lease_until: datetime | None = instant()
    first_send_at: datetime | None = instant()
    sweep_at: datetime | None = instant()
    """When a message that was sent twice is looked for again: the first may have landed late."""
    error: str | None = None
    created_at: datetime = instant(nullable=False)


class Gate(SQLModel, table=True):
    """When a channel, or a method of a workspace, may be used again."""

    __table_args__ = (partial("ix_gate_blocked", "open_at", where="blocked_by IS NOT NULL"),)

    workspace_id: int = Field(foreign_key="workspace.id", primary_key=True)
    name: str = Field(primary_key=True)
    """A channel's id, or `method:chat.update`."""
    open_at: datetime = instant(nullable=False)
    blocked_by: str | None = None
