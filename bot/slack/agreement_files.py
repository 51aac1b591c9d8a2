"""`/sla agreement export` and `/sla agreement upload`: the text as files, and back as the draft."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.answers import Refused
from bot.context import Context
from bot.errors import UserError
from bot.facts.agreement import TextFact
from bot.facts.said import Message
from bot.messages import agreement_files as message
from bot.messages.blocks import Block
from bot.messages.words import faults as fault_words
from bot.models import AgreementVersion
from bot.services import agreement_edit, agreements, rights, versions
from bot.services.agreements import Agreed
from bot.services.rights import Act
from bot.slack import coming, typed
from bot.slack.request import Asked
from bot.slack.typed import Word
from sla_rules.agreement import Agreement
from sla_rules.compare import changes
from sla_rules.faults import AgreementFaults, Fault
from sla_rules.pasted import Pasted, pasted_over

KIND = "agreement_files"


# ---- out


def export(context: Context, asked: Asked, words: Sequence[Word]) -> Message:
    """Have the text sent to the person's DM: to who may change it the one being changed, else what speaks.

    Here only the wish is written down. The delivery job uploads the files after the acknowledgement, at most
    once: files carry no key by which they could be found again, so where Slack refuses them, or its answer
    is lost, the same notice says so in words.
    """
    now = context.now()
    with context.transaction() as session:
        agreed = asked.agreed(session)
        rights.require(session, agreed, asked.user_id, Act.READ)
        text = _wanted(session, agreed, asked.user_id, words)
        coming.send(session, agreed, asked, KIND, {"version": text.version}, now)
        return message.coming(_fact(text), agreed.row.locale)


def _wanted(session: Session, agreed: Agreed, user: str, words: Sequence[Word]) -> AgreementVersion:
    """Find the text asked for, by its number or as it stands; drafts are for those who may write on them."""
    writes = rights.may(session, agreed, user, Act.AMEND)
    if words:
        text = versions.named(session, agreed, typed.whole(words[0].text, "version_unclear"))
        if text.state == versions.DRAFT and not writes:
            raise UserError("no_such_version", number=text.version)
        return text
    changing = versions.open_draft(session, agreed) or versions.proposal(session, agreed)
    if writes and changing and not changing.is_ending:
        return changing
    return versions.named(session, agreed, agreed.row.version)


# ---- back


def upload(context: Context, asked: Asked, _words: Sequence[Word]) -> None:
    """Open the modal that takes the text back."""
    with context.reading() as session:
        agreed = asked.agreed(session)
        rights.require(session, agreed, asked.user_id, Act.AMEND)
        metadata = {"agreement": agreed.id, "channel": asked.channel_id}
        view = message.modal(agreed.row.locale, name=agreed.document.name, metadata=metadata)
    context.gateway.open_view(asked.trigger_id, view)


def submit(context: Context, asked: Asked) -> dict[str, Any]:
    """Keep the text as the draft and tell what it changes; or tell all its faults above the same form."""
    now, paste = context.now(), asked.form.raw("paste")
    content = _content(context, asked.form.file("file"), paste)
    with context.transaction() as session:
        agreed = agreements.by_id(session, asked.workspace(session), asked.carried_id("agreement"))
        rights.require(session, agreed, asked.user_id, Act.AMEND)
        pasted = None if content else pasted_over(versions.text_to_edit(session, agreed), paste)
        try:
            text = pasted.text if pasted else _read(content)
            draft = versions.save_draft(session, agreed, text, asked.user_id, now)
        except AgreementFaults as faulty:
            view = _faulty(agreed, asked, _as_pasted(faulty.faults, pasted), paste)
        else:
            view = _saved(session, agreed, asked, draft, now)
    return {"response_action": "update", "view": view}


def _content(context: Context, file: str | None, paste: str) -> bytes:
    """Fetch the file that was put in; nothing where sections were pasted. Raises UserError."""
    if bool(file) == bool(paste.strip()):
        raise UserError("one_text_only" if file else "agreement_text_missing", field="file")
    if file is None:
        return b""
    try:
        return context.gateway.file_text(file) or b" "
    except Refused as refusal:
        if refusal.code == "missing_scope":
            raise UserError("missing_scope", field="file", scope="files:read") from refusal
        raise UserError("agreement_file_unreadable", field="file") from refusal


def _read(content: bytes) -> str:
    """Read a file as the text it is. Raises AgreementFaults where it is none."""
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        Agreement.parse(content)  # says on which line
        raise


def _as_pasted(faults: Sequence[Fault], pasted: Pasted | None) -> Sequence[Fault]:
    """Count the lines as they were pasted; a fault elsewhere is known by its clause."""
    return [replace(fault, line=pasted.line_of(fault.line)) for fault in faults] if pasted else faults


def _faulty(agreed: Agreed, asked: Asked, faults: Sequence[Fault], paste: str) -> Block:
    locale = agreed.row.locale
    return message.modal(
        locale,
        name=agreed.document.name,
        faults=fault_words(locale, faults),
        paste=paste,
        metadata=asked.metadata,
    )


def _saved(session: Session, agreed: Agreed, asked: Asked, draft: AgreementVersion, now: datetime) -> Block:
    fact = agreement_edit.fact(session, agreed, now)
    changed = changes(agreed.document, fact.document)
    return message.saved(_fact(draft), fact, changed, agreed.row.locale, asked.metadata)


def _fact(text: AgreementVersion) -> TextFact:
    return TextFact(agreements.parsed(text.text).name, text.version, text.state)
