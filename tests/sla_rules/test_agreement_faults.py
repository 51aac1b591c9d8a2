import ast
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sla_rules.agreement import Agreement
from sla_rules.faults import AgreementFaults, Fault
from sla_rules.kinds import Side
from sla_rules.refusals import CODES
from tests.sla_rules.berlin import TEXT, with_

ROOT = Path(__file__).parents[2]
WORDS = yaml.safe_load((ROOT / "templates/en/faults.yml").read_text(encoding="utf-8"))


def faults_of(text: str | bytes) -> tuple[Fault, ...]:
    with pytest.raises(AgreementFaults) as refused:
        Agreement.parse(text)
    return refused.value.faults


HOSTILE = [
    # what is written in place of what, the fault, its clause
    ("warn_at: 75 %", "warn_at: 0.75", "percent_expected", "11.1"),
    ("warn_at: 75 %", "warn_at: 0 %", "percent_out_of_range", "11.1"),
    ("warn_at: 75 %", "warn_at: 101 %", "percent_out_of_range", "11.1"),
    ("warn_at: 75 %", "warn_at: \u0667\u0665 %", "percent_expected", "11.1"),
    ("warn_at: 75 %", "warn_at: [75 %]", "text_expected", "11.1"),
    ("warn_at: 75 %", "warn_at:", "percent_expected", "11.1"),
    ("warn_at: 75 %", "warn_att: 75 %", "unknown_key", "11"),
    ("answer: 4h", "answer: -4h", "negative_duration", "11.3"),
    ("answer: 4h", "answer: 0h", "no_duration", "11.3"),
    ("answer: 4h", "answer: soon", "bad_duration", "11.3"),
    ("answer: 4h", "answer: 99999h", "too_long", "11.3"),
    ("answer: 4h", "answer: 0.5 days", "part_of_a_day", "11.3"),
    ("answer: 4h", "answer: 31 working days", "clock_too_long", "11.3"),
    ("answer: 4h", "answer: " + "9" * 50_000, "bad_duration", "11.3"),
    ("decide: {A: with first touch", "decide: {A: 4h", "decide_not_with_touch", "11.5"),
    ("first_touch: {A: 1h from arrival", "first_touch: {A: 1h", "touch_not_from_arrival", "11.4"),
    ("outcome: {A: 5 working days", "outcome: {D: 5 working days", "not_a_choice", "11.7"),
    ("outcome: {A: 5 working days", "outcome: {A: 5 days!!", "bad_duration", "11.7"),
    ("attempts: {A: 6 in 10 working days", "attempts: {A: six", "attempts_expected", "11.6"),
    ("attempts: {A: 6 in 10 working days", "attempts: {A: 0 in 10 working days", "count_expected", "11.6"),
    ("zone: Europe/Berlin", "zone: ../../etc/passwd", "unknown_zone", "12.1"),
    ("zone: Europe/Berlin", "zone: /usr/share/zoneinfo/UTC", "unknown_zone", "12.1"),
    ("zone: Europe/Berlin", "zone: Europe/Atlantis", "unknown_zone", "12.1"),
    ("zone: Europe/Berlin", "zone: " + "A/" * 20_000, "unknown_zone", "12.1"),
    ('{mon-fri: "09:00-17:00"}', "{}", "empty", "12.2"),
    ('{mon-fri: "09:00-17:00"}', "{mon-fri: closed}", "no_working_time", "12.2"),
    ('{mon-fri: "09:00-17:00"}', '{mon-fri: ""}', "hours_expected", "12.2"),
    ('{mon-fri: "09:00-17:00"}', '{mon-fri: "25:00-26:00"}', "bad_time", "12.2"),
    ('{mon-fri: "09:00-17:00"}', '{mon-fri: "09:00-17:00, 16:00-18:00"}', "overlapping_hours", "12.2"),
    ('{mon-fri: "09:00-17:00"}', '{mon-fri: "09:00-17:00", fri: "09:00-12:00"}', "weekday_twice", "12.2"),
    ('{mon-fri: "09:00-17:00"}', '{someday: "09:00-17:00"}', "weekday_expected", "12.2"),
    ('{mon-fri: "09:00-17:00"}', '{fri-mon: "09:00-17:00"}', "weekday_expected", "12.2"),
    ("country: DE", "country: QQ", "unknown_country", "12.3"),
    ("country: DE", "country: __", "country_expected", "12.3"),
    ("subdivision: BE", "subdivision: Atlantis", "unknown_subdivision", "12.3"),
    ("{country: DE, subdivision: BE}", "{country: BV}", "no_holidays_known", "12.3"),
    ("holidays: {country: DE, subdivision: BE}", "holidays: some", "mapping_expected", "12.3"),
    ("days_off: []", "days_off: [2018-02-30]", "date_not_real", "12.4"),
    ("days_off: []", "days_off: [30.02.2018]", "date_expected", "12.4"),
    ("days_off: []", "days_off: [2019-01-01 to 2018-01-01]", "date_span_out_of_order", "12.4"),
    ("days_off: []", "days_off: [0001-01-01 to 9999-12-31]", "date_span_out_of_order", "12.4"),
    ("days_off: []", "days_off: {a: b}", "list_expected", "12.4"),
    ("lead: USAM", "lead: UMARA", "one_lead_of_both", "1.2"),
    ("lead: USAM", "lead: sam", "user_expected", "1.2"),
    ("lead: USAM", "lead: <!channel>", "user_expected", "1.2"),
    ("lead: USAM", "lead: USTRANGER", "lead_not_member", "1.2"),
    ("[USAM, USOL, USIA]", "[USAM, USOL, USIA, UMIA]", "member_of_both", "1.2"),
    ("[USAM, USOL, USIA]", "[USAM, USOL, USIA, USOL]", "person_twice", "1.2"),
    ("[USOL, USIA]", "[USOL, USTRANGER]", "rota_not_member", "1.2"),
    ("rota: [USOL, USIA]", "rota: []", "empty", "1.2"),
    ("rota: [USOL, USIA]", "rota: [USOL, USOL]", "person_twice", "1.2"),
    ("party: sales, what:", "party: sales, whom: x, what:", "unknown_key", "9.2"),
    ("party: sales, what:", "party: sales, who: boss, what:", "user_expected", "9.2"),
    ("party: sales, what:", "party: legal, what:", "not_a_choice", "9.2"),
    ("target: 240", "target: [240]", "text_expected", "10.1"),
    ("metric: qualified_leads, target: 240", "metric: pipeline, target: 0", "amount_expected", "10.1"),
    ("metric: qualified_leads, target: 240", "metric: pipeline, target: 1e6", "amount_expected", "10.1"),
    ("metric: qualified_leads, target: 240", "metric: pipeline, target: NaN", "amount_expected", "10.1"),
    ("metric: qualified_leads", "metric: happiness", "not_a_choice", "10.1"),
    ("scope:\n", "scope: all\n_:\n", "mapping_expected", "6"),
    ("members: [UMARA, UMIA]", "group: marketing", "group_expected", "1.1"),
    ("    members: [UMARA, UMIA]", "    group: S1\n    members: [UMARA]", "members_or_group", "1.1"),
    ("definitions:\n", "definitions: none\nx:\n", "mapping_expected", "2"),
    ("  SAL: ", "  SALE: ", "unknown_key", "2"),
    ("size: 20", "Größe: 20", "key_expected", "2.4"),
    ("size: 20 to 500 employees", "size: ''", "empty", "2.4"),
    ("size: 20 to 500 employees", "size: " + "x" * 2001, "text_too_long", "2.4"),
    ("name: Berlin", "name: |\n  two\n  lines", "one_line_expected", None),
    ("name: Berlin", "name: ''", "empty", None),
    ("locale: en", "locale: fr", "not_a_choice", None),
    ("  B:\n    name: Engaged", "  X:\n    name: Engaged", "not_a_choice", "3.2"),
    ("appeals_to: ICP.role", "appeals_to: ICP.charm", "unknown_definition", "4.2"),
    ("kind: quality, appeals_to: ICP.role", "kind: quality", "quality_without_appeal", "4.2"),
    ("kind: neutral}", "kind: neutral, appeals_to: MQL}", "neutral_with_appeal", "4.5"),
    ("kind: neutral}", "kind: bad}", "not_a_choice", "4.5"),
    ("fields: [source]", "fields: [source, sauce]", "not_a_choice", "5.3"),
    ("fields: [source]", "fields: source", "list_expected", "5.3"),
    ("volume: {}", "volume: {day: 0}", "count_expected", "7.1"),
    ("volume: {}", "volume: {day: 010}", "count_expected", "7.1"),
    ("volume: {}", "volume: {day: 1e9}", "count_expected", "7.1"),
    ("volume: {}", "volume: {day: 5000000}", "count_too_large", "7.1"),
    ("B and C: 10", "B and D: 10", "tiers_expected", "7.3"),
    ("B and C: 10", "A and B: 10", "tier_capped_twice", "7.3"),
    ("every: month, due: 25th", "every: month, due: 32nd", "due_expected", "9.1"),
    ("every: month, due: 25th", "every: week, due: 25th", "weekday_expected", "9.1"),
    ("every: month, due: 25th", "every: year, due: 25th", "not_a_choice", "9.1"),
    ("target: 240", "target: 24 %", "count_expected", "10.1"),
    ("target: 240", "target: no", "count_expected", "10.1"),
    ("target: 240", "target: -240", "count_expected", "10.1"),
    ("target: 25 %", "target: 25", "percent_expected", "10.2"),
    ("metric: quality_refusals", "metric: quality_refusal", "not_a_choice", "10.2"),
    (
        "metric: quality_refusals, target: 25 %",
        "metric: handed_over_in_time, target: 90 %",
        "goal_twice",
        "10.3",
    ),
    (
        "{party: sales, metric: touched_in_time, tier: A",
        "{party: marketing, metric: touched_in_time, tier: A",
        "goal_of_other_party",
        "10.5",
    ),
    ("  answer: 4h\n", "", "goal_without_clock", "10.4"),
    ("manager_at: 16:00", "manager_at: 25:00", "time_expected", "13.3"),
    ("manager_at: 16:00", "manager_at: 960", "time_expected", "13.3"),
    ("dm: at breach", "dm: never", "not_a_choice", "13.1"),
    ("agenda_after: 2 months", "agenda_after: 2", "months_expected", "13.4"),
    ("times: 2", "times: many", "count_expected", "13.6"),
    ("digest: mon 09:30", "digest: 09:30", "weekly_time_expected", "14.2"),
    ("week_starts: mon", "week_starts: monday", "weekday_expected", "14.3"),
    ("review: 2018-09-28", "review: 2018-09-31", "date_not_real", "14.4"),
    ("observe_until: none", "observe_until: later", "date_expected", "14.5"),
    ("lead_details: 12 months", "lead_details: for ever", "civil_days_expected", "15.1"),
    ("lead_details: 12 months", "lead_details: 99 years", "civil_days_too_long", "15.1"),
    ("lead_details: 12 months", "lead_details: &a 12 months", "yaml_alias", None),
    ("lead_details: 12 months", "lead_details: !!str 12 months", "yaml_tag", None),
    ("lead_details: 12 months", "lead_details: 12 months\n  lead_details: 1 day", "yaml_duplicate_key", None),
    ("retention:\n", "retentions:\n", "unknown_key", None),
]


