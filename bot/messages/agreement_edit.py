"""The modals in which the parties change their agreement: its contents, a list, a form."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from bot.facts.agreement import EditFact
from bot.messages import agreement_propose, blocks, calculator, doubts, formats, words
from bot.messages.agreement_fields import (
    FORMS,
    NOTHING,
    PICKED,
    SOMEBODY,
    Field,
    Kind,
    fields_of,
    mended_by,
    shown,
)
from bot.messages.blocks import Block
from bot.messages.inputs import Form, hinted_once
from bot.messages.words import Mrkdwn, label, say
from sla_rules.agreement import Agreement
from sla_rules.clauses import sections_of
from sla_rules.faults import Fault
from sla_rules.pieces import ABOUT, Piece, at, fingerprint
from sla_rules.strict_yaml import Path

NAME = "agreement_edit"
SUBMIT = "agreement_edit.submit"
CONTENTS, LIST = "agreement_edit", "agreement_edit.list"
"""Modals that are only looked at: nothing is submitted in them."""
EDIT = "agreement.edit"
"""Opens the contents from a message; the agreement's id is its value."""
SECTION, ITEM, ADD = "agreement.edit_section", "agreement.edit_item", "agreement.edit_add"
DISCARD = "agreement.edit_discard"
CHANGE, REMOVE = "change", "remove"
"""What an item's menu holds: `change:3:<fingerprint>`."""
PRINT = 16
"""Characters of a fingerprint that a menu carries."""
MOST_ITEMS = 90
ALERT = 200
"""Characters that an alert holds."""

SECTIONS = (ABOUT, *sections_of(Agreement))


def contents(fact: EditFact, locale: str, metadata: Mapping[str, object], *, problem: str = "") -> Block:
    """Show every section in a line, what the draft changed, and what can be done with it."""
    head = say(locale, "agreement_edit.head", fact=fact)
    shown_blocks = [
        *_above(locale, [problem] if problem else []),
        blocks.section(head),
        *(_row(fact, section, locale) for section in SECTIONS),
    ]
    if fact.doubts:
        shown_blocks += [blocks.divider(), doubts.block(fact.doubts, locale)]
    if fact.is_draft:
        shown_blocks += [blocks.divider(), _ways_on(fact, locale)]
    title = label(locale, f"{NAME}.title")
    return _view(locale, title, shown_blocks, metadata, callback=CONTENTS)


def _row(fact: EditFact, section: str, locale: str) -> Block:
    number = SECTIONS.index(section)
    is_changed = at_piece(fact, (section,)) != at(dict(fact.before), (section,))
    said = say(
        locale,
        "agreement_edit.row",
        number=number,
        title=title_of(section, locale),
        is_changed=is_changed,
        short=_short(section, at_piece(fact, (section,)), locale),
    )
    return blocks.section(said, blocks.button(label(locale, f"{NAME}.edit"), SECTION, section), limit=500)


def _short(section: str, said: Any, locale: str) -> str:
    """Say in short what stands in a section, in the words in which `/sla agreement` shows it."""
    if section == ABOUT:
        return say(locale, "agreement_edit.about", said=said)
    return (say(locale, f"agreement.{section}", said=said) if said else "") or say(
        locale, "agreement_edit.none"
    )


def _ways_on(fact: EditFact, locale: str) -> Block:
    asked = {name: label(locale, f"{NAME}.discard_{name}") for name in ("title", "text", "yes", "no")}
    confirm = blocks.confirm(asked["title"], asked["text"], asked["yes"], asked["no"])
    propose = blocks.button(label(locale, f"{NAME}.propose"), agreement_propose.OPEN, is_primary=True)
    discard = blocks.button(label(locale, f"{NAME}.discard"), DISCARD, fact.text_hash, confirm=confirm)
    return blocks.actions([propose, discard])


def title_of(section: str, locale: str) -> str:
    return label(locale, f"{NAME}.{ABOUT}" if section == ABOUT else f"section.{section}")


def at_piece(fact: EditFact, base: Path) -> Any:
    return at(dict(fact.data), base)


# ---- lists


