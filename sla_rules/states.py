"""The one table of what each act makes of a lead, by the state in which it finds it."""

from collections.abc import Mapping

from sla_rules.kinds import ActKind, LeadState, Outcome

HELD, OPEN, TAKEN, TOUCHED, REJECTED, CLOSED = LeadState
Moves = Mapping[LeadState, LeadState]

LEADS: Mapping[ActKind, Moves] = {
    ActKind.RELEASED: {HELD: OPEN},
    ActKind.TAKEN: {OPEN: TAKEN},
    ActKind.TOUCHED: {OPEN: TOUCHED, TAKEN: TOUCHED, TOUCHED: TOUCHED},
    ActKind.REJECTED: {OPEN: REJECTED, TAKEN: REJECTED, TOUCHED: REJECTED},
    ActKind.OUTCOME: {OPEN: CLOSED, TAKEN: CLOSED, TOUCHED: CLOSED, CLOSED: CLOSED},
    ActKind.MOVED: {OPEN: OPEN, TAKEN: TAKEN, TOUCHED: TOUCHED},
    ActKind.DISPUTED: {REJECTED: REJECTED},
    ActKind.SETTLED: {REJECTED: OPEN},
}
"""An act finds leads in these states and no other. An SQL closes nothing, an upheld rejection stands."""

LAPSE: Moves = {TAKEN: OPEN}
"""What time alone does, once to a lead, where the first touch is broken."""


def after(
    kind: ActKind, state: LeadState, outcome: Outcome | None = None, *, is_upheld: bool = False
) -> LeadState:
    """Say what an act makes of a lead; where it does not find it, it stays as it is."""
    if state not in LEADS.get(kind, {}):
        return state
    if outcome is Outcome.SQL:
        return state if state is CLOSED else TOUCHED
    return state if is_upheld else LEADS[kind][state]
