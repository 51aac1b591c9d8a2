"""The same acts under the same terms give the same; under others, what would have been."""

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from sla_rules.fold import Act, History, figures, fold
from sla_rules.kinds import ActKind
from sla_rules.replay import Replayed, replayed
from tests.sla_rules.berlin import with_
from tests.sla_rules.test_fold import HISTORY, act, at, handed, posted, terms

UNTIL = at("2018-07-31 18:00")


def touched_within(span: str) -> History:
    """Give the terms with another clock for the first touch of B leads."""
    return ((HISTORY[0][0], terms(with_("B: 1 working day, C: 3", f"B: {span}, C: 3"))),)


LONGER, SHORTER = touched_within("2 working days"), touched_within("2h")
KINDS = (ActKind.TAKEN, ActKind.TOUCHED, ActKind.REJECTED, ActKind.OUTCOME)
WHEN = ("mon 10:30", "mon 16:00", "tue 09:30", "wed 11:00", "thu 16:59", "fri 09:00", "2018-07-02 12:00")


def numbered(*acts: Act) -> list[Act]:
    return [replace(one, seq=seq) for seq, one in enumerate(acts, 1)]


def batch(*acts: Act) -> list[Act]:
    return numbered(handed("mon 09:55", "BBB"), posted("mon 10:00"), *acts)


ACTS = st.lists(
    st.builds(
        lambda kind, when, leads: act(kind, when, *leads, reason="no_intent", kind="quality", outcome="won"),
        st.sampled_from(KINDS),
        st.sampled_from(WHEN),
        st.lists(st.integers(1, 3), min_size=1, max_size=3, unique=True),
    ),
    max_size=8,
)


@given(st.lists(ACTS, max_size=3))
def test_under_the_terms_in_force_a_replay_gives_exactly_what_happened(ledgers: list[list[Act]]) -> None:
    each = [batch(*acts) for acts in ledgers]
    happened = [fold(acts, HISTORY, UNTIL) for acts in each]
    total: Counter[tuple[str, str, str, str]] = Counter()
    for handoff in happened:
        total.update(figures(handoff))
    expected = Replayed(total, sum(len(handoff.impossible) for handoff in happened))
    assert replayed(iter(each), HISTORY, UNTIL) == expected


def touched(history: History, *acts: Act) -> tuple[int, int, int]:
    """Replay one batch: how many first touches were in time, how many late, and how many acts impossible."""
    found = replayed([batch(*acts)], history, UNTIL)
    count = Counter({key[2]: n for key, n in found.figures.items() if key[:2] == ("tier", "B")})
    return count["first_touch.kept"], count["first_touch.late"], found.impossible


def test_a_longer_clock_would_have_been_kept() -> None:
    acts = act(ActKind.TAKEN, "mon 10:00", 1, 2, 3), act(ActKind.TOUCHED, "tue 15:00", 1, 2, 3)
    assert touched(HISTORY, *acts) == (0, 3, 0)
    assert touched(LONGER, *acts) == (3, 0, 0)


def test_a_shorter_clock_would_have_been_broken() -> None:
    acts = act(ActKind.TAKEN, "mon 10:00", 1, 2, 3), act(ActKind.TOUCHED, "mon 15:00", 1, 2, 3)
    assert touched(HISTORY, *acts) == (3, 0, 0)
    assert touched(SHORTER, *acts) == (0, 3, 0)


def test_what_lapsed_and_was_taken_again_could_not_have_been_taken_under_a_longer_clock() -> None:
    acts = act(ActKind.TAKEN, "mon 10:00", 1), act(ActKind.TAKEN, "tue 14:00", 1, by="USIA")
    assert touched(HISTORY, *acts)[2] == 0
    assert touched(LONGER, *acts)[2] == 1


def test_nothing_replayed_is_nothing() -> None:
    assert replayed([], HISTORY, UNTIL) == Replayed()
