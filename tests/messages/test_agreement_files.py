"""What is said with the agreement's files, and the modals by which a text comes back."""

from typing import Any

import pytest

from bot.facts.agreement import EditFact
from bot.messages import agreement_files as message
from bot.messages import agreement_propose
from bot.messages.agreement_files import FORBIDDEN
from sla_rules.agreement import Agreement
from sla_rules.compare import Change
from sla_rules.pieces import data_of
from sla_rules.starter import starter
from tests.messages import examples as e
from tests.messages.test_gallery import HOSTILE, OURS, Drawn, assert_slack_takes, blocks_of, texts
from tests.slack.office import VALUES

LOCALE = "en"
STATES = ["draft", "proposed", "signed", "in_force", "superseded", "ended", "declined", "withdrawn"]
MANY = [f"Line {n}: `odd_{n}` is not known here." for n in range(60)]
META = {"agreement": 1, "channel": "C1"}


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("DACH", ["DACH-v3.yml", "DACH-v3.md"]),
        ("../../etc/passwd", ["etc-passwd-v3.yml", "etc-passwd-v3.md"]),
        ("Süd & West / KMU", ["Süd-West-KMU-v3.yml", "Süd-West-KMU-v3.md"]),
        ("…", ["agreement-v3.yml", "agreement-v3.md"]),
        ("x" * 120, [f"{'x' * 60}-v3.yml", f"{'x' * 60}-v3.md"]),
    ],
)
def test_files_are_named_by_agreement_and_version(name: str, files: list[str]) -> None:
    sent = message.files(e.text(name=name), LOCALE, text="name: ä\n", markdown="# ä\n")
    assert [*sent.contents] == files
    assert [*sent.contents.values()] == ["name: ä\n".encode(), "# ä\n".encode()]


@pytest.mark.parametrize("state", STATES)
def test_the_comment_says_which_text_it_is(state: str) -> None:
    said = message.files(e.text(state=state), LOCALE, text="x", markdown="x").comment
    assert said.startswith("*DACH, version 3*: ")
    assert said.splitlines()[0].endswith(".")
    assert (
        said.splitlines()[0].removeprefix("*DACH, version 3*: ")[:-1]
        in message.coming(e.text(state=state), LOCALE).text
    )


@pytest.mark.parametrize(
    ("because", "words"),
    [
        ("upload_not_allowed", "files:write"),
        *((code, f"takes no such files from me* (`{code}`)") for code in FORBIDDEN),
        ("upload_failed", "Slack did not say"),
        ("", "Slack did not say"),
    ],
)
def test_why_no_file_came_is_said(because: str, words: str) -> None:
    assert words in texts_of(message.not_sent(e.text(), LOCALE, because=because))


def test_sixty_faults_stand_above_the_form() -> None:
    view = message.modal(LOCALE, name="DACH", faults=MANY, paste="name: x", metadata=META)
    assert_slack_takes(view)
    said = texts_of(view)
    assert "60 things are to be mended; nothing was saved." in said
    assert all(line in said for line in MANY)
    assert [block["block_id"] for block in blocks_of(view) if block["type"] == "input"] == ["file", "paste"]


def test_a_single_fault_is_one_thing() -> None:
    assert "1 thing is to be mended" in texts_of(message.modal(LOCALE, name="DACH", faults=MANY[:1]))


def test_a_draft_kept_says_what_it_changes_and_asks_whether_to_propose_it() -> None:
    view = saved([e.TARGET_DOWN])
    assert_slack_takes(view)
    assert "DACH, version 3, is kept as the draft" in texts_of(view)
    assert "120 → *100*" in texts_of(view)
    assert view["callback_id"] == agreement_propose.SUBMIT


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_names_come_out_as_text(words: str) -> None:
    fact = e.text(name=words)
    comment = message.files(fact, LOCALE, text="x", markdown="x").comment
    drawn: list[Drawn] = [
        message.coming(fact, LOCALE),
        message.not_sent(fact, LOCALE, because=""),
        message.modal(LOCALE, name=words, metadata=META),
        saved([Change(("name",), None, None, words, words)], name=words),
    ]
    for one in drawn:
        assert_slack_takes(one)
    for said in [comment, *(text for one in drawn for text in texts(blocks_of(one)))]:
        assert "<" not in OURS.sub("", said)


def saved(changes: list[Change], **fact: object) -> dict[str, Any]:
    text = starter(VALUES)
    edited = EditFact(
        agreement_id=1,
        version=2,
        document=Agreement.signed(text),
        data=data_of(text),
        before=data_of(text),
        text_hash="0" * 64,
        author="U1",
        written_at=e.NOW,
        proposal=None,
    )
    return message.saved(e.text(state="draft", **fact), edited, changes, LOCALE, META)


def texts_of(drawn: Drawn) -> str:
    return "\n".join(texts(blocks_of(drawn)))
