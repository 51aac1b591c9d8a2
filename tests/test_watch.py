"""The demo that watches begins anew when something changes, and ends with Ctrl-C."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

BEGINS = "import time; print('begun', flush=True); time.sleep(60)"
WATCHES = "import pathlib, sys, tests.watch; tests.watch.main(sys.argv[2:], pathlib.Path(sys.argv[1]))"
ROOT = Path(__file__).parents[1]


def test_a_change_begins_the_command_anew_and_ctrl_c_ends_both(tmp_path: Path) -> None:
    words = tmp_path / "templates" / "en" / "card.j2"
    words.parent.mkdir(parents=True)
    words.write_text("before", encoding="utf-8")
    command = [sys.executable, "-c", WATCHES, str(tmp_path), sys.executable, "-c", BEGINS]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == "begun\n"
            words.write_text("after, with more", encoding="utf-8")
            said = [process.stdout.readline().strip() for _ in range(3)]
            assert said == ["", "Something changed; starting anew.", "begun"]
            os.killpg(process.pid, signal.SIGINT)
            assert process.wait(30) == 0
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
