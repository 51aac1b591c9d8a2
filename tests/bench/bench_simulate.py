"""A quarter of 100,000 leads folded once more under other terms, and where the time of it goes."""

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from bot.database import transaction
from bot.demo import cast
from bot.models import Event, Handoff, table_of
from sla_rules.kinds import ActKind
from tests.bench import measure, stores

LEADS = 100_000
A_HANDOFF = 25
FIRST_DAY = date(2026, 4, 1)
DAYS = 65
"""Working days of the quarter."""
AT_ONCE = 500
REASONS = (("outside_icp", "quality"), ("wrong_role", "quality"), ("duplicate", "neutral"))
TIERS = (("A", 2), ("B", 15), ("C", 8))
HOUR = 3600


def with_ledger(path: Path, leads: int) -> Path:
    """Make a store of a quarter's handoffs: taken by two reps, some refused, each worked to its outcome."""
    engine = stores.signed(path)
    pick = random.Random(11)
    handoffs = leads // A_HANDOFF
    for first in range(1, handoffs + 1, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, handoffs + 1))
        begun = [(number, _morning(number * DAYS // (handoffs + 1)) + pick.randrange(6 * HOUR)) for number in numbers]
        with transaction(engine) as session:
            session.execute(insert(table_of(Handoff)), [_handoff(number, at) for number, at in begun])
            session.execute(
                insert(table_of(Event)), [row for number, at in begun for row in _events(pick, number, at)]
            )
    engine.dispose()
    return path


def _morning(day: int) -> int:
    """Give nine o'clock on the so many-th working day of the quarter."""
    weeks, days = divmod(day, 5)
    on = FIRST_DAY - timedelta(days=2) + timedelta(weeks=weeks, days=days)
    return int(datetime(on.year, on.month, on.day, 9, tzinfo=ZoneInfo(cast.ZONE)).timestamp())


def _at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, ZoneInfo(cast.ZONE))


def _handoff(number: int, at: int) -> dict[str, Any]:
    return {
        "id": number, "workspace_id": 1, "agreement_id": 1, "number": number,
        "source": stores.SOURCES[number % 4], "campaign": "June", "author": cast.MARA.id,
        "day": _at(at).date(), "handed_over_at": _at(at), "count": A_HANDOFF, "folded_until": _at(at),
    }


def _events(pick: random.Random, number: int, at: int) -> Iterator[dict[str, Any]]:
    """Write what happens to a handoff: most of it in time, single leads as reps get to them."""
    for seq, (kind, after, actor, leads, data) in enumerate(_acts(pick, number, at), start=1):
        yield {
            "workspace_id": 1, "agreement_id": 1, "handoff_id": number, "seq": seq, "kind": kind.value,
            "actor": actor, "happened_at": _at(at + after), "recorded_at": _at(at + after),
            "leads": list(leads), "data": data, "undoes": None,
        }


def _acts(pick, number, at):
    every = range(1, A_HANDOFF + 1)
    reps = pick.sample(stores.REPS, 2)
    data = {"day": _at(at).date().isoformat(), "source": stores.SOURCES[number % 4], "campaign": "June",
            "tiers": [list(tier) for tier in TIERS], "arrived_at": at - 600}
    yield ActKind.HANDED_OVER, 0, cast.MARA.id, every, data
    yield ActKind.POSTED, 2, None, (), {"duty": reps[0]}
    refused = sorted(pick.sample(every, 4))
    rest = [n for n in every if n not in refused]
    half = pick.randrange(5, 16)
    reason, kind = REASONS[number % 3]
    taken = pick.randrange(300, 8 * HOUR)
    yield ActKind.TAKEN, taken, reps[0], rest[:half], {}
    yield ActKind.TAKEN, taken + 900, reps[1], rest[half:], {}
    yield ActKind.REJECTED, taken + 1200, reps[0], refused[:3], {"reason": reason, "kind": kind}
    yield ActKind.REJECTED, taken + 1800, reps[1], refused[3:], {"reason": "no_intent", "kind": "quality"}
    work = []
    for rep, mine in ((reps[0], rest[:half]), (reps[1], rest[half:])):
        when = taken + 1900
        while mine:
            some, mine = mine[: (n := pick.randrange(1, 5))], mine[n:]
            when += pick.randrange(600, 5 * HOUR)
            work.append((ActKind.TOUCHED, when, rep, some, {}))
            for lead in some:
                ends = when + pick.randrange(2 * 86400, 12 * 86400)
                what = pick.choice(("lost", "lost", "recycled", "sql"))
                work.append((ActKind.OUTCOME, ends, rep, [lead], {"outcome": what}))
                if what == "sql" and pick.random() < 0.4:
                    work.append((ActKind.OUTCOME, ends + 86400 * 5, rep, [lead], {"outcome": "won", "amount": 1200000}))
    yield from sorted(work, key=lambda act: act[1])
