"""The agreement that a new team starts from, filled with its own people, hours and figures."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files

from sla_rules.kinds import Locale
from sla_rules.strict_yaml import UNSEEN

LONGEST_NAME = 80
PLAIN = re.compile(r"[A-Za-z0-9]+([ _/.-][A-Za-z0-9]+)*")
"""Text that YAML reads as itself; anything else is put in quotes."""

Written = str | Sequence[str] | Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class StarterValues:
    """What a team must say for itself; people are Slack IDs, `hours` as in `{"mon-fri": "09:00-17:00"}`."""

    marketing_lead: str
    marketing_manager: str
    sales_lead: str
    sales_manager: str
    review_on: date
    marketing_members: Sequence[str] = ()
    sales_members: Sequence[str] = ()
    sales_rota: Sequence[str] = ()
    """Without a rota all members of Sales take turns."""
    name: str = "Marketing and Sales"
    locale: Locale = Locale.EN
    zone: str = "UTC"
    hours: Mapping[str, str] = field(default_factory=lambda: {"mon-fri": "09:00-17:00"})
    country: str | None = None
    subdivision: str | None = None
    leads_a_month: int = 240
    observe_until: date | None = None


def starter(values: StarterValues) -> str:
    """Write the starter's text with a team's values; no value can become anything but the text it is."""
    name = "starter.yml" if values.locale is Locale.EN else f"starter.{values.locale}.yml"
    text = files("sla_rules").joinpath(name).read_text(encoding="utf-8")
    filled = {name: _yaml(value) for name, value in _written(values).items()}
    return re.sub(r"\$\{(\w+)\}", lambda match: filled[match[1]], text)


def _written(values: StarterValues) -> dict[str, Written]:
    marketing = _with(values.marketing_lead, values.marketing_members)
    sales = _with(values.sales_lead, values.sales_members)
    return {
        "name": " ".join(UNSEEN.sub(" ", values.name).split())[:LONGEST_NAME],
        "locale": values.locale,
        "marketing_lead": values.marketing_lead,
        "marketing_manager": values.marketing_manager,
        "marketing_members": marketing,
        "sales_lead": values.sales_lead,
        "sales_manager": values.sales_manager,
        "sales_members": list(dict.fromkeys((*sales, *values.sales_rota))),
        "sales_rota": list(values.sales_rota) or list(values.sales_members) or sales,
        "leads_a_month": str(values.leads_a_month),
        "zone": values.zone,
        "hours": values.hours,
        "holidays": _holidays(values),
        "review": values.review_on.isoformat(),
        "observe_until": values.observe_until.isoformat() if values.observe_until else "none",
    }


def _with(lead: str, members: Sequence[str]) -> list[str]:
    """Name the lead among the members, nobody twice."""
    return list(dict.fromkeys((lead, *members)))


def _holidays(values: StarterValues) -> Written:
    if values.country is None:
        return "none"
    subdivision = {"subdivision": values.subdivision} if values.subdivision else {}
    return {"country": values.country} | subdivision


def _yaml(value: Written) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_yaml(key)}: {_yaml(item)}" for key, item in value.items()) + "}"
    if not isinstance(value, str):
        return "[" + ", ".join(_yaml(item) for item in value) + "]"
    return value if PLAIN.fullmatch(value) else json.dumps(value, ensure_ascii=False)
