"""The agreement changed in modals: a section, or an item of a list, at a time."""

from typing import Any

import pytest

from bot.messages import agreement_fields
from bot.services import agreements, people, versions
from sla_rules.pieces import data_of
from tests.slack.office import ALAN, GUEST, MAYA, MIKE, REP1, SARA, Office, everything_said

Typed = dict[str, Any]


def open_section(office: Office, user: str, name: str) -> dict[str, Any]:
    """Open the contents anew and lay a section over them."""
    office.slack.dismiss(user)
    assert office.type(user, "/sla agreement edit") == ""
    office.press(user, office.view(user), "agreement.edit_section", name)
    return office.view(user)


def change(office: Office, user: str, name: str, /, **typed: Any) -> dict[str, Any]:
    """Fill in a section's form and submit it."""
    open_section(office, user, name)
    return office.submit(user, **typed)


def open_item(office: Office, user: str, name: str, place: int | str, word: str = "change") -> None:
    """Use the menu of one item of a list."""
    open_section(office, user, name)
    use_menu(office, user, place, word)


def use_menu(office: Office, user: str, place: int | str, word: str) -> None:
    list_view = office.view(user)
    block_id, value = next(
        (block["block_id"], option["value"])
        for block in list_view["blocks"]
        if "accessory" in block
        for option in block["accessory"]["options"]
        if option["value"].startswith(f"{word}:{place}:")
    )
    assert office.slack.press(user, list_view, "agreement.edit_item", value, block_id=block_id)["ok"]


def draft(office: Office) -> dict[str, Any]:
    """Read what the draft says."""
    return data_of(text(office))


def text(office: Office) -> str:
    with office.context.reading() as session:
        return versions.text_to_edit(session, agreements.by_id(session, 1, 1))


def is_drafted(office: Office) -> bool:
    with office.context.reading() as session:
        return versions.open_draft(session, agreements.by_id(session, 1, 1)) is not None


def test_the_contents_show_every_section_in_a_line(office: Office) -> None:
    office.type(MAYA, "/sla agreement edit")
    said = everything_said(office.view(MAYA))

    assert "version 1, as it stands" in said
    assert "*10 · Goals*\nMarketing: qualified 240" in said
    assert "*15 · Retention*" in said


def test_a_section_is_changed_and_the_contents_under_it_say_so(office: Office) -> None:
    answer = change(office, MAYA, "clocks", **{"clocks.answer": "2h", "clocks.attempts.C": ""})

    assert answer["response_action"] is None
    assert [view["callback_id"] for view in office.slack.views(MAYA)] == ["agreement_edit"]
    said = everything_said(office.view(MAYA))
    assert "<@UMAYA> wrote on it last" in said
    assert "*11 · Clocks* · _changed_" in said
    assert "*10 · Goals*\n" in said
    clocks = draft(office)["clocks"]
    assert clocks["answer"] == "2h"
    assert clocks["attempts"] == {"A": "6 in 10 working days", "B": "6 in 10 working days"}


def test_what_is_not_changed_keeps_its_layout_and_comments(office: Office) -> None:
    before = text(office)
    change(office, MAYA, "clocks", **{"clocks.answer": "2h"})

    assert text(office) == before.replace("answer: 4h", "answer: 2h")


@pytest.mark.parametrize("name", agreement_fields.FORMS)
def test_a_form_sent_as_it_was_opened_changes_nothing(office: Office, name: str) -> None:
    assert change(office, SARA, name)["response_action"] is None
    assert not is_drafted(office)


def test_a_target_is_changed_by_the_goal_s_form(office: Office) -> None:
    open_item(office, MAYA, "goals", 0)
    assert len(office.slack.views(MAYA)) == 3
    office.submit(MAYA, target="120")

    assert draft(office)["goals"][0]["target"] == "120"
    contents, listed = office.slack.views(MAYA)
    assert "*10.1 · Marketing: qualified leads* · _changed_\n120 a month" in everything_said(listed)
    assert "*10 · Goals* · _changed_\nMarketing: qualified 120" in everything_said(contents)


