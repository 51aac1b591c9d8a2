"""The attacks that Baton is held against, by number, and the tests that say what becomes of each."""

from collections.abc import Mapping

GUARD, SERVER, OAUTH, HOSTILE = (
    f"http/test_{name}.py::test_" for name in ("guard", "server", "oauth", "hostile")
)
MANY, ERRORS, PEOPLE, REACTION = (
    f"slack/test_{name}.py::test_" for name in ("many", "errors", "people", "reaction")
)
STORMS, OUTSIDERS, WORDS, FORGED, NUMBERS, FILES, REACH, REGEXES = (
    f"attack/test_{name}.py::test_"
    for name in ("storms", "outsiders", "words", "forged", "numbers", "files", "reach", "regexes")
)
RIGHTS = "services/test_rights.py::test_"
DELIVER = "jobs/test_deliver.py::test_"
EDIT = "slack/test_agreement_edit.py::test_"

CASES: Mapping[int, tuple[str, ...]] = {
    # what comes over HTTP
    1: (
        f"{GUARD}a_header_that_is_not_slacks_is_unauthorized",
        f"{SERVER}what_is_turned_away_is_counted_by_why",
    ),
    2: (
        f"{GUARD}a_header_that_is_not_slacks_is_unauthorized",
        f"{GUARD}a_header_that_stands_there_twice_is_unauthorized",
    ),
    3: (f"{GUARD}what_was_signed_more_than_five_minutes_away_is_unauthorized",),
    4: (
        f"{SERVER}a_second_sending_within_five_minutes_does_nothing_more",
        f"{STORMS}of_fifty_deliveries_of_one_press_one_acts",
    ),
    5: (
        f"{SERVER}a_challenge_is_answered_only_where_slack_signed_it",
        f"{SERVER}the_check_of_the_certificate_is_answered_with_nothing",
    ),
    6: (
        f"{GUARD}a_signed_body_that_is_absurd_is_dropped_and_not_sent_again",
        f"{HOSTILE}hostile_requests_are_refused_or_dropped_and_nothing_breaks",
    ),
    7: (
        f"{GUARD}what_need_not_be_read_is_turned_away_by_its_headers",
        f"{GUARD}a_form_of_too_many_fields_is_dropped",
        f"{SERVER}what_is_too_long_is_refused_before_it_is_read",
        f"{SERVER}who_sends_slowly_is_not_waited_for",
        f"{SERVER}three_hundred_slow_callers_do_not_keep_slack_waiting",
    ),
    8: (f"{GUARD}what_is_meant_for_another_app_is_dropped", f"{MANY}what_is_of_nobody_we_serve_is_dropped"),
    # what belongs to others
    9: (f"{MANY}no_button_reaches_into_another_workspace",),
    10: (
        f"{MANY}no_button_reaches_into_another_workspace",
        f"{OUTSIDERS}whoever_is_no_member_changes_nothing_by_any_way_in",
    ),
    11: (f"{MANY}what_one_workspace_shows_is_unknown_in_the_other",),
    12: (
        f"{FORGED}a_form_that_was_tampered_with_is_read_refused_or_dropped",
        f"{FORGED}a_button_whose_value_is_none_of_ours_does_nothing",
        f"{EDIT}who_comes_second_to_the_same_section_is_told_and_loses_nothing",
    ),
    13: (f"{MANY}a_modal_is_of_the_workspace_in_which_baton_opened_it",),
    14: (
        f"{MANY}who_is_of_another_company_is_refused_before_anything_is_read",
        f"{OUTSIDERS}whoever_is_no_member_changes_nothing_by_any_way_in",
    ),
    15: (f"{OUTSIDERS}whoever_is_no_member_changes_nothing_by_any_way_in",),
    16: (
        f"{OUTSIDERS}a_right_ends_when_slack_says_so_also_for_a_form_that_is_open",
        f"{PEOPLE}the_leads_of_a_rep_who_left_go_on_and_the_lead_is_told_once",
    ),
    17: (
        f"{REACTION}who_may_not_take_is_told_why_once_a_day",
        f"{PEOPLE}who_joins_a_group_may_act_within_a_minute_and_who_leaves_may_not",
    ),
    18: (
        f"{RIGHTS}what_each_role_may_do_is_what_the_table_says",
        f"{RIGHTS}every_act_of_the_table_is_tried_by_every_role",
        "slack/test_setup.py::test_only_the_two_leads_sign_and_each_once",
    ),
    # too much
    19: (
        f"{STORMS}a_thousand_reactions_put_on_and_off_are_one_handoff_and_few_acts",
        f"{STORMS}whoever_sends_more_than_a_hand_can_is_refused_in_words_and_others_are_not",
    ),
    20: (f"{STORMS}a_thousand_events_of_bots_bring_about_no_post_and_no_act",),
    # what people write
    21: (f"{WORDS}what_people_write_reaches_others_as_words_alone",),
    22: (
        f"{WORDS}what_people_write_reaches_others_as_words_alone",
        "messages/test_formats.py::test_only_plain_addresses_of_the_web_become_links",
        "test_gateway.py::test_a_post_says_where_it_stands_and_carries_its_key_and_unfurls_nothing",
    ),
    23: (
        f"{WORDS}whatever_is_written_the_blocks_are_the_same",
        "messages/test_formats.py::test_cleaned_text_is_one_line_without_hidden_characters",
    ),
    24: (f"{WORDS}whatever_is_written_the_blocks_are_the_same",),
    25: (
        f"{WORDS}templates_are_made_in_one_file_and_of_our_own_sentences_alone",
        f"{WORDS}no_text_but_ours_is_filled_by_format",
    ),
    26: (
        f"{FILES}no_cell_begins_a_formula_however_a_spreadsheet_parts_it",
        "slack/test_export.py::test_what_a_spreadsheet_would_run_is_text",
    ),
    27: (
        f"{FILES}the_name_of_a_file_is_ours_whatever_stands_in_it",
        "slack/test_export.py::test_a_colleague_gets_figures_alone",
        "slack/test_export.py::test_a_guest_gets_nothing",
        "slack/test_export.py::test_who_lost_the_right_meanwhile_gets_nothing",
    ),
    28: (
        "messages/test_extremes.py::test_a_report_of_any_size_fits",
        "messages/test_blocks.py::test_a_message_that_is_too_long_keeps_its_head_and_its_buttons",
        f"{FILES}what_is_no_list_of_leads_is_refused_under_its_field",
    ),
    29: (
        f"{WORDS}what_people_write_reaches_others_as_words_alone",
        f"{FILES}an_import_with_a_nul_is_kept_alike_by_every_store",
        "slack/test_typed.py::test_any_text_falls_into_words_that_can_be_kept",
    ),
    30: (
        f"{NUMBERS}what_is_no_number_of_leads_is_refused_by_command_and_under_its_field",
        f"{NUMBERS}what_is_no_amount_is_refused",
        f"{NUMBERS}what_is_no_day_is_refused",
        f"{NUMBERS}what_is_no_amount_in_a_file_is_left_out_and_told",
        f"{NUMBERS}an_hour_that_was_left_out_or_came_twice_is_one_instant",
    ),
    # files, expressions, addresses, names
    31: (
        "sla_rules/test_hostile_documents.py::test_a_hostile_document_gets_its_faults_in_words_and_nothing_else",
        f"{FILES}what_is_no_agreement_is_refused",
    ),
    32: (
        f"{FILES}what_is_no_list_of_leads_is_refused_under_its_field",
        f"{FILES}nothing_can_unpack_parse_xml_or_run_what_a_file_holds",
    ),
    33: (f"{REGEXES}no_text_of_ten_thousand_characters_takes_an_expression_long",),
    34: (
        f"{REACH}few_files_can_reach_the_network_and_each_for_one_reason",
        f"{REACH}a_link_that_somebody_gave_is_never_opened",
        "test_gateway.py::test_our_token_is_not_taken_to_another_host",
        "test_gateway.py::test_our_token_follows_no_redirect",
    ),
    35: (f"{REACH}a_response_url_is_never_used",),
    36: (f"{REACH}text_is_compared_and_never_run", f"{REACH}no_statement_is_put_together_from_texts"),
    37: (f"{REACH}no_name_leads_to_a_file",),
    # secrets and installations
    38: (
        f"{OAUTH}no_token_stands_in_the_store_as_it_is",
        f"{OAUTH}another_key_seals_anew_and_the_old_one_can_go",
    ),
    39: (
        f"{REACH}neither_a_token_nor_a_lead_stands_in_the_log_or_in_what_goes_with_a_message",
        "test_logs.py::test_no_secret_is_written_wherever_it_stands",
    ),
    40: (
        f"{OAUTH}without_a_state_of_this_browser_nothing_is_installed",
        f"{OAUTH}a_state_is_good_for_ten_minutes",
        f"{OAUTH}a_state_is_good_once_even_for_two_clicks_at_once",
        f"{OAUTH}the_state_is_bound_to_one_browser_by_a_cookie_that_scripts_do_not_see",
    ),
    41: (
        f"{OAUTH}another_installation_renews_the_token_and_changes_nothing_else",
        f"{OAUTH}what_one_installs_is_nobody_elses",
        f"{OAUTH}an_organisations_installation_serves_none_but_its_own",
        "slack/test_organisation.py::test_an_organisation_speaks_for_none_but_its_own",
    ),
    42: (f"{MANY}between_two_workspaces_with_the_same_ids_nothing_crosses",),
    43: (
        f"{EDIT}only_the_parties_change_it",
        f"{PEOPLE}whoever_can_mend_it_is_told_that_somebody_left",
        "slack/test_setup.py::test_before_anybody_signed_the_parties_may_write_it_again_and_nobody_else",
    ),
    # what a whole workspace does
    44: (
        f"{STORMS}a_workspace_that_floods_keeps_another_waiting_for_nothing",
        f"{STORMS}whoever_sends_more_than_a_hand_can_is_refused_in_words_and_others_are_not",
    ),
    45: (
        f"{STORMS}of_fifty_presses_at_once_each_lead_gets_exactly_one_owner",
        f"{STORMS}of_fifty_commands_for_one_lead_one_is_served_and_the_others_hear_so",
    ),
    46: (f"{DELIVER}a_post_with_the_same_key_by_somebody_else_is_not_taken_for_ours",),
    47: (
        f"{MANY}who_takes_baton_out_is_served_no_more_at_once",
        f"{MANY}thirty_days_after_leaving_no_row_names_the_workspace",
    ),
    48: (
        "test_tooling.py::test_every_locked_version_has_its_hashes",
        "test_cli.py::test_verify_names_what_differs",
        "services/test_imports.py::test_a_row_tells_everything_that_became_of_a_lead",
    ),
}
