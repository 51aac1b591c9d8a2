"""Log a handoff: a batch of leads that Marketing gives to Sales."""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256

from sqlalchemy import Select, bindparam, insert, select, update
from sqlalchemy.sql.dml import ReturningUpdate
from sqlmodel import Session, col

from bot.database import insert_new
from bot.errors import UserError, UserErrors
from bot.models import Handoff, KnownLead, LeadDetail, Note, Workspace, table_of
from bot.services import deliveries, handoffs, ledger, limits, notices, pace, rights
from bot.services.agreements import Agreed
from bot.services.rights import Act
from sla_rules.kinds import ActKind, Tier

DEFAULT_TIER = Tier.B
MOST_LEADS = 2_000


@dataclass(frozen=True, slots=True)
class LeadInput:
    """One lead as it was given."""

    tier: Tier
    name: str = ""
    company: str = ""
    email: str = ""
    link: str = ""
    score: str = ""

    def marks(self) -> list[str]:
        """Say by what it is known again: its e-mail address, else the company's domain."""
        if "@" in self.email:
            return [self.email.strip().lower()]
        return (
            [self.company.strip().lower()] if "." in self.company and " " not in self.company.strip() else []
        )


@dataclass(frozen=True, slots=True)
class Batch:
    """What is handed over."""

    source: str
    tiers: Mapping[Tier, int]
    campaign: str = ""
    arrived_at: datetime | None = None
    link: str = ""
    note: str = ""
    leads: Sequence[LeadInput] = field(default_factory=tuple)

    @property
    def count(self) -> int:
        return len(self.leads) or sum(self.tiers.values())

    @property
    def by_tier(self) -> list[tuple[Tier, int]]:
        """Count the leads of each tier that there is, the warmest first."""
        return [(tier, self.tiers[tier]) for tier in Tier if self.tiers.get(tier)]


def log(
    session: Session,
    agreed: Agreed,
    batch: Batch,
    *,
    author: str,
    now: datetime,
    delivery: str,
    known: str = "ask",
    again: bool = False,
    by: Act = Act.LOG,
) -> Handoff:
    """Hand a batch over; `known` leads are asked about, left out (`leave_out`) or sent anyway (`send`).

    A second delivery of the same input answers with the handoff of the first.
    """
    if (earlier := deliveries.find(session, agreed.workspace_id, delivery)) is not None:
        return handoffs.by_number(session, agreed.workspace_id, earlier.made or 0)
    rights.require(session, agreed, author, by)
    check(agreed, batch, now)
    mark = fingerprint(batch)
    if not again:
        _ask_about_repeat(session, agreed, mark, now)
    hashes = _hashes(session, agreed, batch.leads)
    repeated = _known_among(session, agreed, hashes) if batch.leads and known != "send" else set()
    if repeated and known == "ask":
        raise UserError("known_leads", field="known", count=len(repeated), of=batch.count)
    if repeated:
        batch, hashes = _without(batch, hashes, repeated)
    held = limits.hold(session, agreed, batch.by_tier, now)
    handoff = _insert(session, agreed, batch, author=author, now=now, mark=mark, left_out=len(repeated))
    handoff.release_at, handoff.over = held.release_at, held.over
    session.flush()
    _keep_details(session, handoff, batch, hashes)
    _hand_over(session, agreed, handoff, batch, author=author, now=now, held=held.numbers)
    deliveries.remember(session, agreed.workspace_id, delivery, now, made=handoff.number)
    pace.refresh(session, agreed, now)
    notices.post(
        session,
        agreed,
        key=f"card:{handoff.id}",
        kind="card",
        subject_id=handoff.id,
        now=now,
    )
    return handoff


