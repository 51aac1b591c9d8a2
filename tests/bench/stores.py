"""Stores to measure on: an agreement in force, and as many leads or open clocks as asked for."""

import random
import sqlite3
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session

from bot import store
from bot.database import engine_for, transaction
from bot.demo import cast
from bot.models import Workspace
from bot.services import people, setup, versions, workspaces
from sla_rules.funnel import bucket_of

TEAM = "T0SANDBOX"
NOW = datetime(2026, 6, 18, 8, 0, tzinfo=UTC)
"""A Thursday, 10:00 in Berlin."""
SIGNED_AT = NOW - timedelta(days=100)
DAYS = 60
"""Over how many days the history is spread, however many leads there are."""
A_HANDOFF = 20
OPEN_HANDOFFS = 30
SOURCES = ("webinar", "content", "partner", "newsletter")
REPS = tuple(one.id for one in cast.REPS)
TIERS = ("A", "B", "C")


@dataclass
class StandingClock:
    """A clock that goes on by as much at each look; by nothing, if not told otherwise."""

    at: datetime = NOW
    step: timedelta = timedelta()

    def now(self) -> datetime:
        self.at += self.step
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


def signed(path: Path) -> Engine:
    """Make a store in which the demo's people have their agreement in force and nothing has happened."""
    engine = engine_for(f"sqlite:///{path}")
    store.migrate(engine)
    with transaction(engine) as session:
        workspace = workspaces.remember(session, TEAM, "Bench", "U0BATON", SIGNED_AT)
        for one in cast.EVERYONE:
            user = {"id": one.id, "name": one.name, "tz": cast.ZONE}
            people.remember(session, workspace.id or 0, TEAM, user, NOW)
        _sign(session, workspace)
    return engine


def _sign(session: Session, workspace: Workspace) -> None:
    # Limits are looked at and none is reached: what waits for a year would be measured instead.
    text = cast.agreement(date(2026, 9, 1)).replace("B and C: 10 ", "B and C: 100000 ")
    proposal = setup.Proposal(text, cast.CHANNEL, cast.MARA.id)
    agreed = setup.create(session, workspace.id or 0, proposal, SIGNED_AT, "bench")
    text_hash = versions.named(session, agreed, 1).sha256
    for lead in (cast.MARA, cast.SAM):
        agreed = versions.sign(session, agreed, 1, text_hash, lead.id, SIGNED_AT)


def plain(path: Path) -> sqlite3.Connection:
    """Open a store by sqlite3 alone, as safe as ours: what was committed is on disk."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    return connection


def micros(at: datetime) -> int:
    """Give an instant as the store keeps it."""
    return int(at.timestamp()) * 1_000_000


def with_history(path: Path, leads: int) -> Path:
    """Make a store with so many decided leads in the last sixty days, and a few handoffs still open."""
    signed(path).dispose()
    connection = plain(path)
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute("BEGIN")
    _spans(connection)
    _handoffs(connection, leads // A_HANDOFF, waiting=0)
    connection.execute(DECIDED_LEADS, {"leads": leads, "a_handoff": A_HANDOFF, **_instants()})
    for by, value in (
        ("all", "''"),
        ("tier", "tier"),
        ("rep", "owner"),
        ("source", "(SELECT source FROM handoff WHERE id = handoff_id)"),
    ):
        connection.execute(TALLIES.format(by=by, value=value))
    connection.execute("UPDATE agreement SET mark = ?", (leads,))
    _handoffs(connection, OPEN_HANDOFFS, waiting=A_HANDOFF)
    _open_clocks(connection, OPEN_HANDOFFS, OPEN_HANDOFFS * 2)
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return path


def with_open_clocks(path: Path, clocks: int) -> Path:
    """Make a store with so many open clocks, ten on each handoff, none of them due for a long time."""
    signed(path).dispose()
    connection = plain(path)
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute("BEGIN")
    handoffs = clocks // 10
    _handoffs(connection, handoffs, waiting=A_HANDOFF)
    _open_clocks(connection, handoffs, clocks)
    connection.execute(CARDS, {"now": micros(NOW), "channel": cast.CHANNEL})
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return path


def _instants() -> dict[str, int]:
    return {"now": micros(NOW), "day": 86_400_000_000}


def _spans(connection: sqlite3.Connection) -> None:
    """Lay out plausible working seconds, each with its bucket."""
    pick = random.Random(7)
    connection.execute("CREATE TEMP TABLE span (i INTEGER PRIMARY KEY, s INT, bucket INT)")
    seconds = [int(pick.lognormvariate(8.5, 1.2)) + 1 for _ in range(997)]
    rows = [(i, s, bucket_of(s)) for i, s in enumerate(seconds)]
    connection.executemany("INSERT INTO span VALUES (?, ?, ?)", rows)


def _handoffs(connection: sqlite3.Connection, count: int, *, waiting: int) -> None:
    first = connection.execute("SELECT coalesce(max(id), 0) FROM handoff").fetchone()[0]
    numbers = range(first + 1, first + count + 1)
    days = [NOW.date() - timedelta(days=DAYS - n * DAYS // (count + 1)) for n in range(count)]
    at = micros(NOW)
    rows = (
        (n, n, SOURCES[n % 4], day.isoformat(), at - 86_400_000_000, A_HANDOFF, waiting, waiting, at)
        for n, day in zip(numbers, days, strict=True)
    )
    connection.executemany(HANDOFF, rows)
    connection.execute("UPDATE workspace SET next_number = ?", (first + count + 1,))


def _open_clocks(connection: sqlite3.Connection, handoffs: int, clocks: int) -> None:
    """Let clocks run that nobody must look at for months, on the newest handoffs."""
    last = connection.execute("SELECT max(id) FROM handoff").fetchone()[0]
    at, day = micros(NOW), 86_400_000_000
    rows = (
        (
            last - n % handoffs,
            f"decide:{n}",
            TIERS[n % 3],
            REPS[n % len(REPS)],
            at - day,
            at + 90 * day + n * 1_000,
            at + 80 * day + n * 1_000,
            at + 90 * day + n * 1_000,
            at + 80 * day + n * 1_000,
        )
        for n in range(clocks)
    )
    connection.executemany(CLOCK, rows)
    connection.execute("UPDATE workspace SET look_at = (SELECT min(look_at) FROM clock)")


HANDOFF = """
INSERT INTO handoff (id, workspace_id, agreement_id, number, source, campaign, author, state, is_trial,
    is_imported, day, handed_over_at, count, held, waiting, undecided, left_out, fingerprint,
    folded_until, revision)
