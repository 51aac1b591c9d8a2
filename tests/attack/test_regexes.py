"""Every regular expression of the code takes its time in proportion to the text, as it is used."""

import ast
import importlib
import re
import time
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import bot
import sla_rules

LENGTH = 10_000
MOST_SECONDS = 0.05
HOWS = {"match", "fullmatch", "search", "sub", "split", "finditer", "findall"}
LEFT_OUT = {"sandbox", "demo", "migrations"}
"""What never meets a stranger's text."""
PIECES = (
    "a",
    "A",
    "0",
    " ",
    "-",
    ".",
    ",",
    "@",
    "<",
    ":",
    "/",
    "\n",
    "|",
    "é",
    "h",
    "xoxb-",
    "https://",
    "of ",
)
ENDS = ("", "!", "\0", ">")


def modules() -> Iterator[tuple[ModuleType, ast.Module]]:
    for package in (bot, sla_rules):
        root = Path(str(package.__file__)).parent
        for path in sorted(root.rglob("*.py")):
            inside = path.relative_to(root)
            if not LEFT_OUT & set(inside.parts) and path.name not in ("__main__.py", "__init__.py"):
                name = ".".join((package.__name__, *inside.with_suffix("").parts))
                yield importlib.import_module(name), ast.parse(path.read_text("utf-8"))


EVERY = list(modules())


def patterns_in(value: Any) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, tuple | list | set | frozenset):
        for one in value:
            yield from patterns_in(one)
    elif isinstance(value, Mapping):
        yield from patterns_in(list(value.values()))


def named() -> Mapping[str, list[re.Pattern[Any]]]:
    """Find the expressions that have a name, by name."""
    found: dict[str, list[re.Pattern[Any]]] = {}
    for module, _ in EVERY:
        for name, value in vars(module).items():
            found.setdefault(name, []).extend(patterns_in(value))
    return found


NAMED = named()


def uses() -> Iterator[tuple[str, re.Pattern[Any], str]]:
    """Find how each is used: by its name, or written where it is used."""
    for module, tree in EVERY:
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            how, of = node.func.attr, node.func.value
            name = of.id if isinstance(of, ast.Name) else of.attr if isinstance(of, ast.Attribute) else ""
            first = node.args[0] if node.args else None
            if name == "re" and how in HOWS and isinstance(first, ast.Constant):
                yield f"{module.__name__}:{node.lineno}", re.compile(first.value), how
            elif how in HOWS:
                for pattern in list(patterns_in(vars(module).get(name))) or NAMED.get(name, []):
                    yield f"{module.__name__}:{node.lineno}", pattern, how
    yield from ((f"bot.logs:{n}", pattern, "sub") for n, pattern in enumerate(NAMED["SHAPES"]))
    yield from (("checked", pattern, "fullmatch") for name in ("ID", "KEY", "TS") for pattern in NAMED[name])


USES = list({(pattern, how): (where, pattern, how) for where, pattern, how in uses()}.values())


def hostile() -> Iterator[str]:
    for one, two in product(PIECES, PIECES):
        text = (one if one == two else one + two) * LENGTH
        yield from (text[: LENGTH - 1] + end for end in ENDS[: 2 if one != two else 4])


HOSTILE = list(dict.fromkeys(hostile()))


def seconds(pattern: re.Pattern[Any], how: str, text: Any) -> float:
    began = time.thread_time()
    if how == "sub":
        pattern.sub(type(text)(), text)
    elif how == "finditer":
        list(pattern.finditer(text))
    else:
        getattr(pattern, how)(text)
    return time.thread_time() - began


def test_all_expressions_are_found() -> None:
    written = sum(
        isinstance(node, ast.Attribute) and node.attr == "compile" and ast.unparse(node.value) == "re"
        for _, tree in EVERY
        for node in ast.walk(tree)
    )
    assert len(USES) >= written > 30


@pytest.mark.parametrize(("where", "pattern", "how"), USES, ids=[f"{where}-{how}" for where, _, how in USES])
def test_no_text_of_ten_thousand_characters_takes_an_expression_long(
    where: str, pattern: re.Pattern[Any], how: str
) -> None:
    for text in HOSTILE:
        given = text.encode() if isinstance(pattern.pattern, bytes) else text
        if seconds(pattern, how, given) > MOST_SECONDS:  # the machine may have been slow: the best of three
            again = min(seconds(pattern, how, given) for _ in range(3))
            assert again < MOST_SECONDS, (where, pattern.pattern, text[:20], text[-5:])