@pytest.mark.parametrize(
    ("old", "new", "code", "clause"), HOSTILE, ids=[f"{new[:40]!r}" for _, new, _, _ in HOSTILE]
)
def test_a_hostile_clause_is_named_with_its_line(old: str, new: str, code: str, clause: str | None) -> None:
    text = with_(old, new)

    found = {(fault.code, fault.clause): fault for fault in faults_of(text)}

    assert (code, clause) in found
    assert is_near(text, found[code, clause].line)
    for fault in found.values():
        assert said(fault)


def is_near(text: str, line: int | None) -> bool:
    """Say whether a line is one that was changed, or one that the change made wrong."""
    changed = [
        n
        for n, (old, new) in enumerate(zip(TEXT.splitlines(), text.splitlines(), strict=False), 1)
        if old != new
    ]
    return line is not None and changed[0] - 12 <= line <= changed[0] + 8


def said(fault: Fault) -> str:
    return str(WORDS[fault.code].format_map(fault.values))


@pytest.mark.parametrize(
    "section", [name for name in Agreement.model_fields if Agreement.model_fields[name].is_required()]
)
def test_a_missing_section_is_asked_for(section: str) -> None:
    data = yaml.safe_load(TEXT.replace(": no\n", ": 'no'\n"))
    head = TEXT.index(f"\n{section}:") + 1
    following = [TEXT.index(f"\n{name}:") + 1 for name in data if TEXT.index(f"\n{name}:") + 1 > head]
    text = TEXT[:head] + TEXT[min(following, default=len(TEXT)) :]

    assert ("missing", section) in [(fault.code, fault.path) for fault in faults_of(text)]


