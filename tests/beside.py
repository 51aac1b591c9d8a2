"""Another process beside the one of a test, as two of Baton's on one store."""

import os
import subprocess
import sys


def run(code: str, *arguments: object) -> subprocess.Popen[str]:
    """Run a piece of Python; what it says comes by its standard output."""
    command_line = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(
        command_line,
        env={**os.environ, "PYTHONPATH": "."},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