VALUES (?, 1, 1, ?, ?, 'June', 'U0MARA', 'open', 0, 0, ?, ?, ?, 0, ?, ?, 0, '', ?, 1)
"""

DECIDED_LEADS = """
WITH RECURSIVE number (k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM number WHERE k + 1 < :leads)
INSERT INTO lead (workspace_id, handoff_id, n, agreement_id, tier, state, owner, day, handed_over_at,
    taken_at, touched_at, ended_at, outcome, take_s, touch_s)
SELECT 1, handoff.id, k % :a_handoff + 1, 1, substr('ABC', k % 3 + 1, 1), 'closed',
    CASE k % 3 WHEN 0 THEN 'U0SAM' WHEN 1 THEN 'U0RITA' ELSE 'U0THEO' END,
    handoff.day, handoff.handed_over_at, :now - :day / 2, :now - :day / 4, :now - :day / 8,
    CASE k % 7 WHEN 0 THEN 'won' ELSE 'lost' END, span.s, span.s
FROM number JOIN handoff ON handoff.id = k / :a_handoff + 1 JOIN temp.span ON span.i = k % 997
"""

TALLIES = """
INSERT INTO tally (workspace_id, agreement_id, "by", value, measure, day, n)
WITH fact AS (SELECT {value} AS value, day, touch_s, outcome, n FROM lead),
counted AS (
    SELECT value, 'delivered' AS measure, day, count(*) AS n FROM fact GROUP BY 1, 3
    UNION ALL SELECT value, 'accepted', day, count(*) FROM fact GROUP BY 1, 3
    UNION ALL SELECT value, outcome, day, count(*) FROM fact GROUP BY 1, 2, 3
    UNION ALL SELECT value, 'touch.n', day, count(*) FROM fact GROUP BY 1, 3
    UNION ALL SELECT value, 'touch.sum', day, sum(touch_s) FROM fact GROUP BY 1, 3
    UNION ALL SELECT value, 'touch.b' || bucket, day, count(*) FROM fact JOIN temp.span ON s = touch_s
        GROUP BY 1, 2, 3
    UNION ALL SELECT value, kind || fate, day, count(*) FROM fact
        JOIN (SELECT 'decide.' AS kind UNION SELECT 'first_touch.' UNION SELECT 'outcome.'
            UNION SELECT 'handover.')
        JOIN (SELECT 'kept' AS fate, 0 AS rest UNION SELECT 'late', 1) ON (n % 5 = 0) = rest GROUP BY 1, 2, 3
)
SELECT 1, 1, '{by}', value, measure, day, n FROM counted
"""

CLOCK = """
INSERT INTO clock (workspace_id, agreement_id, handoff_id, key, kind, tier, owner, version, started_at,
    due_at, warn_at, breaks_at, state, waiting, kept, late, counting, lapses, rung, look_at)
VALUES (1, 1, ?, ?, 'decide', ?, ?, 1, ?, ?, ?, ?, 'running', 2, 0, 0, 2, 0, '', ?)
"""

CARDS = """
INSERT INTO notice (workspace_id, agreement_id, key, kind, place, subject_id, about, uuid, state, counts,
    channel_id, ts, wanted, shown, attempts, is_plain, fence, not_before, created_at)
SELECT 1, 1, 'card:' || id, 'card', :channel, id, '{}', 'bench-' || id, 'shown', 0, :channel,
    '1700000000.' || substr('000000' || id, -6), 1, 1, 0, 0, 1, :now, :now FROM handoff
"""
