import json
from datetime import timedelta
from typing import Any

import pytest

from bot.messages import correct, log, outcome, reject, setup, take, touch
from sla_rules.kinds import RejectionKind, Tier
from tests.messages import examples as e
from tests.messages.reading import fields, lines

LOCALE = "en"
REASONS = [
    ("too_small", "Too small", RejectionKind.QUALITY, "2.1"),
    ("duplicate", "Duplicate", RejectionKind.NEUTRAL, ""),
]


@pytest.mark.parametrize(
    ("view", "callback", "names"),
    [
        (
            log.modal(LOCALE),
            log.SUBMIT,
            ["source", "campaign", "tier_a", "tier_b", "tier_c", "arrived_at", "file", "link", "note"],
        ),
        (
            correct.modal(LOCALE, number=1, initial={}, is_counted=True),
            correct.SUBMIT,
            ["source", "campaign", "tier_a", "tier_b", "tier_c", "arrived_at", "link", "note"],
        ),
        (
            correct.modal(LOCALE, number=1, initial={}, is_counted=False),
            correct.SUBMIT,
            ["source", "campaign", "arrived_at", "link", "note"],
        ),
        (log.again_modal(LOCALE, number=1, count=2, logged_at=e.PAST), log.AGAIN, []),
        (log.known_modal(LOCALE, known=14, count=120), log.KNOWN, ["known"]),
        (
            take.modal(LOCALE, number=1, undecided=[(Tier.B, 5), (Tier.C, 9)], share=3),
            take.SUBMIT,
            ["tier", "count", "numbers"],
        ),
        (
            take.modal(LOCALE, number=1, undecided=[(Tier.B, 5), (Tier.C, 0)], share=3),
            take.SUBMIT,
            ["count", "numbers"],
        ),
        (
            reject.modal(LOCALE, number=1, undecided=5, reasons=REASONS),
            reject.SUBMIT,
            ["reason", "numbers", "note"],
        ),
        (touch.modal(LOCALE, numbers=[1], waiting=3, now=e.NOW), touch.SUBMIT, ["at", "numbers"]),
        (touch.modal(LOCALE, numbers=[1, 2], waiting=3, now=e.NOW), touch.SUBMIT, ["at"]),
        (outcome.modal(LOCALE, number=1, mine=3), outcome.SUBMIT, ["outcome", "numbers", "at", "amount"]),
        (
            setup.modal(LOCALE),
            setup.SUBMIT,
            [
                "name",
                "locale",
                "marketing_lead",
                "marketing_members",
                "sales_lead",
                "sales_members",
                "zone",
                "opens",
                "closes",
                "country",
                "target",
                "revenue",
                "deal_size",
                "won_per_100",
            ],
        ),
    ],
)
def test_each_modal_has_its_fields(view: dict[str, Any], callback: str, names: list[str]) -> None:
    assert view["callback_id"] == callback
    assert list(fields(view)) == names
    assert {element["action_id"] for element in fields(view).values()} <= {"value"}


def test_fields_are_filled_in() -> None:
    initial = {"name": "DACH", "sales_lead": "U9", "sales_members": ["U2"], "opens": "09:00", "target": 240}
    filled = fields(setup.modal(LOCALE, initial=initial))

    assert filled["name"]["initial_value"] == "DACH"
    assert filled["sales_lead"]["initial_user"] == "U9"
    assert filled["sales_members"]["initial_users"] == ["U2"]
    assert filled["opens"]["initial_time"] == "09:00"
    assert filled["target"]["initial_value"] == "240"
    assert "initial_value" not in filled["zone"]


def test_an_instant_is_filled_in_as_slack_counts_it() -> None:
    assert (
        fields(touch.modal(LOCALE, numbers=[1], waiting=3, now=e.NOW))["at"]["initial_date_time"]
        == 1781766900
    )


def test_several_agreements_are_asked_about() -> None:
    assert "agreement" not in fields(log.modal(LOCALE, agreements=[(1, "DACH")]))
    asked = fields(log.modal(LOCALE, agreements=[(1, "DACH"), (2, "Nordics")], initial={"agreement": 2}))

    assert asked["agreement"]["initial_option"]["value"] == "2"


def test_the_caller_s_values_travel_with_the_modal() -> None:
    view = log.modal(LOCALE, metadata={"channel": "C1", "agreement": 3})

    assert json.loads(view["private_metadata"]) == {"channel": "C1", "agreement": 3}


def test_what_is_wrong_as_a_whole_stands_above_the_fields() -> None:
    assert log.modal(LOCALE, problem="Nothing can be logged now.")["blocks"][0]["type"] == "alert"


def test_a_reason_tells_its_clause_and_whom_it_counts_for() -> None:
    options = fields(reject.modal(LOCALE, number=1, undecided=5, reasons=REASONS))["reason"]["options"]

    assert [option["description"]["text"] for option in options] == [
        "quality, §2.1 · counts for Marketing",
        "neutral · counts against nobody",
    ]


def test_known_leads_are_left_out_unless_somebody_says_otherwise() -> None:
    view = log.known_modal(LOCALE, known=1, count=120)

    assert lines(view)[0] == "*1 of 120 leads are known already.*"
    assert fields(view)["known"]["initial_option"]["value"] == log.LEAVE_OUT


def test_the_second_logging_names_the_first() -> None:
    view = log.again_modal(LOCALE, number=128, count=106, logged_at=e.NOW - timedelta(hours=1))

    assert lines(view)[0] == "*This list was logged already: H-128, 106 leads, Thu 18 Jun 06:15 UTC.*"
