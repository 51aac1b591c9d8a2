"""Where Baton itself goes, what it looks up by a name that people gave, and what it asks the store."""

import ast
import json
import logging
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import select
from sqlmodel import col

import bot
from bot import logs
from bot.messages import words
from bot.models import Handoff
from bot.slack import setup
from bot.slack.form import Unexpected
from sla_rules.hours import CalendarError, zone_named
from tests.slack.office import MAYA, REP1, SARA, Office
from tests.twin import ours

ROOT = Path(str(bot.__file__)).parent
TREES = {
    path.relative_to(ROOT).as_posix(): ast.parse(path.read_text("utf-8"))
    for path in ROOT.rglob("*.py")
    if not {"sandbox", "demo", "migrations"} & set(path.parts)
}
NETWORK = {
    "urllib.request",
    "http.client",
    "socket",
    "ssl",
    "requests",
    "httpx",
    "aiohttp",
    "ftplib",
    "smtplib",
}
GOES_OUT = {
    "answers.py": "reads what failed",
    "cli/machine_checks.py": "its own health, on this machine",
    "cli/slack_checks.py": "Slack, when whoever runs it asks",
    "exchange.py": "Slack's OAuth",
    "fetch.py": "Slack's files",
    "gateway.py": "Slack's Web API",
    "http/server.py": "listens",
    "serving.py": "listens",
    "jobs/audit.py": "the dead-man URL of the settings",
    "slack_time.py": "asks Slack for the time",
    "socket_mode.py": "Slack's sockets",
}
PATHS = (
    "../../../etc/passwd",
    "/etc/localtime",
    "..\\en",
    "en/../pt_BR",
    "\0",
    "con",
    "a" * 5_000,
    "file:///x",
)


def imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_few_files_can_reach_the_network_and_each_for_one_reason() -> None:
    assert {file for file, tree in TREES.items() if NETWORK & set(imports(tree))} <= set(GOES_OUT)


def test_a_response_url_is_never_used() -> None:
    named = {
        file
        for file, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and node.value in ("response_url", "response_urls")
    }
    assert named <= {"http/guard.py"}, "which only holds it to be a text"


def test_a_link_that_somebody_gave_is_never_opened(office: Office) -> None:
    heard: list[str] = []

    class Trap(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(self.path)

    with HTTPServer(("127.0.0.1", 0), Trap) as trap:
        Thread(target=trap.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{trap.server_port}/latest/meta-data"
        office.type(MAYA, "/sla log")
        leads = f"tier,name,link\nA,Ada,{url}".encode()
        file = office.slack.add_file(MAYA, "leads.csv", leads)
        assert office.submit(MAYA, source="fair", link=url, file=[file])["response_action"] == "update"
        office.settle()
        office.react(REP1, office.card())
        office.settle()
        office.slack.open_home(REP1)
        office.settle()
        trap.shutdown()
    assert heard == []


# ---- names that could be paths


@pytest.mark.parametrize("path", PATHS)
def test_no_name_leads_to_a_file(path: str) -> None:
    with pytest.raises(CalendarError):
        zone_named(path)
    with pytest.raises(Unexpected):
        setup._locale(path)
    assert words.label(path, "no_leads") == words.label("en", "no_leads")


# ---- what the store is asked

ODD = ("'; DROP TABLE handoff; --", "%", "_", "x' OR '1'='1", "\\", '"', "webin%", "w_binar")


@pytest.mark.parametrize("text", ODD)
def test_text_is_compared_and_never_run(office: Office, text: str) -> None:
    office.type(MAYA, "/sla log webinar June B=3")
    office.type(MAYA, "/sla log")
    assert office.submit(MAYA, source=text, tier_b=2)["response_action"] == "update"
    office.settle()
    with office.context.reading() as session:
        kept = list(
            session.scalars(select(col(Handoff.source)).where(ours(Handoff)).order_by(col(Handoff.number)))
        )
    assert kept == ["webinar", text]
    for line in (f"status {text}", f"goals {text}", f"export leads {text}", f"plan 5 {text} 18 Jun"):
        office.type(SARA if "plan" not in line else MAYA, f"/sla {line}")
    assert len(office.rows()["handoff"]) == 2


def test_no_statement_is_put_together_from_texts() -> None:
    put_in: set[str] = set()
    for file, tree in TREES.items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            name = ast.unparse(node.func).rpartition(".")[2]
            if name in ("like", "ilike", "contains", "startswith") and is_column(node):
                assert "autoescape" in {word.arg for word in node.keywords}, (file, ast.unparse(node))
            if name in ("text", "literal_column", "exec_driver_sql"):
                put_in.update(ast.unparse(one.value) for one in parts(node) if file != "models.py")
    assert put_in <= OURS


OURS = {"span", "bucket", "state", "kind.side"}
"""Words of our own enumerations, and numbers of buckets. (Models write conditions of indexes so.)"""


def parts(node: ast.Call) -> Iterator[ast.FormattedValue]:
    """Give what is put into the text of a statement."""
    return (
        one for argument in node.args for one in ast.walk(argument) if isinstance(one, ast.FormattedValue)
    )


def is_column(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Attribute) and "col(" in ast.unparse(node.func.value)


# ---- what stays at home

CANARY = "canary.lead@customer.example"


def test_neither_a_token_nor_a_lead_stands_in_the_log_or_in_what_goes_with_a_message(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    office.type(MAYA, "/sla log")
    file = office.slack.add_file(MAYA, "l.csv", f"tier,name,email\nA,Canary Bird,{CANARY}".encode())
    office.submit(MAYA, source="fair", file=[file])
    for how in ("rate_limited", "close"):
        office.slack.fail("chat.postMessage", how)
        office.settle()
    for _ in range(2):
        office.after(minutes=10)
    office.slack.fail("files.info", "close")
    office.type(MAYA, "/sla log")
    office.submit(MAYA, source="fair", file=[file])
    office.react(REP1, office.card())
    office.settle()
    office.after(hours=6)

    form = logs.Lines(logs.Redaction([office.slack.parts.slack.bot_token]), "text")
    written = "\n".join(map(form.format, caplog.records))
    assert len(caplog.records) > 5
    for secret in (CANARY, "Canary Bird", "xoxb-", "xapp-", office.slack.parts.slack.signing_secret):
        assert secret not in written
    carried = [json.dumps(call.body.get("metadata")) for call in office.slack.calls("chat.postMessage")]
    assert not any("anary" in one for one in carried)