def listing(
    fact: EditFact, section: str, locale: str, metadata: Mapping[str, object], *, problem: str = ""
) -> Block:
    """Show the items of a list, each with its menu, and how to add one."""
    bases = item_bases(fact, section)
    rows = [_item(fact, base, locale) for base in bases[:MOST_ITEMS]]
    more = len(bases) - len(rows)
    left = [blocks.context(say(locale, "agreement_edit.more", count=more))] if more else []
    empty = [] if bases else [blocks.section(say(locale, "agreement_edit.none"))]
    ways = [blocks.button(label(locale, f"{NAME}.add.{section}"), ADD, section)]
    if section == "goals":
        ways.append(blocks.button(label(locale, f"{NAME}.calculate"), calculator.OPEN))
    shown_blocks = [*_above(locale, [problem] if problem else []), *empty, *rows, *left, blocks.actions(ways)]
    return _view(locale, title_of(section, locale), shown_blocks, {**metadata, "section": section})


def item_bases(fact: EditFact, section: str) -> list[Path]:
    """List where the items of a list stand."""
    found = fact.data.get(section, [])
    keys: Sequence[str | int] = list(found) if isinstance(found, dict) else range(len(found))
    return [(section, key) for key in keys]


def _item(fact: EditFact, base: Path, locale: str) -> Block:
    section, item = str(base[0]), at_piece(fact, base)
    before = fact.before.get(section, [])
    known = list(before.values()) if isinstance(before, dict) else list(before)
    said = say(
        locale,
        "agreement_edit.item",
        section=section,
        item=item,
        key=str(base[1]),
        number=fact.document.clause_of(".".join(map(str, base))) or "",
        is_changed=item not in known,
    )
    value = f"{base[1]}:{fingerprint(item)[:PRINT]}"
    menu = [blocks.option(label(locale, f"{NAME}.{word}"), f"{word}:{value}") for word in (CHANGE, REMOVE)]
    return blocks.section(said, blocks.overflow(ITEM, menu), limit=500)


# ---- forms


def form(
    fact: EditFact,
    piece: Piece,
    locale: str,
    metadata: Mapping[str, object],
    *,
    problems: Sequence[str] = (),
) -> Block:
    """Ask for what a piece says; what is typed already stays, as Slack keeps it by the fields' names."""
    data = dict(fact.data)
    fields = fields_of(piece.section, piece.base, data)
    now = {one.name: shown(one, at(data, one.path)) for one in fields}
    drawn = Form(NAME, locale, _initial(fields, now), {one.name: (one.word, one.values) for one in fields})
    inputs = [
        block
        for one in fields
        for block in (_draw(drawn, one) if now[one.name] is not None else _too_long(drawn, one))
    ]
    carried = {"base": list(piece.base), "seen": piece.seen, "identity": list(piece.identity)}
    head = _form_head(piece, locale)
    is_whole = piece.section in FORMS
    title = title_of(piece.section, locale) if is_whole else label(locale, f"{NAME}.one.{piece.section}")
    shown_blocks = [*_above(locale, problems), *head, *hinted_once(inputs)]
    return _view(locale, title, shown_blocks, {**metadata, **carried}, callback=SUBMIT)


def _form_head(piece: Piece, locale: str) -> list[Block]:
    said = words.label_if_any(locale, f"{NAME}.intro.{piece.section}")
    return [blocks.context(Mrkdwn(said))] if said else []


def _initial(fields: Sequence[Field], now: Mapping[str, Any]) -> dict[str, Any]:
    initial = dict(now)
    for one in fields:
        if one.kind is Kind.CHOICE and one.is_optional and not now[one.name]:
            initial[one.name] = NOTHING
        if one.kind is Kind.DOER and now[one.name] not in one.options:
            initial |= {one.name: SOMEBODY, f"{one.name}.{PICKED}": now[one.name]}
    return initial


def _too_long(drawn: Form, asked: Field) -> list[Block]:
    locale = drawn.locale
    return [blocks.context(say(locale, "agreement_edit.too_long", label=drawn.called_by(asked.name)))]


