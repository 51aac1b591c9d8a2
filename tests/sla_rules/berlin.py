"""One team's agreement, which the tests of the rules share."""

from datetime import date

from sla_rules.starter import StarterValues, starter

TEAM = StarterValues(
    name="Berlin",
    marketing_lead="UMARA",
    marketing_manager="UMAX",
    marketing_members=["UMARA", "UMIA"],
    sales_lead="USAM",
    sales_manager="USUE",
    sales_members=["USAM", "USOL", "USIA"],
    sales_rota=["USOL", "USIA"],
    zone="Europe/Berlin",
    country="DE",
    subdivision="BE",
    review_on=date(2018, 9, 28),
)
TEXT = starter(TEAM)


def with_(old: str, new: str) -> str:
    """Give the text with one place written otherwise."""
    assert old in TEXT, f"the starter no longer says {old!r}"
    return TEXT.replace(old, new, 1)
