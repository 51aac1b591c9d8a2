"""What people write stays words: it pings nobody, links and runs nowhere, and changes no message's shape."""

import ast
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bot
from bot.facts.handoffs import LeadFact
from bot.messages import ask, card, dispute, excuse, work
from tests.messages import examples
from tests.slack.office import MAYA, REP1, SARA, Office

HOSTILE = (
    "<!channel>",
    "<!here|everybody>",
    "<!subteam^S1|@sales>",
    "<@UALAN>",
    "<#CELSE|general>",
    "<https://evil.example|your bank>",
    "&lt;!channel&gt; &amp;lt;",
    "*bold* _it_ ~no~ `code` ```block```",
    "> quoted",
    ":tada: <!date^1^{date}|now>",
    "{{ 7 * 191 }}",
    "{% for x in range(10**9) %}x{% endfor %}",
    "{{ ''.__class__.__mro__ }}{{'A'*200000000}}",
    "{0.__class__} {agreement.row} %(x)s %s",
    '"}],"blocks":[{"type":"image"}]',
    "\u202egpj.exe \u200b\u2066x\u2069",
    "e" + "\u0301" * 50,
    "line\n\n\n" * 20,
)
ACTS = re.compile(r"<(?:!(?!date\^)|#(?!CSLA>)|@UALAN|https?://evil)")
"""Which tokens only a person's text could have brought here."""
RUN = ("1337", "<class", "xxxxx", "AAAAA")
UNSEEN = re.compile("[\u200b\u202a-\u202e\u2066-\u2069\x00]")
ANY_TEXT = st.text(max_size=60) | st.sampled_from(HOSTILE)


def said(office: Office) -> Iterator[str]:
    """Give every text of all that was sent to Slack, and of what was answered to commands."""
    for call in office.slack.traffic:
        yield from texts(call.body if call.what.startswith(("chat.", "views.")) else call.answer)


def texts(node: Any) -> Iterator[str]:
    if isinstance(node, Mapping):
        if isinstance(node.get("text"), str) and node.get("type") != "plain_text":
            yield node["text"]
        for name, value in node.items():
            if name != "private_metadata":
                yield from texts(value)
    elif isinstance(node, list):
        for one in node:
            yield from texts(one)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_what_people_write_reaches_others_as_words_alone(office: Office, text: str) -> None:
    office.type(MAYA, "/sla log")
    form = {"source": f"S {text}"[:80], "campaign": f"C {text}"[:120], "note": text, "tier_b": 6}
    file = office.slack.add_file(
        MAYA, "leads.csv", f'tier,name,company\nA,"{text[:99]}","{text[:99]}"'.encode()
    )
    office.submit(MAYA, **form)
    office.type(MAYA, "/sla log")
    office.submit(MAYA, source=f"F {text}"[:80], file=[file])
    office.settle()
    office.type(REP1, "/sla take H-1 2")
    for line in ("ask H-1 1 {}", "reject H-1 outside_icp 3 {}", "excuse H-1 {}", "status {}", "{}", "why {}"):
        office.slack.command(REP1, "CSLA", f"/sla {line.format(text)}")
        office.slack.dismiss(REP1)
    office.settle()
    office.slack.command(MAYA, "CSLA", f"/sla dispute H-1 {text}")
    for user in (MAYA, REP1, SARA):
        office.slack.open_home(user)
    office.settle()
    office.after(hours=5)

    everything = [
        one for one in said(office) if "has no agreement" not in one
    ]  # a channel that was asked for
    assert len(everything) > 50
    assert [one for one in everything if ACTS.search(one)] == []
    assert [one for one in everything if UNSEEN.search(one)] == []
    assert [one for one in everything if any(sign in one for sign in RUN)] == []
    for call in office.slack.calls("chat.postMessage"):
        assert "link_names" not in call.body
        assert (call.body["unfurl_links"], call.body["unfurl_media"]) == (False, False)
        assert call.body["metadata"]["event_payload"].keys() == {"key"}
    for call in office.slack.traffic:
        assert "invalid_blocks" not in json.dumps(call.answer)


def shape(node: Any) -> Any:
    """Give a tree of blocks without its texts."""
    if isinstance(node, Mapping):
        return {name: shape(value) for name, value in node.items() if name not in ("text", "value", "url")}
    return [shape(one) for one in node] if isinstance(node, list | tuple) else type(node).__name__


def lead(text: str) -> LeadFact:
    return examples.lead(name=text, company=text, score=text)


DRAWN: Mapping[str, Any] = {
    "card": lambda text: card.message(examples.card(source=text, campaign=text, note=text), "en"),
    "work": lambda text: work.message([examples.work(leads=[lead(text)], source=text)], "en"),
    "question": lambda text: ask.message(examples.question(question=text), "en"),
    "excuse": lambda text: excuse.message(examples.excuse(reason=text), "en"),
    "rejection": lambda text: dispute.rejection(examples.rejection(note=text, reason=text), "en"),
}


@settings(max_examples=60)
@given(text=ANY_TEXT)
@pytest.mark.parametrize("name", DRAWN)
def test_whatever_is_written_the_blocks_are_the_same(name: str, text: str) -> None:
    plain, hostile = DRAWN[name]("some words"), DRAWN[name](f"w{text}")
    assert shape(hostile.blocks) == shape(plain.blocks)
    assert json.loads(json.dumps(hostile.blocks)) == [*map(dict, hostile.blocks)]


# ---- nobody's text is a template

ROOT = Path(str(bot.__file__)).parent
TREES = {
    path.relative_to(ROOT).as_posix(): ast.parse(path.read_text("utf-8"))
    for path in ROOT.rglob("*.py")
    if "sandbox" not in path.parts
}


def calls(*names: str) -> Iterator[tuple[str, ast.Call]]:
    """Find the calls of these functions and methods, with the file they stand in."""
    for file, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in names:
                yield file, node


def test_templates_are_made_in_one_file_and_of_our_own_sentences_alone() -> None:
    made = ("from_string", "get_template", "Template", "Environment", "compile_expression")
    assert {file for file, _ in calls(*made)} == {"messages/words.py"}
    in_words = [node for file, node in calls("_plain", "_marked") if file == "messages/words.py"]
    sources = {ast.unparse(node.args[1]) for node in in_words}
    assert {source.partition("(")[0] for source in sources} == {"words", "_sentences"}


def test_no_text_but_ours_is_filled_by_format() -> None:
    mapped = {(file, ast.unparse(node.func)) for file, node in calls("format_map")}
    assert {file for file, _ in mapped} == {"messages/words.py", "cli/agreement.py"}
    assert {of.partition("[")[0].partition("(")[0] for _, of in mapped} <= OUR_OWN
    # A record of the log is written by a method of that name.
    filled = [
        node for file, node in calls("format") if file != "logs.py" and isinstance(node.func, ast.Attribute)
    ]
    assert [ast.unparse(node) for node in filled if not is_our_own(node)] == []


OUR_OWN = {"sentences", "_sentences", "sentence.format_map"}
"""Sentences of our templates."""


def is_our_own(node: ast.Call) -> bool:
    """Say whether what is filled stands in the code: a text, or a name in capitals."""
    of = node.func.value if isinstance(node.func, ast.Attribute) else None
    return isinstance(of, ast.Constant) or (isinstance(of, ast.Name) and of.id.isupper())
