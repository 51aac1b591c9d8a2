"""Refuse leads for a reason of the agreement, by modal or `/sla reject H-12 outside_icp 3-9 note …`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.context import Context
from bot.errors import UserError
from bot.facts.said import Message
from bot.messages import done
from bot.messages import reject as message
from bot.services import reject, rights
from bot.services.rights import Act
from bot.slack import typed
from bot.slack.request import Asked, Deed
from bot.slack.typed import Word

LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why, which leads (none named: all undecided ones), and in what words."""

    reason: str
    numbers: Sequence[int] = ()
    note: str = ""


def command(context: Context, asked: Asked, words: Sequence[Word]) -> Message | None:
    """Refuse what is named; with the handoff alone, open the form."""
    number, rest = typed.handoff(words), words[1:]
    if not rest:
        with context.reading() as session:
            view = _form(asked.deed_on(session, number, context.now()), asked.channel_id)
        context.gateway.open_view(asked.trigger_id, view)
        return None
    with context.transaction() as session:
        deed = asked.deed_on(session, number, context.now())
        reasons = deed.agreed.document.rejection_reasons
        refusal = parse(rest, {reason.label: key for key, reason in reasons.items()})
        return _refuse(deed, refusal) if deed.is_new() else done.message("already", deed.locale)


def ask(context: Context, asked: Asked) -> None:
    """Open the form."""
    with context.reading() as session:
        view = _form(asked.deed(session, asked.id(), context.now()), asked.channel_id)
    context.gateway.open_view(asked.trigger_id, view)


def submit(context: Context, asked: Asked) -> None:
    """Refuse what the form says."""
    numbers, note = typed.numbers(asked.form.text("numbers")), asked.form.text("note")[:LONGEST_NOTE]
    refusal = Refusal(asked.form.chosen("reason"), numbers, note)
    with context.transaction() as session:
        deed = asked.deed(session, asked.carried_id("handoff"), context.now())
        if deed.is_new():
            _refuse(deed, refusal)


def parse(words: Sequence[Word], labels: Mapping[str, str]) -> Refusal:
    """Read a reason by key or label, numbers of leads, and the rest as a note. Raises UserError."""
    by_name = {name.casefold(): key for name, key in labels.items()} | {key: key for key in labels.values()}
    count = next((n for n in range(min(4, len(words)), 0, -1) if _name(words[:n]) in by_name), 0)
    if not count:
        raise UserError("unknown_reason", reason=words[0].text, reasons=list(labels.values()))
    rest = list(words[count:])
    listed = []
    while rest and typed.is_numbers(rest[0].plain):
        listed.append(rest.pop(0))
    if rest and rest[0].plain in {"note", "note:"}:
        rest.pop(0)
    note = typed.joined(rest)
    if len(note) > LONGEST_NOTE:
        raise UserError("text_too_long", most=LONGEST_NOTE)
    return Refusal(by_name[_name(words[:count])], typed.numbers(typed.joined(listed)), note)


def _name(words: Sequence[Word]) -> str:
    return typed.joined(words).casefold()


def _form(deed: Deed, channel_id: str | None) -> Mapping[str, object]:
    rights.require(deed.session, deed.agreed, deed.user, Act.REJECT)
    document = deed.agreed.document
    reasons = [
        (key, reason.label, reason.kind, document.clause_of(f"rejection_reasons.{key}") or "")
        for key, reason in document.rejection_reasons.items()
    ]
    return message.modal(
        deed.locale,
        number=deed.handoff.number,
        undecided=deed.handoff.undecided,
        reasons=reasons,
        appeals={
            key: f"{reason.appeals_to}: {document.definitions.words(reason.appeals_to)}"
            for key, reason in document.rejection_reasons.items()
            if reason.appeals_to
        },
        metadata={"handoff": deed.handoff.id, "channel": channel_id},
    )


def _refuse(deed: Deed, refusal: Refusal) -> Message:
    numbers = reject.reject(
        deed.session,
        deed.agreed,
        deed.handoff,
        user=deed.user,
        reason=refusal.reason,
        now=deed.now,
        numbers=refusal.numbers,
        note=refusal.note,
    )
    document = deed.agreed.document
    return done.message(
        "rejected",
        deed.locale,
        count=len(numbers),
        handoff=deed.handoff.number,
        reason=document.rejection_reasons[refusal.reason].label,
        clause=document.clause_of(f"rejection_reasons.{refusal.reason}"),
    )
