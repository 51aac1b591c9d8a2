"""One promise with a time: when it is due, when it warns and breaks, who kept it."""

from dataclasses import dataclass, field

from sla_rules.kinds import ClockKind, ClockState, Tier
from sla_rules.terms import Terms


@dataclass(slots=True)
class Clock:
    """Leads with one owner and one due time; instants in epoch seconds, the target in working seconds."""

    kind: ClockKind
    tier: Tier | None
    owner: str
    started_at: int
    target: int
    terms: Terms
    pauses: list[tuple[int, int | None]] = field(default_factory=list)
    waiting: set[int] = field(default_factory=set)
    kept: int = 0
    late: int = 0
    snoozes: int = 0
    snoozed_until: int | None = None
    breaks_at: int | None = field(init=False, compare=False)
    """When it is broken if nobody acts, None while it is paused; a closing breaks at the next opening."""

    def __post_init__(self) -> None:
        self._reckon()

    def _reckon(self) -> None:
        """Work out once for all that ask when it breaks."""
        self.breaks_at = self.terms.calendar.breaks_at(self.started_at, self.target, self.pauses)

    @property
    def key(self) -> str:
        """Name what makes it this clock and no other."""
        return f"{self.kind}:{self.tier or ''}:{self.owner}:{self.started_at}"

    @property
    def due_at(self) -> int | None:
        """Tell when the target is used up; none while it is paused."""
        return self.terms.calendar.add(self.started_at, self.target, self.pauses)

    @property
    def warn_at(self) -> int | None:
        """Tell when the agreed share of the target is used up, in working hours."""
        return self.terms.calendar.breaks_at(
            self.started_at, int(self.target * self.terms.warn_share), self.pauses
        )

    def elapsed(self, until: int) -> int:
        """Give the working seconds gone, pauses left out."""
        return self.terms.calendar.elapsed(self.started_at, until, self.pauses)

    def is_broken(self, until: int) -> bool:
        """Say whether leads that still wait on it at this instant are overdue."""
        return self.breaks_at is not None and until >= self.breaks_at

    def is_late(self, at: int) -> bool:
        """Say whether an act at this instant came too late: broken means elapsed > target."""
        return self.breaks_at is not None and at > self.breaks_at

    def pause(self, at: int) -> None:
        self.pauses.append((at, None))
        self._reckon()

    def snooze(self, at: int, until: int) -> None:
        """Pause it until an instant."""
        self.pauses.append((at, until))
        self._reckon()
        self.snoozes += 1
        self.snoozed_until = max(until, self.snoozed_until or until)

    def take_over(self, other: "Clock") -> None:
        """Go on as another clock of the same start stands, which is passed on to this owner again."""
        self.pauses, self.snoozes, self.snoozed_until = list(other.pauses), other.snoozes, other.snoozed_until
        self._reckon()

    def resume(self, since: int, at: int) -> None:
        """End the pause that began at `since`; others, open or not, stay as they are."""
        if (since, None) in self.pauses:
            self.pauses[self.pauses.index((since, None))] = (since, at)
            self._reckon()

    def state(self, until: int) -> ClockState:
        """Say where it stands at an instant."""
        if self.late or (self.waiting and self.is_broken(until)):
            return ClockState.BREACHED
        if self.waiting:
            return ClockState.PAUSED if any(end is None for _, end in self.pauses) else ClockState.RUNNING
        return ClockState.MET if self.kept else ClockState.CANCELLED
