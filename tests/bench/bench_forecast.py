"""How often the 80 % range holds the truth: of made-up teams, and of a real funnel where one is at hand.

A real funnel is a folder with two CSV files of leads and of deals, named by BATON_FUNNEL or `--funnel`; the
figures of its leads are of any origin and of each, and a lead counts as kept if it was won within two weeks.
"""

import csv
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

from sla_rules.kinds import Per
from sla_rules.past import Day
from tests.bench import measure
from tests.sla_rules import foretold
from tests.sla_rules.foretold import LEVELS, Look

WANTED, LEAST, MOST = 0.8, 0.75, 0.85
TEAMS, EVERY = 40, 13
KEPT_WITHIN = timedelta(days=14)
FUNNEL = "BATON_FUNNEL"
Series = Mapping[str, Mapping[date, Day]]


def rows(funnel: str | None) -> Iterator[measure.Row]:
    """Measure the share of ranges that held, of months and weeks, counts and shares."""
    for kind in LEVELS:
        for per in (Per.MONTH, Per.WEEK):
            for name, looks in foretold.simulated(kind, TEAMS, per, EVERY).items():
                yield _row(f"{kind} teams, {name} of the {per}", looks)
    if funnel:
        series = _real(Path(funnel))
        for per in (Per.MONTH, Per.WEEK):
            for name, looks in _looks(series, per).items():
                yield _row(f"real funnel, {name} of the {per}", looks)


def _row(what: str, looks: list[Look]) -> measure.Row:
    held = foretold.held(looks)
    return measure.row(
        f"{what}, {len(looks)} times: held", held, WANTED, "75-85 %", held=LEAST <= held <= MOST
    )


def _looks(series: Series, per: Per) -> dict[str, list[Look]]:
    """Foretell each day from the seventh week on: of all leads together, and of each origin."""
    found: dict[str, list[Look]] = defaultdict(list)
    for origin, days in series.items():
        since, until = min(series[""]), max(series[""])
        on = since + timedelta(weeks=6)
        while on <= until:
            # What the last day is in is not over where the file ends.
            for name, look in foretold.looks(days, on, per, since=since).items():
                if _is_over(on, per, until):
                    found[f"{name} of {'an origin' if origin else 'all'}"].append(look)
            on += timedelta(days=1)
    return found


def _is_over(on: date, per: Per, until: date) -> bool:
    return foretold.period_of(on, per).end_on <= until + timedelta(days=1)


def _real(folder: Path) -> Series:
    """Read the days of all leads (named by nothing) and of each origin, from the first full week on."""
    won = {row["mql_id"]: date.fromisoformat(row["won_date"][:10]) for row in _rows(folder, "*deals*.csv")}
    delivered: dict[str, Counter[date]] = defaultdict(Counter)
    kept: dict[str, Counter[date]] = defaultdict(Counter)
    for row in _rows(folder, "*leads*.csv"):
        on = date.fromisoformat(row["first_contact_date"])
        for origin in ("", row["origin"] or "(none)"):
            delivered[origin][on] += 1
            kept[origin][on] += won.get(row["mql_id"], date.max) - on <= KEPT_WITHIN
    starts = _first_monday(delivered[""])
    return {
        origin: {on: Day(kept[origin][on], n, n) for on, n in days.items() if on >= starts}
        for origin, days in delivered.items()
    }


def _first_monday(days: Counter[date]) -> date:
    """Find the Monday of the first week in which leads came on five days: before, it was only tried."""
    by_week = Counter(on - timedelta(days=on.weekday()) for on in days)
    return min(monday for monday, n in by_week.items() if n >= 5)


def _rows(folder: Path, pattern: str) -> Iterator[dict[str, str]]:
    for path in folder.glob(pattern):
        with path.open(newline="", encoding="utf-8") as file:
            yield from csv.DictReader(file)


if __name__ == "__main__":
    named = sys.argv[sys.argv.index("--funnel") + 1] if "--funnel" in sys.argv else os.environ.get(FUNNEL)
    measure.tell(rows(named))
