"""Run a command, and run it anew whenever the code or the words change: python -m tests.watch COMMAND …"""

import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDERS = ("bot", "sla_rules", "templates")
KINDS = frozenset({".py", ".j2", ".yml", ".json", ".html", ".css", ".js", ".svg"})
LOOKS_EVERY_S = 0.5


def main(command: Sequence[str], root: Path = ROOT) -> None:
    """Go on until Ctrl-C, which the command gets as well; a command that failed waits for the next change."""
    # A shell that begins it in the background has it ignore Ctrl-C, and the command with it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    while True:
        before = files(root)
        process = subprocess.Popen(command)
        try:
            while files(root) == before:
                time.sleep(LOOKS_EVERY_S)
            print("\nSomething changed; starting anew.", flush=True)
            process.send_signal(signal.SIGINT)
        except KeyboardInterrupt:
            return
        finally:
            process.wait()


def files(root: Path) -> dict[Path, int]:
    """Give when each file that the bot is made of was written, in nanoseconds."""
    return {
        path: path.stat().st_mtime_ns
        for folder in FOLDERS
        for path in (root / folder).rglob("*")
        if path.suffix in KINDS and path.exists()
    }


if __name__ == "__main__":
    main(sys.argv[1:])
