"""Log a handoff: by command, by form with or without a list as CSV, and the questions that may follow."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.answers import Refused
from bot.context import Context
from bot.errors import UserError
from bot.facts.said import Message
from bot.messages import done, told
from bot.messages import log as message
from bot.models import Handoff
from bot.services import agreements, handoffs, limits, log, people, rights
from bot.services.agreements import Agreed
from bot.services.log import LeadInput
from bot.services.rights import Act
from bot.slack import lead_list
from bot.slack.draft import Draft, carried, carrying, of_form, parse
from bot.slack.request import Asked
from bot.slack.typed import Word
from sla_rules.kinds import Side, Tier

KNOWN = {message.LEAVE_OUT: "leave_out", message.SEND_ANYWAY: "send"}


def command(context: Context, asked: Asked, words: Sequence[Word]) -> Message | None:
    """Log what is typed; without more, open the form."""
    if not words:
        open_form(context, asked)
        return None
    draft = None
    try:
        with context.transaction() as session:
            agreed = asked.agreed(session)
            local_now = context.now().astimezone(people.zone_of(session, agreed, asked.user_id))
            draft = replace(parse(words, local_now), agreement_id=agreed.id)
            handoff = _log(session, agreed, draft, (), asked, context)
            return _logged(session, agreed, handoff, context.now())
    except UserError as refusal:
        if draft is None or refusal.code != "logged_already":
            raise
        context.gateway.open_view(asked.trigger_id, _again(context, asked, draft, refusal))
        return None


def open_form(context: Context, asked: Asked) -> None:
    """Open the form: in an agreement's channel for it, elsewhere with the choice of one's own."""
    with context.reading() as session:
        mine = _mine(session, asked)
        for agreed in mine[:1]:
            rights.require(session, agreed, asked.user_id, Act.LOG)
        names = [(agreed.id, agreed.document.name) for agreed in mine]
        metadata = {"agreement": names[0][0] if len(names) == 1 else None, "channel": asked.channel_id}
        view = message.modal(mine[0].row.locale, agreements=names, metadata=metadata)
    context.gateway.open_view(asked.trigger_id, view)


def submit(context: Context, asked: Asked) -> dict[str, Any]:
    """Log what the form says."""
    return _submitted(context, asked, of_form(asked.form, asked.metadata))


def again(context: Context, asked: Asked) -> dict[str, Any]:
    """Log the same list once more."""
    return _submitted(context, asked, replace(carried(asked.metadata), again=True))


def known(context: Context, asked: Asked) -> dict[str, Any]:
    """Log with the known leads left out, or with all."""
    answer = KNOWN.get(asked.form.chosen("known"), "leave_out")
    return _submitted(context, asked, replace(carried(asked.metadata), known=answer))


def _mine(session: Session, asked: Asked) -> list[Agreed]:
    everything = agreements.living(session, asked.workspace(session))
    if asked.agreement_id is not None:
        return [agreement for agreement in everything if agreement.id == asked.agreement_id]
    here = [agreed for agreed in everything if asked.channel_id and agreed.row.channel_id == asked.channel_id]
    mine = [agreed for agreed in everything if agreed.side_of(asked.user_id) is Side.MARKETING]
    if not everything:
        raise UserError("no_agreement")
    return here or mine or everything[:1]


def _submitted(context: Context, asked: Asked, draft: Draft) -> dict[str, Any]:
    """Log a draft; a question is put in the place of the form, and what was logged is told there."""
    leads = _leads(context, draft)
    try:
        with context.transaction() as session:
            workspace_id = asked.workspace(session)
            agreed = (
                agreements.by_id(session, workspace_id, draft.agreement_id)
                if draft.agreement_id
                else asked.agreed(session)
            )
            draft = replace(draft, agreement_id=agreed.id)
            handoff = _log(session, agreed, draft, leads, asked, context)
            said = _logged(session, agreed, handoff, context.now())
            return {"response_action": "update", "view": told.modal(said, agreed.row.locale)}
    except UserError as refusal:
        if refusal.code == "logged_already":
            return {"response_action": "update", "view": _again(context, asked, draft, refusal)}
        if refusal.code == "known_leads":
            return {"response_action": "update", "view": _known(context, asked, draft, refusal)}
        raise


def _log(
    session: Session,
    agreed: Agreed,
    draft: Draft,
    leads: Sequence[LeadInput],
    asked: Asked,
    context: Context,
) -> Handoff:
    batch = draft.batch
    if leads:
        tiers = {tier: sum(lead.tier is tier for lead in leads) for tier in Tier}
        batch = replace(batch, leads=tuple(leads), tiers=tiers)
    return log.log(
        session,
        agreed,
        batch,
        author=asked.user_id,
        now=context.now(),
        delivery=asked.key,
        known=draft.known,
        again=draft.again,
    )


def _logged(session: Session, agreed: Agreed, handoff: Handoff, now: datetime) -> Message:
    return done.message(
        "logged",
        agreed.row.locale,
        handoff=handoff.number,
        count=handoff.count,
        source=handoff.source,
        left_out=handoff.left_out,
        held=handoff.held,
        over=limits.facts(agreed, handoff.over),
        portion=limits.coming(session, agreed, handoff, now),
        release_at=handoff.release_at,
        is_trial=handoff.is_trial,
    )


def _leads(context: Context, draft: Draft) -> list[LeadInput]:
    if draft.file is None:
        return []
    try:
        content = context.gateway.file_text(draft.file)
    except Refused as refusal:
        if refusal.code == "missing_scope":
            raise UserError("missing_scope", field="file", scope="files:read") from refusal
        if refusal.code == "file_too_large":
            raise UserError("file_too_big", field="file", most=5) from refusal
        raise UserError("file_unreadable", field="file") from refusal
    return lead_list.read(content)


# ---- the questions


def _again(context: Context, asked: Asked, draft: Draft, refusal: UserError) -> Mapping[str, Any]:
    with context.reading() as session:
        workspace_id = asked.workspace(session)
        earlier = handoffs.by_number(session, workspace_id, refusal.values["number"])
        return message.again_modal(
            agreements.by_id(session, workspace_id, earlier.agreement_id).row.locale,
            number=earlier.number,
            count=earlier.count,
            logged_at=earlier.handed_over_at,
            metadata=carrying(draft, asked.channel_id),
        )


def _known(context: Context, asked: Asked, draft: Draft, refusal: UserError) -> Mapping[str, Any]:
    with context.reading() as session:
        locale = agreements.locale_of(session, asked.workspace(session), asked.channel_id)
    return message.known_modal(
        locale,
        known=refusal.values["count"],
        count=refusal.values["of"],
        metadata=carrying(draft, asked.channel_id),
    )
