"""Handoffs, leads, clocks and figures as tables, row by row, for files."""

from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, Select, and_, case, false, func, or_, select, true
from sqlmodel import Session

from bot.facts.export import ExportFact
from bot.models import Clock, Handoff, Lead, LeadDetail, Person, table_of
from bot.services import in_period, periods, rights, sheet
from bot.services.agreements import Agreed
from bot.services.rights import Act
from sla_rules import funnel
from sla_rules.attainment import HUNDREDTHS
from sla_rules.goals import Period
from sla_rules.handoff import ACCEPTED
from sla_rules.kinds import ClockKind, ClockState, LeadState, Outcome, Per

HANDOFFS, LEADS, CLOCKS, FIGURES = WHAT = ("handoffs", "leads", "clocks", "figures")
AT_ONCE = 1_000
"""Rows read from the store at a time."""
MOST_BYTES, MOST_ROWS = 5_000_000, 100_000
"""Of a file in Slack."""
BYTE_ORDER_MARK = "\ufeff"
"""By which a spreadsheet knows UTF-8."""
EVERYBODY = ""
NEEDS: Mapping[str, Act] = {HANDOFFS: Act.EXPORT, LEADS: Act.EXPORT, CLOCKS: Act.EXPORT, FIGURES: Act.READ}
"""What one must be allowed to do for each table."""
WEEK = timedelta(days=7)

