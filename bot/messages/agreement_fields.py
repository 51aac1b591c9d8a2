"""Every field of the forms by which an agreement is changed: where it stands in the text, how it is asked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Self

from sla_rules.hours import WEEKDAYS
from sla_rules.kinds import Locale, Metric, Per, RejectionKind, Side, Tier
from sla_rules.pieces import at
from sla_rules.sections import HandoffField
from sla_rules.strict_yaml import Path, Plain, dotted

NOTHING = "-"
"""The option for a choice that is left open: Slack has no way back from an option chosen."""
SOMEBODY = "somebody"
"""The option for a person who is picked in the field below."""
PICKED = "picked"
LONGEST_INPUT = 3_000
MOST_PEOPLE = 100
LONGEST_ID = 20
MOST_OPTIONS = 100
CLOSED_WORDS = ("MQL", "SAL", "SQL", "ICP")


class Kind(StrEnum):
    """How something is asked for."""

    LINE = "line"
    PROSE = "prose"
    LINES = "lines"
    """A list, an item on each line."""
    PAIRS = "pairs"
    """A mapping, `name: value` on each line."""
    LISTED = "listed"
    """A short list on one line, with commas."""
    CHOICE = "choice"
    CHECKS = "checks"
    PERSON = "person"
    PEOPLE = "people"
    DOER = "doer"
    """The lead, the manager or a person, who is picked in a field of its own."""
    TIME = "time"
    DAY = "day"
    COUNTRY = "country"
    """A country with its part, `DE-BY`."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form; `word` is where its label stands, `says` the labels of its options."""

    path: Path
    kind: Kind = Kind.LINE
    word: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    is_optional: bool = False
    longest: int = 150
    options: tuple[str, ...] = ()
    says: str = ""
    nothing: str = ""
    """How the text says that there is nothing, where it must say so."""
    default: str = ""
    """What holds where the text says nothing."""
    also: tuple[Path, ...] = ()
    """Other places whose faults are mended here."""
    key: str = ""
    """Its name in a form, where that is not its path: an item may move while it is changed."""

    @property
    def name(self) -> str:
        return self.key or ".".join(map(str, self.path))

    def under(self, base: Path) -> Self:
        """Give the same field of one item of a list."""
        return replace(self, path=(*base, *self.path), key=str(self.path[-1]))

    def mends(self, fault: str) -> bool:
        """Say whether a fault at this place is mended here."""
        places = [dotted(path) for path in (self.path, *self.also)]
        return fault == places[0] or fault.startswith(f"{places[0]}.") or fault in places[1:]


def _text(*path: str | int, **more: Any) -> Field:
    return Field(path, **({"word": ".".join(map(str, path))} | more))


def _prose(*path: str, **more: Any) -> Field:
    return _text(*path, kind=Kind.PROSE, longest=2_000, **more)


def _long(kind: Kind, *path: str, **more: Any) -> Field:
    return _text(*path, kind=kind, longest=LONGEST_INPUT, **more)


def _tiered(section: str, clock: str) -> list[Field]:
    return [
        _text(section, clock, tier, word=f"{section}.{clock}", values={"tier": tier}, is_optional=True)
        for tier in Tier
    ]


def _party(side: Side) -> list[Field]:
    at, values = ("parties", side.value), {"side": side.value}
    people = {"kind": Kind.PEOPLE, "values": values}
    rota = [_text(*at, "rota", word="parties.rota", **people)] if side is Side.SALES else []
    return [
        _text(*at, "lead", kind=Kind.PERSON, word="parties.lead", values=values),
        _text(*at, "manager", kind=Kind.PERSON, word="parties.manager", values=values),
        _text(*at, "members", word="parties.members", is_optional=True, also=(at,), **people),
        _text(*at, "group", word="parties.group", values=values, is_optional=True, longest=31),
        *rota,
    ]


def _work(side: Side) -> list[Field]:
    at, values = ("responsibilities", side.value), {"side": side.value}
    about = {"values": values, "is_optional": True}
    return [
        _prose(*at, "begins", word="responsibilities.begins", **about),
        _prose(*at, "ends", word="responsibilities.ends", **about),
        _long(Kind.LINES, *at, "does", word="responsibilities.does", **about),
    ]


