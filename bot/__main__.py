"""Where `baton` begins: to be stopped from its first moment on, while the rest is still being read in."""

from bot import signals


def main() -> int:
    """Do one command, as the command line asks; gives the exit code."""
    signals.at_once()
    from bot import commands  # which takes a second, in which an exception could come up anywhere

    signals.raised()
    try:
        return commands.main()
    finally:
        signals.at_once()


if __name__ == "__main__":
    raise SystemExit(main())
