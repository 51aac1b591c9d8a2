"""`baton setup-slack`: from the manifest to tokens that work, kept in a file beside the process."""

import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from getpass import getpass
from pathlib import Path

from bot.cli import manifest, slack_checks
from bot.cli.findings import Finding, State, of_state
from bot.cli.refusals import FAULTS, WRONG_USE, Refusal
from bot.cli.slack_checks import APP, BOT
from bot.context import Clock
from bot.settings import Settings

FILE = Path(".env")
"""Where `baton run` looks for settings, in the folder in which it is started."""
CREATE = """\
1. Open this address, choose your workspace, press Next and then Create. Where the app is made, go on with 2:

   {address}

2. Press Install to Workspace, then Allow. Under OAuth & Permissions copy the Bot User OAuth Token.
"""
SOCKET = """
3. Under Basic Information, App-Level Tokens, press Generate Token and Scopes, add connections:write, and copy
   the token.
"""
DONE = """
Both work. They are in {file}, which you alone can read. Two steps are left:

   {baton} run
      in this folder; it stays open
   /invite @Baton, then /sla setup
      in the channel that Marketing and Sales share

If anything is not as it should be, {baton} doctor names it.
"""
Check = Callable[[str], Iterator[Finding]]


def arguments(_command: ArgumentParser) -> None:
    """Take none."""


def act(_given: Namespace, settings: Settings, _clock: Clock) -> int:
    """Lead from step to step; where nobody can be asked, the tokens are taken from the settings."""
    url = settings.slack_api_url
    is_asked = sys.stdin.isatty()
    take = _asked if is_asked else _set
    if is_asked:
        print(CREATE.format(address=manifest.address()))
    bot = take(BOT, settings.slack_bot_token.get_secret_value(), lambda it: slack_checks.bot_token(url, it))
    if is_asked:
        print(SOCKET)

    def works(token: str) -> Iterator[Finding]:
        yield from slack_checks.app_token(url, token)
        yield from slack_checks.same_app(url, bot, token)

    app = take(APP, settings.slack_app_token.get_secret_value(), works)
    write(FILE, {BOT: bot, APP: app})
    print(DONE.format(file=FILE.absolute(), baton=_typed()))
    return 0


def _typed() -> str:
    """Name this program as it was started: what stands in `.venv/bin` is not found by its name alone."""
    return sys.argv[0] if Path(sys.argv[0]).name == "baton" else "baton"


def _asked(name: str, known: str, check: Check) -> str:
    """Ask until Slack takes what is given; what is set already is offered."""
    hint = "   paste it here, it is not shown (Enter keeps the one that is set): " if known else None
    while True:
        try:
            token = getpass(hint or "   paste it here, it is not shown: ").strip() or known
        except EOFError as end:
            raise Refusal(f"{name} was not given; nothing was written.") from end
        wrong = _wrong(name, token, check)
        if not wrong:
            print("   It works.")
            return token
        print(*(f"   {one.words} {one.fix}" for one in wrong), sep="\n")


def _set(name: str, token: str, check: Check) -> str:
    """Take what is set. Raises Refusal, with the first steps where nothing is set yet."""
    if not token:
        steps = CREATE.format(address=manifest.address()) + SOCKET
        words = f"{name} is not set, and nobody can be asked: set both tokens, or start this in a terminal."
        raise Refusal(f"{words}\n\n{steps}", WRONG_USE)
    for one in _wrong(name, token, check):
        raise Refusal(f"{one.words} {one.fix}", FAULTS)
    return token


def _wrong(name: str, token: str, check: Check) -> list[Finding]:
    return of_state(slack_checks.kind(name, token), State.FAULT) or of_state(check(token), State.FAULT)


def write(file: Path, secrets: dict[str, str]) -> None:
    """Put settings into a file for its owner's eyes, in the place of older ones; all else in it stays."""
    kept = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    lines = [line for line in kept if line.removeprefix("export ").partition("=")[0].strip() not in secrets]
    lines += [f"{name}={value}" for name, value in secrets.items()]
    new = file.with_name(f"{file.name}.new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write("\n".join(lines) + "\n")
    new.replace(file)
