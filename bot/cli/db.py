"""`baton db …`: the tables of the store, its copies, and the keys that seal its tokens."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from bot.cli import backup
from bot.cli.refusals import WRONG_USE, Refusal
from bot.cli.stored import opened
from bot.context import Clock
from bot.database import transaction
from bot.seal import Seal, SealError, new_key
from bot.services import installations
from bot.settings import Settings


def arguments(command: ArgumentParser) -> None:
    commands = command.add_subparsers(metavar="WHAT", required=True)
    for name, (purpose, add, do) in WHAT.items():
        one = commands.add_parser(name, help=purpose, description=f"{purpose[0].upper()}{purpose[1:]}.")
        add(one)
        one.set_defaults(do=do)


def act(given: Namespace, settings: Settings, clock: Clock) -> int:
    """Do it, and say so."""
    print(given.do(given, settings, clock))
    return 0


def _no_arguments(_command: ArgumentParser) -> None:
    """Take none."""


def _file(command: ArgumentParser) -> None:
    command.add_argument("file", type=Path, metavar="FILE", help="a file that is not there yet")


def _replacing(command: ArgumentParser) -> None:
    command.add_argument("file", type=Path, metavar="FILE", help="what `baton db backup` wrote")
    command.add_argument("--replace", action="store_true", help="even where the store is not empty")


def _urls(command: ArgumentParser) -> None:
    command.add_argument(
        "--from", dest="source", metavar="URL", help="BATON_DATABASE_URL if not given; nobody may use it"
    )
    command.add_argument("--to", dest="target", metavar="URL", required=True, help="of an empty store")


def _upgrade(_given: Namespace, settings: Settings, _clock: Clock) -> str:
    with opened(settings, is_made=True) as engine:  # which migrates
        return f"{engine.url.database} is up to date."


def _new_key(_given: Namespace, _settings: Settings, _clock: Clock) -> str:
    return new_key()


def _rotate_keys(_given: Namespace, settings: Settings, _clock: Clock) -> str:
    try:
        seal = Seal.of(settings.secret_keys.get_secret_value())
        with opened(settings) as engine, transaction(engine) as session:
            sealed = installations.seal_again(session, seal)
    except SealError as error:
        raise Refusal(str(error), WRONG_USE) from error
    return f"Sealed with the first key: the tokens of {sealed} installations. The other keys can go now."


WHAT = {
    "upgrade": ("bring the tables up to date", _no_arguments, _upgrade),
    "backup": ("copy the store into a file, while Baton runs", _file, backup.backup),
    "restore": ("put a backup in the place of the store", _replacing, backup.restore),
    "move": ("copy everything into an empty store of either kind", _urls, backup.move),
    "new-key": ("print a key for BATON_SECRET_KEYS", _no_arguments, _new_key),
    "rotate-keys": ("seal all tokens with the first of the keys", _no_arguments, _rotate_keys),
}
