import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla_rules.agreement import Agreement
from sla_rules.amend import amended
from sla_rules.compare import Change, changes, leaves
from sla_rules.strict_yaml import Path, Plain
from tests.sla_rules.berlin import TEXT, with_

OLD = Agreement.parse(TEXT)
Amended = dict[Path, Plain | None]

ONE_BY_ONE: list[tuple[Amended, list[tuple[str, str | None, str | None, str | None, str | None]]]] = [
    # what is amended; of each change: its place, both clause numbers, both texts
    ({("name",): "Hamburg"}, [("name", None, None, "Berlin", "Hamburg")]),
    (
        {("clocks", "first_touch", "B"): "4h"},
        [("clocks first_touch B", "11.5", "11.5", "1 working day", "4h")],
    ),
    (
        {("clocks", "attempts", "C"): None},
        [("clocks attempts C", "11.6", None, "3 in 15 working days", None)],
    ),
    (
        {("goals", 0, "target"): "100"},
        [("goals marketing qualified_leads  month", "10.1", "10.1", "240", "100")],
    ),
    (
        {("goals", 1): None},
        [("goals marketing quality_refusals  month", "10.2", None, "25 %", None)],
    ),
    (
        {("goals", 1): None, ("goals", 5, "target"): "90 %"},
        [
            ("goals marketing quality_refusals  month", "10.2", None, "25 %", None),
            ("goals sales touched_in_time B month", "10.6", "10.5", "80 %", "90 %"),
        ],
    ),
    (
        {("goals", 0, "per"): "week"},
        [
            ("goals marketing qualified_leads  month", "10.1", None, "240", None),
            ("goals marketing qualified_leads  week", None, "10.1", None, "240"),
        ],
    ),
    (
        {("duties", 0, "due"): "20th"},
        [
            (
                "duties marketing Share the campaign calendar of next month",
                "9.1",
                "9.1",
                "month, 25th",
                "month, 20th",
            )
        ],
    ),
    (
        {("parties", "sales", "rota"): ["USIA", "USOL"]},
        [("parties sales rota", "1.2", "1.2", "USOL, USIA", "USIA, USOL")],
    ),
    (
        {("definitions", "ICP", "size"): "50 and more"},
        [("definitions ICP size", "2.4", "2.4", "20 to 500 employees", "50 and more")],
    ),
    (
        {("rejection_reasons", "duplicate"): None},
        [
            ("rejection_reasons duplicate label", "4.5", None, "Duplicate", None),
            ("rejection_reasons duplicate kind", "4.5", None, "neutral", None),
        ],
    ),
    (
        {("limits", "volume", "week"): "300"},
        [("limits volume week", None, "7.1", None, "300")],
    ),
    (
        {("calendar", "holidays"): "none"},
        [
            ("calendar holidays country", "12.3", None, "DE", None),
            ("calendar holidays subdivision", "12.3", None, "BE", None),
            ("calendar holidays", None, "12.3", None, "none"),
        ],
    ),
    ({("calendar", "days_off", 0): "2018-12-24"}, [("calendar days_off", None, "12.4", None, "2018-12-24")]),
]


def told(found: tuple[Change, ...]) -> list[tuple[str, str | None, str | None, str | None, str | None]]:
    return [
        (" ".join(change.path), change.number_old, change.number_new, change.old, change.new)
        for change in found
    ]


@pytest.mark.parametrize(("amendment", "expected"), ONE_BY_ONE, ids=lambda value: repr(value)[:50])
def test_each_change_is_told_at_its_clause(
    amendment: Amended, expected: list[tuple[str, str | None, str | None, str | None, str | None]]
) -> None:
    new = Agreement.parse(amended(TEXT, amendment))

    assert told(changes(OLD, new)) == expected
    assert sorted(told(changes(new, OLD))) == sorted(
        (path, number_new, number_old, after, before)
        for path, number_old, number_new, before, after in expected
    ), "the way back is the same, turned round"


def test_a_text_does_not_differ_from_itself() -> None:
    assert changes(OLD, OLD) == ()
    assert changes(OLD, Agreement.parse("# another comment\n" + TEXT)) == ()


def test_a_goal_that_only_moved_is_no_change() -> None:
    goals = [line for line in TEXT.splitlines(keepends=True) if "metric: " in line]
    turned = Agreement.parse(TEXT.replace("".join(goals), "".join(reversed(goals))))

    assert changes(OLD, turned) == ()


def test_one_duty_written_twice_is_two() -> None:
    duty = "  - {party: sales, what: Share notes on deals won and lost, every: month, due: last day}\n"
    twice = Agreement.parse(with_(duty, duty + duty.replace("last day", "10th")))

    assert told(changes(OLD, twice)) == [
        ("duties sales Share notes on deals won and lost 2", None, "9.3", None, "month, 10th")
    ]


PLACES: list[tuple[Path, Plain, str]] = [
    # a place of the text, another value for it, the change's place
    (("name",), "Hamburg", "name"),
    (("parties", "sales", "manager"), "UBOSS", "parties sales manager"),
    (("definitions", "SQL"), "Asked for an offer", "definitions SQL"),
    (("tiers", "B", "when"), "Came to a webinar", "tiers B when"),
    (("rejection_reasons", "no_intent", "label"), "Only browsing", "rejection_reasons no_intent label"),
    (("services", "fields"), ["source", "link"], "services fields"),
    (("scope", "out"), ["Renewals"], "scope out"),
    (("limits", "blackout"), ["2018-12-24"], "limits blackout"),
    (("limits", "capacity", "B and C"), "15", "limits capacity B and C"),
    (("responsibilities", "sales", "ends"), "When it is won", "responsibilities sales ends"),
    (("goals", 4, "target"), "95 %", "goals sales touched_in_time A month"),
    (("clocks", "warn_at"), "50 %", "clocks warn_at"),
    (("clocks", "outcome", "C"), "20 working days", "clocks outcome C"),
    (("calendar", "hours", "mon-fri"), "08:00-16:00", "calendar hours mon-fri"),
    (("consequences", "pace", "at"), ["50 %"], "consequences pace at"),
    (("cadence", "review"), "2018-12-28", "cadence review"),
    (("retention", "lead_details"), "6 months", "retention lead_details"),
]


@settings(max_examples=40, deadline=None)
@given(st.sets(st.sampled_from(range(len(PLACES)))))
def test_whatever_is_changed_is_told_and_nothing_else(chosen: set[int]) -> None:
    new = Agreement.parse(amended(TEXT, {path: value for path, value, _ in map(PLACES.__getitem__, chosen)}))

    found = changes(OLD, new)

    assert {" ".join(change.path) for change in found} == {PLACES[n][2] for n in chosen}
    assert (found == ()) == (new == OLD)
    left = {path: leaf.text for path, leaf in leaves(OLD).items()} | {
        change.path: change.new for change in found
    }
    assert {path: text for path, text in left.items() if text is not None} == {
        path: leaf.text for path, leaf in leaves(new).items()
    }