def _draw(drawn: Form, asked: Field) -> list[Block]:
    return [DRAWN[asked.kind](drawn, asked), *(_picked(drawn, asked) if asked.kind is Kind.DOER else [])]


def _picked(drawn: Form, asked: Field) -> list[Block]:
    name = f"{asked.name}.{PICKED}"
    called = {**drawn.called, name: (f"{asked.word}_{PICKED}", asked.values)}
    return [Form(drawn.name, drawn.locale, drawn.initial, called).person(name, is_optional=True)]


def _text(drawn: Form, asked: Field) -> Block:
    return drawn.text(
        asked.name,
        is_optional=asked.is_optional,
        longest=asked.longest,
        has_lines=asked.kind in {Kind.PROSE, Kind.LINES, Kind.PAIRS},
    )


def _options(drawn: Form, asked: Field) -> list[Block]:
    said = [(one, drawn.label(f"option.{asked.says}.{one}") if asked.says else one) for one in asked.options]
    left_open = [(NOTHING, drawn.label(f"nothing.{asked.word}"))] if asked.is_optional else []
    return [blocks.option(text, value) for value, text in [*left_open, *said]]


def _choice(drawn: Form, asked: Field) -> Block:
    return drawn.choice(asked.name, _options(drawn, asked))


DRAWN: Mapping[Kind, Callable[[Form, Field], Block]] = {
    **dict.fromkeys(Kind, _text),
    Kind.CHOICE: _choice,
    Kind.DOER: _choice,
    Kind.CHECKS: lambda drawn, asked: drawn.several(asked.name, _options(drawn, asked)),
    Kind.PERSON: lambda drawn, asked: drawn.person(asked.name),
    Kind.PEOPLE: lambda drawn, asked: drawn.people(asked.name, most=100, is_optional=asked.is_optional),
    Kind.TIME: lambda drawn, asked: drawn.time(asked.name),
    Kind.DAY: lambda drawn, asked: drawn.day(asked.name),
}


def fault_words(fault: Fault, fields: Sequence[Field], locale: str) -> tuple[str, str]:
    """Give the field under which a fault is told, and its words; of what stands elsewhere, no field."""
    asked = mended_by(fault.path, fields)
    if asked is None:
        return "", words.fault_plainly(locale, fault)
    names = Form(NAME, locale, called={asked.name: (asked.word, asked.values)})
    return asked.name, words.fault_plainly(locale, fault, at=names.called_by(asked.name))


def meanwhile(fact: EditFact, piece: Piece, typed: Collection[Path], locale: str) -> list[str]:
    """Say what the fields read now that were typed otherwise."""
    data = dict(fact.data)
    found = []
    for one in fields_of(piece.section, piece.base, data):
        now = shown(one, at(data, one.path))
        if one.path in typed:
            names = Form(NAME, locale, called={one.name: (one.word, one.values)})
            found.append(label(locale, f"{NAME}.now", label=names.called_by(one.name), now=_briefly(now)))
    return found


def _briefly(now: Any) -> str:
    said = ", ".join(now) if isinstance(now, list) else str(now or "")
    return formats.cut(said, 120) or words.NOTHING


# ---- what all of them share


def _above(locale: str, problems: Sequence[str]) -> list[Block]:
    """Say what is wrong as a whole; an alert alone is too short for more than one sentence."""
    if not problems:
        return []
    if len(problems) == 1 and len(problems[0]) <= ALERT:
        return [blocks.alert(problems[0])]
    listed = say(locale, "agreement_edit.problems", problems=problems)
    return [blocks.alert(label(locale, f"{NAME}.problems")), blocks.section(listed)]


def _view(
    locale: str,
    title: str,
    shown_blocks: Sequence[Block],
    metadata: Mapping[str, object],
    *,
    callback: str = LIST,
) -> Block:
    is_form = callback == SUBMIT
    close = label(locale, "told.close" if callback == CONTENTS else f"{NAME}.back")
    view = blocks.modal(callback, (title, label(locale, f"{NAME}.submit"), close), shown_blocks, metadata)
    return view if is_form else {name: part for name, part in view.items() if name != "submit"}
