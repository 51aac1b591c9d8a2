"""What a failure looks like on each surface: refusals in plain words, our own with a reference."""

import logging
import secrets
from collections.abc import Mapping
from typing import Any

from slack_bolt import BoltRequest, BoltResponse
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from bot import logs
from bot.answers import Ambiguous, Limited, Refused, Unreached
from bot.context import Context
from bot.database import is_full
from bot.errors import UserError, UserErrors
from bot.facts.said import Message
from bot.messages import apology, hint, told
from bot.messages.words import FALLBACK
from bot.services import agreements, people, workspaces
from bot.slack import request
from bot.slack.door import OUTCOME, REFERENCE
from bot.slack.form import Unexpected
from bot.slack.listeners import UNSENT, show, tell
from bot.slack.request import Asked

log = logging.getLogger(__name__)

FIFTH = 4
"""Which retry the fifth delivery is."""
OK, FAILED = 200, 500

Refusal = UserError | UserErrors


def handle(context: Context, error: Exception, body: Mapping[str, Any], request: BoltRequest) -> BoltResponse:
    """Answer a listener that failed, by its surface."""
    if isinstance(error, Unexpected):
        logs.note(OUTCOME, "dropped")
        log.warning("dropped: %s", error)
        return BoltResponse(status=OK)
    refusal = _refusal(error)
    logs.note(OUTCOME, "refused" if refusal else "failed")
    if "event" in body:
        return _event(error, refusal, request)
    asked = _asked(body)
    locale = _locale(context, asked, refusal)
    said = hint.message(refusal, locale) if refusal else _apologise(error, locale)
    if "command" in body:
        return _json({"response_type": "ephemeral", "text": said.text, "blocks": list(said.blocks)})
    if body.get("type") == "view_submission":
        return _json(_on_view(body, refusal, said, locale))
    _privately(context, asked, said, locale)
    return BoltResponse(status=OK)


def _refusal(error: Exception) -> Refusal | None:
    if isinstance(error, UserError | UserErrors):
        return error
    if isinstance(error, Refused | Limited | Unreached | Ambiguous):
        log.warning("Slack failed us before the acknowledgement: %s", error)
        return UserError("slack_slow")
    if isinstance(error, OperationalError) and is_full(error):
        log.critical("the store is full, nothing can be written: %s", error.orig)
        return UserError("store_full")
    return None


def _apologise(error: Exception, locale: str) -> Message:
    reference = str(logs.fact(REFERENCE) or secrets.token_hex(4))
    log.error("unexpected failure %s", reference, exc_info=error)
    return apology.message(reference, locale)


def _event(error: Exception, refusal: Refusal | None, delivered: BoltRequest) -> BoltResponse:
    """Let Slack send an event again that failed for a fault of ours, but not for ever."""
    if refusal is not None and not isinstance(error, SQLAlchemyError):
        return BoltResponse(status=OK)
    retries = int((delivered.headers.get("x-slack-retry-num") or ["0"])[0])
    if retries >= FIFTH:
        log.critical("an event is given up after %d deliveries", retries + 1, exc_info=error)
        return BoltResponse(status=OK)
    log.error("an event failed, delivery %d", retries + 1, exc_info=error)
    return BoltResponse(status=FAILED)


def _asked(body: Mapping[str, Any]) -> Asked | None:
    """Read who asked, if that much can be read."""
    read = {
        "view_submission": request.of_view,
        "block_actions": request.of_action,
        "shortcut": request.of_shortcut,
    }
    try:
        return read.get(str(body.get("type")), request.of_command)(body)
    except (Unexpected, UserError):
        return None


def _locale(context: Context, asked: Asked | None, refusal: Refusal | None) -> str:
    """Find the language to answer in, and note whom nobody knows yet."""
    if asked is None:
        return FALLBACK
    try:
        if isinstance(refusal, UserError) and refusal.code == "unknown_person":
            with context.at(asked.team_id).transaction() as session:
                people.meet(session, workspaces.by_team(session, asked.team_id), asked.user_id)
        with context.reading() as session:
            return agreements.locale_of(session, workspaces.by_team(session, asked.team_id), asked.channel_id)
    except (SQLAlchemyError, UserError):
        return FALLBACK


def _on_view(body: Mapping[str, Any], refusal: Refusal | None, said: Message, locale: str) -> dict[str, Any]:
    """Say under each field what is wrong with it; what was filled in stays."""
    inputs = _inputs(body["view"].get("blocks"))
    if not inputs:
        return {"response_action": "update", "view": told.problem(said, locale)}
    if refusal is None:
        return {"response_action": "errors", "errors": {inputs[0]: said.text}}
    for fault in refusal.faults if isinstance(refusal, UserErrors) else [refusal]:
        fault.field = fault.field if fault.field in inputs else None
    return {"response_action": "errors", "errors": hint.by_field(refusal, locale, otherwise=inputs[0])}


def _inputs(blocks: Any) -> list[str]:
    """List the blocks of a modal under which something can be said."""
    found = [block for block in blocks if isinstance(block, Mapping)] if isinstance(blocks, list) else []
    return [str(block.get("block_id")) for block in found if block.get("type") == "input"]


def _privately(context: Context, asked: Asked | None, said: Message, locale: str) -> None:
    """Tell the one who pressed; in Home or in a modal, where no message can stand, by a modal."""
    if asked is None:
        return
    context = context.at(asked.team_id)
    if asked.channel_id:
        tell(context, asked, said)
        return
    try:
        show(context, asked, told.modal(said, locale))
    except UNSENT as why:
        log.info("a hint was lost: %s", why)


def _json(body: dict[str, Any]) -> BoltResponse:
    return BoltResponse(status=OK, body=body)
