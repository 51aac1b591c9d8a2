"""Do what is due for one workspace after another; what fails for one holds up no other."""

from collections.abc import Callable, Iterable

from bot.context import Context, InWork


def run(context: Context, due: Iterable[tuple[int, ...]], act: Callable[..., int | None]) -> int:
    """Act on (session, *row) for each row, whose first is its workspace; give the sum of what came of it.

    Each has a transaction of its own, and is passed over while another process works for its workspace.
    Raises ExceptionGroup at the end, with all that failed.
    """
    done, failures = 0, []
    for row in due:
        try:
            with context.at(row[0]).transaction(waits=False) as session:
                done += act(session, *row) or 0
        except InWork:
            continue
        except Exception as failure:  # noqa: BLE001  (raised below, when all others had their turn)
            failures.append(failure)
    if failures:
        raise ExceptionGroup(f"{len(failures)} failed", failures)
    return done
