"""Whether a station of the demo's tour was done, read from the store, and where to look for it now."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import exists, select
from sqlmodel import Session, col

from bot.demo.cast import CHANNEL, INES, MARA, RITA, SAM, ZONE
from bot.models import AgreementVersion, Event, Notice, Signature
from sla_rules.kinds import ActKind

Show = dict[str, Any]
"""For the page: {as, c, ts, thread, say, move}, each where it applies."""
EVENING = time(17)
LOG = '/sla log 6 webinar "June webinar" A=2 B=4'
STANDING = ("proposed", "signed", "in_force")


@dataclass(frozen=True, slots=True)
class Look:
    """What happened in one workspace since the tour began; each station gives (is_done, show)."""

    session: Session
    workspace_id: int
    begun_at: datetime
    now: datetime
    threads_opened: Collection[str]

    def log(self) -> tuple[bool, Show]:
        card = self.newest("card")
        if card is None:
            return False, {"as": MARA.id, "c": CHANNEL, "say": LOG}
        return True, _message(MARA.id, card)

    def accept(self) -> tuple[bool, Show]:
        taken = exists().where(
            col(Event.workspace_id) == self.workspace_id,
            col(Event.kind) == ActKind.TAKEN,
            col(Event.happened_at) > self.begun_at,
        )
        return bool(self.session.scalar(select(taken))), _message(RITA.id, self.newest("card"))

    def afternoon(self) -> tuple[bool, Show]:
        if self.now < evening_of(self.begun_at):
            return False, {"move": "evening"}
        nudge = self.newest("nudge")
        return True, _message(nudge.person if nudge else None, nudge or self.newest("daily"))

    def digest(self) -> tuple[bool, Show]:
        digest = self.newest("digest")
        if digest is None or digest.ts is None:
            return False, {"move": "next_monday"}
        return digest.ts in self.threads_opened, _message(INES.id, digest) | {"thread": digest.ts}

    def sign(self) -> tuple[bool, Show]:
        proposal = self._proposal()
        if proposal is None:
            return False, {"as": MARA.id, "c": CHANNEL, "say": "/sla agreement edit"}
        signed = self._signers(proposal)
        missing = [lead.id for lead in (MARA, SAM) if lead.id not in signed]
        return not missing, _message((missing or [MARA.id])[0], self.newest("signing"))

    def newest(self, kind: str) -> Notice | None:
        """Find the last message of a kind that was posted since the tour began."""
        posted = select(Notice).where(
            col(Notice.workspace_id) == self.workspace_id,
            col(Notice.kind) == kind,
            col(Notice.created_at) > self.begun_at,
            col(Notice.ts).is_not(None),
        )
        return self.session.scalars(posted.order_by(col(Notice.id).desc()).limit(1)).first()

    def _proposal(self) -> AgreementVersion | None:
        proposed = select(AgreementVersion).where(
            col(AgreementVersion.workspace_id) == self.workspace_id,
            col(AgreementVersion.proposed_at) > self.begun_at,
            col(AgreementVersion.state).in_(STANDING),
        )
        return self.session.scalars(proposed.order_by(col(AgreementVersion.version).desc()).limit(1)).first()

    def _signers(self, proposal: AgreementVersion) -> set[str]:
        signed = select(col(Signature.user_id)).where(
            col(Signature.workspace_id) == self.workspace_id,
            col(Signature.agreement_id) == proposal.agreement_id,
            col(Signature.version) == proposal.version,
        )
        return set(self.session.scalars(signed))


def evening_of(instant: datetime) -> datetime:
    """Give the end of the working day of an instant."""
    return datetime.combine(instant.astimezone(ZoneInfo(ZONE)).date(), EVENING, ZoneInfo(ZONE))


def _message(person: str | None, notice: Notice | None) -> Show:
    """Show a message to a person, or the channel where there is none."""
    show = {"as": person or RITA.id, "c": CHANNEL}
    return show if notice is None else show | {"c": notice.channel_id or CHANNEL, "ts": notice.ts}
