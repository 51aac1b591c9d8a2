"""Draft the next revision from the tables in `bot.models`, to be read and mended by hand.

python -m bot.migrations.draft 0002 "What changes"
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command

from bot.database import engine_for
from bot.store import config_for, migrate


def draft(revision: str, message: str) -> None:
    """Write versions/<revision>_<message>.py: what an empty store, brought up to date, still lacks."""
    with TemporaryDirectory() as folder:
        engine = engine_for(f"sqlite:///{folder}/draft.db")
        migrate(engine)
        with engine.begin() as connection:
            config = config_for(connection, Path(__file__).parent)
            command.revision(config, message, autogenerate=True, rev_id=revision)
        engine.dispose()


if __name__ == "__main__":
    draft(*sys.argv[1:])
