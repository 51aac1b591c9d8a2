"""No attack of the list is without a test, and each test that is named is there."""

import ast
from functools import cache
from pathlib import Path

import pytest

from tests.attack.cases import CASES

TESTS = Path(__file__).parents[1]


@cache
def names_in(file: str) -> frozenset[str]:
    tree = ast.parse((TESTS / file).read_text("utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_all_forty_eight_are_there() -> None:
    assert sorted(CASES) == [*range(1, 49)]
    assert all(CASES.values())


@pytest.mark.parametrize("number", CASES)
def test_what_is_expected_is_tested(number: int) -> None:
    for test in CASES[number]:
        file, _, name = test.partition("::")
        assert name in names_in(file), test
