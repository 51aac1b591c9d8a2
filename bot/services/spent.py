"""Where the time of a lead went, on average, in parts that add up as they are shown."""

from collections.abc import Mapping

from sla_rules import fold

MINUTE = 60


def a_lead(total: Mapping[str, int], leads: int) -> list[tuple[str, int]]:
    """Share seconds by part among leads: to the minute, as it is written; what is rounded evens out."""
    if not leads:
        return []
    whole = sum(total.get(part, 0) for part in fold.SPENT) // leads
    unit = MINUTE if whole >= MINUTE else 1
    found, shown, gone = [], 0, 0
    for part in fold.SPENT:
        gone += total.get(part, 0)
        until = gone // (leads * unit) * unit
        found.append((part, until - shown))
        shown = until
    return [(part, seconds) for part, seconds in found if seconds]
