"""What README and `docs/` say is true: pages equal the code, commands run, links and pictures are there."""

import inspect
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from io import StringIO
from pathlib import Path
from textwrap import dedent

import pytest

from bot import messages, slack
from bot.commands import main
from bot.sandbox.server import Sandbox
from bot.slack import handoffs
from sla_rules.agreement import Agreement
from sla_rules.pasted import pasted_over
from sla_rules.starter import starter
from tests import stores
from tests.pages.__main__ import PAGES, ROOT
from tests.pages.agreement import TEAM

TEXTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
STEP = re.compile(r"^ +```python\n(.*?)^ +```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#\s]*)(?:#([^)\s]+))?\)")
BATON, PYTEST = [".venv/bin/baton"], [".venv/bin/python", "-m", "pytest"]
STAYS = {"run", "demo"}
"""Commands that serve until they are stopped."""
SERVING = ("is ready", "Ctrl-C ends it")
"""What they say once they do."""
PATIENCE_S = 30
LEADS = "lead_id,created,origin\nL1,2018-01-31,web\nL2,2018-02-01,web\nL3,2018-02-10,fair\n"
IMPORT = ["import", "leads.csv", "--map", "id=lead_id", "--map", "handed_over_at=created"]
DEALS = "lead_id,closed\nL1,2018-02-10\n"


@pytest.mark.parametrize("path", PAGES)
def test_a_page_made_from_the_code_says_what_the_code_says(path: str) -> None:
    assert (ROOT / path).read_text("utf-8") == PAGES[path](), "make docs"


@pytest.mark.parametrize("text", TEXTS, ids=lambda path: path.name)
def test_what_is_linked_is_there(text: Path) -> None:
    for target, heading in LINK.findall(text.read_text("utf-8")):
        if "://" not in target:
            found = text.parent / target if target else text
            assert found.exists(), target
            assert not heading or heading in headings(found), f"{target}#{heading}"


def headings(page: Path) -> set[str]:
    """Name the headings of a page as links do."""
    found = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in found}


def test_the_agreement_shown_by_example_is_one_that_can_be_signed() -> None:
    (example,) = blocks(ROOT / "README.md", "yaml")
    agreement = Agreement.parse(pasted_over(starter(TEAM), example).text)
    assert agreement.clause_of("goals.1") == "10.2"


def test_the_first_change_that_is_shown_step_by_step_fits_the_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = map(dedent, STEP.findall((ROOT / "CONTRIBUTING.md").read_text("utf-8")))
    for package, text in zip((messages, slack), shown, strict=True):
        folder = tmp_path / package.__name__
        folder.mkdir()
        (folder / "hello.py").write_text(text, encoding="utf-8")
        monkeypatch.setattr(package, "__path__", [*package.__path__, str(folder)])
    command = import_module("bot.slack.hello").command
    assert inspect.signature(command, eval_str=True) == inspect.signature(handoffs.command, eval_str=True)


def blocks(text: Path, kind: str) -> list[str]:
    return [block for found, block in BLOCK.findall(text.read_text("utf-8")) if found == kind]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give a folder with what the pages speak of, beside a Slack in which the app was just made."""
    (tmp_path / "leads.csv").write_text(LEADS, encoding="utf-8")
    (tmp_path / "deals.csv").write_text(DEALS, encoding="utf-8")
    (tmp_path / "agreement.yml").write_text(starter(TEAM), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with Sandbox(manifest=ROOT / "manifest.yml") as sandbox:
        own = {
            "SLACK_API_URL": sandbox.api_url,
            "SLACK_BOT_TOKEN": sandbox.bot_token,
            "SLACK_APP_TOKEN": sandbox.app_token,
            "BATON_DATABASE_URL": stores.url(tmp_path / "baton.db", is_empty=True),
            "PYTHONPATH": str(ROOT),
        }
        for name, value in own.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr("sys.stdin", StringIO())  # nobody is there to be asked
        assert main(IMPORT) == 0
        yield tmp_path


@pytest.mark.parametrize("text", TEXTS, ids=lambda path: path.name)
def test_every_command_runs(text: Path, folder: Path) -> None:
    for line in "".join(blocks(text, "sh")).splitlines():
        words = shlex.split(line, comments=True)
        assert code_of(words) == 0, line


def code_of(words: list[str]) -> int:
    """Run a command; of what `make` and `pytest` would do, only that they know how."""
    if words[0] == "make":
        return subprocess.run(
            [*words, "--dry-run"], cwd=ROOT, stdout=subprocess.DEVNULL, check=False
        ).returncode
    if words[:1] == BATON:
        return served(words[1:]) if words[1] in STAYS else main(words[1:])
    assert words[:3] == PYTEST, words
    command = [sys.executable, *words[1:], "--collect-only", "-q"]
    return subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=False).returncode


def served(words: list[str]) -> int:
    """Start what serves, at a port that is free, wait until it does, and ask it to end."""
    port = ["--port", "0"] if words[0] == "demo" else []
    command = [sys.executable, "-m", "bot", *words, *port]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            assert any(sign in line for line in process.stdout or () for sign in SERVING)
            process.terminate()
            return process.wait(PATIENCE_S)
        finally:
            process.kill()
