"""From the start of the process to being ready, and the memory then, with an empty store."""

import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bot.sandbox.server import Sandbox
from tests.bench import measure

ROUNDS = 5
SECONDS, MEGABYTES = 2.0, 120.0
READY = "Baton is ready"


def rows() -> list[measure.Row]:
    """Measure `baton run` against the small Slack of this machine; the reference is the bar."""
    started = [_start() for _ in range(ROUNDS)]
    seconds, megabytes = (median(values) for values in zip(*started, strict=True))
    return [
        measure.row("start to ready, s", seconds, SECONDS, "< 2 s", held=seconds < SECONDS),
        measure.row(
            "resident memory when ready, MB", megabytes, MEGABYTES, "< 120 MB", held=megabytes < MEGABYTES
        ),
    ]


def _start() -> tuple[float, float]:
    """Start a bot with an empty store; give seconds until it says that it is ready, and megabytes then."""
    with TemporaryDirectory() as folder, Sandbox() as sandbox:
        environment = os.environ | {
            "SLACK_API_URL": sandbox.api_url,
            "SLACK_BOT_TOKEN": sandbox.bot_token,
            "SLACK_APP_TOKEN": sandbox.app_token,
            "BATON_DATABASE_URL": f"sqlite:///{folder}/baton.db",
        }
        began = time.perf_counter()
        with subprocess.Popen(
            [sys.executable, "-m", "bot", "run"], env=environment, stderr=subprocess.PIPE, text=True
        ) as process:
            assert process.stderr
            assert any(READY in line for line in process.stderr), "it did not start"
            seconds = time.perf_counter() - began
            megabytes = _resident(process.pid)
            process.kill()
    return seconds, megabytes


def _resident(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text("utf-8")
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
    return int(kilobytes) / 1024


if __name__ == "__main__":
    measure.tell(rows())
