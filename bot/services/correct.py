"""Correct a handoff: what its author said wrong of it, until Sales has acted."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlmodel import Session, col

from bot.errors import UserError
from bot.models import Handoff, LeadDetail, Note
from bot.services import authors, ledger, limits, log, pace, work
from bot.services.agreements import Agreed
from bot.services.log import Batch, LeadInput
from bot.services.rights import Act
from sla_rules import fold
from sla_rules.kinds import ActKind, LeadState


def to_correct(session: Session, agreed: Agreed, handoff: Handoff, *, user: str, now: datetime) -> Batch:
    """Give what was said of a handoff so far, to who may correct it. Raises UserError."""
    authors.require(session, agreed, handoff, user, Act.CORRECT)
    leads = ledger.read(session, agreed, handoff, now).leads
    texts = work.texts_of(session, handoff.workspace_id, handoff.id or 0)
    return Batch(
        source=handoff.source,
        tiers=dict(Counter(lead.tier for lead in leads.values())),
        campaign=handoff.campaign,
        arrived_at=ledger.instant(next((lead.arrived_at for lead in leads.values()), None)),
        link=texts.get("link", ""),
        note=texts.get("note", ""),
        leads=_named(session, handoff, leads),
    )


def can_count_anew(agreed: Agreed, handoff: Handoff, batch: Batch, now: datetime) -> bool:
    """Say whether how many there are may be corrected: unnamed ones, on the day whose limits held them."""
    return not batch.leads and handoff.day == agreed.today(now)


def correct(
    session: Session,
    agreed: Agreed,
    handoff: Handoff,
    batch: Batch,
    *,
    user: str,
    now: datetime,
    is_counted: bool = True,
) -> bool:
    """Say anew what was handed over; False where it is what was said already.

    How many leads of which tier there are is left alone where they have names, or were not counted anew.
    """
    before = to_correct(session, agreed, handoff, user=user, now=now)
    if before.leads or not is_counted:
        batch = replace(batch, tiers=before.tiers, leads=before.leads)
    batch = _with_second(batch, before)
    log.check(agreed, batch, handoff.handed_over_at)
    if batch == before:
        return False
    changes, numbers = _changes(before, batch), list[int]()
    if batch.by_tier != before.by_tier:
        if not can_count_anew(agreed, handoff, before, now):
            raise UserError("count_stands", field="tier_b", handoff=handoff.number)
        numbers += range(1, batch.count + 1)
        changes |= {
            "tiers": [[tier.value, count] for tier, count in batch.by_tier],
            "held": _hold(session, agreed, handoff, before, batch, now),
        }
    act = ledger.NewAct(ActKind.CORRECTED, user, now, numbers, changes)
    ledger.record(session, agreed, handoff, [act], now)
    _keep(session, handoff, batch)
    limits.replan(session, agreed, now)
    pace.refresh(session, agreed, now)
    return True


def _with_second(batch: Batch, before: Batch) -> Batch:
    """Leave an arrival as it was of which a form tells no more than the minute."""
    was = before.arrived_at
    return replace(batch, arrived_at=was) if was and batch.arrived_at == was.replace(second=0) else batch


def _changes(before: Batch, batch: Batch) -> dict[str, Any]:
    """Write down what is otherwise now; of the note and the link the ledger holds no word."""
    told = {
        "source": (before.source, batch.source),
        "campaign": (before.campaign, batch.campaign),
        "arrived_at": (_epoch(before.arrived_at), _epoch(batch.arrived_at)),
    }
    return {name: new for name, (old, new) in told.items() if old != new}


def _epoch(at: datetime | None) -> int | None:
    return ledger.epoch(at) if at else None


def _hold(
    session: Session, agreed: Agreed, handoff: Handoff, before: Batch, batch: Batch, now: datetime
) -> list[int]:
    """Say which leads wait now: those that waited, less what is gone, and what is over of those added."""
    state = ledger.read(session, agreed, handoff, now)
    waited = Counter(lead.tier for lead in state.leads.values() if lead.state is LeadState.HELD)
    was, wanted = Counter(before.tiers), Counter(batch.tiers)
    gone, added = was - wanted, [(tier, n) for tier, n in (wanted - was).items()]
    held = limits.hold(session, agreed, added, now, less=gone - waited)
    names = [tier for tier, n in added for _ in range(n)]
    rest = (waited - gone) + Counter(names[n - 1] for n in held.numbers)
    handoff.release_at = (handoff.release_at or held.release_at) if rest else None
    handoff.over = handoff.over or held.over
    session.flush()
    return limits.last_of(batch.by_tier, rest)


def _keep(session: Session, handoff: Handoff, batch: Batch) -> None:
    session.execute(
        delete(Note).where(
            col(Note.workspace_id) == handoff.workspace_id,
            col(Note.handoff_id) == handoff.id,
            col(Note.seq) == 1,
            col(Note.kind).in_(["note", "link"]),
        )
    )
    log.keep_texts(session, handoff, batch)
    handoff.fingerprint = log.fingerprint(batch)
    session.flush()


def _named(session: Session, handoff: Handoff, leads: Mapping[int, fold.Lead]) -> tuple[LeadInput, ...]:
    rows = session.execute(
        select(col(LeadDetail.n), col(LeadDetail.email))
        .where(col(LeadDetail.workspace_id) == handoff.workspace_id, col(LeadDetail.handoff_id) == handoff.id)
        .order_by(col(LeadDetail.n))
    )
    return tuple(LeadInput(leads[n].tier, email=email) for n, email in rows)
