"""Rows of a file from elsewhere, read: what each tells of its lead, and what is wrong or odd about it."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import islice
from zoneinfo import ZoneInfo

from bot.services import dates, log
from sla_rules.kinds import Outcome, Tier

FIELDS = (
    "id",
    "arrived_at",
    "handed_over_at",
    "source",
    "campaign",
    "tier",
    "owner",
    "accepted_at",
    "rejected_at",
    "reason",
    "touched_at",
    "sql_at",
    "won_at",
    "lost_at",
    "amount",
)
AMOUNT = re.compile(
    r"(?:[A-Z]{1,3} ?)?[$€£]? ?"
    r"(?:(?P<plain>\d{1,15}(?:\.\d{1,15})?)"
    r"|(?P<grouped>\d{1,3}(?:,\d{3}){1,4}(?:\.\d\d)?)"
    r"|(?P<comma>\d{1,15},\d\d|\d{1,3}(?:\.\d{3}){1,4},\d\d))"
    r" ?(?:[$€£]|[A-Z]{3})?",
    re.ASCII,
)
"""As 12500.00, $12,500.00 or 12.500,00 €."""
INSTANTS = tuple(name for name in FIELDS if name.endswith("_at"))
NO_SOURCE = "(none)"
REPEATED = "id_repeated"
ROWS_A_TRANSACTION = 500
"""Other processes must be able to write in between."""
ROWS_SORTED = 50_000
"""So many rows are kept in memory to bring those of one day together."""
OUTCOMES = (("sql_at", Outcome.SQL), ("won_at", Outcome.WON), ("lost_at", Outcome.LOST))


@dataclass(frozen=True, slots=True)
class Remark:
    """What is wrong with a line (a fault: it was not taken) or odd about it (a warning: it was)."""

    line: int
    code: str
    value: str
    is_fault: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the file, read."""

    line: int
    id: str
    instants: Mapping[str, datetime]
    source: str = NO_SOURCE
    campaign: str = ""
    tier: Tier = log.DEFAULT_TIER
    owner: str = ""
    reason: str = ""
    amount: int | None = None
    """In hundredths of the agreement's currency."""
    oddities: tuple[Remark, ...] = ()
    """Warnings that the row by itself gives cause for."""

    @property
    def handed_over_at(self) -> datetime | None:
        """A lead whose handover is not told was handed over on arrival."""
        return self.instants.get("handed_over_at") or self.instants.get("arrived_at")


# ---- cells

Lines = Iterable[tuple[int, Mapping[str, str | None]]]
"""Each line's number, and its cells by column."""


def is_day_first(lines: Lines, columns: Mapping[str, str]) -> bool | None:
    """Find out in which order a file has day and month; None where it does not tell."""
    names = [columns[name] for name in INSTANTS if name in columns]
    return dates.is_day_first(_cell(cells[name]) for _, cells in lines for name in names)


def parse(
    lines: Lines, columns: Mapping[str, str], zone: str, *, day_first: bool | None = None
) -> Iterator[Row | Remark]:
    """Read lines by the column that each field is mapped to; a date without a zone is in `zone`."""
    local = ZoneInfo(zone)
    for line, cells in lines:
        values = {name: _cell(cells[column]) for name, column in columns.items()}
        yield _parsed(line, values, local, day_first=day_first)


def _cell(text: str | None) -> str:
    # Not every store can keep a NUL.
    return (text or "").replace("\0", "").strip()


def _parsed(line: int, values: Mapping[str, str], zone: ZoneInfo, *, day_first: bool | None) -> Row | Remark:
    if not values["id"]:
        return Remark(line, "id_missing", "")
    instants = {}
    for name in INSTANTS:
        if text := values.get(name):
            at = read_instant(text, zone, day_first=day_first)
            if at is None:
                return Remark(line, "date_unreadable", f"{name}={text}")
            instants[name] = at
    return Row(
        line=line,
        id=values["id"],
        instants=instants,
        source=values.get("source") or NO_SOURCE,
        campaign=values.get("campaign", ""),
        tier=_tier(values.get("tier", "")) or log.DEFAULT_TIER,
        owner=values.get("owner", ""),
        reason=values.get("reason", ""),
        amount=_amount(values.get("amount", "")),
        oddities=tuple(_oddities(line, values, instants)),
    )


def _oddities(line: int, values: Mapping[str, str], instants: Mapping[str, datetime]) -> Iterator[Remark]:
    """Say what is odd about a row that is taken in all the same."""
    if "rejected_at" in instants and any(name in instants for name, _ in OUTCOMES):
        yield Remark(line, "rejected_with_outcome", values["id"], is_fault=False)
    if (tier := values.get("tier")) and _tier(tier) is None:
        yield Remark(line, "tier_unknown", tier, is_fault=False)
    if (amount := values.get("amount")) and _amount(amount) is None:
        yield Remark(line, "amount_unreadable", amount, is_fault=False)


def read_instant(text: str, zone: ZoneInfo, *, day_first: bool | None = None) -> datetime | None:
    """Read a date or time; None where it is neither."""
    at = dates.read(text, day_first=day_first)
    if at is None or not 1970 < at.year < 9000:  # noqa: PLR2004  (what the store can hold)
        return None
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def _tier(text: str) -> Tier | None:
    return next((tier for tier in Tier if tier == text.upper()), None)


def _amount(text: str) -> int | None:
    found = AMOUNT.fullmatch(text)
    if found is None:
        return None
    by_comma = (found["comma"] or "").replace(".", "").replace(",", ".")
    amount = Decimal(found["plain"] or (found["grouped"] or "").replace(",", "") or by_comma)
    return int(amount * 100) if amount < 10**12 else None


# ---- parts of a file


def parts(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Cut rows into transactions, those of one day together; what only corrects comes last."""
    pending, corrections = iter(rows), list[Row]()
    while block := _one_a_lead(islice(pending, ROWS_SORTED)):
        handed = [(row.handed_over_at, row.line, row) for row in block if row.handed_over_at]
        corrections += [row for row in block if not row.handed_over_at]
        yield from _cut([row for *_, row in sorted(handed)])
    yield from _cut(_one_a_lead(corrections))


def _one_a_lead(rows: Iterable[Row]) -> list[Row]:
    """Put together what rows tell of one lead, so that a file says the same however often it is read."""
    found: dict[str, Row] = {}
    for row in rows:
        found[row.id] = _together(found[row.id], row) if row.id in found else row
    return list(found.values())


def _together(first: Row, later: Row) -> Row:
    """Let the later row tell what happened, and the first where and when the lead was handed over."""
    kept = {name: at for name, at in first.instants.items() if name in ("arrived_at", "handed_over_at")}
    return replace(
        first if kept else later,
        instants={**first.instants, **later.instants, **kept},
        owner=later.owner or first.owner,
        reason=later.reason or first.reason,
        amount=first.amount if later.amount is None else later.amount,
        oddities=(*first.oddities, *later.oddities, Remark(later.line, REPEATED, later.id, is_fault=False)),
    )


def _cut(rows: Sequence[Row]) -> Iterator[list[Row]]:
    return (
        list(rows[start : start + ROWS_A_TRANSACTION]) for start in range(0, len(rows), ROWS_A_TRANSACTION)
    )