def test_a_goal_is_taken_out_and_another_added(office: Office) -> None:
    open_item(office, SARA, "goals", 7, "remove")
    assert len(draft(office)["goals"]) == 7
    office.press(SARA, office.view(SARA), "agreement.edit_add")
    office.submit(SARA, party="sales", metric="acceptance_rate", tier="B", target="70 %", per="quarter")

    assert draft(office)["goals"][-1] == {
        "party": "sales",
        "metric": "acceptance_rate",
        "tier": "B",
        "target": "70 %",
        "per": "quarter",
    }
    assert "Sales: engaged leads accepted" in everything_said(office.view(SARA))


def test_a_tier_of_a_goal_is_given_up(office: Office) -> None:
    open_item(office, SARA, "goals", 4)
    office.submit(SARA, tier="-")

    assert "tier" not in draft(office)["goals"][4]


def test_a_reason_is_added_under_a_name_made_of_its_label(office: Office) -> None:
    open_section(office, SARA, "rejection_reasons")
    office.press(SARA, office.view(SARA), "agreement.edit_add")
    office.submit(SARA, label="Wrong role", kind="quality", appeals_to="ICP.size")

    added = draft(office)["rejection_reasons"]["wrong_role_2"]
    assert added == {"label": "Wrong role", "kind": "quality", "appeals_to": "ICP.size"}


def test_a_reason_is_changed_and_another_taken_out(office: Office) -> None:
    open_item(office, SARA, "rejection_reasons", "no_intent")
    office.submit(SARA, label="Only looking", kind="neutral", appeals_to="-")
    use_menu(office, SARA, "open_deal", "remove")

    reasons = draft(office)["rejection_reasons"]
    assert reasons["no_intent"] == {"label": "Only looking", "kind": "neutral"}
    assert "open_deal" not in reasons


def test_a_duty_is_added_for_somebody_by_name_and_taken_out(office: Office) -> None:
    open_section(office, MAYA, "duties")
    office.press(MAYA, office.view(MAYA), "agreement.edit_add")
    filled = {"party": "marketing", "what": "Clean the list", "every": "week", "due": "mon"}
    assert "Choose the person" in office.submit(MAYA, who="somebody", **filled)["errors"]["who.picked"]
    office.submit(MAYA, **{"who.picked": MIKE})

    assert draft(office)["duties"][2] == {**filled, "who": MIKE}
    use_menu(office, MAYA, 0, "remove")
    assert [duty["what"] for duty in draft(office)["duties"]] == [
        "Share notes on deals won and lost",
        "Clean the list",
    ]


def test_every_duty_may_go(office: Office) -> None:
    open_item(office, MAYA, "duties", 0, "remove")
    use_menu(office, MAYA, 0, "remove")

    assert draft(office).get("duties", []) == []
    assert "Nothing yet" in everything_said(office.view(MAYA))


def test_hours_holidays_and_a_blackout_are_changed(office: Office) -> None:
    change(
        office,
        SARA,
        "calendar",
        **{
            "calendar.hours": "mon-thu: 09:00-12:00, 13:00-17:30\nfri: 09:00-14:00",
            "calendar.holidays": "de-BY",
            "calendar.dates": "2026-12-24: closed",
        },
    )
    change(office, SARA, "limits", **{"limits.blackout": "2026-12-24 to 2027-01-01\n2026-10-01"})

    said = draft(office)
    assert said["calendar"]["hours"] == {"mon-thu": "09:00-12:00, 13:00-17:30", "fri": "09:00-14:00"}
    assert said["calendar"]["holidays"] == {"country": "DE", "subdivision": "BY"}
    assert said["calendar"]["dates"] == {"2026-12-24": "closed"}
    assert said["limits"]["blackout"] == ["2026-12-24 to 2027-01-01", "2026-10-01"]


