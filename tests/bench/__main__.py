"""Run the benchmarks, each group in a process of its own; print the table and write bench.json."""

import json
import subprocess
import sys
from pathlib import Path

from tests.bench.measure import Row

GROUPS = ("start", "working_time", "status", "home", "log", "tick", "digest", "posts", "simulate", "forecast")
WRITTEN_TO = Path("bench.json")
COLUMNS = ("what", "ours", "reference", "ratio", "bar", "held")
WIDTHS = (62, 12, 12, 8, 10, 6)


def main(chosen: list[str]) -> int:
    """Measure the groups chosen, or all. A bar that is not held is told, and is no failure."""
    unknown = set(chosen) - set(GROUPS)
    if unknown:
        print(
            f"There is no group {', '.join(sorted(unknown))}; there are {', '.join(GROUPS)}.", file=sys.stderr
        )
        return 2
    print(_line(COLUMNS), flush=True)
    rows: list[Row] = []
    for group in chosen or GROUPS:
        found = _measured(group)
        rows += found
        for row in found:
            print(_line([row[name] for name in COLUMNS]), flush=True)
    WRITTEN_TO.write_text(json.dumps(rows, indent=1) + "\n", "utf-8")
    return 0


def _measured(group: str) -> list[Row]:
    done = subprocess.run(
        [sys.executable, "-m", f"tests.bench.bench_{group}"], check=True, stdout=subprocess.PIPE, text=True
    )
    rows: list[Row] = json.loads(done.stdout)
    return rows


def _line(values: tuple[object, ...] | list[object]) -> str:
    shown = [
        {True: "yes", False: "NO"}.get(value, value) if isinstance(value, bool) else value for value in values
    ]
    return "  ".join(
        str(value).ljust(width) if index == 0 else str(value).rjust(width)
        for index, (value, width) in enumerate(zip(shown, WIDTHS, strict=True))
    ).rstrip()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
