"""Ten thousand workspaces with a daily progress due at one minute: planned, figured, rendered, queued."""

import itertools
import resource
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

from sqlmodel import Session

from bot.context import Context
from bot.database import engine_for
from bot.gateway import Gateway, Message
from bot.jobs import deliver, posts, rendering
from bot.jobs.sending import Rendered
from bot.models import Notice
from tests.bench import measure, stores

FEW, MANY = 2_000, 10_000
MOST_SECONDS, MOST_GROWTH = 60, 1.2
DAYS = 10
COUNTED = {"delivered": 10, "undecided": 2, "accepted": 6, "rejected_quality": 2, "decide.kept": 7}
PARTS = (("all", ""), ("tier", "A"), ("tier", "B"), ("tier", "C"))
ZONES = ("Berlin", "Paris", "Madrid", "Rome", "Vienna", "Warsaw", "Zurich", "Oslo")
A_TEXT_OF_ITS_OWN = f"""
replace(text, 'Europe/Berlin', 'Europe/' || CASE made % {len(ZONES)}
    {" ".join(f"WHEN {n} THEN '{zone}'" for n, zone in enumerate(ZONES))} END) || '# ' || made
"""
COPIED = {
    "workspace": {"id": "made", "team_id": "'T' || made"},
    "agreement": {"id": "made", "workspace_id": "made", "mark": "made"},
    "agreementversion": {"workspace_id": "made", "agreement_id": "made", "text": A_TEXT_OF_ITS_OWN},
    "handoff": {"id": "made", "workspace_id": "made", "agreement_id": "made"},
    "clock": {"id": "made", "workspace_id": "made", "agreement_id": "made", "handoff_id": "made"},
    "tally": {"workspace_id": "made", "agreement_id": "made"},
}
"""The tables of a workspace, and what in them differs from one to the next."""


def rows() -> Iterator[measure.Row]:
    """Measure seconds, and by how much the most memory ever held grows with five times the workspaces."""
    _run(FEW)
    after_few = _most_memory()
    seconds = _run(MANY)
    what = f"{MANY:,} workspaces due at one minute: planned, figured, rendered, queued, s"
    yield measure.row(what, seconds, MOST_SECONDS, f"<= {MOST_SECONDS} s", held=seconds <= MOST_SECONDS)
    what = f"most memory with {MANY:,} of them, delivered, over {FEW:,}, MB"
    yield measure.at_most(MOST_GROWTH, what, _most_memory(), after_few)


def _run(count: int) -> float:
    """Plan and deliver to a Slack that only nods; give the seconds of all but claiming and writing down."""
    with TemporaryDirectory() as folder:
        path = _workspaces(Path(folder) / "posts.db", count)
        engine, words = engine_for(f"sqlite:///{path}"), Words()
        context = Context(engine, stores.StandingClock(), Nodding())
        began = time.perf_counter()
        assert posts.run(context) == count
        planned = time.perf_counter() - began
        assert deliver.run(context, words.render, lambda *_: None) == count == words.rendered
        engine.dispose()
        return planned + words.seconds


class Words:
    """Renders as delivery does, and adds up how long that takes each of its threads."""

    def __init__(self) -> None:
        self.rendered, self.seconds = 0, 0.0
        self.lock = Lock()

    def render(self, session: Session, notice: Notice, now: datetime) -> Rendered | None:
        began = time.thread_time()
        message = rendering.render(session, notice, now)
        with self.lock:
            self.seconds += time.thread_time() - began
            self.rendered += 1
        return message


class Nodding(Gateway):
    """The Slack of every workspace, which is never called: what is handed to it has arrived."""

    def __init__(self) -> None:
        super().__init__("", "http://127.0.0.1/")
        self.numbers = itertools.count(1)

    def post(
        self, channel: str, message: Message, *, thread_ts: str | None = None, uuid: str
    ) -> tuple[str, str]:
        assert message.blocks
        assert uuid
        assert thread_ts is None
        return channel, f"1780000000.{next(self.numbers):06}"


def _most_memory() -> float:
    """Give the most that was ever resident, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _workspaces(path: Path, count: int) -> Path:
    """Make a workspace with leads and a clock, and as many more like it, due now."""
    stores.with_open_clocks(path, 10)
    connection = stores.plain(path)
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute("BEGIN")
    connection.execute("DELETE FROM clock WHERE id > 1")
    connection.execute("DELETE FROM notice")
    due_at = stores.micros(stores.NOW)
    connection.execute("UPDATE agreement SET next_daily_at = ?, next_digest_at = NULL", (due_at,))
    days = [(stores.NOW - timedelta(days=n)).date().isoformat() for n in range(DAYS)]
    tallies = [(*part, *counted, day) for part in PARTS for counted in COUNTED.items() for day in days]
    connection.executemany(TALLY, tallies)
    for table, own in COPIED.items():
        names = [row["name"] for row in connection.execute(f"PRAGMA table_info({table})")]
        one = "id <= 1" if "id" in own else "workspace_id = 1"
        values = ", ".join(own.get(name, f'"{name}"') for name in names)
        connection.execute(COPY.format(table=table, values=values, one=one), {"count": count})
    connection.execute("COMMIT")
    connection.close()
    return path


TALLY = """
INSERT INTO tally (workspace_id, agreement_id, "by", value, measure, n, day) VALUES (1, 1, ?, ?, ?, ?, ?)
"""
COPY = """
WITH RECURSIVE copy (made) AS (SELECT 2 UNION ALL SELECT made + 1 FROM copy WHERE made < :count)
INSERT INTO {table} SELECT {values} FROM copy, {table} WHERE {one}
"""


if __name__ == "__main__":
    measure.tell(rows())
