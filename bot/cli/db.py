"""`baton db upgrade`: bring the tables of the store up to date."""

from argparse import ArgumentParser, Namespace

from bot.cli.stored import opened
from bot.context import Clock
from bot.settings import Settings


def arguments(command: ArgumentParser) -> None:
    command.add_argument("what", choices=["upgrade"])


def act(_given: Namespace, settings: Settings, _clock: Clock) -> int:
    """Migrate, which opening does, and say so."""
    with opened(settings, is_made=True) as engine:
        print(f"{engine.url.database} is up to date.")
    return 0