def test_the_other_kinds_of_fields_are_read_as_well(office: Office) -> None:
    filled: dict[str, Typed] = {
        "about": {"name": "DACH and Nordics", "locale": "pt_BR"},
        "services": {"services.fields": ["source", "campaign"]},
        "consequences": {"consequences.manager_at": "15:30", "consequences.pace.at": "40 %,  80 %"},
        "cadence": {
            "cadence.review": "2026-10-01",
            "cadence.week_starts": "sun",
            "cadence.observe_until": "",
        },
        "scope": {"scope.in": "New business\nUpsell"},
        "definitions": {"definitions.ICP": "size: 20 to 500\nrole: Decides\nregion: EU\ncontact: A phone"},
        "parties": {"parties.marketing.manager": ALAN, "parties.sales.rota": [REP1]},
        "tiers": {"tiers.A.name": "Hot"},
        "limits": {"limits.volume.day": "100", "limits.capacity": "A: no cap\nB and C: 12"},
        "responsibilities": {"responsibilities.sales.ends": "When the deal is closed"},
        "retention": {"retention.lead_details": "6 months"},
    }
    for name, typed in filled.items():
        assert change(office, MAYA, name, **typed)["response_action"] is None, name

    said = draft(office)
    assert (said["name"], said["locale"]) == ("DACH and Nordics", "pt_BR")
    assert said["services"]["fields"] == ["source", "campaign"]
    assert (said["consequences"]["manager_at"], said["consequences"]["pace"]["at"]) == (
        "15:30",
        ["40 %", "80 %"],
    )
    assert (said["cadence"]["review"], said["cadence"]["week_starts"]) == ("2026-10-01", "sun")
    assert said["scope"]["in"] == ["New business", "Upsell"]
    assert said["definitions"]["ICP"]["contact"] == "A phone"
    assert (said["parties"]["marketing"]["manager"], said["parties"]["sales"]["rota"]) == (ALAN, [REP1])
    assert said["limits"]["volume"] == {"day": "100"}
    assert said["limits"]["capacity"]["B and C"] == "12"


# ---- faults


@pytest.mark.parametrize(
    ("name", "typed", "field", "said"),
    [
        ("parties", {"parties.sales.lead": MAYA}, "parties.sales.lead", "leads both sides"),
        ("parties", {"parties.sales.members": []}, "parties.sales.members", "either members or a group"),
        ("parties", {"parties.sales.group": "X1"}, "parties.sales.group", "is not a Slack user group"),
        (
            "parties",
            {"parties.sales.rota": [ALAN]},
            "parties.sales.rota",
            "is on the rota and is not a member",
        ),
        ("parties", {"parties.sales.manager": GUEST}, "parties.sales.manager", "is a bot, a guest"),
        ("definitions", {"definitions.ICP": "Big ones"}, "definitions.ICP", "has no name or no text"),
        ("definitions", {"definitions.ICP": "a: x\na: y"}, "definitions.ICP", "stands here twice"),
        (
            "definitions",
            {"definitions.ICP": "Größe: x\nrole: y\ncontact: z"},
            "definitions.ICP",
            "cannot be a name",
        ),
        ("tiers", {"tiers.A.when": ""}, "tiers.A.when", "is missing"),
        ("limits", {"limits.volume.day": "0"}, "limits.volume.day", "not a whole number above zero"),
        ("limits", {"limits.blackout": "Christmas"}, "limits.blackout", "is not a date"),
        ("limits", {"limits.blackout": "2026-02-30"}, "limits.blackout", "in any calendar"),
        ("limits", {"limits.capacity": "D: 4"}, "limits.capacity", "are not tiers"),
        ("limits", {"limits.capacity": "A: 4\nA and B: 5"}, "limits.capacity", "two capacities"),
        (
            "responsibilities",
            {"responsibilities.sales.ends": ""},
            "responsibilities.sales.ends",
            "is missing",
        ),
        ("clocks", {"clocks.warn_at": "75"}, "clocks.warn_at", "is not a percentage"),
        ("clocks", {"clocks.answer": "-4h"}, "clocks.answer", "lies in the past"),
        (
            "clocks",
            {"clocks.handover.C": "300 working days"},
            "clocks.handover.C",
            "more than 30 working days",
        ),
        ("clocks", {"clocks.decide.A": "4h"}, "clocks.first_touch.A", "must be with first touch"),
        ("clocks", {"clocks.attempts.B": "often"}, "clocks.attempts.B", "are not attempts"),
        ("calendar", {"calendar.zone": "../etc/passwd"}, "calendar.zone", "is not a time zone"),
        ("calendar", {"calendar.hours": "mon: closed"}, "calendar.hours", "no hour of work"),
        ("calendar", {"calendar.hours": "mon-fri: 9 to 5"}, "calendar.hours", "are not hours"),
        (
            "calendar",
            {"calendar.hours": "mon: 9:00-12:00\nmon-fri: 9:00-10:00"},
            "calendar.hours",
            "hours in two",
        ),
        ("calendar", {"calendar.holidays": "Germany"}, "calendar.holidays", "country"),
        ("calendar", {"calendar.holidays": "DE-XX"}, "calendar.holidays", "is not a part of DE"),
        ("calendar", {"calendar.days_off": "2026-13-01"}, "calendar.days_off", "in any calendar"),
        ("calendar", {"calendar.dates": "soon: closed"}, "calendar.dates", "is not a date"),
        ("consequences", {"consequences.agenda_after": "13 months"}, "consequences.agenda_after", "up to 12"),
        ("consequences", {"consequences.pace.at": "half"}, "consequences.pace.at", "is not a percentage"),
        ("consequences", {"consequences.snooze.times": "never"}, "consequences.snooze.times", "whole number"),
        ("cadence", {"cadence.digest": "monday"}, "cadence.digest", "is not a day and time"),
        ("cadence", {"cadence.observe_until": "later"}, "cadence.observe_until", "is not a date"),
        (
            "retention",
            {"retention.lead_details": "for ever"},
            "retention.lead_details",
            "span of the calendar",
        ),
    ],
)
def test_a_fault_stands_under_its_field(
    office: Office, name: str, typed: Typed, field: str, said: str
) -> None:
    office.slack.dismiss(MAYA)
    with office.context.transaction() as session:
        people.meet(session, 1, GUEST)
    office.meet()
    answer = change(office, MAYA, name, **typed)

    assert said in answer["errors"][field]
    assert "`" not in answer["errors"][field]
    assert not is_drafted(office)