def check(agreed: Agreed, batch: Batch, at: datetime) -> None:
    """Tell all faults of a batch, handed over at an instant, at once."""
    faults = []
    if not batch.source:
        faults.append(UserError("source_missing", field="source"))
    if batch.count < 1:
        faults.append(UserError("count_missing", field="tier_b"))
    if batch.count > MOST_LEADS:
        faults.append(UserError("too_many_leads", field="tier_b", most=MOST_LEADS))
    if batch.arrived_at is not None and batch.arrived_at > at:
        faults.append(UserError("arrived_in_future", field="arrived_at"))
    if batch.arrived_at is not None and batch.arrived_at < at - timedelta(days=31):
        faults.append(UserError("arrived_long_ago", field="arrived_at"))
    faults += [
        UserError(
            "tier_not_agreed",
            field="file" if batch.leads else f"tier_{tier.lower()}",
            tier=tier,
            tiers=sorted(agreed.document.tiers),
            clause=agreed.document.clause_of("tiers"),
        )
        for tier, _ in batch.by_tier
        if tier not in agreed.document.tiers
    ]
    given = {"source": batch.source, "campaign": batch.campaign, "link": batch.link, "note": batch.note}
    faults += [
        UserError(
            "field_required",
            field=name,
            name=name,
            clause=agreed.document.clause_of("services.fields"),
            clause_in=(agreed.id, agreed.row.version),
        )
        for name in agreed.document.services.fields
        if name in given and name != "source" and not given[name]
    ]
    if batch.link and not batch.link.startswith(("https://", "http://")):
        faults.append(UserError("link_unclear", field="link"))
    if faults:
        raise UserErrors(faults)


def _ask_about_repeat(session: Session, agreed: Agreed, mark: str, now: datetime) -> None:
    own = {"workspace_id": agreed.workspace_id, "agreement_id": agreed.id}
    number = session.scalar(_same(), {**own, "today": agreed.today(now), "mark": mark})
    if number is not None:
        raise UserError("logged_already", number=number)


@cache
def _same() -> Select[int]:
    batches = table_of(Handoff).c
    return select(batches.number).where(
        batches.workspace_id == bindparam("workspace_id"),
        batches.agreement_id == bindparam("agreement_id"),
        batches.day == bindparam("today"),
        batches.fingerprint == bindparam("mark"),
        batches.state != "voided",
    )


def fingerprint(batch: Batch) -> str:
    """Give the mark by which the same batch is known again."""
    emails = ",".join(sorted(lead.email.lower() for lead in batch.leads))
    tiers = ",".join(f"{tier}={count}" for tier, count in sorted(batch.tiers.items()) if count)
    # Two requests of one day differ by their arrival; a list sent twice does not.
    arrived = batch.arrived_at.isoformat() if batch.arrived_at else ""
    parts = [batch.source.lower(), batch.campaign.lower(), tiers, emails, arrived, batch.link]
    return sha256("\0".join(parts).encode()).hexdigest()[:32]


# ---- leads that are known already


def _hashes(session: Session, agreed: Agreed, leads: Sequence[LeadInput]) -> list[list[str]]:
    if not leads:
        return []
    key = (
        session.scalar(select(col(Workspace.hash_key)).where(col(Workspace.id) == agreed.workspace_id)) or b""
    )
    return [[hmac.digest(key, mark.encode(), "sha256").hex()[:32] for mark in lead.marks()] for lead in leads]


def _known_among(session: Session, agreed: Agreed, hashes: Sequence[Sequence[str]]) -> set[int]:
    """Find which of the leads (by position) were handed over before, or stand twice in this list."""
    wanted = sorted({mark for marks in hashes for mark in marks})
    stored: set[str] = set()
    for start in range(0, len(wanted), 500):
        stored.update(
            session.scalars(
                select(col(KnownLead.key_hash)).where(
                    col(KnownLead.workspace_id) == agreed.workspace_id,
                    col(KnownLead.agreement_id) == agreed.id,
                    col(KnownLead.key_hash).in_(wanted[start : start + 500]),
                )
            )
        )
    repeated = set()
    for position, marks in enumerate(hashes):
        if stored.intersection(marks):
            repeated.add(position)
        stored.update(marks)
    return repeated


