"""How other systems call the columns of leads: HubSpot, Salesforce, and people in their own sheets."""

import re
from collections.abc import Mapping, Sequence

USUAL = {
    "id": ("id", "lead id", "mql id", "record id", "contact id", "email"),
    "handed_over_at": (
        *("handed over at", "handed over", "mql date", "became a marketing qualified lead date"),
        *("date entered marketing qualified lead lifecycle stage pipeline", "first contact date"),
        *("created", "created at", "created date", "create date", "date"),
    ),
    "arrived_at": ("arrived at", "arrived", "became a lead date", "created date", "create date"),
    "source": ("source", "lead source", "original source", "original traffic source", "origin"),
    "campaign": ("campaign", "campaign name"),
    "tier": ("tier", "lead tier"),
    "owner": ("owner", "lead owner", "contact owner"),
    "accepted_at": ("accepted at", "accepted", "taken"),
    "rejected_at": ("rejected at", "rejected", "disqualified"),
    "reason": ("reason", "rejection reason", "disqualification reason"),
    "touched_at": (
        *("touched at", "touched", "first touch", "contacted", "first contacted"),
        *("first outreach date", "first activity date"),
    ),
    "sql_at": (
        *("sql at", "sql", "sql date", "became a sales qualified lead date", "converted date"),
        "date entered sales qualified lead lifecycle stage pipeline",
    ),
    "won_at": ("won at", "won", "won date", "became a customer date"),
    "lost_at": ("lost at", "lost", "lost date"),
    "amount": ("amount", "deal amount", "recent deal amount"),
}
"""What columns are called, in small letters, the likeliest first; no column is two fields."""
APART = re.compile(r"[^a-z0-9]+")


def guessed(columns: Sequence[str], told: Mapping[str, str]) -> dict[str, str]:
    """Find the column of each field: as it was told, else by its usual names."""
    named = {APART.sub(" ", column.casefold()).strip(): column for column in reversed(columns)}
    found = dict(told)
    for field, names in USUAL.items():
        free = (named[name] for name in names if name in named and named[name] not in found.values())
        if field not in found and (column := next(free, None)):
            found[field] = column
    return found
