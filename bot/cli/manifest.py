"""`baton manifest`: print the manifest with which Slack makes the app."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

import bot
from bot.cli.refusals import Refusal
from bot.context import Clock
from bot.settings import Settings

MANIFEST = Path(bot.__file__).parent.parent / "manifest.yml"


def arguments(_command: ArgumentParser) -> None:
    """Take none."""


def act(_given: Namespace, _settings: Settings, _clock: Clock) -> int:
    """Print the file as it stands."""
    try:
        print(MANIFEST.read_text(encoding="utf-8"), end="")
    except OSError as error:
        raise Refusal(f"{MANIFEST} cannot be read: {error.strerror}.") from error
    return 0
