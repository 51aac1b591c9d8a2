"""What was read of an agreement already, kept for as long as nothing happens in it."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

from sqlmodel import Session

from bot.database import is_reading

T = TypeVar("T")
MOST = 4096
_KNOWN: dict[Hashable, Any] = {}


def known(session: Session, mark: int, asked: Hashable, read: Callable[[], T]) -> T:
    """Read what is asked, once for all who ask while the agreement has this mark.

    Only where nothing is written: there the mark and what is read are of one moment.
    """
    if not mark or not is_reading(session):
        return read()
    key = (mark, asked)
    found = _KNOWN.get(key, _KNOWN)
    if found is _KNOWN:
        if len(_KNOWN) >= MOST:
            _KNOWN.clear()
        found = _KNOWN[key] = read()
    return cast("T", found)
