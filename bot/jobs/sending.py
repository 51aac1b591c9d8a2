"""How one notice is sent: claimed, rendered as things stand, handed to Slack, and how that ended."""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, TypeVar

from sqlmodel import Session

from bot.answers import Ambiguous, Limited, Refused, Unreached, Unreadable
from bot.context import Context
from bot.facts.said import Files, Message
from bot.gateway import Gateway
from bot.jobs import outcomes
from bot.jobs.outcomes import OnPosted
from bot.metrics import NOTICES
from bot.models import Notice
from bot.services import outbox
from bot.services.outbox import Claim

log = logging.getLogger(__name__)

T = TypeVar("T")
View = Mapping[str, Any]
Rendered = Message | Files | View
Render = Callable[[Session, Notice, datetime], Rendered | None]
"""Say what a notice reads like now: a message, files, a Home; None where there is nothing left to say."""

NOT_SENT = (Refused, Limited, Unreached, Ambiguous)
LOOK_BACK = timedelta(minutes=10)
"""How far Slack's clock and ours may differ when a post is looked for."""


def fingerprint(message: Rendered) -> str:
    """Tell one content from another: an edit that would change nothing is not sent."""
    if isinstance(message, Files):
        return ""  # never edited
    content = [message.text, *message.blocks] if isinstance(message, Message) else message
    return sha256(json.dumps(content, default=dict).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Sending:
    """How notices are sent, one at a time; several threads may do so, each for another workspace."""

    context: Context
    render: Render
    on_posted: OnPosted

    def sweep(self, notice: Notice) -> bool:
        """Delete second copies of what was sent twice: Slack may have taken the first one late."""
        try:
            self._delete_copies(notice)
        except NOT_SENT as why:
            log.warning("copies of %s not looked for: %r", notice.key, why)
        sent_at = outcomes.instant_of(notice.ts or "0.0")
        self._write(notice.workspace_id, outbox.sweep_next, notice, sent_at, self.context.now())
        return True

    def _delete_copies(self, notice: Notice) -> None:
        with self.context.reading() as session:
            where = (notice.channel_id or notice.place, outbox.parent_of(session, notice))
        for copy in self._find(notice, *where):
            if copy != notice.ts:
                self._gateway(notice).delete(where[0], copy)

    def deliver(self, notice_id: int) -> bool:
        """Deliver one notice, unless it can no longer be claimed."""
        with self.context.transaction() as session:
            claim = outbox.claim(session, notice_id, self.context.now())
        if claim is None:
            return False
        try:
            if not claim.was_uncertain or self._is_absent(claim):
                self._deliver(claim)
        except (
            Exception
        ):  # what became of it is open: it stays claimed until its lease runs out, then is looked for
            log.exception("notice %s could not be settled", claim.notice.key)
        return True

    def _deliver(self, claim: Claim) -> None:
        try:
            message = self._rendered(claim)
        except Exception as why:  # noqa: BLE001  (a notice that cannot be rendered must not hold up the others)
            self._end(claim, outcomes.not_rendered, why, self.context.now())
            return
        if message is None or (claim.is_edit and claim.notice.shows == fingerprint(message)):
            self._end(claim, outcomes.nothing_to_say)
        elif self.context.now() - claim.at < outbox.LEASE / 2:  # else the lease may run out on the way
            self._send(claim, message)

    def _rendered(self, claim: Claim) -> Rendered | None:
        if claim.notice.thread_key and claim.parent is None:
            return None
        with self.context.reading() as session:
            message = self.render(session, claim.notice, self.context.now())
        if claim.notice.is_plain and isinstance(message, Message):
            return Message(message.plain or message.text)
        return message

    def _send(self, claim: Claim, message: Rendered) -> None:
        try:
            place = self._hand_over(claim, message)
        except NOT_SENT as why:
            self._end(claim, outcomes.not_sent, why, self.context.now())
            return
        if place is None:
            self._end(claim, outcomes.accepted, fingerprint(message), self.context.now())
        elif not self._end(
            claim, outcomes.posted, place, fingerprint(message), self.context.now(), self.on_posted
        ):
            # We slept past our lease and somebody else sees to it: this copy is one too many.
            self._gateway(claim.notice).delete(*place)

    def _hand_over(self, claim: Claim, message: Rendered) -> tuple[str, str] | None:
        """Make the call; give (channel id, ts) of a new post, None for what is there already."""
        notice, gateway = claim.notice, self._gateway(claim.notice)
        if isinstance(message, Files):
            gateway.upload(notice.place, message.contents, message.comment)
        elif not isinstance(message, Message):
            gateway.publish_home(notice.place, message)
        elif notice.ts and notice.channel_id:
            gateway.update(notice.channel_id, notice.ts, message)
        else:
            thread_ts = claim.parent.ts if claim.parent else None
            return gateway.post(notice.place, message, thread_ts=thread_ts, uuid=notice.uuid)
        return None

    def _is_absent(self, claim: Claim) -> bool:
        """Look for a post whose answer was lost; false also while that cannot be said."""
        try:
            channel_id, copies = self._look(claim)
        except Unreadable:
            self._end(claim, outcomes.unreadable)
            return False
        except NOT_SENT as why:
            self._end(claim, outcomes.not_looked, why, self.context.now())
            return False
        if copies:
            self._end(claim, outcomes.found, (channel_id, copies[0]), self.on_posted)
        for copy in copies[1:]:
            self._gateway(claim.notice).delete(channel_id, copy)
        return not copies

    def _look(self, claim: Claim) -> tuple[str, list[str]]:
        notice, gateway = claim.notice, self._gateway(claim.notice)
        channel_id = claim.parent.channel_id if claim.parent else None
        if channel_id is None:
            channel_id = gateway.open_dm(notice.place) if notice.place[0] in "UW" else notice.place
        return channel_id, self._find(notice, channel_id, claim.parent)

    def _find(self, notice: Notice, channel_id: str, parent: Notice | None) -> list[str]:
        oldest = (notice.first_send_at or notice.created_at) - LOOK_BACK
        thread_ts = parent.ts if parent else None
        return self._gateway(notice).find_posts(channel_id, notice.uuid, oldest=oldest, thread_ts=thread_ts)

    def _gateway(self, notice: Notice) -> Gateway:
        return self.context.at(notice.workspace_id).gateway

    def _end(self, claim: Claim, outcome: Callable[..., T], *facts: Any) -> T:
        return self._write(claim.notice.workspace_id, outcome, claim, *facts)

    def _write(self, workspace_id: int, outcome: Callable[..., T], *facts: Any) -> T:
        with self.context.at(workspace_id).transaction() as session:
            written = outcome(session, *facts)
        _count(outcome, *facts)
        return written


def _count(outcome: Callable[..., object], *facts: Any) -> None:
    """Count how a claim ended: by Slack's answer where that was no yes, else by what was written down."""
    if isinstance(facts[0], Claim):
        said = next((type(fact) for fact in facts if isinstance(fact, Exception)), outcome)
        NOTICES.labels(facts[0].notice.kind, said.__name__.lower()).inc()