def _without(batch: Batch, hashes: list[list[str]], repeated: set[int]) -> tuple[Batch, list[list[str]]]:
    leads = [lead for position, lead in enumerate(batch.leads) if position not in repeated]
    if not leads:
        raise UserError("all_leads_known", field="file")
    tiers = {tier: sum(lead.tier is tier for lead in leads) for tier in Tier}
    left = Batch(batch.source, tiers, batch.campaign, batch.arrived_at, batch.link, batch.note, tuple(leads))
    return left, [marks for position, marks in enumerate(hashes) if position not in repeated]


# ---- rows


def _insert(
    session: Session, agreed: Agreed, batch: Batch, *, author: str, now: datetime, mark: str, left_out: int
) -> Handoff:
    handoff = Handoff(
        workspace_id=agreed.workspace_id,
        agreement_id=agreed.id,
        number=next_number(session, agreed.workspace_id),
        source=batch.source,
        campaign=batch.campaign,
        author=author,
        is_trial=agreed.is_trial,
        day=agreed.today(now),
        handed_over_at=now,
        count=batch.count,
        left_out=left_out,
        fingerprint=mark,
        folded_until=now,
    )
    session.add(handoff)
    return handoff


def next_number(session: Session, workspace_id: int, count: int = 1) -> int:
    """Draw the next handoff numbers of a workspace; gives the first of them."""
    drawn = session.execute(_drawing(), {"b_id": workspace_id, "b_count": count})
    return int(drawn.scalar_one()) - count


@cache
def _drawing() -> ReturningUpdate[tuple[int]]:
    rows = table_of(Workspace)
    return (
        update(rows)
        .where(rows.c.id == bindparam("b_id"))
        .values(next_number=rows.c.next_number + bindparam("b_count"))
        .returning(rows.c.next_number)
    )


def _keep_details(session: Session, handoff: Handoff, batch: Batch, hashes: Sequence[Sequence[str]]) -> None:
    place = {"workspace_id": handoff.workspace_id, "handoff_id": handoff.id}
    details = [
        {
            **place,
            "n": n,
            "name": lead.name,
            "company": lead.company,
            "email": lead.email,
            "link": lead.link,
            "score": lead.score,
        }
        for n, lead in enumerate(_in_order(batch), start=1)
    ]
    if details:
        session.execute(insert(table_of(LeadDetail)), details)
    marks = {mark: n for n, found in enumerate(hashes, start=1) for mark in found}
    if marks:
        rows = [
            {**place, "agreement_id": handoff.agreement_id, "key_hash": mark, "n": n}
            for mark, n in marks.items()
        ]
        session.execute(insert_new(table_of(KnownLead)), rows)
    keep_texts(session, handoff, batch)


def keep_texts(session: Session, handoff: Handoff, batch: Batch) -> None:
    """Keep the note and the link that come with a handoff."""
    place = {"workspace_id": handoff.workspace_id, "handoff_id": handoff.id}
    texts = [
        {**place, "seq": 1, "kind": kind, "text": text}
        for kind, text in (("note", batch.note), ("link", batch.link))
        if text
    ]
    if texts:
        session.execute(insert(table_of(Note)), texts)


def _in_order(batch: Batch) -> list[LeadInput]:
    """Put the warmest leads first, so that `take 5` takes the warmest."""
    return sorted(batch.leads, key=lambda lead: lead.tier)


def _hand_over(
    session: Session,
    agreed: Agreed,
    handoff: Handoff,
    batch: Batch,
    *,
    author: str,
    now: datetime,
    held: Sequence[int],
) -> None:
    data = {
        "day": handoff.day.isoformat(),
        "source": batch.source,
        "campaign": batch.campaign,
        "tiers": [[tier.value, count] for tier, count in batch.by_tier],
        "arrived_at": ledger.epoch(batch.arrived_at) if batch.arrived_at else None,
        "trial": handoff.is_trial,
        "held": list(held),
        "left_out": handoff.left_out,
    }
    numbers = range(1, batch.count + 1)
    ledger.record(
        session, agreed, handoff, [ledger.NewAct(ActKind.HANDED_OVER, author, now, tuple(numbers), data)], now
    )
