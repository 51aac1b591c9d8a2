"""What the figures say of the text: at most a few amendments, each from one thing that was seen."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from math import ceil, floor, log10

from sla_rules.agreement import Agreement
from sla_rules.attainment import IN_TIME, Figure, is_kept
from sla_rules.durations import Duration
from sla_rules.funnel import ratio
from sla_rules.kinds import ClockKind
from sla_rules.promises import Goal, Unit
from sla_rules.strict_yaml import Path

REFUSED_SHARE = 0.30
REFUSED_WEEKS = 3
REFUSED_LEADS = 20
PERIODS = 2
"""Fewer say nothing of "never" and "always"."""
STEP = 0.05
"""Shares are promised in steps of five per cent, 95 % at the most: beyond, one lead decides."""
ROOM = 1.1
"""A count is raised by a tenth at the most."""
MINUTES = (5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 360, 480)
"""How spans below a working day are usually written."""
OUT_OF_SCOPE: Path = ("scope", "out")
"""Where a new item is added at the end."""
REFUSALS, NEVER_KEPT, ALWAYS_KEPT = "refusals", "never_kept", "always_kept"


@dataclass(frozen=True, slots=True)
class Source:
    """What was decided of a source's leads, week by week, the newest last, and why leads were refused."""

    name: str
    weeks: Sequence[tuple[int, int]]
    """(refused for quality, these and accepted)"""
    reasons: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Kept:
    """How a goal stood in each of its periods, the newest last: the target that held, and the figure."""

    place: int
    periods: Sequence[tuple[float, Figure]]


@dataclass(frozen=True, slots=True)
class Amendment:
    """Another value for one place of the text, and what it comes from."""

    code: str
    path: Path
    tries: tuple[str, ...]
    """Values as the text writes them, the mildest first."""
    source: str = ""
    reason: str = ""
    before: float | None = None
    after: float | None = None


def amendments(document: Agreement, sources: Iterable[Source], kept: Iterable[Kept]) -> tuple[Amendment, ...]:
    """List what the text might say instead, the most pressing first."""
    kept = sorted(kept, key=lambda one: document.goals[one.place].tier or "Z")
    found = [
        *_refusals(document, sources),
        *(draft for one in kept if _all(document, one, kept=False) for draft in _easier(document, one)),
        *(draft for one in kept if _all(document, one, kept=True) for draft in _harder(document, one)),
    ]
    return tuple(found)


def missed_running(document: Agreement, one: Kept) -> int:
    """Count the last periods in which a goal was missed, one after the other."""
    judged = [_is_kept(document, one, target, figure) for target, figure in reversed(one.periods)]
    return sum(1 for _ in takewhile(lambda was_kept: was_kept is False, judged))


def _all(document: Agreement, one: Kept, *, kept: bool) -> bool:
    judged = [_is_kept(document, one, target, figure) for target, figure in one.periods]
    known = [was_kept for was_kept in judged if was_kept is not None]
    return len(known) >= PERIODS and all(was_kept is kept for was_kept in known)


def _is_kept(document: Agreement, one: Kept, target: float, figure: Figure) -> bool | None:
    return is_kept(document.goals[one.place].metric, target, figure)


# ---- leads that are refused again and again


def _refusals(document: Agreement, sources: Iterable[Source]) -> Iterator[Amendment]:
    """Keep a kind of lead out of scope, where a source is refused for it again and again."""
    for source in sources:
        refused = sum(n for n, _ in source.weeks)
        decided = sum(of for _, of in source.weeks)
        reason = max(source.reasons, key=lambda name: source.reasons[name], default=None)
        if reason is None or not _is_refused(source, decided):
            continue
        without = refused - source.reasons[reason], decided - source.reasons[reason]
        # A name and a label, as both sides wrote them: the text has no words but theirs.
        item = f"{source.name}: {document.rejection_reasons[reason].label}"
        if item not in document.scope.excluded:
            yield Amendment(
                REFUSALS,
                OUT_OF_SCOPE,
                (item,),
                source=source.name,
                reason=reason,
                before=ratio(refused, decided),
                after=ratio(*without),
            )


