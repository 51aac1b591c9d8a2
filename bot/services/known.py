"""Figures that were read already, kept for as long as the tallies stay what they are."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

from sqlmodel import Session

from bot.database import is_reading
from bot.services.agreements import Agreed

T = TypeVar("T")
MOST = 4096
_KNOWN: dict[Hashable, Any] = {}


def known(session: Session, agreed: Agreed, asked: Hashable, read: Callable[[], T]) -> T:
    """Read what is asked, once for all who ask while the agreement's tallies have the same number.

    Only where nothing is written: there the number and the tallies are of one moment.
    """
    if not agreed.row.tallied or not is_reading(session):
        return read()
    key = (agreed.row.tallied, asked)
    found = _KNOWN.get(key, _KNOWN)
    if found is _KNOWN:
        if len(_KNOWN) >= MOST:
            _KNOWN.clear()
        found = _KNOWN[key] = read()
    return cast("T", found)
