"""A text with single values written otherwise; everything else, comments too, stays as it stands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

import yaml

from sla_rules.agreement import Agreement
from sla_rules.clauses import keys_at
from sla_rules.strict_yaml import Path, Plain, load
from sla_rules.yaml_text import Entry, entries_of, entry_at, flow, flow_entry, lines, top, whole

Amendment = Mapping[Path, Plain | None]
"""What to write at which path; None takes out, an item past the end of a list is added to it."""


def amended(text: str, changes: Amendment) -> str:
    """Write changes into a text; what is read from it then is exactly `with_changes` of what was read before.

    Paths are those of the text as given: `("clocks", "first_touch", "B")`, `("goals", 2, "target")`.
    Raises ValueError where the text is no YAML; whether the outcome is an agreement `parse` says.
    """
    before = load(text).data
    if before is None:
        raise ValueError("the text to amend cannot be read")
    wanted = with_changes(before, changes)
    patched = text.removeprefix("\ufeff")
    try:
        for edit in _edits((), before, wanted):
            patched = edit.on(patched)
    except (yaml.YAMLError, LookupError, ValueError):
        return "".join(whole(wanted))
    # A layout that the edits do not foresee: rather lose the comments than what was wanted.
    return patched if load(patched).data == wanted else "".join(whole(wanted))


def with_changes(data: Plain, changes: Amendment) -> Plain:
    """Give plain data with the changes made; mappings and lists on the way to a new value are made too."""
    for path, value in changes.items():
        if value is not None:
            data = _with(data, path, value)
    taken_out = [path for path, value in changes.items() if value is None]
    for path in sorted(taken_out, key=_by_place, reverse=True):  # the last items first, so that places hold
        data = _without(data, path)
    return data


def _by_place(path: Path) -> list[tuple[int, str]]:
    return [(part, "") if isinstance(part, int) else (-1, part) for part in path]


def _with(data: Plain, path: Path, value: Plain) -> Plain:
    if not path:
        return value
    part, rest = path[0], path[1:]
    if isinstance(part, str):
        entries = data if isinstance(data, dict) else {}
        return {**entries, part: _with(entries.get(part, ""), rest, value)}
    items = data if isinstance(data, list) else []
    return [*items[:part], _with(items[part] if part < len(items) else "", rest, value), *items[part + 1 :]]


def _without(data: Plain, path: Path) -> Plain:
    part, rest = path[0], path[1:]
    if isinstance(data, dict) and isinstance(part, str) and part in data:
        kept = {part: _without(data[part], rest)} if rest else {}
        return {key: kept.get(key, value) for key, value in data.items() if rest or key != part}
    if isinstance(data, list) and isinstance(part, int) and part < len(data):
        return [*data[:part], *([_without(data[part], rest)] if rest else []), *data[part + 1 :]]
    return data


# ---- from what stands to what is wanted, one edit of the text at a time


@dataclass(frozen=True, slots=True)
class _Replace:
    """Another value in the place of one."""

    path: Path
    value: Plain

    def on(self, text: str) -> str:
        entry = entry_at(text, self.path)
        start = entry.node.start_mark.index
        said = flow(self.value, is_in_flow=entry.is_in_flow)
        if "\n" in text[entry.head_end : start]:  # a block below its key
            head = text[entry.head_end : text.rindex("\n", 0, start)]
            return f"{text[: entry.head_end]} {said}{head}{text[entry.end :]}"
        space = " " if start == entry.head_end and text[start - 1] in ":-" else ""  # nothing stood there
        return f"{text[:start]}{space}{said}{text[entry.end :]}"


@dataclass(frozen=True, slots=True)
class _Remove:
    """An entry taken out with its lines; what is left empty stays as `{}` or `[]`."""

    path: Path

    def on(self, text: str) -> str:
        entries = _entries(text, self.path[:-1])
        place = next(n for n, entry in enumerate(entries) if entry.name == self.path[-1])
        entry = entries[place]
        if len(entries) == 1:
            nothing: Plain = [] if isinstance(entry.name, int) else {}
            return _Replace(self.path[:-1], nothing).on(text)
        if entry.owns_its_lines and not entry.is_in_flow:
            return text[: entry.line_start] + text[entry.line_end :]
        if place + 1 < len(entries):
            return text[: entry.start] + text[entries[place + 1].start :]
        return text[: entries[place - 1].end] + text[entry.end :]


@dataclass(frozen=True, slots=True)
class _Insert:
    """A new entry, in the order of the schema; a new item of a list at its place."""

    path: Path
    value: Plain

    def on(self, text: str) -> str:
        entries = _entries(text, self.path[:-1])
        name, place = self.path[-1], self._place(entries)
        if entries[0].is_in_flow:
            said = flow_entry(name, self.value)
            at = entries[place - 1].end if place else entries[0].start
            return f"{text[:at]}, {said}{text[at:]}" if place else f"{text[:at]}{said}, {text[at:]}"
        new = "".join(lines(name, self.value, entries[0].column))
        at = entries[place - 1].line_end if place else entries[0].line_start
        return f"{text[:at]}{'' if not at or text[at - 1] == NEWLINE else NEWLINE}{new}{text[at:]}"

    def _place(self, entries: list[Entry]) -> int:
        """Say before which entry it goes."""
        name = self.path[-1]
        if isinstance(name, int):
            return name
        order = keys_at(Agreement, self.path[:-1])
        if name not in order:
            return len(entries)
        earlier = order[: order.index(name)]
        return max((n + 1 for n, entry in enumerate(entries) if entry.name in earlier), default=0)


NEWLINE = "\n"
MOST_EDITS = 40
"""Of one list or mapping."""
_Edit = _Replace | _Remove | _Insert


def _edits(path: Path, old: Plain, new: Plain) -> list[_Edit]:
    if old == new:
        return []
    if isinstance(old, dict) and isinstance(new, dict) and old and new:
        edits = _edits_of_entries(path, old, new)
    elif isinstance(old, list) and isinstance(new, list) and old and new:
        edits = list(_edits_of_items(path, old, new))
    else:
        return [_Replace(path, new)]
    # Each edit reads the text again; where so much is new, the whole is written anew.
    return edits if len(edits) <= MOST_EDITS or not path else [_Remove(path), _Insert(path, new)]


def _edits_of_entries(path: Path, old: dict[str, Plain], new: dict[str, Plain]) -> list[_Edit]:
    changed = [edit for key in new if key in old for edit in _edits((*path, key), old[key], new[key])]
    added = [_Insert((*path, key), new[key]) for key in new if key not in old]
    return [*changed, *added, *(_Remove((*path, key)) for key in old if key not in new)]


def _edits_of_items(path: Path, old: list[Plain], new: list[Plain]) -> Iterator[_Edit]:
    """Match what both lists hold, and go from the last difference to the first, so that places hold."""
    matched = SequenceMatcher(None, list(map(repr, old)), list(map(repr, new)), autojunk=False)
    for _, first, last, first_new, last_new in reversed(matched.get_opcodes()):
        both = min(last - first, last_new - first_new)
        for n in range(both):
            yield from _edits((*path, first + n), old[first + n], new[first_new + n])
        for n in range(both, last_new - first_new):
            yield _Insert((*path, first + n), new[first_new + n])
        for n in reversed(range(both, last - first)):
            yield _Remove((*path, first + n))


def _entries(text: str, path: Path) -> list[Entry]:
    return entries_of(text, entry_at(text, path).node if path else top(text))
