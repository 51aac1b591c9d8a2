"""Log a handoff: by command, by form with or without a list as CSV, and the questions that may follow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session

from bot.answers import Refused
from bot.context import Context
from bot.errors import UserError, UserErrors
from bot.facts import Message
from bot.messages import done, told
from bot.messages import log as message
from bot.models import Handoff
from bot.services import agreements, handoffs, log, people
from bot.services.agreements import Agreed
from bot.services.log import Batch, LeadInput
from bot.slack import lead_list, moments, typed
from bot.slack.request import Asked, Form
from bot.slack.typed import Kind, Word
from sla_rules.kinds import Side, Tier

USAGE = 'log 25 webinar "June webinar" A=6 B=19'
AGAIN = "again"
KNOWN = {message.LEAVE_OUT: "leave_out", message.SEND_ANYWAY: "send"}
LONGEST = {"source": 80, "campaign": 120, "link": 500, "note": 800}
"""Together they fit into what a modal may carry along."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A handoff about to be logged, and what was answered about it so far."""

    batch: Batch
    agreement_id: int | None = None
    file: str | None = None
    again: bool = False
    known: str = "ask"


@dataclass(slots=True)
class Read:
    """What the words of a command gave so far."""

    count: int | None = None
    tiers: dict[Tier, int] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    arrived_at: datetime | None = None
    link: str = ""
    note: str = ""
    is_again: bool = False
    faults: list[UserError] = field(default_factory=list)


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
            return _logged(agreed, _log(session, agreed, draft, (), asked, context))
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
            people.may_act(session, agreed, asked.user_id, Side.MARKETING)
        names = [(agreed.id, agreed.document.name) for agreed in mine]
        metadata = {"agreement": names[0][0] if len(names) == 1 else None, "channel": asked.channel_id}
        view = message.modal(mine[0].row.locale, agreements=names, metadata=metadata)
    context.gateway.open_view(asked.trigger_id, view)


def submit(context: Context, asked: Asked) -> dict[str, Any]:
    """Log what the form says."""
    return _submitted(context, asked, _of_form(asked.form, asked.metadata))


def again(context: Context, asked: Asked) -> dict[str, Any]:
    """Log the same list once more."""
    return _submitted(context, asked, replace(carried(asked.metadata), again=True))


def known(context: Context, asked: Asked) -> dict[str, Any]:
    """Log with the known leads left out, or with all."""
    answer = KNOWN.get(asked.form.chosen("known"), "leave_out")
    return _submitted(context, asked, replace(carried(asked.metadata), known=answer))


def _mine(session: Session, asked: Asked) -> list[Agreed]:
    everything = agreements.all_of(session, asked.workspace(session))
    here = [agreed for agreed in everything if asked.channel_id and agreed.row.channel_id == asked.channel_id]
    mine = [agreed for agreed in everything if agreed.document.side_of(asked.user_id) is Side.MARKETING]
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
            said = _logged(agreed, _log(session, agreed, draft, leads, asked, context))
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


