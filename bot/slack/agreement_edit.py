"""`/sla agreement edit`: change the agreement in modals, a section or an item of a list at a time."""

import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session

from bot.context import Context
from bot.errors import UserError, UserErrors
from bot.facts.agreement import EditFact
from bot.facts.said import Message
from bot.messages import agreement_edit as message
from bot.messages import hint
from bot.messages.agreement_fields import FORMS, ITEMS, Field, Kind, fields_of
from bot.messages.words import field_refusal
from bot.services import agreement_edit, deliveries, people, rights
from bot.services.agreements import Agreed
from bot.services.rights import Act
from bot.slack import agreement_form
from bot.slack.form import Unexpected
from bot.slack.listeners import UNSENT
from bot.slack.request import Asked
from bot.slack.typed import Word
from sla_rules.faults import AgreementFaults
from sla_rules.pieces import Data, Piece, at, fingerprint, found_again, is_as_seen, piece_at
from sla_rules.strict_yaml import Path

log = logging.getLogger(__name__)

REASON_KEY = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
LONGEST_KEY = 40


def command(context: Context, asked: Asked, _words: Sequence[Word]) -> Message | None:
    """Open the contents of the agreement that speaks here."""
    with context.reading() as session:
        agreed = asked.agreed(session)
        rights.require(session, agreed, asked.user_id, Act.AMEND)
        view = _contents(context, session, agreed, {"agreement": agreed.id, "channel": asked.channel_id})
    context.gateway.open_view(asked.trigger_id, view)
    return None


def press(context: Context, asked: Asked) -> None:
    """Open the contents of the agreement whose message was used."""
    with context.reading() as session:
        agreed = agreed_of(session, asked, asked.id())
        view = _contents(context, session, agreed, {"agreement": agreed.id, "channel": asked.channel_id})
    context.gateway.open_view(asked.trigger_id, view)


def section(context: Context, asked: Asked) -> None:
    """Lay a section over the contents: as one form, or as the list of its items."""
    if asked.value not in message.SECTIONS:
        raise Unexpected("a section")
    with context.reading() as session:
        agreed = agreed_of(session, asked)
        fact, locale = agreement_edit.fact(session, agreed, context.now()), agreed.row.locale
    if asked.value in ITEMS:
        view = message.listing(fact, asked.value, locale, carried(asked))
    else:
        view = message.form(fact, piece_at(dict(fact.data), (asked.value,)), locale, carried(asked))
    context.gateway.push_view(asked.trigger_id, view)


# ---- lists


def add(context: Context, asked: Asked) -> None:
    """Lay the form of a new item over its list."""
    with context.reading() as session:
        agreed = agreed_of(session, asked)
        fact, locale = agreement_edit.fact(session, agreed, context.now()), agreed.row.locale
    base = _end_of(dict(fact.data), _section(asked.value))
    view = message.form(fact, Piece(base, fingerprint(None)), locale, carried(asked))
    context.gateway.push_view(asked.trigger_id, view)


def item(context: Context, asked: Asked) -> None:
    """Change or take out an item, as its menu says."""
    word, _, rest = asked.value.partition(":")
    key, _, seen = rest.rpartition(":")
    name = _section(asked.metadata.get("section"))
    with context.reading() as session:
        agreed = agreed_of(session, asked)
        fact, locale = agreement_edit.fact(session, agreed, context.now()), agreed.row.locale
    data = dict(fact.data)
    base: Path = (name, asked.id(key) if isinstance(data.get(name), list) else key)
    if not fingerprint(at(data, base)).startswith(seen or "?"):
        problem = field_refusal(locale, UserError("item_changed"))
        _update(context, asked.views[0], message.listing(fact, name, locale, carried(asked), problem=problem))
    elif word == message.REMOVE:
        _remove(context, asked, base)
    else:
        view = message.form(fact, piece_at(data, base), locale, carried(asked))
        context.gateway.push_view(asked.trigger_id, view)


