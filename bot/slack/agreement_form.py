"""A submitted form of an agreement, read into the leaves that it changes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from bot.errors import UserError, UserErrors
from bot.messages.agreement_fields import NOTHING, PICKED, SOMEBODY, Field, Kind, shown
from bot.slack.form import Form
from bot.slack.typed import tidy
from sla_rules.amend import with_changes
from sla_rules.pieces import at
from sla_rules.strict_yaml import Path, Plain

Changes = dict[Path, Plain | None]


def changes(form: Form, fields: Sequence[Field], data: Plain) -> Changes:
    """Give what the form would write otherwise than it stands; None takes out. Raises UserErrors."""
    found: Changes = {}
    faults: list[UserError] = []
    for asked in fields:
        before = shown(asked, at(data, asked.path))
        if before is None or not form.has(asked.name):
            continue
        try:
            typed = _tidied(TYPED[asked.kind](form, asked.name))
            if typed != _tidied(_as_typed(before)):
                found[asked.path] = _plain(asked, typed)
        except UserError as fault:
            faults.append(fault)
    if faults:
        raise UserErrors(faults)
    return _without_empty(found, data)


def new_item(base: Path, found: Changes) -> Changes:
    """Put the leaves of a new item together, to be written in one."""
    item = {str(path[-1]): value for path, value in found.items() if value is not None}
    return {base: item}


def _without_empty(found: Changes, data: Plain) -> Changes:
    """Take out a mapping with its last entry: a tier without name and text is none."""
    after = with_changes(data, found)
    for path, value in list(found.items()):
        above = path[:-1]
        while value is None and above and at(after, above) == {}:
            found = {other: kept for other, kept in found.items() if other[: len(above)] != above}
            found[above] = None
            after, above = with_changes(data, found), above[:-1]
    return found


# ---- one field


def _as_typed(before: Any) -> Any:
    """Read what a form showed as it comes back from Slack."""
    return before.splitlines() if isinstance(before, str) else list(before)


def _tidied(typed: Sequence[str]) -> list[str]:
    return [part for part in map(tidy, typed) if part and part != NOTHING]


def _typed_lines(form: Form, name: str) -> list[str]:
    return form.lines(name)


def _doer(form: Form, name: str) -> list[str]:
    chosen = form.chosen(name)
    if chosen != SOMEBODY:
        return [chosen]
    person = form.person(f"{name}.{PICKED}")
    if not person:
        raise UserError("person_missing", field=f"{name}.{PICKED}")
    return [person]


TYPED: Mapping[Kind, Callable[[Form, str], list[str]]] = {
    **dict.fromkeys(Kind, _typed_lines),
    Kind.CHOICE: lambda form, name: [form.chosen(name)],
    Kind.CHECKS: lambda form, name: form.chosen_all(name),
    Kind.PERSON: lambda form, name: [form.person(name)],
    Kind.PEOPLE: lambda form, name: form.people(name),
    Kind.DOER: _doer,
    Kind.TIME: lambda form, name: [form.time(name)],
    Kind.DAY: lambda form, name: [form.day(name)],
}
"""How a field comes back from Slack: as lines of text, or as what was chosen."""


def _plain(asked: Field, parts: Sequence[str]) -> Plain | None:
    """Give what the text would say; None where the field is empty."""
    if not parts:
        return asked.nothing or None
    return PLAIN.get(asked.kind, _joined)(asked, parts)


def _joined(asked: Field, parts: Sequence[str]) -> str:
    return ("\n" if asked.kind is Kind.PROSE else " ").join(parts)


def _pairs(asked: Field, parts: Sequence[str]) -> Plain:
    pairs = list(_pair_of(asked, parts))
    names = [name for name, _ in pairs]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise UserError("pair_twice", field=asked.name, text=twice)
    return dict(pairs)


def _pair_of(asked: Field, parts: Sequence[str]) -> Iterator[tuple[str, Plain]]:
    for line in parts:
        name, colon, value = line.partition(":")
        if not (colon and name.strip() and value.strip()):
            raise UserError("pair_unclear", field=asked.name, text=line)
        yield name.strip(), value.strip()


def _country(_asked: Field, parts: Sequence[str]) -> Plain:
    country, _, part = parts[0].partition("-")
    found: dict[str, Plain] = {"country": country.strip().upper()}
    return found | ({"subdivision": part.strip()} if part.strip() else {})


PLAIN: Mapping[Kind, Callable[[Field, Sequence[str]], Plain]] = {
    Kind.LINES: lambda _asked, parts: list(parts),
    Kind.CHECKS: lambda _asked, parts: list(parts),
    Kind.PEOPLE: lambda _asked, parts: list(parts),
    Kind.LISTED: lambda _asked, parts: [
        one.strip() for part in parts for one in part.split(",") if one.strip()
    ],
    Kind.PAIRS: _pairs,
    Kind.COUNTRY: _country,
}
