"""Whole sections pasted over a text: what is named in them is replaced, the rest stays as it stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sla_rules.agreement import Agreement

NAME = re.compile(r"(['\"]?)([A-Za-z_]+)\1[ \t]*:(?:\s|$)")
"""A name at the beginning of a line."""
WHOLE = frozenset(name for name, field in Agreement.model_fields.items() if field.is_required())
"""Who writes all of these writes the text anew."""

Lines = list[tuple[int | None, str]]
"""Lines with their numbers in the paste; None for those that are not of it."""


@dataclass(frozen=True, slots=True)
class Pasted:
    """A whole text, and for each of its lines which line of the paste it was; None where it stood before."""

    text: str
    lines: tuple[int | None, ...]

    def line_of(self, line: int | None) -> int | None:
        """Give the line of the paste that a line of the text was."""
        return self.lines[line - 1] if line is not None and 0 < line <= len(self.lines) else None


def pasted_over(text: str, paste: str) -> Pasted:
    """Put sections into a text, each in the place of the one with its name, new ones at the end."""
    new = _by_name(paste)
    old = list(_sections(text))
    if new.keys() >= WHOLE or not new or None in new or not any(name for name, _ in old):
        return _joined(_numbered(paste))
    known = [name for name, _ in old]
    kept = [new[name] if name in new else [(None, line) for _, line in lines] for name, lines in old]
    added = [lines for name, lines in new.items() if name not in known]
    return _joined([line for section in [*kept, *added] for line in section])


def _numbered(text: str) -> Lines:
    # Not by splitlines: what else breaks lines is refused in an agreement, and must not be lost here.
    return [*enumerate(text.removesuffix("\n").split("\n"), 1)] if text else []


def _joined(lines: Lines) -> Pasted:
    return Pasted("".join(f"{line}\n" for _, line in lines), tuple(n for n, _ in lines))


def _by_name(paste: str) -> dict[str | None, Lines]:
    """Gather what is pasted by name, comments with what follows them; None holds what has no name."""
    found: dict[str | None, Lines] = {}
    remarks: Lines = []
    for name, lines in _sections(paste):
        if name is None and all(_is_remark(line) for _, line in lines):
            remarks += lines
            continue
        found.setdefault(name, []).extend([*remarks, *lines])
        remarks = []
    return found


def _sections(text: str) -> Iterator[tuple[str | None, Lines]]:
    """Cut a text before each name at the beginning of a line; remarks above one are a piece of their own."""
    name: str | None = None
    lines: Lines = []
    remarks: Lines = []
    for numbered in _numbered(text):
        found = NAME.match(numbered[1])
        if found is None and _is_remark(numbered[1]):
            remarks.append(numbered)
        elif found is None:
            lines += [*remarks, numbered]
            remarks = []
        else:
            yield from _pieces((name, lines), (None, remarks))
            name, lines, remarks = found[2], [numbered], []
    yield from _pieces((name, lines), (None, remarks))


def _pieces(*pieces: tuple[str | None, Lines]) -> Iterator[tuple[str | None, Lines]]:
    yield from (piece for piece in pieces if piece[1])


def _is_remark(line: str) -> bool:
    return not line.strip() or line.startswith("#")
