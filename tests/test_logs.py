"""A log says what a thing was about, on a line of its own, and never a secret."""

import io
import json
import logging
import os
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from slack_sdk import WebClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot import logs
from bot.settings import Settings
from tests import stores

LONG = "é" * 2_000
PASSWORD, LEAD = "p@ss/word&1", "Ana Canary"
SETTINGS = Settings(
    slack_bot_token="xoxb-1111-2222-canary",
    slack_app_token="xapp-1-A1-canary",
    slack_signing_secret="0123456789abcdef0123456789abcdef",
    hash_key="a-hash-key-canary",
    secret_keys="first-key-canary,second-key-canary",
    deadman_url="https://watch.example/ping/canary",
)
CANARIES = (
    "xoxb-1111-2222-canary",
    "xoxb-of-another-workspace-1",
    "xoxe.xoxb-1-abcdef",
    "xoxe-1-abcdef",
    "xoxp-3-abc-def",
    "xapp-1-A1-canary",
    "xapp-1-B2-another",
    "0123456789abcdef0123456789abcdef",
    "a-hash-key-canary",
    "second-key-canary",
    "https://watch.example/ping/canary",
    PASSWORD,
    "p%40ss%2Fword%261",
    "https://hooks.slack.com/commands/T1/2/canary",
    "http://127.0.0.1:4000/hooks/T0SANDBOX/canary",
    "wss://wss-primary.slack.com/link/?ticket=canary&app_id=1",
    "ana.souza+1@kunde.example",
    "o'neill@kunde.co.example",
)


@pytest.fixture(params=["text", "json"])
def written(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """What reaches the log through a logger with our form."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.Lines(logs.Redaction([*SETTINGS.secrets, PASSWORD]), request.param))
    root = logging.getLogger()
    root.addHandler(handler)
    yield stream
    root.removeHandler(handler)


@pytest.mark.parametrize("canary", CANARIES)
def test_no_secret_is_written_wherever_it_stands(written: io.StringIO, canary: str) -> None:
    log = logging.getLogger("a.library")
    log.error("said %s and {'text': '%s'}", canary, canary)
    log.error("Authorization: Bearer %s", canary)
    with logs.about(word=canary):
        log.error("about it")
    try:
        int(f"in an error {canary}")
    except ValueError:
        log.exception("failed")
    log.error("kept", exc_info=ValueError(canary))

    assert canary not in written.getvalue()
    assert written.getvalue().count(logs.HIDDEN) >= 6


def test_a_failure_of_slacks_client_does_not_tell_the_token(written: io.StringIO) -> None:
    logging.getLogger("slack_sdk").setLevel(logging.DEBUG)
    client = WebClient("xoxb-1111-2222-canary", "http://127.0.0.1:9/api/", retry_handlers=[])
    client.proxy = None
    with pytest.raises(OSError, match="refused"):
        client.chat_postMessage(channel="C1", text="to ana.souza+1@kunde.example")
    logging.getLogger("slack_sdk").setLevel(logging.NOTSET)

    assert "canary" not in written.getvalue()
    assert "kunde" not in written.getvalue()


def test_a_failure_of_the_store_does_not_tell_what_was_to_be_kept(
    written: io.StringIO, tmp_path: Path
) -> None:
    insert = text("INSERT INTO lead_detail (lead_id, name) VALUES (:id, :name)")
    with stores.engine(tmp_path / "baton.db").connect() as connection:
        try:
            connection.execute(insert, {"id": 7, "name": LEAD})
        except DBAPIError:
            logging.getLogger("bot").exception("failed")
    assert "failed" in written.getvalue()
    assert LEAD not in written.getvalue()


def test_words_that_are_no_secret_stay() -> None:
    words = "H-12 of <@U1> in <#C1>: 3 leads @ 10:00, see https://slack.com/api/ and a.b@c"
    assert logs.Redaction(SETTINGS.secrets)(words) == words


def test_a_line_says_what_it_is_about(written: io.StringIO) -> None:
    with logs.about(reference="ab12", word="log"), logs.about(workspace="T1"):
        logs.note("ms", 3.5)
        logging.getLogger("bot").warning("answered")
    logging.getLogger("bot").warning("of nothing")
    first, second = written.getvalue().splitlines()

    if first.startswith("{"):
        facts = json.loads(first)
        assert facts.pop("at").endswith("+00:00")
        assert facts == {
            "level": "WARNING",
            "logger": "bot",
            "said": "answered",
            "reference": "ab12",
            "word": "log",
            "workspace": "T1",
            "ms": 3.5,
        }
    else:
        assert first.endswith(" WARNING bot: answered reference=ab12 word=log workspace=T1 ms=3.5")
    assert "ab12" not in second


def test_nobody_can_write_a_line_of_their_own(written: io.StringIO) -> None:
    logging.getLogger("bot").warning("dropped: %s", "x\n2026-01-01 ERROR forged\r\u2028\x1b[31m")
    assert len(written.getvalue().splitlines()) == 1


def test_who_logs_does_not_wait_for_a_reader_who_stands_still() -> None:
    read, write = os.pipe()
    with os.fdopen(read, encoding="utf-8") as reader, os.fdopen(write, "w", encoding="utf-8") as stream:
        handler = logs.Unhindered(stream)
        lines = [logging.makeLogRecord({"msg": f"{n} {LONG}"}) for n in range(100)]
        writing = Thread(target=lambda: [handler.handle(line) for line in lines], daemon=True)
        writing.start()
        writing.join(30)
        assert not writing.is_alive()

        os.set_blocking(read, False)
        held = "".join(iter(lambda: reader.read(4096), ""))
        handler.handle(logging.makeLogRecord({"msg": "is read again"}))
        said = reader.read().splitlines()
    whole = sum(line.endswith(LONG) for line in held.splitlines())
    assert 0 < whole < 100
    assert said == ["", f"lines were left out, since nobody read them: {100 - whole}", "is read again"]


def test_a_long_text_takes_no_long_time() -> None:
    redact, began = logs.Redaction(SETTINGS.secrets), time.perf_counter()
    for long in ("a" * 100_000, "a." * 50_000, "xoxb-" * 20_000, "@" * 100_000, "https://" * 12_000):
        redact(long)
    assert time.perf_counter() - began < 2


def test_every_setting_that_is_secret_is_known_to_be() -> None:
    assert {"first-key-canary", "second-key-canary", "xapp-1-A1-canary"} <= set(SETTINGS.secrets)
