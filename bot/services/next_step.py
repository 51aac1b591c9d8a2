"""What somebody could do now: the question that `/sla help` answers first."""

from datetime import datetime

from sqlmodel import Session

from bot.facts.people import HomeFact, NextFact, Step
from bot.services import home
from sla_rules.kinds import Side


def fact(session: Session, workspace_id: int, user: str, now: datetime) -> NextFact:
    """Say what comes next for a person: whatever waits on them, else what their side begins with."""
    shown = home.fact(session, workspace_id, user, now)
    on_trial = next((part.status for part in shown.parts if part.status.state == "trial"), None)
    return NextFact(
        step=_step(shown, is_on_trial=on_trial is not None),
        moves=shown.moves,
        duties=sum(len(part.duties) for part in shown.parts),
        agreement_id=on_trial.agreement_id if on_trial else None,
        name=on_trial.name if on_trial else "",
    )


def _step(shown: HomeFact, *, is_on_trial: bool) -> Step:
    found = {
        Step.GUEST: shown.is_guest,
        Step.NEW: shown.is_new,
        Step.SETUP: not shown.parts,
        Step.SIGN: any(part.to_sign for part in shown.parts),
        Step.MOVES: bool(shown.moves) or any(part.duties for part in shown.parts),
        Step.TRIAL: is_on_trial,
        Step.LOG: any(part.may_log for part in shown.parts),
        Step.TAKE: any(part.status.side is Side.SALES for part in shown.parts),
    }
    return next((step for step, is_it in found.items() if is_it), Step.READ)