@pytest.mark.parametrize("section", ["tiers", "rejection_reasons", "goals", "calendar", "clocks"])
def test_a_section_that_is_one_word_is_refused_as_a_whole(section: str) -> None:
    text = with_(f"\n{section}:\n", f"\n{section}: later\n_{section}:\n")

    found = {fault.path: fault for fault in faults_of(text)}

    assert found[section].code in {"mapping_expected", "list_expected"}
    assert "." not in str(found[section].clause)


def test_one_side_alone_is_refused() -> None:
    for party, others in ((Side.SALES, Side.MARKETING), (Side.MARKETING, Side.SALES)):
        lines = [line for line in TEXT.splitlines() if not line.startswith(f"  - {{party: {party}, metric")]
        fault = next(fault for fault in faults_of("\n".join(lines)) if fault.code == "one_sided")

        assert (fault.clause, fault.values["party"]) == ("10", party)
        assert others not in said(fault)


def test_a_goal_for_a_tier_that_is_not_described_is_refused() -> None:
    start = TEXT.index("  C:\n    name: List")
    text = TEXT[:start] + TEXT[TEXT.index("# 4 ·") :]

    found = {(fault.code, fault.path) for fault in faults_of(text)}

    assert {
        ("unknown_tier", "goals.6.tier"),
        ("unknown_tier", "clocks.decide.C"),
        ("unknown_tier", "consequences.thread_after.C"),
        ("unknown_tier", "limits.capacity.B and C"),
    } <= found


