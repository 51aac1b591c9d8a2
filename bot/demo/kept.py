"""What a demo keeps from one run to the next: the bot's store, its Slack, and the time."""

import json
import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from bot.demo.stage import Stage
from bot.sandbox import kept as slack_kept
from bot.sandbox.server import Sandbox

STORE, SLACK, TIMES = "baton.db", "slack.json", "times.json"
IN_A_FOLDER = "baton.demo"


class KeptError(Exception):
    """A file cannot be gone on from; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A demo at one instant; the tour counts from `begun_at`."""

    store: bytes
    slack: dict[str, Any]
    at: datetime
    begun_at: datetime

    def write(self, path: Path) -> None:
        """Put it into one file, whole or not at all. Raises KeptError."""
        beside = path.with_name(f"{path.name}.new")
        times = {"at": self.at.isoformat(), "begun_at": self.begun_at.isoformat()}
        try:
            with ZipFile(beside, "w") as file:
                file.writestr(STORE, self.store)
                file.writestr(SLACK, json.dumps(self.slack))
                file.writestr(TIMES, json.dumps(times))
            beside.replace(path)
        except OSError as error:
            raise KeptError(f"{path} cannot be written: {error.strerror}.") from error


def place(path: Path) -> Path:
    """Give the file to keep a demo in: this one, or one in this folder."""
    return path / IN_A_FOLDER if path.is_dir() else path


def found(path: Path) -> Kept | None:
    """Read what was kept there, or see that there is room for it. Raises KeptError."""
    if path.exists():
        return read(path)
    if not os.access(path.parent, os.W_OK):
        raise KeptError(f"{path} cannot be written: make the folder, or name another file with --keep.")
    return None


def take(sandbox: Sandbox, stage: Stage, begun_at: datetime) -> Kept:
    """Take the demo as it stands; it may go on running."""
    with stage.held(), closing(sqlite3.connect(str(stage.context.engine.url.database))) as store:
        now = stage.clock.now()
        return Kept(store.serialize(), slack_kept.dump(sandbox.parts.slack), now, begun_at)


def read(path: Path) -> Kept:
    """Read what `write` wrote. Raises KeptError."""
    try:
        with ZipFile(path) as file:
            times = json.loads(file.read(TIMES))
            at, begun_at = (datetime.fromisoformat(times[name]) for name in ("at", "begun_at"))
            return Kept(file.read(STORE), json.loads(file.read(SLACK)), at, begun_at)
    except (BadZipFile, LookupError, ValueError) as error:
        raise KeptError(f"{path} was not kept by a demo; name another file with --keep.") from error
    except OSError as error:
        raise KeptError(f"{path} cannot be read: {error.strerror}.") from error
