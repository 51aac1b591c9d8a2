"""How often the 80 % range holds the truth: of made-up teams, and of a real funnel where one is at hand.

A real funnel is a folder with two CSV files of leads and of deals, named by BATON_FUNNEL or `--funnel`; the
figures of its leads are of any origin and of each, and a lead counts as kept if it was won within two weeks.
Shares begin with the first deal on record: of the leads before, nobody knows which were won.
"""

import csv
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from math import sqrt
from pathlib import Path

from sla_rules import past
from sla_rules.goals import period_of
from sla_rules.kinds import Per
from sla_rules.past import Day
from tests.bench import measure
from tests.sla_rules import foretold
from tests.sla_rules.foretold import LEVELS, Days, Look

WANTED, LEAST, MOST = 0.8, 0.75, 0.85
TEAMS, EVERY, EVERY_OF_ORIGINS = 40, 19, 3
KEPT_WITHIN = timedelta(days=14)
FUNNEL = "BATON_FUNNEL"


def rows(funnel: str | None) -> Iterator[measure.Row]:
    """Measure the share of ranges that held, of months and weeks together."""
    for kind in LEVELS:
        found: dict[str, list[Look]] = defaultdict(list)
        for per in (Per.MONTH, Per.WEEK):
            for name, looks in foretold.simulated(kind, TEAMS, per, EVERY).items():
                found[name] += looks
        yield from _told(f"{kind} teams", found)
    if funnel:
        every, won_since = _real(Path(funnel))
        for whose, step, origins in (
            ("all leads", 1, {""}),
            ("each origin", EVERY_OF_ORIGINS, every.keys() - {""}),
        ):
            series = {origin: every[origin] for origin in sorted(origins)}
            later = {origin: _since(won_since, days) for origin, days in series.items()}
            found = {"count": _looks(series, step)["count"], "share": _looks(later, step)["share"]}
            yield from _told(f"real funnel, {whose}", found, shows_error=True)


def _told(whose: str, found: Mapping[str, list[Look]], *, shows_error: bool = False) -> Iterator[measure.Row]:
    for name, looks in found.items():
        held, what = foretold.held(looks), f"80 % range of {whose}, {name}: held of {len(looks)}"
        what += f" ±{_error(looks):.2f}" if shows_error else ""
        yield measure.row(what, held, WANTED, "75-85 %", held=LEAST <= held <= MOST)


def _error(looks: list[Look]) -> float:
    """Give the standard error: looks at one period are right or wrong together."""
    held, off = foretold.held(looks), defaultdict[str, float](float)
    for look in looks:
        off[look.period] += look.holds - held
    return sqrt(sum(one**2 for one in off.values())) / len(looks)


def _looks(series: Mapping[str, Days], every: int) -> dict[str, list[Look]]:
    """Foretell from the seventh week on, all periods that are over by the last day."""
    since, until = (pick(on for days in series.values() for on in days) for pick in (min, max))
    found: dict[str, list[Look]] = defaultdict(list)
    for days in series.values():
        for on in list(past.days_between(since + timedelta(weeks=6), until))[::every]:
            for per in (Per.MONTH, Per.WEEK):
                if period_of(on, per).end_on <= until + timedelta(days=1):
                    for name, look in foretold.looks(days, on, per, since=since).items():
                        found[name].append(look)
    return found


def _real(folder: Path) -> tuple[dict[str, Days], date]:
    """Read the days of all leads (named by nothing) and of each origin, and the day of the first deal."""
    won = {row["mql_id"]: date.fromisoformat(row["won_date"][:10]) for row in _rows(folder, "*deals*.csv")}
    delivered: dict[str, Counter[date]] = defaultdict(Counter)
    kept: dict[str, Counter[date]] = defaultdict(Counter)
    for row in _rows(folder, "*leads*.csv"):
        on = date.fromisoformat(row["first_contact_date"])
        for origin in ("", row["origin"] or "(none)"):
            delivered[origin][on] += 1
            kept[origin][on] += won.get(row["mql_id"], date.max) - on <= KEPT_WITHIN
    starts = _first_monday(delivered[""])
    days = {
        origin: {on: Day(kept[origin][on], n, n) for on, n in leads.items()}
        for origin, leads in delivered.items()
    }
    return {origin: _since(starts, one) for origin, one in days.items()}, min(won.values())


def _since(first_on: date, days: Days) -> dict[date, Day]:
    """Leave out what was before the first Monday from a day on."""
    monday = first_on + timedelta(days=-first_on.weekday() % past.WEEK)
    return {on: one for on, one in days.items() if on >= monday}


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
