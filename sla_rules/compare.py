"""What differs between two texts, clause by clause and leaf by leaf, as it was written."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sla_rules.agreement import Agreement
from sla_rules.strict_yaml import Plain

Place = tuple[str, ...]
"""Where a leaf stands: `("clocks", "first_touch", "B")`; goals and duties by what they are."""


@dataclass(frozen=True, slots=True)
class Change:
    """One leaf that reads otherwise; `old` is None where it is new, `new` where it was taken out."""

    path: Place
    number_old: str | None
    number_new: str | None
    old: str | None
    new: str | None

    @property
    def number(self) -> str | None:
        """Give its clause in the new text, else in the old; None for the name and the locale."""
        return self.number_new or self.number_old


@dataclass(frozen=True, slots=True)
class Leaf:
    """What is written at one place."""

    number: str | None
    text: str


def changes(old: Agreement, new: Agreement) -> tuple[Change, ...]:
    """List every leaf that differs, by clause; a goal or duty that only moved to another number is none."""
    before, after = leaves(old), leaves(new)
    found = [_change(path, before.get(path), after.get(path)) for path in {**before, **after}]
    return tuple(sorted((change for change in found if change.old != change.new), key=_order))


def leaves(agreement: Agreement) -> dict[Place, Leaf]:
    """Give all that is written, by place; lists of single values are one leaf, `U1, U2`."""
    found: dict[Place, Leaf] = {("name",): Leaf(None, agreement.name)}
    found["locale",] = Leaf(None, agreement.locale)
    met: Counter[Place] = Counter()
    for clause in agreement.clauses():
        section, _, item = clause.path.partition(".")
        for path, text in _leaves_of(section, item, clause.value):
            met[path] += 1
            same = (str(met[path]),) if met[path] > 1 else ()  # the same duty written twice
            found[path + same] = Leaf(clause.number, text)
    return found


def _leaves_of(section: str, item: str, value: Plain) -> Iterator[tuple[Place, str]]:
    if section in ITEMS and isinstance(value, dict):
        names, saying = ITEMS[section]
        named = tuple(str(value.get(name, "")) for name in names)
        return iter([((section, *named), ", ".join(str(value[key]) for key in saying if key in value))])
    return _below((section, item), value)


ITEMS: Mapping[str, tuple[Place, Place]] = {
    "goals": (("party", "metric", "tier", "per"), ("target",)),
    "duties": (("party", "what"), ("every", "due", "who")),
}
"""What makes an item of a list the same one in both texts, and what is said of it."""


def _below(path: Place, value: Plain) -> Iterator[tuple[Place, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _below((*path, key), inner)
    elif isinstance(value, str):
        yield path, value
    elif value:
        yield path, ", ".join(map(str, value))


def _change(path: Place, old: Leaf | None, new: Leaf | None) -> Change:
    return Change(
        path,
        old.number if old else None,
        new.number if new else None,
        old.text if old else None,
        new.text if new else None,
    )


def _order(change: Change) -> tuple[int, ...]:
    return tuple(int(part) for part in (change.number or "0").split("."))
