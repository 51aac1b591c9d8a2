"""`/sla log 25`, acknowledged on disk, over the same rows by sqlite3 alone and a bare Bolt echo."""

import sys
from datetime import timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot.sandbox.server import Sandbox
from tests.bench import measure, plain, server, stores
from tests.bench.plain import Rows, Writes

ROUNDS = 200
STEP = timedelta(minutes=20)
"""Between two looks at the clock, so that a day does not fill up with all the rounds."""
FIRST = 1_000
"""Handoffs of the reference are numbered from here."""

Row = dict[str, Any]


def rows() -> list[measure.Row]:
    """Measure the time from a signed request to its answer, in ms."""
    numbers = count(1)
    with (
        TemporaryDirectory() as folder,
        server.started("tests.bench.bench_log", folder) as caller,
    ):
        assert "H-" in caller.said("ours", line(next(numbers)))
        ours, reference = measure.alternated(
            ROUNDS,
            [lambda: caller.command("ours", line(next(numbers))), lambda: caller.command("plain", "")],
        )
    return [
        measure.at_most(2.5, "/sla log 25 over the same rows by sqlite3 and an echo, ms", ours, reference)
    ]


def line(number: int) -> str:
    """Type a batch that was not logged before."""
    return f'log 25 webinar "Campaign {number}" A=6 B=19'


def serve(folder: Path) -> None:
    """Serve a bot, and an echo that writes what the bot writes for one batch."""
    clock = stores.StandingClock(step=STEP)
    for name in ("ours", "plain"):
        stores.with_history(folder / f"{name}.db", 1_000)
    with Sandbox() as sandbox:
        bot = server.build(sandbox, folder / "ours.db", clock).app
        server.serve(
            {"ours": bot, "plain": server.bare(Again(folder / "ours.db", folder / "plain.db").write)}
        )


class Again:
    """Learns from our first batch which rows are written, and writes the same for others of its own."""

    def __init__(self, ours: Path, own: Path) -> None:
        self.ours = stores.plain(ours)
        self.own = stores.plain(own)
        self.before = self._all()
        self.learnt: dict[str, list[Row]] = {}
        self.batches = count(1)

    def _all(self) -> dict[str, Rows]:
        return {table: plain.read(self.ours, table) for table in plain.KEYS}

    def learn(self) -> None:
        """Read what one batch of ours changed."""
        after = self._all()
        self.learnt = {table: plain.changed(self.before[table], after[table]) for table in plain.KEYS}

    def write(self) -> None:
        """Write one more batch."""
        if not self.learnt:
            self.learn()
        number = next(self.batches)
        Writes(
            {table: [_of_batch(table, row, number) for row in rows] for table, rows in self.learnt.items()}
        ).write(self.own)


def _of_batch(table: str, row: Row, number: int) -> Row:
    """Make a row another batch's: its own handoff, keys and campaign."""
    handoff = FIRST + number
    its_own: dict[str, Row] = {
        "handoff": {"id": handoff, "number": handoff, "campaign": f"Campaign {number}"},
        "lead": {"handoff_id": handoff},
        "event": {"id": None, "handoff_id": handoff},
        "delivery": {"key": f"bench.plain.{number}", "made": handoff},
        "notice": {"id": None, "key": f"card:{handoff}", "subject_id": handoff},
        "tally": {"value": f"Campaign {number}"} if row.get("by") == "campaign" else {},
        "workspace": {"next_number": handoff + 1},
    }
    return {**row, **its_own.get(table, {})}


if __name__ == "__main__":
    if sys.argv[1:]:
        serve(Path(sys.argv[1]))
    else:
        measure.tell(rows())
