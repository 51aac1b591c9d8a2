"""Files that the app sends: announced, brought, shown once."""

import httpx
import pytest
from slack_sdk import WebClient

from bot.sandbox.server import Sandbox
from tests.sandbox.test_sandbox_calls import code

TEXT = b"name: DACH\n"


def announced(client: WebClient, name: str = "sla.yml", length: int = len(TEXT)) -> tuple[str, str]:
    answer = client.files_getUploadURLExternal(filename=name, length=length)
    return answer["upload_url"], answer["file_id"]


def brought(client: WebClient, name: str = "sla.yml") -> str:
    url, file = announced(client, name)
    assert httpx.post(url, content=TEXT).text == f"OK - {len(TEXT)}"
    return file


def test_several_files_stand_in_one_message(slack: Sandbox, client: WebClient) -> None:
    first, second = brought(client), brought(client, "sla.md")
    files: list[dict[str, str | None]] = [{"id": first, "title": "The text"}, {"id": second}]
    answer = client.files_completeUploadExternal(files=files, channel_id="CSLA", initial_comment="Read it")
    [message] = slack.messages("CSLA")
    assert message["text"] == "Read it"
    assert [(file["name"], file["title"]) for file in message["files"]] == [
        ("sla.yml", "The text"),
        ("sla.md", "sla.md"),
    ]
    assert [file["id"] for file in answer["files"]] == [first, second]
    assert client.files_info(file=first)["file"]["size"] == len(TEXT)


def test_without_a_channel_nobody_is_shown_a_file(slack: Sandbox, client: WebClient) -> None:
    assert client.files_completeUploadExternal(files=[{"id": brought(client)}])["ok"]
    assert slack.messages("CSLA") == []


def test_a_form_is_taken_as_well_as_plain_bytes(slack: Sandbox, client: WebClient) -> None:
    url, file = announced(client)
    assert httpx.post(url, files={"filename": ("sla.yml", TEXT)}).status_code == 200
    client.files_completeUploadExternal(files=[{"id": file}])
    assert slack.parts.slack.files[file].content == TEXT


def test_exactly_the_bytes_announced_are_taken_once(slack: Sandbox, client: WebClient) -> None:
    url, file = announced(client)
    assert httpx.post(url, content=TEXT + b"x").status_code == 400
    assert code(lambda: client.files_completeUploadExternal(files=[{"id": file}])) == "file_not_found"
    assert httpx.post(url, content=TEXT).status_code == 200
    assert httpx.post(url, content=TEXT).status_code == 404
    assert httpx.post(f"{slack.url}/upload/v1/none", content=TEXT).status_code == 404


def test_a_file_is_completed_once(slack: Sandbox, client: WebClient) -> None:
    file = brought(client)
    client.files_completeUploadExternal(files=[{"id": file}], channel_id="CSLA")
    again = code(lambda: client.files_completeUploadExternal(files=[{"id": file}], channel_id="CSLA"))
    assert (again, len(slack.messages("CSLA"))) == ("file_not_found", 1)


@pytest.mark.parametrize(
    ("place", "refusal"),
    [("CNONE", "channel_not_found"), ("USAM", "channel_not_found"), ("CALONE", "not_in_channel")],
)
def test_files_are_shown_only_where_the_app_is(
    slack: Sandbox, client: WebClient, place: str, refusal: str
) -> None:
    slack.add_channel("alone", ["USAM"], id="CALONE", with_bot=False)
    file = brought(client)
    assert (
        code(lambda: client.files_completeUploadExternal(files=[{"id": file}], channel_id=place)) == refusal
    )
    assert client.files_completeUploadExternal(files=[{"id": file}])["ok"], "a refusal uses nothing up"


def test_what_makes_no_file_is_refused(client: WebClient) -> None:
    assert code(lambda: announced(client, length=0)) == "missing_argument"
    assert code(lambda: announced(client, length=10**12)) == "file_upload_size_restricted"
    assert code(lambda: client.files_completeUploadExternal(files=[])) == "invalid_arguments"
    assert code(lambda: client.files_completeUploadExternal(files=[{"title": "x"}])) == "invalid_arguments"
    as_json = {"filename": "x", "length": 1}
    assert code(lambda: client.api_call("files.getUploadURLExternal", json=as_json)) == "missing_argument"


def test_sending_files_needs_its_scope() -> None:
    with Sandbox(scopes=["chat:write", "files:read"]) as slack:
        client = WebClient(token=slack.bot_token, base_url=slack.api_url)
        assert code(lambda: announced(client)) == "missing_scope"