def _remove(context: Context, asked: Asked, base: Path) -> None:
    problem = ""
    try:
        with context.transaction() as session:
            agreed = agreed_of(session, asked)
            if deliveries.is_new(session, agreed.workspace_id, asked.key, context.now()):
                agreement_edit.amend(session, agreed, {base: None}, asked.user_id, context.now())
    except AgreementFaults as faulty:
        problem = message.fault_words(faulty.faults[0], (), agreed.row.locale)[1]
    redraw(context, asked, asked.views, str(base[0]), problem)


# ---- forms


def submit(context: Context, asked: Asked) -> dict[str, Any]:
    """Write what a form changes into the draft, and close it over what lies under it."""
    piece = _piece(asked)
    try:
        with context.transaction() as session:
            agreed = agreed_of(session, asked)
            if deliveries.find(session, agreed.workspace_id, asked.key) is None:
                answer = _written(context, session, agreed, piece, asked)
                if answer is not None:
                    return answer
    except AgreementFaults as faulty:
        return _faulty(context, asked, piece, faulty)
    redraw(context, asked, asked.views[1:], piece.section)
    return {}


def _written(
    context: Context, session: Session, agreed: Agreed, opened: Piece, asked: Asked
) -> dict[str, Any] | None:
    """Write a form; an answer says why not, with all that was typed still there."""
    data = agreement_edit.data(session, agreed)
    piece = found_again(data, opened)
    fields = fields_of(piece.section, piece.base, data)
    changes = agreement_form.changes(asked.form, fields, data)
    if not is_as_seen(data, piece):
        return _overtaken(context, session, agreed, piece, changes, asked)
    if not changes:
        return None
    _check_people(session, agreed, fields, changes)
    if len(piece.base) > 1 and at(data, piece.base) is None:
        changes = agreement_form.new_item(_named(piece.base, changes, data), changes)
    agreement_edit.amend(session, agreed, changes, asked.user_id, context.now())
    deliveries.remember(session, agreed.workspace_id, asked.key, context.now())
    return None


def _overtaken(
    context: Context,
    session: Session,
    agreed: Agreed,
    piece: Piece,
    changes: agreement_form.Changes,
    asked: Asked,
) -> dict[str, Any]:
    """Say who wrote there meanwhile and what; a second press puts this over it."""
    fact, locale = agreement_edit.fact(session, agreed, context.now()), agreed.row.locale
    now = piece_at(dict(fact.data), piece.base)
    is_gone = len(piece.base) > 1 and at(dict(fact.data), piece.base) is None
    code = "item_gone" if is_gone else "piece_changed"
    problems = [
        field_refusal(locale, UserError(code, author=fact.author)),
        *message.meanwhile(fact, now, changes, locale),
    ]
    return _again(message.form(fact, now, locale, carried(asked), problems=problems))


def _faulty(context: Context, asked: Asked, piece: Piece, faulty: AgreementFaults) -> dict[str, Any]:
    """Say each fault under its field; where one lies elsewhere in the text, all of them above."""
    with context.reading() as session:
        agreed = agreed_of(session, asked)
        fact, locale = agreement_edit.fact(session, agreed, context.now()), agreed.row.locale
    data = dict(fact.data)
    fields = fields_of(piece.section, found_again(data, piece).base, data)
    said = [message.fault_words(fault, fields, locale) for fault in faulty.faults]
    if all(name for name, _ in said):
        return {"response_action": "errors", "errors": _by_field(said)}
    problems = [words for _, words in said]
    return _again(message.form(fact, piece, locale, carried(asked), problems=problems))


