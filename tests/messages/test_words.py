"""What templates, labels and code know of each other."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import meta

import bot
from bot.errors import UserError, UserErrors
from bot.messages import hint, words
from sla_rules.agreement import Agreement
from sla_rules.clauses import sections_of
from sla_rules.faults import Fault
from sla_rules.kinds import (
    ActKind,
    ClockKind,
    ClockState,
    LeadState,
    Metric,
    Outcome,
    RejectionKind,
    Side,
    Tier,
)

BOT = Path(bot.__file__).parent
MESSAGES = BOT / "messages"
TEMPLATES = words.FOLDER / "en"
SHARED = {"lines", "clauses"}
"""Templates that other templates say."""

ENUMS = {
    "act": ActKind,
    "clock": ClockKind,
    "clock_state": ClockState,
    "lead_state": LeadState,
    "metric": Metric,
    "move": Side,
    "outcome.name": Outcome,
    "reject.kind": RejectionKind,
    "side": Side,
    "tier": Tier,
}


def calls(*folders: Path) -> Iterator[tuple[str, ast.Call]]:
    """Yield every call below the folders, with the name that is called."""
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call):
                    yield ast.unparse(node.func), node


def literal(call: ast.Call, place: int) -> str | None:
    found = call.args[place] if len(call.args) > place else None
    return found.value if isinstance(found, ast.Constant) and isinstance(found.value, str) else None


def needed(file: str, code: str) -> set[str]:
    """Name the values without which the sentence of a code cannot be filled."""
    source = words._sentences("en", file)[code]
    names = meta.find_undeclared_variables(words._environment("en", is_plain=False).parse(source))
    return names - {"label", "say", "line"} - set(re.findall(r"(\w+) is defined", source))


def test_every_template_belongs_to_a_message() -> None:
    written = {path.stem for path in TEMPLATES.glob("*.j2")}
    modules = {path.stem for path in MESSAGES.glob("*.py")}

    assert written - SHARED <= modules


def test_every_block_that_is_said_exists_and_every_block_that_exists_is_said() -> None:
    source = "".join(path.read_text() for path in [*MESSAGES.glob("*.py"), *TEMPLATES.glob("*.j2")])
    said = set(re.findall(r"(?:say|line|plainly)\((?:\s*locale,\s*)?\"(\w+\.\w+)\"", source))
    exists = {
        f"{path.stem}.{block}"
        for path in TEMPLATES.glob("*.j2")
        for block in words._template("en", path.stem, is_plain=False)[0].blocks
    }

    for of_either in re.findall(r"f\"(\w+)\.\{'(\w+)' if [^}]+ else '(\w+)'\}\"", source):
        said |= {f"{of_either[0]}.{block}" for block in of_either[1:]}
    said |= {f"{file}.{name}" for file in ("agreement", "clauses") for name in sections_of(Agreement)}

    assert said == exists


def test_every_label_that_code_names_exists() -> None:
    named = {literal(call, 1) for name, call in calls(BOT) if name in ("label", "words.label")}
    templates = "".join(path.read_text() for path in TEMPLATES.iterdir())
    said = set(re.findall(r"label\(\"([\w.]+)\"\)", templates))

    assert {key for key in named if key} | said <= set(words._sentences("en", "labels"))


@pytest.mark.parametrize("prefix", sorted(ENUMS))
def test_every_word_of_the_rules_has_its_label(prefix: str) -> None:
    labels = words._sentences("en", "labels")

    assert [one for one in ENUMS[prefix] if f"{prefix}.{one}" not in labels] == []


def test_every_refusal_has_its_sentence_and_is_given_what_it_needs() -> None:
    refusals = words._sentences("en", "refusals")
    found = [(code, call) for name, call in calls(BOT) if name == "UserError" if (code := literal(call, 0))]
    unsaid = {code for code, _ in found} - set(refusals)
    short = {
        code: missing
        for code, call in found
        if code in refusals and not any(keyword.arg is None for keyword in call.keywords)
        if (missing := needed("refusals", code) - {str(keyword.arg) for keyword in call.keywords})
    }

    assert (unsaid, short) == (set(), {})


def test_every_answer_has_its_sentence_and_is_given_what_it_needs() -> None:
    done = words._sentences("en", "done")
    found = [
        (code, call) for name, call in calls(BOT) if name == "done.message" if (code := literal(call, 0))
    ]
    unsaid = {code for code, _ in found} - set(done)
    short = {
        code: missing
        for code, call in found
        if code in done and not any(keyword.arg is None for keyword in call.keywords)
        if (missing := needed("done", code) - {str(keyword.arg) for keyword in call.keywords})
    }

    assert (unsaid, short) == (set(), {})


@pytest.mark.parametrize("file", ["refusals", "done", "labels"])
def test_every_sentence_can_be_read_by_the_engine(file: str) -> None:
    for source in words._sentences("en", file).values():
        words._environment("en", is_plain=False).from_string(source)


def test_several_refusals_are_told_at_once() -> None:
    both = UserErrors(
        [UserError("source_missing", field="source"), UserError("count_missing", field="tier_b")]
    )

    assert hint.message(both, "en").text.count("\n") == 1
    assert set(hint.by_field(both, "en", otherwise="source")) == {"source", "tier_b"}


def test_a_refusal_about_no_field_stands_under_the_one_that_is_always_there() -> None:
    refused = UserError("not_in_sales", agreement="DACH", lead="U9")

    said = hint.by_field(refused, "en", otherwise="count")

    assert said == {"count": "That is for Sales of DACH. Its lead can add you."}


def test_a_fault_of_an_agreement_names_line_and_clause_and_keeps_its_values_harmless() -> None:
    written = words._sentences("en", "faults")
    code = next(code for code, sentence in sorted(written.items()) if "{value}" in sentence)
    values = dict.fromkeys(re.findall(r"{(\w+)}", written[code]), "<!channel>\nx")

    said = words.faults("en", [Fault(code, clause="2.1", line=12, values=values)])

    assert said[0].startswith("Line 12 (§2.1): ")
    assert "&lt;!channel&gt; x" in said[0]