def test_every_fault_is_found_at_once() -> None:
    text = (
        with_("target: 240", "target: lots")
        .replace("zone: Europe/Berlin", "zone: Mars")
        .replace("lead: USAM", "lead: UMARA")
    )
    text = text.replace("daily: 16:30", "daily: noon\n  weekly: never").replace(
        "appeals_to: ICP.role", "appeals_to: ICP.charm"
    )

    assert [fault.code for fault in faults_of(text)] == [
        "one_lead_of_both",
        "lead_not_member",
        "unknown_definition",
        "count_expected",
        "unknown_zone",
        "time_expected",
        "unknown_key",
    ]


def test_a_misspelt_key_gets_the_nearest_one() -> None:
    fault = next(fault for fault in faults_of(with_("warn_at", "warn_att")) if fault.code == "unknown_key")

    assert (fault.values["nearest"], fault.line) == ("warn_at", TEXT[: TEXT.index("warn_at")].count("\n") + 1)


@pytest.mark.parametrize(
    "text", ["", "x", "[]", "{}", "- a\n- b", "name: x", b"\x00\xff", "null", "---\n---\n"]
)
def test_what_is_no_agreement_at_all_is_refused(text: str | bytes) -> None:
    assert all(said(fault) for fault in faults_of(text))


def test_a_thousand_faults_are_counted_and_not_all_told() -> None:
    faults = faults_of(TEXT + "".join(f"x{n}: 1\n" for n in range(5000)))

    assert len(faults) == 61
    assert said(faults[-1]).startswith("… and 4940 more")


def test_a_long_value_is_not_repeated_at_length() -> None:
    assert all(len(said(fault)) < 400 for fault in faults_of(with_("target: 240", "target: " + "z" * 60_000)))


@given(st.text(max_size=200) | st.binary(max_size=200))
def test_no_text_raises_anything_but_faults(text: str | bytes) -> None:
    assert faults_of(text)


WRITTEN = st.recursive(
    st.sampled_from(
        ["", "no", "1", "4h", "75 %", "A", "ICP", "sales", "none", "2018-01-01", "9" * 30, "é", "mon 09:30"]
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["A", "lead", "size", "x", "at"]), inner, max_size=3)
    ),
    max_leaves=6,
)
SECTIONS = yaml.load(TEXT, Loader=yaml.BaseLoader)  # noqa: S506  (the base loader makes nothing but text)
PLACES = [(name, item) for name, part in SECTIONS.items() if isinstance(part, dict) for item in part]


@given(st.dictionaries(st.sampled_from(PLACES), WRITTEN, min_size=1, max_size=4))
def test_no_document_raises_anything_but_faults_that_can_be_said(
    changes: dict[tuple[str, str], object],
) -> None:
    data = {name: dict(part) if isinstance(part, dict) else part for name, part in SECTIONS.items()}
    for (section, item), value in changes.items():
        data[section][item] = value
    try:
        Agreement.parse(yaml.safe_dump(data, default_style='"', allow_unicode=True))
    except AgreementFaults as refused:
        for fault in refused.faults:
            assert said(fault)
            assert fault.code != "not_understood"
            assert fault.line is not None


# ---- the words


def codes_in_the_rules() -> set[str]:
    makers = {
        "flaw",
        "Flaw",
        "Fault",
        "matched",
        "_UnreadableError",
        "_fault",
        "CalendarError",
        "DurationError",
        "CalculationError",
    }
    found: set[str] = set()
    for file in (ROOT / "sla_rules").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", getattr(node.func, "attr", "")) in makers
            ):
                place = 2 if getattr(node.func, "id", "") == "matched" else 0
                argument = node.args[place]
                found |= {str(argument.value)} if isinstance(argument, ast.Constant) else set()
    return found


def test_every_code_of_the_rules_has_its_words() -> None:
    codes = codes_in_the_rules() | set(CODES.values())

    assert len(codes) > 70
    assert codes <= set(WORDS)
    assert set(WORDS) - codes <= {"yaml_alias", "yaml_tag", "beyond_calendar", "not_understood"}, (
        "words for nothing"
    )