@pytest.mark.parametrize(
    ("place", "typed", "field", "said"),
    [
        (0, {"target": "many"}, "target", "not a whole number"),
        (1, {"target": "120 %"}, "target", "cannot be meant"),
        (0, {"party": "sales"}, "party", "in the hands of Marketing"),
        (6, {"tier": "B"}, "party", "is promised twice"),
        (0, {"metric": "decided_in_time"}, "target", "is not a percentage"),
    ],
)
def test_a_goal_s_fault_stands_under_its_field(
    office: Office, place: int, typed: Typed, field: str, said: str
) -> None:
    open_item(office, MAYA, "goals", place)

    assert said in office.submit(MAYA, **typed)["errors"][field]
    assert not is_drafted(office)


def test_a_fault_elsewhere_in_the_text_stands_above_and_what_was_typed_stays(office: Office) -> None:
    answer = change(office, MAYA, "clocks", **{"clocks.answer": "", "clocks.warn_at": "80 %"})
    again = office.view(MAYA)

    assert answer["response_action"] == "update"
    assert again["blocks"][0]["type"] == "alert"
    assert "no clock answer runs for it" in everything_said(again)
    assert again["state"]["values"]["clocks.warn_at"]["value"]["value"] == "80 %"
    assert not is_drafted(office)
    office.submit(MAYA, **{"clocks.answer": "2h"})
    assert (draft(office)["clocks"]["warn_at"], draft(office)["clocks"]["answer"]) == ("80 %", "2h")


def test_all_faults_elsewhere_are_told_at_once(office: Office) -> None:
    change(office, MAYA, "tiers", **{"tiers.C.name": "", "tiers.C.when": ""})

    said = everything_said(office.view(MAYA))
    assert "This is not saved yet" in said
    assert said.count("Tier C is not among the tiers") >= 5


def test_the_last_goal_of_a_side_stays(office: Office) -> None:
    open_section(office, SARA, "goals")
    for _ in range(4):
        use_menu(office, SARA, 4, "remove")

    assert "Sales promises nothing" in everything_said(office.view(SARA))
    assert len(draft(office)["goals"]) == 5


# ---- two at once


