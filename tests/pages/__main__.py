"""The pages of `docs/` that are written from the code, so that they cannot say anything else: make docs."""

from collections.abc import Callable, Mapping
from pathlib import Path

from tests.pages import agreement, commands, rights

ROOT = Path(__file__).parents[2]
PAGES: Mapping[str, Callable[[], str]] = {
    "docs/agreement.md": agreement.page,
    "docs/commands.md": commands.page,
    "docs/rights.md": rights.page,
}

if __name__ == "__main__":
    for path, page in PAGES.items():
        (ROOT / path).write_text(page(), encoding="utf-8")
