"""A quarter folded once more under other terms: in how much CPU time, and in how much memory."""

import random
import time
import tracemalloc
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert
from sqlmodel import Session

from bot.database import engine_for, reading, transaction
from bot.demo import cast
from bot.models import Event, Handoff, table_of
from bot.services import agreements, simulate, what_if
from sla_rules.kinds import ActKind
from tests.bench import measure, stores

FEW, MANY = 10_000, 100_000
A_HANDOFF = 25
TIERS = (("A", 2), ("B", 15), ("C", 8))
REASONS = (("outside_icp", "quality"), ("wrong_role", "quality"), ("duplicate", "neutral"))
MOST_S, MOST_MB = 2.0, 10.0
ROUNDS = 5
AT_ONCE = 200
ZONE = ZoneInfo(cast.ZONE)
FIRST_MONDAY = stores.NOW.date() - timedelta(days=80)
WEEKS = 7
"""Over how many weeks the quarter's leads come, so that the clocks of all have run out."""
HOUR, DAY = 3600, 86_400
WORDS = "decide.B=2h touch.B=2 working days hours=08:00-17:00"

Said = tuple[ActKind, int, str | None, Sequence[int], dict[str, Any]]
"""(what, when, by whom, which leads, what else)"""


def rows() -> list[measure.Row]:
    """Simulate a few leads, then many; CPU time, as others work on the same machine."""
    with TemporaryDirectory() as folder:
        of_few, _ = _measured(Path(folder), FEW)
        of_many, held_mb = _measured(Path(folder), MANY)
    told, times = "simulate 100,000 leads", MANY // FEW
    return [
        measure.row(f"{told}, s of CPU", of_many, MOST_S, f"<= {MOST_S:g} s", held=of_many <= MOST_S),
        measure.at_most(1.2, f"{told}, over ten times 10,000, s", of_many, times * of_few),
        measure.row(
            f"{told}, most memory, MB", held_mb, MOST_MB, f"<= {MOST_MB:g} MB", held=held_mb <= MOST_MB
        ),
    ]


def _measured(folder: Path, leads: int) -> tuple[float, float]:
    """Give the seconds that one answer takes, the median of some, and the MB that it allocates at most."""
    engine = engine_for(f"sqlite:///{with_ledger(folder / f'{leads}.db', leads)}")
    seconds = []
    with reading(engine) as session:
        for _ in range(ROUNDS):
            began = time.process_time()
            assert _answer(session) == leads
            seconds.append(time.process_time() - began)
        tracemalloc.start()
        _answer(session)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    engine.dispose()
    return median(seconds), peak / 1e6


def _answer(session: Session) -> int:
    agreed = agreements.by_id(session, 1, 1)
    terms = what_if.read(session, agreed, WORDS)
    assert isinstance(terms, what_if.WhatIf)
    return simulate.fact(session, agreed, terms, cast.MARA.id, stores.NOW).leads


# ---- the store


def with_ledger(path: Path, leads: int) -> Path:
    """Make a store of so many leads: taken by two reps, some refused, each worked to its outcome."""
    engine = stores.signed(path)
    pick = random.Random(11)
    handoffs = leads // A_HANDOFF
    for number in range(1, handoffs + 1, AT_ONCE):
        with transaction(engine) as session:
            for one in range(number, min(number + AT_ONCE, handoffs + 1)):
                at = _morning(one * WEEKS * 5 // (handoffs + 1)) + pick.randrange(6 * HOUR)
                session.execute(insert(table_of(Handoff)), [_handoff(one, at)])
                session.execute(insert(table_of(Event)), list(_events(pick, one, at)))
    engine.dispose()
    return path


def _morning(day: int) -> int:
    """Give nine o'clock on the so many-th working day."""
    weeks, days = divmod(day, 5)
    on = FIRST_MONDAY + timedelta(weeks=weeks, days=days)
    return int(datetime(on.year, on.month, on.day, 9, tzinfo=ZONE).timestamp())


def _handoff(number: int, at: int) -> dict[str, Any]:
    return {
        "id": number,
        "workspace_id": 1,
        "agreement_id": 1,
        "number": number,
        "source": stores.SOURCES[number % 4],
        "campaign": "June",
        "author": cast.MARA.id,
        "day": datetime.fromtimestamp(at, ZONE).date(),
        "handed_over_at": datetime.fromtimestamp(at, ZONE),
        "count": A_HANDOFF,
        "folded_until": stores.NOW,
    }


def _events(pick: random.Random, number: int, at: int) -> Iterator[dict[str, Any]]:
    for seq, (kind, after, actor, leads, data) in enumerate(_acts(pick, number, at), start=1):
        happened_at = datetime.fromtimestamp(at + after, ZONE)
        yield {
            "workspace_id": 1,
            "agreement_id": 1,
            "handoff_id": number,
            "seq": seq,
            "kind": kind.value,
            "actor": actor,
            "happened_at": happened_at,
            "recorded_at": happened_at,
            "leads": list(leads),
            "data": data,
            "undoes": None,
        }


def _acts(pick: random.Random, number: int, at: int) -> list[Said]:
    """Tell the life of a handoff, seconds from its beginning."""
    every = range(1, A_HANDOFF + 1)
    reps = pick.sample(stores.REPS, 2)
    data = {
        "day": datetime.fromtimestamp(at, ZONE).date().isoformat(),
        "source": stores.SOURCES[number % 4],
        "campaign": "June",
        "tiers": [list(tier) for tier in TIERS],
        "arrived_at": at - 600,
    }
    refused = sorted(pick.sample(every, 4))
    mine = [n for n in every if n not in refused]
    theirs = [mine.pop() for _ in range(pick.randrange(5, 16))]
    taken = pick.randrange(300, 8 * HOUR)
    reason, kind = REASONS[number % 3]
    worked = [*_worked(pick, taken, reps[0], mine), *_worked(pick, taken, reps[1], theirs)]
    return [
        (ActKind.HANDED_OVER, 0, cast.MARA.id, every, data),
        (ActKind.POSTED, 2, None, (), {"duty": reps[0]}),
        (ActKind.TAKEN, taken, reps[0], mine, {}),
        (ActKind.TAKEN, taken + 900, reps[1], theirs, {}),
        (ActKind.REJECTED, taken + 1200, reps[0], refused[:3], {"reason": reason, "kind": kind}),
        (ActKind.REJECTED, taken + 1800, reps[1], refused[3:], {"reason": "no_intent", "kind": "quality"}),
        *sorted(worked, key=lambda act: act[1]),
    ]


def _worked(pick: random.Random, after: int, rep: str, leads: Sequence[int]) -> Iterator[Said]:
    """Contact leads a few at a time, and say of each one by one what became of it."""
    at, rest = after + 1900, list(leads)
    while rest:
        some = [rest.pop() for _ in range(min(len(rest), pick.randrange(1, 5)))]
        at += pick.randrange(600, 5 * HOUR)
        yield ActKind.TOUCHED, at, rep, some, {}
        for n in some:
            ends = at + pick.randrange(2 * DAY, 12 * DAY)
            became = pick.choice(("lost", "lost", "recycled", "sql"))
            yield ActKind.OUTCOME, ends, rep, [n], {"outcome": became}
            if became == "sql" and pick.random() < 0.4:
                yield ActKind.OUTCOME, ends + 5 * DAY, rep, [n], {"outcome": "won", "amount": 1_200_000}


if __name__ == "__main__":
    measure.tell(rows())
