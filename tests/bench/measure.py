"""What every measurement shares: rounds in alternating order, medians, and rows for the table."""

import json
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from statistics import median
from typing import Any

Row = dict[str, Any]
"""what · ours · reference · ratio · bar · held"""


def at_most(bar: float, what: str, ours: float, reference: float) -> Row:
    """Hold ours, over a reference in the same unit, to a ratio."""
    return row(what, ours, reference, f"<= {bar:g}x", held=ours <= bar * reference)


def row(what: str, ours: float, reference: float, bar: str, *, held: bool) -> Row:
    """Make a row of the table."""
    ratio = round(ours / reference, 2)
    return {
        "what": what,
        "ours": round(ours, 3),
        "reference": round(reference, 3),
        "ratio": ratio,
        "bar": bar,
        "held": held,
    }


def millis(act: Callable[[], object]) -> float:
    """Give how long one call takes."""
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1e3


def alternated(rounds: int, acts: Sequence[Callable[[], object]]) -> list[float]:
    """Do all acts in each round, each time in the other order; give each one's median in ms."""
    taken: list[list[float]] = [[] for _ in acts]
    for number in range(rounds):
        order = range(len(acts)) if number % 2 else reversed(range(len(acts)))
        for index in order:
            taken[index].append(millis(acts[index]))
    return [median(times) for times in taken]


def tell(rows: Iterable[Row]) -> None:
    """Hand the rows of a group to the runner."""
    json.dump(list(rows), sys.stdout, indent=1)
