"""The workspace and the agreement of leads that come by the command line alone."""

from datetime import datetime, timedelta

from sqlmodel import Session

from bot.services import setup, workspaces
from bot.services.agreements import Agreed
from sla_rules.starter import StarterValues, starter

REVIEW_AFTER = timedelta(days=90)


def agreement(session: Session, now: datetime) -> Agreed:
    """Make the local workspace's agreement from the starter: on trial, with people who stand in."""
    workspace = workspaces.remember(session, workspaces.LOCAL, workspaces.LOCAL, "", now)
    values = StarterValues(
        marketing_lead="UMARKETING",
        marketing_manager="UMARKETINGMANAGER",
        sales_lead="USALES",
        sales_manager="USALESMANAGER",
        review_on=(now + REVIEW_AFTER).date(),
    )
    proposal = setup.Proposal(text=starter(values), channel_id=None, proposed_by=values.marketing_lead)
    return setup.create(session, workspace.id or 0, proposal, now, f"local:{now.isoformat()}")
