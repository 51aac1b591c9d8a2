"""Which statements name rows without naming their workspace: looked for in all that an engine executes."""

import re
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, event
from sqlmodel import SQLModel

import bot.models  # noqa: F401  (fills the metadata)

OWNED = frozenset(table.name for table in SQLModel.metadata.sorted_tables if "workspace_id" in table.c)
VALUE = r"(?:\?|:\w|%\()"
"""How a value stands in a statement, on each database."""
NAMED = re.compile(r"(?:\bFROM|\bJOIN|\bUPDATE|,)\s+(\w+)(?:\s+AS\s+(\w+))?(?![\w.(])")
TO_ONE = re.compile(
    rf"workspace_id\)?\s*(?:=\s*{VALUE}|IN\s*\((?!SELECT))|workspace\.(?:id|team_id)\s*=\s*{VALUE}"
)
FLUSH = "orm/persistence.py"

EVERYWHERE = {
    "outbox._waiting": "what is owed anywhere goes out in one order",
    "outbox.next_due": "the demo's clock steps to whatever is due anywhere",
    "stage._columns": "the same, for deadlines",
    "outbox.recover": "what a dead process held, it held in any workspace",
    "outbox.to_sweep": "second copies are looked for in all workspaces",
    "outbox.claim": "takes by its number what is owed; from then on its own workspace is named",
    "gates.to_probe": "blocked places of all workspaces are tried again every hour",
    "life.due": "agreements of any workspace whose own life goes on",
    "posts.due": "posts that any agreement has to make",
    "limits.due": "leads that any workspace lets through",
    "reactions.open_cards": "cards of all workspaces whose reactions are compared",
    "overdue.queue": "how much is owed is measured for all of them together",
    "overdue.late": "what is late anywhere is counted",
}
"""Functions that look for what is due in all workspaces, and why; what they find is worked on one by one."""
NEAR = 2
"""Such a function, or one that it calls itself."""


@dataclass
class Seen:
    """The statements of an engine."""

    bound: set[str] = field(default_factory=set)
    loose: set[str] = field(default_factory=set)
    asked_by: dict[str, str] = field(default_factory=dict)
    """Who asks without naming a workspace, and may not; and what."""


@contextmanager
def held(engine: Engine) -> Iterator[None]:
    """Hold all that is executed while the block lasts to its workspace."""
    with watched(engine) as seen:
        yield
    assert not seen.asked_by, seen.asked_by


@contextmanager
def watched(engine: Engine) -> Iterator[Seen]:
    """Gather what is executed while the block lasts."""
    seen = Seen()

    def look(_c: Any, _k: Any, statement: str, _p: Any, _x: Any, _many: bool) -> None:  # noqa: FBT001
        if statement in seen.bound:
            return
        if statement not in seen.loose:
            (seen.bound if is_bound(statement) else seen.loose).add(statement)
        if statement in seen.loose and (where := asked_by()) is not None:
            seen.asked_by.setdefault(where, statement)

    event.listen(engine, "before_cursor_execute", look)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", look)


def is_bound(statement: str) -> bool:
    """Say whether each owned table that a statement reads or changes is held to one workspace."""
    if statement.startswith("INSERT"):
        return True
    names = Counter(alias or table for table, alias in NAMED.findall(statement) if table in OWNED)
    if not names:
        return True
    is_one = TO_ONE.search(statement) is not None
    return is_one and all(_times_held(statement, name) >= times for name, times in names.items())


def _times_held(statement: str, name: str) -> int:
    """Count where a table's rows are held to the workspace named, to that of others, or reached by a key."""
    own = rf"\b{name}\.workspace_id\)?"
    ways = (
        rf"{own}\s*=\s*(?:{VALUE}|\w+\.workspace_id)",
        rf"{own}\s+IN\s*\((?!SELECT)",
        rf"\w+\.workspace_id\s*=\s*{own}",
        rf"workspace\.id\s*=\s*{own}",
        rf"{own}\s*=\s*workspace\.id",
        rf"JOIN {name} ON {name}\.id = \w+\.\w+_id\b",
    )
    return sum(len(re.findall(way, statement)) for way in ways)


def asked_by() -> str | None:
    """Name who executes; None where it, or who called it, may ask everywhere, or rows are written back."""
    frame: Any = sys._getframe(2)
    asking: list[str] = []
    while frame is not None and len(asking) < NEAR:
        path = frame.f_code.co_filename
        if path.endswith(FLUSH):
            return None
        if "/bot/" in path and not path.endswith(("bot/database.py", "bot/context.py")):
            asking.append(f"{path.rpartition('/')[2].removesuffix('.py')}.{frame.f_code.co_name}")
        frame = frame.f_back
    return None if EVERYWHERE.keys() & asking else next(iter(asking), None)
