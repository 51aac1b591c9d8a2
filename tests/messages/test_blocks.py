from collections.abc import Callable
from typing import Any

import pytest

from bot.messages import blocks, charts

BUTTON = blocks.button("Take", "card.take", 1)
OPTION = blocks.option("One", 1)


@pytest.mark.parametrize(
    "misuse",
    [
        lambda: blocks.section(""),
        blocks.context,
        lambda: blocks.context(*["x"] * 11),
        lambda: blocks.actions([]),
        lambda: blocks.actions([BUTTON, BUTTON]),
        lambda: blocks.actions(
            [blocks.button("A", "a", is_primary=True), blocks.button("B", "b", is_primary=True)]
        ),
        lambda: blocks.actions([blocks.button("A", f"a{n}") for n in range(26)]),
        lambda: blocks.button("Take", "x" * 256),
        lambda: blocks.button("Take", "x", "v" * 2_001),
        lambda: blocks.button("", "x"),
        lambda: blocks.option("One", "v" * 151),
        lambda: blocks.option("One", ""),
        lambda: blocks.overflow("more", [OPTION] * 6),
        lambda: blocks.select("which", []),
        lambda: blocks.select("which", [OPTION] * 101),
        lambda: blocks.modal("x", ("T", "S", "C"), [blocks.divider()] * 101),
        lambda: blocks.modal("x", ("T", "S", "C"), [blocks.divider()], {"much": "m" * 3_000}),
        lambda: charts.chart("bar", "T", {}, axes=("x", "y")),
        lambda: charts.chart("bar", "T", {"a": {"mon": 1}, "b": {"tue": 1}}, axes=("x", "y")),
        lambda: charts.chart("bar", "T", {str(n): {"mon": 1} for n in range(7)}, axes=("x", "y")),
        lambda: charts.data_table("T", ["a"], [[1, 2]]),
        lambda: charts.data_table("T", ["a"], [[1]] * 101),
    ],
)
def test_what_slack_would_refuse_is_refused_here(misuse: Callable[[], Any]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        misuse()


def test_long_words_of_data_are_cut() -> None:
    assert blocks.option("n" * 80, 1)["text"]["text"] == "n" * 74 + "…"
    assert len(blocks.section("line\n" * 2_000)["text"]["text"]) <= 3_000
    assert blocks.header("h" * 200)["text"]["text"].endswith("…")


def test_a_message_that_is_too_long_keeps_its_head_and_its_buttons() -> None:
    rows = [blocks.section(f"row {n} " + "x" * 500) for n in range(80)]
    kept = blocks.fits([blocks.section("head"), *rows, blocks.actions([BUTTON])])

    assert kept[0] == blocks.section("head")
    assert kept[-1] == blocks.actions([BUTTON])
    assert len(kept) <= 50
    assert sum(len(block["text"]["text"]) for block in kept[:-1]) <= 12_000


def test_a_message_that_fits_is_left_alone() -> None:
    whole = [blocks.section("head"), blocks.divider(), blocks.actions([BUTTON])]

    assert blocks.fits(whole) == whole


def test_the_line_for_notifications_has_no_stars() -> None:
    assert blocks.message("*Three leads* wait", []).text == "Three leads wait"