def _tier(tier: Tier) -> list[Field]:
    values = {"tier": tier}
    return [
        _text("tiers", tier, "name", word="tiers.name", values=values, is_optional=True),
        _prose("tiers", tier, "when", word="tiers.when", values=values, is_optional=True),
    ]


FORMS: Mapping[str, Sequence[Field]] = {
    "about": (
        _text("name", word="about.name"),
        _text(
            "locale",
            kind=Kind.CHOICE,
            word="about.locale",
            options=tuple(Locale),
            says="locale",
            default=Locale.EN,
        ),
    ),
    "parties": [line for side in Side for line in _party(side)],
    "definitions": [
        *(_prose("definitions", name) for name in ("MQL", "SAL", "SQL")),
        _long(Kind.PAIRS, "definitions", "ICP"),
    ],
    "tiers": [line for tier in Tier for line in _tier(tier)],
    "services": [
        _prose("services", "marketing"),
        _prose("services", "sales"),
        _text("services", "fields", kind=Kind.CHECKS, options=tuple(HandoffField), says="handoff_field"),
    ],
    "scope": [
        _long(Kind.LINES, "scope", "in", is_optional=True),
        _long(Kind.LINES, "scope", "out", is_optional=True),
    ],
    "limits": [
        *(_text("limits", "volume", per, is_optional=True, longest=7) for per in ("day", "week", "month")),
        _long(Kind.LINES, "limits", "blackout", is_optional=True),
        _long(Kind.PAIRS, "limits", "capacity", is_optional=True),
    ],
    "responsibilities": [line for side in Side for line in _work(side)],
    "clocks": [
        _text("clocks", "warn_at"),
        *_tiered("clocks", "handover"),
        _text("clocks", "answer", is_optional=True),
        *_tiered("clocks", "decide"),
        *_tiered("clocks", "first_touch"),
        *_tiered("clocks", "attempts"),
        *_tiered("clocks", "outcome"),
    ],
    "calendar": [
        _text("calendar", "zone"),
        _long(Kind.PAIRS, "calendar", "hours"),
        _text("calendar", "holidays", kind=Kind.COUNTRY, is_optional=True, longest=60, nothing="none"),
        _long(Kind.LINES, "calendar", "days_off", is_optional=True),
        _long(Kind.PAIRS, "calendar", "dates", is_optional=True),
    ],
    "consequences": [
        *_tiered("consequences", "thread_after"),
        _text("consequences", "manager_at", kind=Kind.TIME),
        _text("consequences", "agenda_after"),
        _text("consequences", "pace", "at", kind=Kind.LISTED),
        _text("consequences", "pace", "below"),
        _text("consequences", "pace", "plan_within"),
        _text("consequences", "snooze", "at_most"),
        _text("consequences", "snooze", "times"),
        _text("consequences", "dispute", "within"),
        _text("consequences", "dispute", "settled"),
    ],
    "cadence": [
        _text("cadence", "daily", kind=Kind.TIME),
        _text("cadence", "digest"),
        _text("cadence", "week_starts", kind=Kind.CHOICE, options=WEEKDAYS, says="weekday", default="mon"),
        _text("cadence", "review", kind=Kind.DAY),
        _text("cadence", "observe_until", is_optional=True, longest=10, nothing="none"),
    ],
    "retention": [_text("retention", "lead_details"), _text("retention", "after_uninstall")],
}
"""Sections that are one form each; `about` is what stands above them all."""

