"""What messages say of an export."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ExportFact:
    """A table that goes out as a file."""

    what: str
    """handoffs · leads · clocks · figures"""
    name: str
    """Of the agreement."""
    period_label: str
    start_on: date
    end_on: date
    """The first day that no longer counts."""
    until_on: date | None
    """The last day in it, where the period still runs."""
    rows: int = 0
    is_cut: bool = False
    """There are more rows than stand in the file."""
    names: str = ""
    """Whose leads stand in it by name: all · own; nothing, where the table names none."""