def test_two_people_change_different_sections_and_both_are_kept(office: Office) -> None:
    open_section(office, MAYA, "clocks")
    change(office, SARA, "retention", **{"retention.lead_details": "6 months"})
    office.submit(MAYA, **{"clocks.answer": "2h"})

    assert (draft(office)["clocks"]["answer"], draft(office)["retention"]["lead_details"]) == (
        "2h",
        "6 months",
    )


def test_who_comes_second_to_the_same_section_is_told_and_loses_nothing(office: Office) -> None:
    open_section(office, MAYA, "clocks")
    change(office, SARA, "clocks", **{"clocks.answer": "1h"})
    answer = office.submit(MAYA, **{"clocks.answer": "2h", "clocks.warn_at": "60 %"})

    assert answer["response_action"] == "update"
    again = office.view(MAYA)
    assert "nothing was saved" in everything_said(again)
    assert "Answer to a question reads now: 1h" in everything_said(again)
    assert again["state"]["values"]["clocks.answer"]["value"]["value"] == "2h"
    assert draft(office)["clocks"]["answer"] == "1h"
    office.submit(MAYA)
    assert (draft(office)["clocks"]["answer"], draft(office)["clocks"]["warn_at"]) == ("2h", "60 %")


def test_an_item_is_found_again_that_moved(office: Office) -> None:
    open_item(office, MAYA, "goals", 7)
    open_item(office, SARA, "goals", 1, "remove")
    office.submit(MAYA, target="85 %")

    assert [goal["target"] for goal in draft(office)["goals"]][-1] == "85 %"


def test_an_item_that_somebody_took_out_is_added_only_by_a_second_press(office: Office) -> None:
    open_item(office, MAYA, "goals", 7)
    open_item(office, SARA, "goals", 7, "remove")
    office.submit(MAYA, target="85 %")

    assert "taken out in the meantime" in everything_said(office.view(MAYA))
    assert len(draft(office)["goals"]) == 7
    office.submit(MAYA)
    assert draft(office)["goals"][7]["target"] == "85 %"


def test_a_menu_of_what_has_changed_meanwhile_does_nothing(office: Office) -> None:
    open_section(office, MAYA, "goals")
    open_item(office, SARA, "goals", 0)
    office.submit(SARA, target="120")
    use_menu(office, MAYA, 0, "remove")

    assert "The list shows what stands now" in everything_said(office.view(MAYA))
    assert len(draft(office)["goals"]) == 8


def test_a_form_delivered_twice_is_saved_once(office: Office) -> None:
    open_section(office, SARA, "duties")
    office.press(SARA, office.view(SARA), "agreement.edit_add")
    office.submit(SARA, party="sales", what="Call back", every="week", due="mon")
    body = office.slack.calls("view_submission")[-1].body

    assert office.dispatch(body).body == ""
    assert len(draft(office)["duties"]) == 3


# ---- who may


def test_only_the_parties_change_it(office: Office) -> None:
    office.type(GUEST, "/sla status")
    office.type(ALAN, "/sla status")
    office.meet()

    assert "two teams" in office.type(ALAN, "/sla agreement edit")
    assert "Guests" in office.type(GUEST, "/sla agreement edit")
    assert office.slack.views(ALAN) == office.slack.views(GUEST) == []


def test_who_is_no_party_any_more_writes_nothing_through_an_open_form(office: Office) -> None:
    open_section(office, MIKE, "clocks")
    office.slack.change_person(MIKE, is_restricted=True)
    answer = office.submit(MIKE, **{"clocks.answer": "2h"})

    assert "Guests" in next(iter(answer["errors"].values()))
    office.slack.close(MIKE)
    office.press(MIKE, office.view(MIKE), "agreement.edit_section", "goals")
    assert "Guests" in everything_said(office.view(MIKE))
    assert not is_drafted(office)


# ---- the draft as a whole


def test_a_draft_that_changes_nothing_any_more_is_gone(office: Office) -> None:
    change(office, MAYA, "clocks", **{"clocks.answer": "2h"})
    change(office, SARA, "clocks", **{"clocks.answer": "4h"})

    assert not is_drafted(office)
    assert "as it stands" in everything_said(office.view(SARA))


