import time

import pytest
import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from sla_rules.strict_yaml import LARGEST, load, plain


@pytest.fixture(params=[yaml.CSafeLoader, yaml.SafeLoader], ids=["libyaml", "python"])
def _either_reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read by libyaml and without it: a machine may lack it, and both must refuse the same."""
    monkeypatch.setattr("sla_rules.strict_yaml._Loader", request.param)


def codes(text: str | bytes) -> list[str]:
    return [fault.code for fault in load(text).faults]


@pytest.mark.parametrize(
    "typed",
    [
        "no",
        "yes",
        "on",
        "off",
        "true",
        "NULL",
        "~",
        "010",
        "0x1F",
        "1_000",
        "12:30:45",
        "2018-06-29",
        "1e3",
        ".inf",
        "<<",
    ],
)
def test_what_was_typed_is_what_is_read(typed: str) -> None:
    assert load(f"sla: {typed}").data == {"sla": typed}


def test_nothing_typed_is_empty_text() -> None:
    assert load("sla:\nother: ''").data == {"sla": "", "other": ""}


def test_lists_and_mappings_keep_their_lines() -> None:
    document = load("# first\na:\n  - x\n  - {y: 1}\nb: |\n  two\n  lines\nc: end\n")

    assert document.data == {"a": ["x", {"y": "1"}], "b": "two\nlines\n", "c": "end"}
    assert [document.line_of(path) for path in (("a",), ("a", 0), ("a", 1, "y"), ("b",), ("c",))] == [
        2,
        3,
        4,
        5,
        8,
    ]
    assert document.line_of(("a", 7, "z")) == 2, "what was never written is looked for where it should be"
    assert document.line_of(()) == 2


def test_a_byte_order_mark_is_no_fault() -> None:
    assert load(b"\xef\xbb\xbfa: 1").data == load("\ufeffa: 1").data == {"a": "1"}


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("", "yaml_empty", None),
        ("# only a comment\n", "yaml_empty", None),
        ("a: &x 1\nb: 2", "yaml_alias", 1),
        ("b: 2\na: *x", "yaml_alias", 2),
        ("a: 1\n*x : 2", "yaml_alias", 2),
        ("a: !!int 3", "yaml_tag", 1),
        ("a: 1\nb: !!python/object/apply:os.system [ls]", "yaml_tag", 2),
        ("!x y: 1", "yaml_tag", 1),
        ("a: 1\nb: 2\na: 3", "yaml_duplicate_key", 3),
        ("a: 1\n'a': 3", "yaml_duplicate_key", 2),
        ("a: 1\n---\nb: 2", "yaml_several_documents", 2),
        ("%YAML 1.1\n---\na: 1", "yaml_directive", 1),
        ("%TAG ! tag:x,2018:\n---\na: 1", "yaml_directive", 1),
        ("? [a]\n: b", "yaml_key", 1),
        ("a:\n\tb: 1", "yaml_syntax", 2),
        ("a: 'open", "yaml_syntax", 1),
        ("a: b: c", "yaml_syntax", 1),
        ('a: 1\nb: "\\0"', "yaml_unseen_character", 2),
        ("a: 1\nb: \x00", "yaml_unseen_character", 2),
        ("a: \x1b[31m", "yaml_unseen_character", 1),
        ("a: \u202etxet", "yaml_unseen_character", 1),
        ("a: x\u2028b: y", "yaml_unseen_character", 1),
        ("a: \ud800", "yaml_unseen_character", 1),
        (b"a: 1\nb: \xff", "yaml_not_utf8", 2),
        ("a: ü".encode("utf-16"), "yaml_not_utf8", 1),
        ("[" * 9 + "]" * 9, "yaml_too_deep", 1),
    ],
)
@pytest.mark.usefixtures("_either_reader")
def test_what_is_not_plain_is_refused_where_it_stands(text: str | bytes, code: str, line: int | None) -> None:
    fault = load(text).faults[0]

    assert (fault.code, fault.line) == (code, line)


@pytest.mark.usefixtures("_either_reader")
@pytest.mark.parametrize("escape", ["\\U00110000", "\\ud800", "\\UFFFFFFFF"])
def test_an_escape_that_is_no_character_is_refused(escape: str) -> None:
    assert set(codes(f'a: "{escape}"')) <= {"yaml_syntax", "yaml_unseen_character"}
    assert codes(f'a: "{escape}"')


def test_eight_levels_are_deep_enough() -> None:
    assert codes("[" * 8 + "]" * 8) == []


def test_faults_that_do_not_stop_the_reading_are_all_named() -> None:
    assert codes("a: &x 1\nb: !t 2\na: 3\nc: *x") == [
        "yaml_alias",
        "yaml_tag",
        "yaml_duplicate_key",
        "yaml_alias",
    ]


def test_64_kb_are_read_and_one_byte_more_is_not() -> None:
    assert codes("a: " + "x" * (LARGEST - 3)) == []
    assert codes("a: " + "x" * (LARGEST - 2)) == ["yaml_too_large"]
    assert codes("ä" * (LARGEST // 2 + 1)) == ["yaml_too_large"], "bytes count, not characters"


BOMBS = {
    "billion laughs": "a: &a [x,x,x,x,x,x,x,x,x]\n"
    + "".join(
        f"{new}: &{new} [{','.join([f'*{old}'] * 9)}]\n"
        for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    ),
    "itself": "a: &a [*a]",
    "open brackets": "[" * 60_000,
    "open braces": "{a: " * 15_000,
    "dashes": "- " * 30_000,
    "question marks": "? " * 30_000,
    "colons": ": " * 30_000,
    "anchors": "&a " * 20_000,
    "aliases": "[" + "*a," * 20_000 + "]",
    "tags": "! " * 30_000,
    "one key again and again": "a: 1\n" * 13_000,
    "keys": "{" + "a," * 30_000 + "}",
    "an open quote": "a: '" + "x" * 60_000,
    "escapes": 'a: "' + "\\x41" * 15_000,
    "blank lines": ("\n" + " " * 200) * 300,
    "a version beyond numbers": "%YAML " + "9" * 60_000 + ".1\n---\na: 1",
    "comments": "#" * 60_000,
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS.keys())
@pytest.mark.usefixtures("_either_reader")
def test_a_bomb_is_refused_at_once(text: str) -> None:
    started = time.process_time()

    assert codes(text)
    assert time.process_time() - started < 1, "processor time: the machine may be busy"


@given(
    st.text(max_size=300)
    | st.binary(max_size=300)
    | st.text(alphabet="ab:-[]{}&*!|>'\"\\ \n#?%,~", max_size=120)
)
def test_no_text_escapes_as_an_error(text: str | bytes) -> None:
    document = load(text)

    assert document.data is not None or document.faults


TYPED = st.recursive(
    st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=1, max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


@pytest.mark.usefixtures("_either_reader")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TYPED, st.sampled_from(["flow", "block"]), st.sampled_from(["", "\ufeff"]))
def test_what_has_no_fault_reads_the_same_without_looking_for_faults(
    typed: object, style: str, mark: str
) -> None:
    text = mark + yaml.safe_dump(typed, default_flow_style=style == "flow", allow_unicode=True)
    document = load(text)
    assume(not document.faults)
    assert plain(text) == document.data