def _is_refused(source: Source, decided: int) -> bool:
    shares = [ratio(n, of) or 0 for n, of in source.weeks[-REFUSED_WEEKS:]]
    return (
        decided >= REFUSED_LEADS
        and len(shares) == REFUSED_WEEKS
        and all(share > REFUSED_SHARE for share in shares)
    )


# ---- promises that are never kept, or always with room


def _easier(document: Agreement, one: Kept) -> Iterator[Amendment]:
    """Give a clock that never holds more time; a goal without one of its own promises what was seen."""
    goal = document.goals[one.place]
    target = seen_target(goal, _mean(one))
    clock = _clock_of(document, goal)
    if clock is not None:
        path, span, suffix = clock
        tries = tuple(f"{more}{suffix}" for more in (_longer(span), _longer(_longer(span))))
        yield Amendment(NEVER_KEPT, path, tries)
    elif target != written(goal, goal.target):
        yield Amendment(NEVER_KEPT, ("goals", one.place, "target"), (target,))


def _harder(document: Agreement, one: Kept) -> Iterator[Amendment]:
    """Promise as much as was kept in each period."""
    goal = document.goals[one.place]
    values = [figure.value for _, figure in one.periods if figure.value is not None]
    worst = max(values) if goal.is_at_most else min(values)
    target = written(goal, _bounded(goal, _rounded(goal, worst)))
    if _is_room(goal, worst) and target != written(goal, goal.target):
        yield Amendment(ALWAYS_KEPT, ("goals", one.place, "target"), (target,))


def _is_room(goal: Goal, worst: float) -> bool:
    if goal.unit is not Unit.SHARE:
        return _bounded(goal, _rounded(goal, worst)) > goal.target
    rounded = _bounded(goal, _rounded(goal, worst))
    gained = goal.target - rounded if goal.is_at_most else rounded - goal.target
    return gained >= STEP / 2


def _bounded(goal: Goal, value: float) -> float:
    return value if goal.unit is Unit.SHARE else min(value, _rounded(goal, goal.target * ROOM))


def _mean(one: Kept) -> float:
    values = [figure.value for _, figure in one.periods if figure.value is not None]
    return sum(values) / len(values)


def _clock_of(document: Agreement, goal: Goal) -> tuple[Path, Duration, str] | None:
    """Find the one clock that a goal rests on: where it is written, its span, and from when it counts."""
    kind = IN_TIME.get(goal.metric)
    if kind is ClockKind.ANSWER and document.clocks.answer:
        return ("clocks", "answer"), document.clocks.answer, ""
    span = document.target(kind, goal.tier) if kind and goal.tier else None
    if kind is None or goal.tier is None or span is None:
        return None
    is_from_arrival = kind is ClockKind.FIRST_TOUCH and goal.tier in document.clocks.from_arrival
    return ("clocks", kind.value, goal.tier.value), span, " from arrival" if is_from_arrival else ""


def _longer(span: Duration) -> Duration:
    """Give about a third more: the next span that people write."""
    if span.days:
        return Duration(span.days + max(1, round(span.days / 3)), 0)
    minutes = next((more for more in MINUTES if more * 60 > span.seconds), None)
    return Duration(0, minutes * 60) if minutes else Duration(2, 0)


# ---- values as the text writes them


def seen_target(goal: Goal, value: float) -> str:
    """Write the target that a figure would just reach."""
    return written(goal, _rounded(goal, value))


def written(goal: Goal, value: float) -> str:
    """Write a target in the unit of its goal: `85 %`, `240`, `3.5`."""
    if goal.unit is Unit.SHARE:
        return f"{_plain(100 * value)} %"
    return str(round(value)) if goal.unit is Unit.LEADS else _plain(value)


def _rounded(goal: Goal, value: float) -> float:
    """Round to the side that keeps the promise: shares in steps of 5 %, counts to two digits."""
    if goal.unit is Unit.SHARE:
        steps = ceil(round(value / STEP, 9)) if goal.is_at_most else floor(round(value / STEP, 9))
        return min(max(steps * STEP, STEP), 1 - STEP)
    if value <= 0:
        return 1
    step = 10.0 ** (floor(log10(value)) - 1)
    least = 1 if goal.unit is Unit.LEADS else step
    return max(floor(round(value / step, 9)) * step, least)


def _plain(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