def test_a_draft_is_thrown_away(office: Office) -> None:
    change(office, MAYA, "clocks", **{"clocks.answer": "2h"})
    office.press(MAYA, office.view(MAYA), "agreement.edit_discard")

    assert not is_drafted(office)
    assert "as it stands" in everything_said(office.view(MAYA))


def test_a_draft_that_others_changed_is_not_thrown_away_unseen(office: Office) -> None:
    change(office, MAYA, "clocks", **{"clocks.answer": "2h"})
    change(office, SARA, "retention", **{"retention.lead_details": "6 months"})
    office.press(MAYA, office.view(MAYA), "agreement.edit_discard")

    assert is_drafted(office)
    assert "The draft was changed in the meantime" in everything_said(office.view(MAYA))
    assert "*15 · Retention* · _changed_" in everything_said(office.view(MAYA))


def test_a_draft_is_proposed_from_a_day_on(office: Office) -> None:
    open_item(office, MAYA, "goals", 0)
    office.submit(MAYA, target="120")
    office.slack.close(MAYA)
    office.press(MAYA, office.view(MAYA), "agreement.edit_propose")
    assert "qualified leads" in everything_said(office.view(MAYA))
    assert "cannot be its beginning" in office.submit(MAYA, begins_on="2026-06-01")["errors"]["begins_on"]
    answer = office.submit(MAYA, begins_on="2026-07-01")

    assert "Version 2 stands in <#CSLA>" in everything_said(answer["view"])
    office.settle()
    assert "waits for both signatures" in everything_said(office.slack.messages("CSLA")[-1])
    office.slack.close(MAYA)
    assert office.slack.views(MAYA) == []


def test_another_draft_than_the_one_shown_is_not_proposed(office: Office) -> None:
    change(office, MAYA, "clocks", **{"clocks.answer": "2h"})
    office.press(MAYA, office.view(MAYA), "agreement.edit_propose")
    change(office, SARA, "clocks", **{"clocks.answer": "1h"})
    answer = office.submit(MAYA)

    assert answer["response_action"] == "update"
    assert "The draft was changed" in everything_said(answer["view"])
    assert "Version 2 stands" in everything_said(office.submit(MAYA)["view"])


def test_what_looks_unreal_is_told_with_its_clause_and_refuses_nothing(office: Office) -> None:
    open_item(office, MAYA, "goals", 0)
    office.submit(MAYA, target="9000")
    contents = office.slack.views(MAYA)[0]

    assert "§10.1 9,000 leads a month are more than Sales' stated capacity" in everything_said(contents)


def test_a_target_far_from_what_the_team_s_own_ledger_shows_is_told(office: Office) -> None:
    office.type(MAYA, "/sla log 25 webinar June B=25")
    office.settle()
    office.type(REP1, "/sla take H-1 25")
    office.after(days=4)
    office.type(MAYA, "/sla agreement edit")

    assert "80% a month is far from what was seen, 0%" in everything_said(office.view(MAYA))


# ---- the calculator


def test_revenue_becomes_a_target_once_it_was_shown(office: Office) -> None:
    open_section(office, MAYA, "goals")
    office.press(MAYA, office.view(MAYA), "agreement.edit_calculate")
    typed = {"revenue": "100000", "deal_size": "5000", "won_per_100": "5"}
    shown = office.submit(MAYA, **typed)

    said = everything_said(shown["view"])
    assert "20 deals a month need 400 leads, of which 300 are qualified" in said
    assert "Sales can work 440: 2 reps \u00d7 10 a day \u00d7 22 working days" in said
    assert not is_drafted(office)
    assert "240 deals" in everything_said(office.submit(MAYA, revenue="1200000")["view"])
    office.submit(MAYA, revenue="100000")
    office.submit(MAYA)
    assert draft(office)["goals"][0]["target"] == "300"
    assert "300 a month" in everything_said(office.view(MAYA))


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"revenue": "0"}, "revenue"),
        ({"deal_size": "0"}, "deal_size"),
        ({"won_per_100": "0"}, "won_per_100"),
        ({"accepted": "0"}, "accepted"),
        ({"revenue": "1000000000000", "deal_size": "1"}, "revenue"),
    ],
)
def test_a_figure_that_gives_nothing_is_told_under_its_field(
    office: Office, typed: Typed, field: str
) -> None:
    open_section(office, MAYA, "goals")
    office.press(MAYA, office.view(MAYA), "agreement.edit_calculate")
    answer = office.submit(MAYA, **{"revenue": "100000", "deal_size": "5000", "won_per_100": "5", **typed})

    assert "above 0" in answer["errors"][field]