def _logged(agreed: Agreed, handoff: Handoff) -> Message:
    return done.message(
        "logged",
        agreed.row.locale,
        handoff=handoff.number,
        count=handoff.count,
        source=handoff.source,
        left_out=handoff.left_out,
        held=handoff.held,
        clause=agreed.document.clause_of("limits.capacity"),
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


def carrying(draft: Draft, channel_id: str | None) -> dict[str, Any]:
    """Write a draft into what a modal carries along."""
    batch = draft.batch
    return {
        "agreement": draft.agreement_id,
        "channel": channel_id,
        "file": draft.file,
        "again": draft.again,
        "known": draft.known,
        "tiers": {tier.value: count for tier, count in batch.tiers.items()},
        "arrived": int(batch.arrived_at.timestamp()) if batch.arrived_at else None,
        "source": batch.source,
        "campaign": batch.campaign,
        "link": batch.link,
        "note": batch.note,
    }


def carried(metadata: Mapping[str, Any]) -> Draft:
    """Read a draft out of what a modal carried along."""
    arrived = metadata.get("arrived")
    batch = Batch(
        source=metadata.get("source", ""),
        tiers={Tier(tier): count for tier, count in metadata.get("tiers", {}).items()},
        campaign=metadata.get("campaign", ""),
        arrived_at=datetime.fromtimestamp(arrived, UTC) if arrived else None,
        link=metadata.get("link", ""),
        note=metadata.get("note", ""),
    )
    return Draft(
        batch,
        metadata.get("agreement"),
        metadata.get("file"),
        again=bool(metadata.get("again")),
        known=metadata.get("known", "ask"),
    )


# ---- what is typed and filled in


def _of_form(form: Form, metadata: Mapping[str, Any]) -> Draft:
    tiers = {tier: form.number(f"tier_{tier.lower()}") or 0 for tier in Tier}
    batch = Batch(
        source=form.text("source"),
        tiers={tier: count for tier, count in tiers.items() if count},
        campaign=form.text("campaign"),
        arrived_at=form.instant("arrived_at"),
        link=form.text("link"),
        note=form.text("note"),
    )
    chosen = form.chosen("agreement")
    agreement_id = int(chosen) if chosen.isdigit() else metadata.get("agreement")
    return Draft(_bounded(batch, []), agreement_id, form.file("file"))


def parse(words: Sequence[Word], now: datetime) -> Draft:
    """Read a command's words, times in the zone of `now`. Raises UserErrors with all that is unclear."""
    read, rest = Read(), list(words)
    while rest:
        rest = _step(read, rest, now)
    batch = Batch(
        source=read.texts[0] if read.texts else "",
        tiers=_tiers(read),
        campaign=read.texts[1] if len(read.texts) > 1 else "",
        arrived_at=read.arrived_at,
        link=read.link,
        note=read.note,
    )
    if len(read.texts) > 2:  # noqa: PLR2004  (source and campaign)
        read.faults.append(UserError("word_unclear", text=read.texts[2], usage=f"/sla {USAGE}"))
    return Draft(_bounded(batch, read.faults), again=read.is_again)


def _step(read: Read, words: list[Word], now: datetime) -> list[Word]:
    """Read what stands first; gives what is left."""
    word, rest = words[0], words[1:]
    if word.plain in {"arrived", "arrived:"}:
        read.arrived_at, taken = moments.first_of(
            rest, lambda text: moments.read_moment(text, now, is_past=True)
        )
        if not taken:
            read.faults.append(UserError("time_unclear", text=rest[0].text if rest else ""))
        return rest[taken or 1 :]
    if word.plain in {"note", "note:"}:
        read.note = typed.joined(rest)
        return []
    if word.plain == AGAIN and not rest:
        read.is_again = True
    elif word.kind is Kind.LINK:
        read.link = word.text
    elif typed.is_number(word) and read.count is None:
        read.count = _count(read, word.text)
    elif word.kind is Kind.TEXT and "=" in word.text:
        _tier(read, word.text)
    else:
        read.texts.append(word.text)
    return rest


def _count(read: Read, text: str) -> int | None:
    try:
        return typed.whole(text)
    except UserError as fault:
        read.faults.append(fault)
        return None


def _tier(read: Read, text: str) -> None:
    name, _, count = text.partition("=")
    if name.upper() not in list(Tier):
        read.faults.append(UserError("tier_unclear", text=text))
        return
    read.tiers[Tier(name.upper())] = read.tiers.get(Tier(name.upper()), 0) + (_count(read, count) or 0)


def _tiers(read: Read) -> dict[Tier, int]:
    """Hold the count against the tiers; a count alone is of engaged leads."""
    together = sum(read.tiers.values())
    if not read.tiers:
        return {log.DEFAULT_TIER: read.count} if read.count else {}
    if read.count is not None and read.count != together:
        read.faults.append(UserError("counts_differ", sum=together, count=read.count))
    return {tier: count for tier, count in read.tiers.items() if count}


def _bounded(batch: Batch, faults: list[UserError]) -> Batch:
    """Refuse what is too long, with all that is unclear besides."""
    faults += [
        UserError("text_too_long", field=name, most=most)
        for name, most in LONGEST.items()
        if len(getattr(batch, name)) > most
    ]
    if batch.link and any(sign in batch.link for sign in ' "\\<>|'):
        faults.append(UserError("link_unclear", field="link"))
    if faults:
        raise UserErrors(faults)
    return batch
