"""A tick with 100 due of many open clocks, over the same rows by sqlite3 alone, and over fewer clocks."""

import shutil
import sqlite3
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from bot.context import Context
from bot.database import engine_for
from bot.gateway import Gateway
from bot.jobs import tick
from tests.bench import measure, plain, stores
from tests.bench.plain import Rows, Writes

FEW, MANY = 1_000, 1_000_000
DUE = 100
ROUNDS = 15
SMALL_TABLES = ("workspace", "tally")


def rows() -> list[measure.Row]:
    """Measure ticks a day apart, half of whose clocks are to be warned of and half of which break, in ms."""
    with TemporaryDirectory() as folder:
        worlds = [Ticking(Path(folder), clocks) for clocks in (FEW, MANY)]
        for number in range(ROUNDS + 1):
            for world in worlds if number % 2 else reversed(worlds):
                world.round(number)
    few, many = worlds
    return [
        measure.at_most(3, "tick, 100 of 1,000,000 due, over sqlite3, ms", many.ours(), many.reference()),
        measure.at_most(1.3, "tick, 100 of 1,000,000 due, over 1,000, ms", many.ours(), few.ours()),
    ]


class Ticking:
    """A store that ticks, and a copy in which sqlite3 writes the same rows."""

    def __init__(self, folder: Path, clocks: int) -> None:
        path = stores.with_open_clocks(folder / f"{clocks}.db", clocks)
        copy = Path(shutil.copy(path, folder / f"{clocks}-plain.db"))
        self.clock = stores.StandingClock()
        self.context = Context(engine_for(f"sqlite:///{path}"), self.clock, Gateway("", "http://127.0.0.1/"))
        self.connection = stores.plain(path)
        self.copy = stores.plain(copy)
        self.times: list[tuple[float, float]] = []

    def round(self, number: int) -> None:
        """Let a hundred clocks fall due, tick, and write the same again; the first round warms up."""
        self.clock.at = _working_day(number)
        due = _fall_due(self.connection, number, self.clock.at)
        _fall_due(self.copy, number, self.clock.at)
        before = self._read(due)
        ours = measure.millis(self._tick)
        after = self._read(due)
        writes = Writes({table: plain.changed(before[table], after[table]) for table in after})
        assert writes.count() > DUE
        reference = measure.millis(lambda: writes.write(self.copy))
        if number:
            self.times.append((ours, reference))

    def _tick(self) -> None:
        assert tick.run(self.context) == DUE

    def _read(self, due: list[int]) -> Mapping[str, Rows]:
        ids = ", ".join(map(str, due))
        cards = f"key IN (SELECT 'card:' || handoff_id FROM clock WHERE id IN ({ids})) OR kind != 'card'"
        return {
            "clock": plain.read(self.connection, "clock", f"id IN ({ids})"),
            "notice": plain.read(self.connection, "notice", cards),
            **{table: plain.read(self.connection, table) for table in SMALL_TABLES},
        }

    def ours(self) -> float:
        return median(ours for ours, _ in self.times)

    def reference(self) -> float:
        return median(reference for _, reference in self.times)


def _working_day(number: int) -> datetime:
    """Give ten o'clock on so many working days later."""
    weeks, days = divmod(number, 5)
    return stores.NOW + timedelta(days=4 + 7 * weeks + days)


def _fall_due(connection: sqlite3.Connection, number: int, now: datetime) -> list[int]:
    """Let a hundred clocks of as many handoffs as there are be due for a look, every second one broken."""
    most = connection.execute("SELECT max(id) FROM clock").fetchone()[0]
    ids = [(number * DUE + n) * max(1, most // (DUE * (ROUNDS + 1))) % most + 1 for n in range(DUE)]
    at = stores.micros(now)
    rows: list[tuple[Any, ...]] = [
        (at, at - 1_000_000, at if n % 2 else at + 90 * 86_400_000_000, "warned" if n % 2 else "", clock_id)
        for n, clock_id in enumerate(ids)
    ]
    connection.execute("BEGIN")
    connection.executemany(
        "UPDATE clock SET look_at = ?, warn_at = ?, breaks_at = ?, rung = ? WHERE id = ?", rows
    )
    # What broke in an earlier round climbs further another time: warnings and breaches are measured.
    connection.execute("UPDATE clock SET look_at = NULL WHERE look_at < ? AND rung = 'breached'", (at,))
    connection.execute("UPDATE workspace SET look_at = ?", (at,))
    connection.execute("COMMIT")
    return ids


if __name__ == "__main__":
    measure.tell(rows())