def _by_field(said: Sequence[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, words in said:
        found[name] = f"{found[name]} {words}" if name in found else words
    return found


def _again(view: Mapping[str, Any]) -> dict[str, Any]:
    return {"response_action": "update", "view": view}


def _check_people(
    session: Session, agreed: Agreed, fields: Sequence[Field], changes: agreement_form.Changes
) -> None:
    """Refuse whom Slack says that they could not act. Raises UserErrors."""
    faults = []
    for asked in fields:
        chosen = changes.get(asked.path) or []
        named = [chosen] if isinstance(chosen, str) else list(chosen)
        try:
            if asked.kind in {Kind.PERSON, Kind.PEOPLE}:
                people.check_members(session, agreed.workspace_id, map(str, named))
        except UserError as unfit:
            unfit.field = asked.name
            faults.append(unfit)
    if faults:
        raise UserErrors(faults)


def _end_of(data: Data, name: str) -> Path:
    """Give the place behind the last item; a reason gets its name from its label."""
    items = data.get(name, [])
    return (name, len(items) if isinstance(items, list) else "")


def _named(base: Path, changes: agreement_form.Changes, data: Data) -> Path:
    if base[1] != "":
        return base
    label = str(changes.get((*base, "label")) or "")
    slug = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_0123456789")[:LONGEST_KEY].strip("_") or "reason"
    taken = at(data, base[:1])
    names = [slug, *(f"{slug[:36]}_{n}" for n in range(2, 1_000))]
    return (base[0], next(name for name in names if not (isinstance(taken, dict) and name in taken)))


# ---- what all of them share


def discard(context: Context, asked: Asked) -> None:
    """Throw the draft away."""
    problem = ""
    try:
        with context.transaction() as session:
            agreed = agreed_of(session, asked)
            if deliveries.is_new(session, agreed.workspace_id, asked.key, context.now()):
                agreement_edit.discard(session, agreed, asked.value)
    except UserError as refusal:
        problem = hint.message(refusal, agreed.row.locale).text
    redraw(context, asked, asked.views, "", problem)


def redraw(context: Context, asked: Asked, views: Sequence[str], name: str, problem: str = "") -> None:
    """Draw anew what lies open: a list, if it is one, and the contents under it."""
    with context.reading() as session:
        agreed = agreed_of(session, asked)
        fact, locale = agreement_edit.fact(session, agreed, context.now()), agreed.row.locale
    for view_id in views[:-1]:
        _update(context, view_id, message.listing(fact, name, locale, carried(asked), problem=problem))
    above = problem if len(views) == 1 else ""
    for view_id in views[-1:]:
        _update(context, view_id, message.contents(fact, locale, carried(asked), problem=above))


def _update(context: Context, view_id: str, view: Mapping[str, Any]) -> None:
    """Draw a modal anew; what was done is done, also if Slack does not show it."""
    try:
        context.gateway.update_view(view_id, view)
    except UNSENT as why:
        log.info("a modal was not drawn anew: %s", why)


def _contents(
    context: Context, session: Session, agreed: Agreed, metadata: Mapping[str, object]
) -> Mapping[str, Any]:
    fact: EditFact = agreement_edit.fact(session, agreed, context.now())
    return message.contents(fact, agreed.row.locale, metadata)


def agreed_of(session: Session, asked: Asked, agreement_id: int | None = None) -> Agreed:
    """Find the agreement that a modal is about, for somebody who may change it."""
    found = asked.carried_id("agreement") if agreement_id is None else agreement_id
    return agreement_edit.to_edit(session, asked.workspace(session), found, asked.user_id)


def carried(asked: Asked) -> dict[str, object]:
    """Give what every modal of a draft carries along."""
    return {name: asked.metadata.get(name) for name in ("agreement", "channel")}


def _section(name: Any) -> str:
    if name not in ITEMS:
        raise Unexpected("a list")
    return str(name)


def _piece(asked: Asked) -> Piece:
    """Read what a form carried along."""
    base, identity = asked.metadata.get("base"), asked.metadata.get("identity")
    if not (isinstance(base, list) and isinstance(identity, list) and _is_base(base)):
        raise Unexpected("a form's piece")
    return Piece(tuple(base), str(asked.metadata.get("seen")), tuple(map(str, identity)))


def _is_base(base: Sequence[object]) -> bool:
    section, place = [*base, None, None][:2]
    if not isinstance(section, str) or len(base) > 2:  # noqa: PLR2004  (a list and a place in it)
        return False
    if len(base) == 1:
        return section in FORMS
    return section in ITEMS and (isinstance(place, str) or (type(place) is int and place >= 0))
