"""What a handoff's card shows."""

from collections import Counter
from datetime import UTC, datetime

from sqlmodel import Session

from bot.facts.handoffs import CardFact
from bot.services import clocks, handoffs, ledger, limits, people, work
from bot.services.agreements import Agreed
from sla_rules import fold
from sla_rules.kinds import LeadState, RejectionKind, Tier


def fact(session: Session, agreed: Agreed, handoff_id: int, now: datetime) -> CardFact:
    """Say how a handoff stands, as everyone in the channel may see it: counts and no names of leads."""
    row = handoffs.by_id(session, agreed.workspace_id, handoff_id)
    state = ledger.read(session, agreed, row, now)
    leads = state.leads.values()
    undecided = state.undecided()
    texts = work.texts_of(session, agreed.workspace_id, handoff_id)
    tiers = Counter(lead.tier for lead in leads)
    return CardFact(
        handoff_id=handoff_id,
        number=row.number,
        count=len(leads),
        source=row.source,
        campaign=row.campaign,
        author=row.author,
        state=row.state,
        is_trial=row.is_trial,
        handed_over_at=row.handed_over_at,
        tiers=[(tier, tiers[tier]) for tier in Tier if tiers[tier]],
        taken=_taken(state),
        touched=sum(lead.touched_at is not None for lead in leads),
        rejected=_rejected(agreed, state),
        outcomes=Counter(lead.outcome.value for lead in leads if lead.outcome),
        undecided=len(undecided),
        held=sum(lead.state is LeadState.HELD for lead in leads),
        release_at=row.release_at,
        left_out=row.left_out,
        share=people.share(session, agreed, state, now),
        duty=people.answers_for(session, agreed, state.duty, now) if state.duty else None,
        standby=tuple(state.standby),
        clocks=clocks.of_handoff(session, agreed, handoff_id, now),
        link=texts.get("link", ""),
        note=texts.get("note", ""),
        over=limits.facts(agreed, row.over),
        portion=limits.coming(session, agreed, row, now),
        appeals={
            reason.label: reason.appeals_to
            for reason in agreed.document.rejection_reasons.values()
            if reason.appeals_to
        },
        corrected=state.corrected and (datetime.fromtimestamp(state.corrected[0], UTC), state.corrected[1]),
    )


def _taken(state: fold.Handoff) -> list[tuple[str, int]]:
    owners = Counter(
        lead.owner for lead in state.leads.values() if lead.owner and lead.state in fold.ACCEPTED
    )
    return [(owner, count) for owner, count in owners.most_common() if owner]


def _rejected(agreed: Agreed, state: fold.Handoff) -> list[tuple[str, RejectionKind, str, int]]:
    reasons = Counter(
        (lead.reason, lead.rejection) for lead in state.leads.values() if lead.reason and lead.rejection
    )
    return [
        (label(agreed, reason), kind, agreed.document.clause_of(f"rejection_reasons.{reason}") or "", count)
        for (reason, kind), count in reasons.most_common()
        if reason and kind
    ]


def label(agreed: Agreed, reason: str) -> str:
    """Give a reason's words in the text; a reason of another version keeps its key."""
    known = agreed.document.rejection_reasons.get(reason)
    return known.label if known else reason