Called = Mapping[str, str]
"""Names of people by id."""
Cell = Callable[[Row[Any], Called], Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: a table of the handoffs of these days, with the names of these people's leads."""

    what: str
    start_on: date | None = None
    end_on: date | None = None
    """The first day that no longer counts."""
    names_of: str | None = None
    """Who logged the handoffs whose leads are named: EVERYBODY, one person, or None for no names at all."""


@dataclass(frozen=True, slots=True)
class File:
    """A table as a file, cut where it would be too big."""

    content: bytes
    rows: int
    is_cut: bool


def names_for(session: Session, agreed: Agreed, user: str) -> str:
    """Say whose leads this person may see by name: those of all, or those logged by the person alone."""
    return EVERYBODY if rights.may(session, agreed, user, Act.SEE_NAMES) else user


def file(session: Session, agreed: Agreed, wanted: Wanted, now: datetime) -> File:
    """Write a table for Slack."""
    zone = ZoneInfo(agreed.document.calendar.zone)
    lines = sheet.lines(rows(session, agreed, wanted, now), zone)
    content = bytearray((BYTE_ORDER_MARK + next(sheet.lines([columns(wanted.what)], zone))).encode())
    written = 0
    for line in lines:
        encoded = line.encode()
        if written == MOST_ROWS or len(content) + len(encoded) > MOST_BYTES:
            return File(bytes(content), written, is_cut=True)
        content += encoded
        written += 1
    return File(bytes(content), written, is_cut=False)


def columns(what: str) -> tuple[str, ...]:
    """Name the columns of a table."""
    return periods.COLUMNS if what == FIGURES else tuple(TABLES[what][1])


def fact(agreed: Agreed, what: str, within: Period, now: datetime) -> ExportFact:
    """Say which table it is, before there is one."""
    return ExportFact(
        what=what,
        name=agreed.document.name,
        period_label=within.label,
        start_on=within.start_on,
        end_on=within.end_on,
        until_on=in_period.so_far(agreed, within, now),
    )


def is_empty(session: Session, agreed: Agreed, within: Period) -> bool:
    """Say whether nothing was handed over in a period."""
    batches = table_of(Handoff).c
    of_period = _within(batches, agreed, Wanted(HANDOFFS, within.start_on, within.end_on))
    return session.scalar(select(batches.id).where(*of_period).limit(1)) is None


def count(session: Session, agreed: Agreed, wanted: Wanted, now: datetime) -> int:
    """Count the rows of a table."""
    if wanted.what == FIGURES:
        return sum(1 for _ in _figures(session, agreed, wanted, now))
    statement, _ = TABLES[wanted.what]
    return (
        session.scalar(select(func.count()).select_from(statement(agreed, wanted).order_by(None).subquery()))
        or 0
    )


def rows(session: Session, agreed: Agreed, wanted: Wanted, now: datetime) -> Generator[list[Any], None, None]:
    """Give the rows of a table one by one: however many there are, few are held."""
    if wanted.what == FIGURES:
        yield from _figures(session, agreed, wanted, now)
        return
    statement, cells = TABLES[wanted.what]
    called = _called(session, agreed)
    # Closed where nobody reads to the end: a server keeps the rest ready.
    with session.execute(statement(agreed, wanted).execution_options(yield_per=AT_ONCE)) as found:
        for row in found:
            yield [cell(row, called) for cell in cells.values()]


def _called(session: Session, agreed: Agreed) -> Called:
    people = table_of(Person).c
    found = session.execute(
        select(people.user_id, people.name).where(people.workspace_id == agreed.workspace_id)
    )
    return {user_id: name for user_id, name in found if name}


def _within(rows_of: Any, agreed: Agreed, wanted: Wanted) -> list[ColumnElement[bool]]:
    within = [rows_of.workspace_id == agreed.workspace_id, rows_of.agreement_id == agreed.id]
    within += [rows_of.day >= wanted.start_on] if wanted.start_on else []
    within += [rows_of.day < wanted.end_on] if wanted.end_on else []
    return within


# ---- the tables


def _handoffs(agreed: Agreed, wanted: Wanted) -> Select[Any]:
    """Read handoffs, voided ones too, each with the numbers of its leads."""
    batches, leads = table_of(Handoff), table_of(Lead).c
    numbers = {
        "accepted": leads.state.in_(ACCEPTED),
        "rejected": leads.state == LeadState.REJECTED,
        "sql": leads.sql_at.is_not(None),
        "won": leads.outcome == Outcome.WON,
    }
    counted = (
        select(
            leads.handoff_id,
            *(func.sum(case((is_so, 1), else_=0)).label(name) for name, is_so in numbers.items()),
        )
        .where(*_within(leads, agreed, wanted))
        .group_by(leads.handoff_id)
        .subquery()
    )
    return (
        select(batches, *(counted.c[name] for name in numbers))
        .outerjoin(counted, counted.c.handoff_id == batches.c.id)
        .where(*_within(batches.c, agreed, wanted))
        .order_by(batches.c.id)
    )


def _leads(agreed: Agreed, wanted: Wanted) -> Select[Any]:
    """Read the leads of all handoffs but the voided ones."""
    leads, batches, details = table_of(Lead), table_of(Handoff), table_of(LeadDetail)
    is_anybodys = true() if wanted.names_of == EVERYBODY else false()
    of_lead = and_(
        details.c.workspace_id == leads.c.workspace_id,
        details.c.handoff_id == leads.c.handoff_id,
        details.c.n == leads.c.n,
        or_(is_anybodys, batches.c.author == wanted.names_of),
    )
    named = (details.c[name] for name in NAMES)
    return (
        select(leads, batches.c.number, batches.c.source, batches.c.campaign, *named)
        .join(batches, batches.c.id == leads.c.handoff_id)
        .outerjoin(details, of_lead)
        .where(*_within(leads.c, agreed, wanted), batches.c.state != "voided")
        .order_by(leads.c.handoff_id, leads.c.n)
    )


def _clocks(agreed: Agreed, wanted: Wanted) -> Select[Any]:
    """Read the clocks that count."""
    clocks, batches = table_of(Clock), table_of(Handoff)
    return (
        select(clocks, batches.c.number, batches.c.source, batches.c.day)
        .join(batches, batches.c.id == clocks.c.handoff_id)
        .where(*_within(batches.c, agreed, wanted), clocks.c.workspace_id == agreed.workspace_id)
        .where(clocks.c.state != ClockState.CANCELLED)
        .order_by(clocks.c.handoff_id, clocks.c.id)
    )


def _figures(session: Session, agreed: Agreed, wanted: Wanted, now: datetime) -> Iterator[list[Any]]:
    """Give the figures of each month and each week, in all and by source."""
    start_on, end_on = wanted.start_on, wanted.end_on
    is_week = start_on and end_on and end_on - start_on <= WEEK
    for per in (Per.WEEK,) if is_week else (Per.MONTH, Per.WEEK):
        for by in (None, "source"):
            found = periods.table(session, agreed, per=per, by=by, start_on=start_on, end_on=end_on, now=now)
            for row in found:
                yield [row[name] for name in periods.COLUMNS]


def _as_it_is(name: str) -> Cell:
    return lambda row, _: getattr(row, name)


def _person(name: str) -> Cell:
    """Name a person as Slack does, by id where Slack was not asked."""
    return lambda row, called: called.get(getattr(row, name), getattr(row, name))


def _number(row: Row[Any], _: Called) -> str:
    return f"H-{row.number}"


NAMES = ("name", "company", "email", "link", "score")
TABLES: Mapping[str, tuple[Callable[[Agreed, Wanted], Select[Any]], Mapping[str, Cell]]] = {
    HANDOFFS: (
        _handoffs,
        {
            "handoff": _number,
            "day": _as_it_is("day"),
            "handed_over_at": _as_it_is("handed_over_at"),
            "source": _as_it_is("source"),
            "campaign": _as_it_is("campaign"),
            "author": _person("author"),
            "state": _as_it_is("state"),
            "trial": _as_it_is("is_trial"),
            "imported": _as_it_is("is_imported"),
            "leads": _as_it_is("count"),
            "left_out": _as_it_is("left_out"),
            "held": _as_it_is("held"),
            "undecided": _as_it_is("undecided"),
            "open": _as_it_is("waiting"),
            "accepted": lambda row, _: row.accepted or 0,
            "rejected": lambda row, _: row.rejected or 0,
            "sql": lambda row, _: row.sql or 0,
            "won": lambda row, _: row.won or 0,
        },
    ),
    LEADS: (
        _leads,
        {
            "handoff": _number,
            "lead": _as_it_is("n"),
            "id": _as_it_is("external_id"),
            "source": _as_it_is("source"),
            "campaign": _as_it_is("campaign"),
            "tier": _as_it_is("tier"),
            "state": _as_it_is("state"),
            "owner": _person("owner"),
            "day": _as_it_is("day"),
            "arrived_at": _as_it_is("arrived_at"),
            "handed_over_at": _as_it_is("handed_over_at"),
            "taken_at": _as_it_is("taken_at"),
            "touched_at": _as_it_is("touched_at"),
            "attempts": _as_it_is("attempts"),
            "sql_at": _as_it_is("sql_at"),
            "ended_at": _as_it_is("ended_at"),
            "outcome": _as_it_is("outcome"),
            "reason": _as_it_is("reason"),
            "amount": lambda row, _: None if row.amount is None else row.amount / HUNDREDTHS,
            "time_to_take_s": _as_it_is("take_s"),
            "time_to_touch_s": _as_it_is("touch_s"),
            "conversion_time_days": lambda row, _: funnel.in_days(row.conversion_s),
            "sales_cycle_days": lambda row, _: funnel.in_days(row.cycle_s),
            **{name: _as_it_is(name) for name in NAMES},
        },
    ),
    CLOCKS: (
        _clocks,
        {
            "handoff": _number,
            "day": _as_it_is("day"),
            "source": _as_it_is("source"),
            "clock": _as_it_is("kind"),
            "party": lambda row, _: ClockKind(row.kind).side,
            "tier": _as_it_is("tier"),
            "owner": _person("owner"),
            "version": _as_it_is("version"),
            "started_at": _as_it_is("started_at"),
            "due_at": _as_it_is("due_at"),
            "state": _as_it_is("state"),
            "waiting": _as_it_is("waiting"),
            "kept": _as_it_is("kept"),
            "late": _as_it_is("late"),
            "snoozes": _as_it_is("snoozes"),
        },
    ),
}
"""Of each table how it is read, and its columns in order."""
