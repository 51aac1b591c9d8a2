"""The README draws the states of a lead from the table by which they change."""

from pathlib import Path

from sla_rules.kinds import ActKind, LeadState, Outcome
from sla_rules.states import LAPSE, LEADS, after

README = Path(__file__).parents[1] / "README.md"
WORDS = {
    ActKind.OUTCOME: "won, lost or recycled",
    ActKind.SETTLED: "dispute won",
    ActKind.TOUCHED: "first touch",
}


def test_the_readme_draws_the_table_of_states() -> None:
    assert diagram() in README.read_text(encoding="utf-8"), f"put this into README.md:\n{diagram()}"


def diagram() -> str:
    """Draw the table as a state diagram of Mermaid, which GitHub shows as a picture."""
    moves: dict[tuple[str, str], list[str]] = {}
    for kind, states in LEADS.items():
        for state, then in states.items():
            if then is not state:
                moves.setdefault((state, then), []).append(WORDS.get(kind, str(kind)))
    for state in LEADS[ActKind.OUTCOME]:
        if (then := after(ActKind.OUTCOME, state, Outcome.SQL)) is not state:
            moves.setdefault((state, then), []).append("SQL")
    for state, then in LAPSE.items():
        moves.setdefault((state, then), []).append("lapsed, once")
    lines = [f"    {state} --> {then}: {', '.join(words)}" for (state, then), words in moves.items()]
    ends = [f"    {state} --> [*]" for state in (LeadState.REJECTED, LeadState.CLOSED)]
    starts = [f"    [*] --> {state}: {words}" for state, words in STARTS.items()]
    return "\n".join(["```mermaid", "stateDiagram-v2", *starts, *lines, *ends, "```"])


STARTS = {LeadState.OPEN: "handed over", LeadState.HELD: "handed over, over a limit"}
