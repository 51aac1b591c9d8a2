"""The engine of a store in PostgreSQL."""

from typing import Any

from psycopg.abc import Buffer
from psycopg.adapt import Loader
from sqlalchemy import URL, Engine, create_engine, event

TIMEOUTS = {
    "statement_timeout": "60s",
    "lock_timeout": "15s",
    "idle_in_transaction_session_timeout": "60s",
}
"""What the server ends by itself, so that a process that hangs holds up nobody for long."""
ALIVE = {
    "connect_timeout": 5,
    "tcp_user_timeout": 15_000,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}
"""What ends the waiting for a server that fell silent, where the URL says nothing else."""
CONNECTIONS = 30
"""As many as a process has threads: listeners and jobs."""


class _Whole(Loader):
    """Read the sum of a column of integers, for which PostgreSQL has decimals."""

    def load(self, data: Buffer) -> int:
        return int(bytes(data))


def engine_for(url: URL) -> Engine:
    """Make the engine with the settings that keep one process from holding up another."""
    settings = " ".join(f"-c {name}={value}" for name, value in TIMEOUTS.items())
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        hide_parameters=True,  # as for SQLite, for the log
        isolation_level="READ COMMITTED",
        pool_pre_ping=True,
        max_overflow=CONNECTIONS - 5,
        connect_args={"options": settings, **{k: v for k, v in ALIVE.items() if k not in url.query}},
    )
    event.listen(engine, "connect", _read_sums)
    return engine


def _read_sums(connection: Any, _record: Any) -> None:
    connection.adapters.register_loader("numeric", _Whole)
