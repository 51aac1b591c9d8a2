"""What was read of an agreement already, kept for as long as nothing happens in it."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

from sqlmodel import Session

from bot.database import is_reading
from bot.services.agreements import Agreed

T = TypeVar("T")
MOST = 4096
_KNOWN: dict[Hashable, Any] = {}


def known(session: Session, agreed: Agreed, asked: Hashable, read: Callable[[], T]) -> T:
    """Read what is asked, once for all who ask before anything happens in the agreement.

    Only where nothing is written: there the agreement's mark and what is read are of one moment.
    """
    if not agreed.row.mark or not is_reading(session):
        return read()
    key = (agreed.row.mark, asked)
    found = _KNOWN.get(key, _KNOWN)
    if found is _KNOWN:
        if len(_KNOWN) >= MOST:
            _KNOWN.clear()
        found = _KNOWN[key] = read()
    return cast("T", found)
