"""Every language says the same things: no message misses one, and none is left in English."""

import ast
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from jinja2 import meta, nodes

from bot.facts.said import Message
from bot.messages import formats, words
from sla_rules import starter
from sla_rules.agreement import Agreement
from sla_rules.faults import AgreementFaults
from sla_rules.kinds import Locale, Metric
from tests.messages import examples, gallery
from tests.messages.test_gallery import assert_slack_takes, texts

OTHERS = [one for one in Locale if one is not Locale.EN]
TYPED = "typed"
"""What people type in a language of their own; English is what commands read."""
SHARED = """
    Baton Brasil CSV English ICP Leads Link MQL Marketing Pipeline Português SAL SHA SQL Slack Tier Tiers UTC
    card demo handoff handoffs lead leads link min pipeline score why
"""
SAME = {*SHARED.split(), *" ".join(words._sentences(Locale.EN, "notation")).split()}
"""Words that other languages share, and those in which terms are written."""
ENGLISH = re.compile(
    r"\b(?:the|with|was|were|is|are|of|you|your|not|that|this|from|by|has|have|until|its?|which|who|waits?|"
    r"working|nobody|due|late|taken|open|past)\b",
    re.IGNORECASE,
)
CODE = re.compile(r"\{[{%#].*?[#%}]\}|\{\w+\}|`[^`]*`|<[^>]*>|/sla [^.;]*|[“\"][^”\"]*[”\"]", re.DOTALL)
"""What is no word of a language: of templates, commands, links, quotations."""


NAME = re.compile(r"[a-z_]+[_.][a-z_]*")
"""Names of labels and forms, which nobody reads."""


def files_of(locale: str, ending: str) -> list[str]:
    found = (words.FOLDER / locale).glob(f"*.{ending}")
    return sorted(path.stem for path in found if path.stem != TYPED)


@cache
def blocks_of(locale: str, file: str) -> dict[str, nodes.Block]:
    source = (words.FOLDER / locale / f"{file}.j2").read_text(encoding="utf-8")
    tree = words._environment(locale, is_plain=False).parse(source)
    return {block.name: block for block in tree.find_all(nodes.Block)}


def uses(block: nodes.Block) -> set[str]:
    """Name the values that a block shows or asks for."""
    loaded = {name.name for name in block.find_all(nodes.Name) if name.ctx == "load"}
    return {f".{read.attr}" for read in block.find_all(nodes.Getattr)} | loaded


def fills(locale: str, sentence: str) -> set[str]:
    """Name the values that a sentence needs, `{at}` being one of a fault."""
    tree = words._environment(locale, is_plain=False).parse(sentence)
    return meta.find_undeclared_variables(tree) | set(re.findall(r"(?<!\{)\{(\w+)\}", sentence))


def written(locale: str, file: str) -> Iterator[str]:
    """Give the words of a template: what stands outside of its code, and what its code quotes to be shown."""
    for block in blocks_of(locale, file).values():
        yield from "".join(node.data for node in block.find_all(nodes.TemplateData)).splitlines()
        shown = [one for node in block.find_all(nodes.CondExpr) for one in (node.expr1, node.expr2)]
        shown += [one for node in block.find_all(nodes.Filter) if node.name == "counted" for one in node.args]
        quoted = [str(one.value) for one in shown if isinstance(one, nodes.Const)]
        yield from (one for one in quoted if not NAME.fullmatch(one))


def our_words(text: str) -> str:
    return terms().sub(" ", CODE.sub(" ", text))


@cache
def terms() -> re.Pattern[str]:
    """Find the words in which the terms of an agreement are written, in every language the same."""
    notation = sorted(words._sentences(Locale.EN, "notation"), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(one for one in notation if ' ' in one)})\b")


def is_left_in_english(text: str, english: str) -> bool:
    ours = our_words(text)
    return bool(ENGLISH.search(ours)) or (
        text == english and bool(set(re.findall(r"[^\W\d_]{2,}", ours)) - SAME)
    )


# ---- languages of agreements


def test_the_languages_of_an_agreement_are_those_that_have_words() -> None:
    assert {path.parent.name for path in words.FOLDER.glob("*/labels.yml")} == set(Locale)


def test_a_language_that_baton_does_not_speak_is_a_fault_that_names_those_it_does() -> None:
    with pytest.raises(AgreementFaults) as refused:
        Agreement.parse(examples.TEXT.replace("locale: en", "locale: fr"))

    assert "Possible: en, pt_BR." in words.faults(Locale.EN, refused.value.faults)[0]


# ---- what is said


