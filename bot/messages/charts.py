"""Charts and tables that Slack draws itself; clients that cannot are given the words alone."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.messages.blocks import Block

CATEGORIES, SERIES, ROWS, COLUMNS = 20, 6, 100, 20


def chart(
    kind: str, title: str, series: Mapping[str, Mapping[str, float]], *, axes: tuple[str, str]
) -> Block:
    """Draw series of {category: value} as "bar" or "line"; all share their categories, `axes` are (x, y)."""
    lines = list(series.items())
    categories = list(lines[0][1]) if lines else []
    if not 0 < len(lines) <= SERIES or not 0 < len(categories) <= CATEGORIES:
        raise ValueError(f"{len(lines)} series of {len(categories)} categories")
    if any(list(points) != categories for _, points in lines):
        raise ValueError("every series has one point for every category")
    drawn = [
        {"name": name[:20], "data": [{"label": at[:20], "value": value} for at, value in points.items()]}
        for name, points in lines
    ]
    axis = {"categories": [at[:20] for at in categories], "x_label": axes[0][:50], "y_label": axes[1][:50]}
    return {
        "type": "data_visualization",
        "title": title[:50],
        "chart": {"type": kind, "series": drawn, "axis_config": axis},
    }


def data_table(caption: str, header: Sequence[str], rows: Sequence[Sequence[str | int | float]]) -> Block:
    """Show rows under a header; numbers sort as numbers."""
    if len(rows) > ROWS or not 0 < len(header) <= COLUMNS or any(len(row) != len(header) for row in rows):
        raise ValueError(f"a table of {len(header)} columns and {len(rows)} rows")
    return {
        "type": "data_table",
        "caption": caption,
        "rows": [[_cell(name) for name in header], *([_cell(value) for value in row] for row in rows)],
    }


def _cell(value: str | float) -> dict[str, Any]:
    if isinstance(value, str):
        return {"type": "raw_text", "text": value or "—"}
    return {"type": "raw_number", "value": value, "text": f"{value:g}"}
