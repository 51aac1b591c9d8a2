"""Times of leads: means, and percentiles from values or from buckets."""

from functools import cache, partial
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, literal_column, select
from sqlmodel import Session

from bot.models import Handoff, Lead, Tally, table_of
from bot.services.agreements import Agreed
from bot.services.known import known
from bot.services.tallies import Slice, sums
from sla_rules import funnel


def mean(session: Session, agreed: Agreed, part: Slice, span: str) -> float | None:
    """Give the mean of a span in seconds."""
    found = sums(session, agreed, part, (f"{span}.n", f"{span}.sum"))
    return funnel.ratio(found.get(f"{span}.sum", 0), found.get(f"{span}.n", 0))


def percentile(session: Session, agreed: Agreed, part: Slice, span: str, share: float) -> float | None:
    """Give a percentile of a span in seconds: exact up to a thousand values, within 1 % above."""
    return percentiles(session, agreed, part, span, (share,))[0]


def percentiles(
    session: Session, agreed: Agreed, part: Slice, span: str, shares: tuple[float, ...]
) -> list[float | None]:
    """Give several percentiles of a span from one read."""
    read = partial(_percentiles, session, agreed, part, span, shares)
    return known(session, agreed.mark, (part, span, shares), read)


def _percentiles(
    session: Session, agreed: Agreed, part: Slice, span: str, shares: tuple[float, ...]
) -> list[float | None]:
    count = sums(session, agreed, part, (f"{span}.n",)).get(f"{span}.n", 0)
    if not count:
        return [None for _ in shares]
    if count <= funnel.EXACT_UP_TO:
        values = _values(session, agreed, part, span)
        return [funnel.percentile(values, share) for share in shares]
    buckets = _buckets(session, agreed, part, span)
    return [funnel.percentile_of_buckets(buckets, share) for share in shares]


def _values(session: Session, agreed: Agreed, part: Slice, span: str) -> list[int]:
    leads = table_of(Lead)
    column = leads.c[f"{span}_s"]
    query = select(column).where(
        leads.c.workspace_id == agreed.workspace_id,
        leads.c.agreement_id == agreed.id,
        leads.c.day >= part.start_on,
        leads.c.day < part.end_on,
        column.is_not(None),
    )
    if part.by in ("tier", "rep"):
        query = query.where(leads.c["tier" if part.by == "tier" else "owner"] == part.value)
    return list(session.scalars(query.where(_from_handoffs(agreed, part))))


def _from_handoffs(agreed: Agreed, part: Slice) -> ColumnElement[bool]:
    """Leave out what was voided, and what is of another source or campaign."""
    rows = table_of(Handoff).c
    ids = select(rows.id).where(
        rows.workspace_id == agreed.workspace_id,
        rows.agreement_id == agreed.id,
        rows.day >= part.start_on,
        rows.day < part.end_on,
    )
    column = table_of(Lead).c.handoff_id
    if part.by in ("source", "campaign"):
        return column.in_(ids.where(rows[part.by] == part.value, rows.state != "voided"))
    return column.not_in(ids.where(rows.state == "voided"))


def _buckets(session: Session, agreed: Agreed, part: Slice, span: str) -> dict[int, int]:
    asked = {
        "workspace_id": agreed.workspace_id,
        "agreement_id": agreed.id,
        "by": part.by,
        "value": part.value,
        "start_on": part.start_on,
        "end_on": part.end_on,
    }
    rows = session.execute(_counting(span), asked)
    return {int(measure.removeprefix(f"{span}.b")): n for measure, n in rows if n}


@cache
def _counting(span: str) -> Select[Any]:
    tallies = table_of(Tally).c
    # Named one by one, so that the index finds their days; as a range it would read every day there is.
    # Named in the statement, since as values they would be written into it again with each question.
    names: list[ColumnElement[str]] = [
        literal_column(f"'{span}.b{bucket}'") for bucket in range(funnel.BUCKETS)
    ]
    return (
        select(tallies.measure, func.sum(tallies.n))
        .where(
            tallies.workspace_id == bindparam("workspace_id"),
            tallies.agreement_id == bindparam("agreement_id"),
            tallies.by == bindparam("by"),
            tallies.value == bindparam("value"),
            tallies.measure.in_(names),
            tallies.day >= bindparam("start_on"),
            tallies.day < bindparam("end_on"),
        )
        .group_by(tallies.measure)
    )