@pytest.mark.parametrize("locale", OTHERS)
@pytest.mark.parametrize("ending", ["j2", "yml"])
def test_no_language_misses_a_file(locale: str, ending: str) -> None:
    assert files_of(locale, ending) == files_of(Locale.EN, ending)


@pytest.mark.parametrize("locale", OTHERS)
@pytest.mark.parametrize("file", files_of(Locale.EN, "yml"))
def test_no_language_misses_a_sentence_or_what_fills_it(locale: str, file: str) -> None:
    theirs, english = words._sentences(locale, file), words._sentences(Locale.EN, file)

    assert theirs.keys() == english.keys()
    assert {
        key
        for key, one in theirs.items()
        if fills(locale, one) - {"label"} != fills(locale, english[key]) - {"label"}
    } == set()


@pytest.mark.parametrize("locale", OTHERS)
@pytest.mark.parametrize("file", files_of(Locale.EN, "j2"))
def test_no_language_misses_a_block_or_what_it_shows(locale: str, file: str) -> None:
    theirs, english = blocks_of(locale, file), blocks_of(Locale.EN, file)

    assert theirs.keys() == english.keys()
    assert {name: left for name, one in theirs.items() if (left := uses(english[name]) - uses(one))} == {}


@pytest.mark.parametrize("locale", OTHERS)
@pytest.mark.parametrize("file", files_of(Locale.EN, "yml"))
def test_no_sentence_is_left_in_english(locale: str, file: str) -> None:
    english = words._sentences(Locale.EN, file)

    found = words._sentences(locale, file).items()
    assert {key: one for key, one in found if is_left_in_english(one, english[key])} == {}


@pytest.mark.parametrize("locale", OTHERS)
@pytest.mark.parametrize("file", files_of(Locale.EN, "j2"))
def test_no_words_of_a_template_are_left_in_english(locale: str, file: str) -> None:
    english = {one.strip() for one in written(Locale.EN, file)}

    found = {one.strip() for one in written(locale, file)}
    assert [one for one in found if is_left_in_english(one, one if one in english else "")] == []


# ---- what is drawn


@cache
def of_people() -> re.Pattern[str]:
    """Find what the examples' people have written, which stays as they wrote it."""
    sources = [Path(one.__file__ or "") for one in (examples, gallery)]
    nodes_ = (node for path in sources for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    typed = [node.value for node in nodes_ if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    agreed = (Path(starter.__file__).parent / "starter.yml").read_text(encoding="utf-8")
    typed += re.findall(r"[^{}\[\]:,\n][^{}\[\]\n:]*", agreed) + re.findall(r"[^{}\[\]:,\n]+", agreed)
    longest_first = sorted({one.strip() for one in typed if len(one.strip()) > 3}, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE)


@pytest.mark.parametrize("locale", OTHERS)
@pytest.mark.parametrize("name", sorted(gallery.GALLERY))
def test_slack_takes_every_message_and_none_is_left_in_english(locale: str, name: str) -> None:
    drawn = gallery.gallery(locale)[name]()

    assert_slack_takes(drawn)
    shown = texts([drawn.text, *drawn.blocks] if isinstance(drawn, Message) else [drawn])
    ours = [our_words(of_people().sub(" ", one)) for one in shown]
    assert [one for one in ours if ENGLISH.search(one)] == []


# ---- how values read


@pytest.mark.parametrize(
    ("said", "reads"),
    [
        (formats.number(1234.5, Locale.PT_BR), "1.234,5"),
        (formats.percent(0.856, Locale.PT_BR, 0.857), "85,6%"),
        (words.day(Locale.PT_BR, date(2026, 6, 15)), "seg., 15 de jun."),
        (words.day(Locale.PT_BR, date(2026, 6, 15), "day_and_month"), "15 de jun."),
        (words.period(Locale.PT_BR, "2026-03"), "março de 2026"),
        (words.period(Locale.PT_BR, "2026-Q2"), "T2 de 2026"),
        (words.duration(Locale.PT_BR, 7_800), "2h 10min"),
        (words._worded(Locale.PT_BR, "1 working day"), "1 dia útil"),
        (words._worded(Locale.PT_BR, "6 in 10 working days"), "6 em 10 dias úteis"),
        (words._worded(Locale.PT_BR, "mon-fri"), "seg.-sex."),
        (words._worded(Locale.EN, "1h from arrival"), "1h from arrival"),
        (words._figure(Locale.PT_BR, None, Metric.PIPELINE), "nenhum lead"),
    ],
)
def test_a_value_reads_as_its_language_writes_it(said: str, reads: str) -> None:
    assert said == reads
