"""`/sla status` over a bare Bolt echo behind the same server, and with a thousand times the leads."""

import sys
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bot.sandbox.server import Sandbox
from tests.bench import measure, server, stores

FEW, MANY = 1_000, 1_000_000
ROUNDS = 400


def rows() -> list[measure.Row]:
    """Measure the time from a signed request to its answer, in ms."""
    with TemporaryDirectory() as folder:
        few, many = (stores.with_history(Path(folder) / f"{leads}.db", leads) for leads in (FEW, MANY))
        with server.started("tests.bench.bench_status", few, many) as caller:
            for store in ("few", "many"):
                assert "Sales" in caller.said(store, "")
            echo, of_few, of_many = measure.alternated(
                ROUNDS,
                [
                    lambda: caller.command("echo", ""),
                    lambda: caller.command("few", ""),
                    lambda: caller.command("many", ""),
                ],
            )
            first_of_few, first_of_many = _after_a_change(caller, few, many)
    return [
        measure.at_most(2, "/sla status over a bare Bolt echo, same server, ms", of_few, echo),
        measure.at_most(1.2, "/sla status with 1,000,000 leads over 1,000, ms", of_many, of_few),
        measure.at_most(
            # Above a thousand values a median comes from buckets, of which a month has at most so many.
            2,
            "the same, first ask after a change, 1,000,000 over 1,000, ms",
            first_of_many,
            first_of_few,
        ),
    ]


def _after_a_change(caller: server.Caller, few: Path, many: Path) -> tuple[float, float]:
    """Ask after each change for the first time, when nothing is known any more."""
    asked = {"few": stores.plain(few), "many": stores.plain(many)}
    taken: dict[str, list[float]] = {name: [] for name in asked}
    for number in range(ROUNDS):
        for name in sorted(asked, reverse=bool(number % 2)):
            asked[name].execute("UPDATE agreement SET mark = abs(random() >> 2)")
            asked[name].commit()
            taken[name].append(measure.millis(partial(caller.command, name, "")))
    return median(taken["few"]), median(taken["many"])


def serve(few: Path, many: Path) -> None:
    """Serve an echo and two bots."""
    with Sandbox() as sandbox:
        bots = {
            name: server.build(sandbox, path, stores.StandingClock()).app
            for name, path in (("few", few), ("many", many))
        }
        server.serve({"echo": server.bare(), **bots})


if __name__ == "__main__":
    if sys.argv[1:]:
        serve(*map(Path, sys.argv[1:]))
    else:
        measure.tell(rows())
