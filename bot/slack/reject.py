"""Refuse leads for a reason of the agreement, by modal or `/sla reject H-12 outside_icp 3-9 note …`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from bot.context import Context
from bot.errors import UserError
from bot.facts import Message
from bot.messages import done
from bot.messages import reject as message
from bot.models import Handoff
from bot.services import deliveries, people, reject
from bot.services.agreements import Agreed
from bot.slack import typed
from bot.slack.request import Asked
from bot.slack.typed import Word
from sla_rules.kinds import Side

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
            agreed, handoff = asked.numbered(session, number)
            view = _form(session, agreed, handoff, asked)
        context.gateway.open_view(asked.trigger_id, view)
        return None
    now = context.now()
    with context.transaction() as session:
        agreed, handoff = asked.numbered(session, number)
        labels = {reason.label: key for key, reason in agreed.document.rejection_reasons.items()}
        if not deliveries.is_new(session, agreed.workspace_id, asked.key, now):
            return done.message("already", agreed.row.locale)
        return _refuse(session, agreed, handoff, asked, context, parse(rest, labels))


def ask(context: Context, asked: Asked) -> None:
    """Open the form."""
    with context.reading() as session:
        agreed, handoff = asked.handoff(session, asked.id())
        view = _form(session, agreed, handoff, asked)
    context.gateway.open_view(asked.trigger_id, view)


def submit(context: Context, asked: Asked) -> None:
    """Refuse what the form says."""
    refusal = Refusal(
        reason=asked.form.chosen("reason"),
        numbers=typed.numbers(asked.form.text("numbers")),
        note=asked.form.text("note")[:LONGEST_NOTE],
    )
    with context.transaction() as session:
        agreed, handoff = asked.handoff(session, asked.id(str(asked.metadata.get("handoff"))))
        if deliveries.is_new(session, agreed.workspace_id, asked.key, context.now()):
            _refuse(session, agreed, handoff, asked, context, refusal)


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


def _form(session: Session, agreed: Agreed, handoff: Handoff, asked: Asked) -> Mapping[str, object]:
    people.may_act(session, agreed, asked.user_id, Side.SALES)
    reasons = [
        (key, reason.label, reason.kind, agreed.document.clause_of(f"rejection_reasons.{key}") or "")
        for key, reason in agreed.document.rejection_reasons.items()
    ]
    return message.modal(
        agreed.row.locale,
        number=handoff.number,
        undecided=handoff.undecided,
        reasons=reasons,
        metadata={"handoff": handoff.id, "channel": asked.channel_id},
    )


def _refuse(
    session: Session, agreed: Agreed, handoff: Handoff, asked: Asked, context: Context, refusal: Refusal
) -> Message:
    numbers = reject.reject(
        session,
        agreed,
        handoff,
        user=asked.user_id,
        reason=refusal.reason,
        now=context.now(),
        numbers=refusal.numbers,
        note=refusal.note,
    )
    return done.message(
        "rejected",
        agreed.row.locale,
        count=len(numbers),
        handoff=handoff.number,
        reason=agreed.document.rejection_reasons[refusal.reason].label,
        clause=agreed.document.clause_of(f"rejection_reasons.{refusal.reason}"),
    )
