"""The table of states and acts: random walks of it end where the fold ends, across changes of the clocks."""

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from sla_rules import fold
from sla_rules.agreement import Agreement
from sla_rules.fold import Act
from sla_rules.kinds import ActKind, ClockKind, LeadState, Outcome, Tier
from sla_rules.states import LEADS, after
from tests.sla_rules.berlin import TEXT

AGREEMENT = Agreement.parse(TEXT)
BERLIN = ZoneInfo("Europe/Berlin")
STARTS = [
    int(datetime(2018, *day, 10, tzinfo=BERLIN).timestamp())
    for day in ((3, 22), (3, 23), (5, 8), (10, 25), (10, 26), (12, 21))
]
"""Days before the clocks go forward, a holiday, the clocks go back, and the year's end."""
TERMS = AGREEMENT.terms(1, AGREEMENT.expand_days_off(datetime(2018, 1, 1, tzinfo=BERLIN).date()))
TIERS = (Tier.B, Tier.C, Tier.B, Tier.C)
LEAD = st.lists(st.integers(1, len(TIERS)), min_size=1, unique=True).map(sorted)
SPANS = st.sampled_from([60, 600, 3600, 4 * 3600, 8 * 3600, 24 * 3600, 3 * 24 * 3600])


@dataclass
class Simple:
    """What one lead should look like: a state, and when its untouched leads go back to the pool."""

    tier: Tier
    state: LeadState = LeadState.OPEN
    started_at: int = 0
    pauses: list[tuple[int, int | None]] = field(default_factory=list)
    has_lapsed: bool = False
    was_disputed: bool = False

    def has_run_out(self, now: int) -> bool:
        """Say whether it goes back to the pool, once: it was taken and not touched in its time."""
        if self.state is not LeadState.TAKEN or self.has_lapsed:
            return False
        target = TERMS.targets[ClockKind.FIRST_TOUCH, self.tier]
        breaks_at = TERMS.calendar.breaks_at(self.started_at, target, self.pauses)
        return breaks_at is not None and breaks_at <= now

    def pass_time(self, now: int) -> None:
        """Give it back for good; whoever acts in the same second is in time."""
        if self.has_run_out(now):
            self.state, self.has_lapsed = LeadState.OPEN, True


class Walk(RuleBasedStateMachine):
    """Whatever people do to a batch, in whatever order."""

    @initialize(start=st.sampled_from(STARTS))
    def hand_over(self, start: int) -> None:
        self.now, self.leads = start, {n: Simple(tier) for n, tier in enumerate(TIERS, start=1)}
        data = {"day": "2018-06-11", "source": "fair", "tiers": [[tier, 1] for tier in TIERS]}
        self.acts = [
            Act(1, ActKind.HANDED_OVER, start, tuple(self.leads), "UMARA", data),
            Act(2, ActKind.POSTED, start, (), None, {"duty": "USOL"}),
        ]
        self.asked: dict[int, int] = {}

    def act(self, kind: ActKind, leads: list[int], /, **data: object) -> list[Simple]:
        """Let it happen, and give those leads of the model on which it does."""
        for lead in self.leads.values():
            lead.pass_time(self.now - 1)
        self.acts.append(Act(len(self.acts) + 1, kind, self.now, tuple(leads), "USOL", data))
        return [self.leads[n] for n in leads if self.leads[n].state in LEADS.get(kind, {})]

    def open_questions(self) -> list[tuple[int, int | None]]:
        return [(asked_at, None) for asked_at in self.asked.values()]

    @rule(span=SPANS)
    def wait(self, span: int) -> None:
        self.now += span

    @rule(leads=LEAD)
    def take(self, leads: list[int]) -> None:
        for lead in self.act(ActKind.TAKEN, leads):
            lead.state, lead.started_at = after(ActKind.TAKEN, lead.state), self.now
            lead.pauses = self.open_questions()

    @rule(leads=LEAD)
    def touch(self, leads: list[int]) -> None:
        for lead in self.act(ActKind.TOUCHED, leads):
            lead.state = after(ActKind.TOUCHED, lead.state)

    @rule(leads=LEAD, kind=st.sampled_from(["quality", "neutral"]))
    def reject(self, leads: list[int], kind: str) -> None:
        for lead in self.act(ActKind.REJECTED, leads, reason="wrong_role", kind=kind):
            lead.state = after(ActKind.REJECTED, lead.state)

    @rule(leads=LEAD, outcome=st.sampled_from(Outcome))
    def report(self, leads: list[int], outcome: Outcome) -> None:
        for lead in self.act(ActKind.OUTCOME, leads, outcome=outcome.value):
            lead.state = after(ActKind.OUTCOME, lead.state, outcome)

    @rule(leads=LEAD, is_fresh=st.booleans())
    def hand_on(self, leads: list[int], is_fresh: bool) -> None:  # noqa: FBT001  (hypothesis passes by name)
        for lead in self.act(ActKind.MOVED, leads, to="USIA", fresh=is_fresh):
            if lead.state is LeadState.TAKEN and is_fresh:
                lead.started_at, lead.pauses = self.now, self.open_questions()

    @rule(leads=LEAD)
    def dispute(self, leads: list[int]) -> None:
        self.act(ActKind.DISPUTED, leads)

    @rule(leads=LEAD, is_upheld=st.booleans())
    def settle(self, leads: list[int], is_upheld: bool) -> None:  # noqa: FBT001
        for lead in self.act(ActKind.SETTLED, leads, upheld=is_upheld):
            lead.state = after(ActKind.SETTLED, lead.state, is_upheld=is_upheld)

    @rule()
    def ask(self) -> None:
        self.act(ActKind.ASKED, [])
        self.asked[self.acts[-1].seq] = self.now
        for lead in self.leads.values():
            lead.pauses.append((self.now, None))

    @rule(which=st.integers(0, 3))
    def answer(self, which: int) -> None:
        if not self.asked:
            return
        question = sorted(self.asked)[which % len(self.asked)]
        self.act(ActKind.ANSWERED, [], question=question)
        opened = (self.asked.pop(question), None)
        for lead in self.leads.values():
            if opened in lead.pauses:
                lead.pauses[lead.pauses.index(opened)] = (opened[0], self.now)

    @invariant()
    def the_fold_says_the_same(self) -> None:
        handoff = fold.fold(self.acts, ((STARTS[0], TERMS),), self.now)
        assert {n: lead.state for n, lead in handoff.leads.items()} == {
            n: LeadState.OPEN if lead.has_run_out(self.now) else lead.state for n, lead in self.leads.items()
        }

    @invariant()
    def where_the_time_went_adds_up(self) -> None:
        handoff = fold.fold(self.acts, ((STARTS[0], TERMS),), self.now)
        for lead in handoff.leads.values():
            assert min(lead.spent.values(), default=0) >= 0
            if lead.waits_since is not None and not lead.refused_by:
                assert sum(lead.spent.values()) == self.now - lead.handed_over_at


WALKS = settings(
    max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)


def test_random_walks_end_where_the_fold_ends() -> None:
    run_state_machine_as_test(Walk, settings=WALKS)


@pytest.mark.slow
def test_many_random_walks_end_where_the_fold_ends() -> None:
    run_state_machine_as_test(Walk, settings=settings(WALKS, max_examples=2_000, stateful_step_count=60))