# ---- hostile and large


HOSTILE = [
    "<!channel> <@U123>",
    '"\n- {a: b}',
    "x: y # no comment",
    "!!python/object:os.system",
    "&a *a",
    "{{ 7 * 7 }}{% raw %}",
    "| > - ? : ,",
    "yes",
    "'single' \"double\" \\ back",
    "\u202egnp\u200b\u2066",
    "Ünïcödé 漢字 🙂",
    "...",
    "---",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_words_stay_words(office: Office, words: str) -> None:
    change(office, MAYA, "definitions", **{"definitions.MQL": words, "definitions.SAL": f"a\n{words}"})
    open_section(office, MAYA, "rejection_reasons")
    office.press(MAYA, office.view(MAYA), "agreement.edit_add")
    office.submit(MAYA, label=words, kind="neutral")

    said = draft(office)
    kept = "gnp" if "gnp" in words else " ".join(words.split())
    assert said["definitions"]["MQL"].replace("\n", " ") == kept
    assert list(said["rejection_reasons"].values())[-1]["label"] == kept
    for view in office.slack.views(MAYA):
        assert "<!channel>" not in everything_said(view)


def test_a_text_of_the_largest_size_is_kept_and_one_too_large_for_a_form_stays_in_the_file(
    office: Office,
) -> None:
    longest = "x" * 2_000
    change(office, MAYA, "definitions", **{"definitions.MQL": longest})
    assert draft(office)["definitions"]["MQL"] == longest
    criteria = "\n".join(f"size{n}: {'y' * 90}" for n in range(30))
    assert "reach" not in change(office, MAYA, "definitions", **{"definitions.ICP": criteria})
    days = "\n".join(f"2026-{month:02}-{day:02}" for month in range(7, 13) for day in range(1, 29))
    change(office, MAYA, "limits", **{"limits.blackout": days})

    assert len(draft(office)["limits"]["blackout"]) == 168


def test_what_no_form_can_hold_is_said_and_left_alone(office: Office) -> None:
    days = [
        f"2026-{month:02}-{day:02} to 2026-{month:02}-{day:02}"
        for month in range(7, 13)
        for day in range(1, 29)
    ]
    with office.context.transaction() as session:
        agreed = agreements.by_id(session, 1, 1)
        long_text = text(office).replace("blackout: []", f"blackout: [{', '.join(days)}]")
        versions.save_draft(session, agreed, long_text, MAYA, office.clock.now())
    view = open_section(office, MAYA, "limits")

    assert "Days without leads* is too long for a form" in everything_said(view)
    office.submit(MAYA, **{"limits.volume.day": "90"})
    assert draft(office)["limits"]["blackout"] == days
    assert draft(office)["limits"]["volume"] == {"day": "90"}


def test_a_body_that_is_not_as_documented_changes_nothing(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    open_section(office, MAYA, "clocks")
    office.submit(MAYA)
    body = dict(office.slack.calls("view_submission")[-1].body)
    for metadata in (
        "{",
        "[]",
        "{}",
        '{"agreement":1}',
        '{"agreement":1,"base":["x"],"identity":[]}',
        '{"agreement":1,"base":["goals"],"identity":[]}',
        '{"agreement":99,"base":["clocks"],"identity":[]}',
        '{"agreement":1,"base":["goals",{}],"identity":[]}',
        '{"agreement":1,"base":["goals",-1],"identity":[]}',
    ):
        assert (
            office.dispatch(
                {**body, "view": {**body["view"], "private_metadata": metadata, "id": "VX"}}
            ).status
            == 200
        )

    assert not is_drafted(office)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
