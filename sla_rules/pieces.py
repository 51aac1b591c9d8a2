"""A text in pieces, each changed by itself: a section, or one item of a list."""

import json
from dataclasses import dataclass, replace
from hashlib import sha256

from sla_rules.compare import ITEMS
from sla_rules.strict_yaml import Path, Plain, load

ABOUT = "about"
"""The piece above all sections: name and locale."""

Data = dict[str, Plain]


@dataclass(frozen=True, slots=True)
class Piece:
    """What one form is about, and how it read when the form was opened."""

    base: Path
    """`("clocks",)`, or `("goals", 3)`; beyond the end of a list it is a new item."""
    seen: str
    """The fingerprint of what stood there."""
    identity: tuple[str, ...] = ()
    """By which an item is found again after it moved or changed; empty for a new one."""

    @property
    def section(self) -> str:
        return str(self.base[0])


def data_of(text: str) -> Data:
    """Read a text that was checked before."""
    data = load(text).data
    if not isinstance(data, dict):
        raise TypeError("no agreement's text")
    return data


def at(data: Plain | None, path: Path) -> Plain | None:
    """Find what is written at a path; None where nothing is."""
    if path == (ABOUT,) and isinstance(data, dict):
        return {name: data[name] for name in ("name", "locale") if name in data}
    for part in path:
        if isinstance(data, dict):
            data = data.get(str(part))
        elif isinstance(data, list) and isinstance(part, int):
            data = data[part] if part < len(data) else None
        else:
            return None
    return data


def piece_at(data: Data, base: Path) -> Piece:
    """Take up a piece as it reads now."""
    found = at(data, base)
    return Piece(base, fingerprint(found), _identity(str(base[0]), found) if len(base) > 1 else ())


def fingerprint(found: Plain | None) -> str:
    """Give the hash by which is seen that somebody else wrote there meanwhile."""
    return sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()


def found_again(data: Data, piece: Piece) -> Piece:
    """Find where a piece stands now; an item that is gone would be a new one."""
    items = data.get(piece.section, [])
    if len(piece.base) == 1 or not isinstance(items, list):
        return piece
    names = [_identity(piece.section, item) for item in items]
    prints = [fingerprint(item) for item in items]
    if piece.identity and piece.seen in prints:
        place = prints.index(piece.seen)
    else:
        place = names.index(piece.identity) if piece.identity in names else len(items)
    return replace(piece, base=(piece.section, place))


def is_as_seen(data: Data, piece: Piece) -> bool:
    """Say whether nobody wrote in this piece since the form was opened."""
    return fingerprint(at(data, piece.base)) == piece.seen


def _identity(section: str, item: Plain | None) -> tuple[str, ...]:
    if section not in ITEMS or not isinstance(item, dict):
        return ()
    names, _ = ITEMS[section]
    return tuple(str(item.get(name, "")) for name in names)