ITEMS: Mapping[str, Sequence[Field]] = {
    "rejection_reasons": [
        Field(("label",), word="rejection_reasons.label"),
        Field(
            ("kind",),
            Kind.CHOICE,
            word="rejection_reasons.kind",
            options=tuple(RejectionKind),
            says="reason_kind",
        ),
        Field(("appeals_to",), Kind.CHOICE, word="rejection_reasons.appeals_to", is_optional=True),
    ],
    "duties": [
        Field(("party",), Kind.CHOICE, word="duties.party", options=tuple(Side), says="side"),
        Field(("what",), word="duties.what"),
        Field(("every",), Kind.CHOICE, word="duties.every", options=tuple(Per), says="every"),
        Field(("due",), word="duties.due", longest=20),
        Field(
            ("who",),
            Kind.DOER,
            word="duties.who",
            options=("lead", "manager", SOMEBODY),
            says="doer",
            default="lead",
        ),
    ],
    "goals": [
        Field(("party",), Kind.CHOICE, word="goals.party", options=tuple(Side), says="side"),
        Field(("metric",), Kind.CHOICE, word="goals.metric", options=tuple(Metric), says="metric"),
        Field(
            ("tier",),
            Kind.CHOICE,
            word="goals.tier",
            options=tuple(Tier),
            says="tier_named",
            is_optional=True,
        ),
        Field(("target",), word="goals.target", longest=20),
        Field(("per",), Kind.CHOICE, word="goals.per", options=tuple(Per), says="every"),
    ],
}
"""Sections that are lists: the form of one item, its paths within the item."""


def fields_of(section: str, base: Path, data: Plain) -> list[Field]:
    """Give the fields of a form: of a section, or of the item at `base` of a list."""
    if section not in ITEMS:
        return list(FORMS[section])
    fields = [one.under(base) for one in ITEMS[section]]
    return [_with_definitions(one, data) if one.path[-1] == "appeals_to" else one for one in fields]


def mended_by(fault: str, fields: Sequence[Field]) -> Field | None:
    """Find the field under which a fault is told; one of the whole piece is told under its first."""
    inside = (one for one in fields if dotted(one.path).startswith(f"{fault}."))
    return next((one for one in fields if one.mends(fault)), next(inside, None))


def _with_definitions(asked: Field, data: Plain) -> Field:
    """Offer what is defined; what is appealed to already is never left out."""
    criteria = at(data, ("definitions", "ICP"))
    named = [f"ICP.{name}" for name in criteria] if isinstance(criteria, dict) else []
    now = at(data, asked.path)
    offered = dict.fromkeys([*CLOSED_WORDS, *([str(now)] if now else []), *named])
    return replace(asked, options=tuple(list(offered)[: MOST_OPTIONS - 1]))


# ---- from the text to what a form shows


def shown(asked: Field, plain: Plain | None) -> Any:
    """Give what a field shows of what is written; None where no form can hold it."""
    if plain is None or plain in (asked.nothing, [], {}):
        return [] if asked.kind in {Kind.PEOPLE, Kind.CHECKS} else asked.default
    text = SHOWN[asked.kind](plain)
    if asked.kind is Kind.CHOICE:
        return next((option for option in asked.options if option.lower() == text.lower()), text)
    if asked.kind in {Kind.PERSON, Kind.DOER, Kind.PEOPLE}:
        people = text if isinstance(text, list) else [text]
        return text if len(people) <= MOST_PEOPLE and all(len(one) <= LONGEST_ID for one in people) else None
    return None if text is None or len(text) > asked.longest else text


def _lines(plain: Any) -> str | None:
    return None if any("\n" in line for line in plain) else "\n".join(plain)


def _pairs(plain: Any) -> str | None:
    is_plain = not any("\n" in name + value or ":" in name for name, value in plain.items())
    return "\n".join(f"{name}: {value}" for name, value in plain.items()) if is_plain else None


def _country(plain: Any) -> str:
    return "-".join(filter(None, (plain.get("country"), plain.get("subdivision"))))


SHOWN: Mapping[Kind, Callable[[Any], Any]] = {
    Kind.LINE: str,
    Kind.PROSE: str,
    Kind.LINES: _lines,
    Kind.PAIRS: _pairs,
    Kind.LISTED: ", ".join,
    Kind.CHOICE: str,
    Kind.CHECKS: list,
    Kind.PERSON: str,
    Kind.PEOPLE: list,
    Kind.DOER: str,
    Kind.TIME: lambda plain: str(plain).zfill(5),
    Kind.DAY: str,
    Kind.COUNTRY: _country,
}
