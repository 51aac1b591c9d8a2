"""The server from outside: Slack's requests, and those of whoever pretends to be Slack."""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlencode

import pytest
from prometheus_client.parser import text_string_to_metric_families as read_metrics

from bot.http import hurry, server
from tests.http.front import FORM, JSON, Front, opened
from tests.sandbox.small_bot import until
from tests.slack.office import CHANNEL, MAYA, REP1, VALUES


def test_a_challenge_is_answered_only_where_slack_signed_it(front: Front) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "3eZbrw"}).encode()

    assert front.send(body, {"Content-Type": JSON})[0] == 401
    assert front.send(body, front.signed(body)) == (200, b'{"challenge":"3eZbrw"}')
    assert front.office.slack.verify_url()


def test_the_check_of_the_certificate_is_answered_with_nothing(front: Front) -> None:
    body = b"ssl_check=1&token=x"
    assert front.send(body, front.signed(body, FORM)) == (200, b"")


def test_over_http_people_are_answered_as_over_socket_mode(front: Front) -> None:
    office = front.office
    over_http = office.type(MAYA, "/sla help")
    office.slack.parts.delivery.request_url = None

    assert over_http == office.type(MAYA, "/sla help")
    assert "Nothing is agreed here yet" in office.type(REP1, "/sla status")


def test_an_event_over_http_is_heard(front: Front) -> None:
    assert front.office.slack.open_home(MAYA)["acked"]
    front.office.settle()
    assert front.office.slack.home(MAYA)


def test_a_second_sending_within_five_minutes_does_nothing_more(tmp_path: Path) -> None:
    with opened(tmp_path, is_signed=True) as front:
        assert "H-1" in front.office.type(MAYA, "/sla log webinar June B=3")
        sent = front.office.slack.calls("/sla")[-1].body
        before = front.office.rows()
        status, said = front.send(form := urlencode(sent).encode(), front.signed(form, FORM))
        assert (status, b"H-1" in said) == (200, True)
        assert front.office.rows() == before


def test_what_comes_from_a_workspace_that_is_not_served_is_dropped(front: Front) -> None:
    front.office.type(MAYA, "/sla help")
    sent = front.office.slack.calls("/sla")[-1].body
    for changed in ({"team_id": "TUNKNOWN"}, {"api_app_id": "A0OTHER"}):
        form = urlencode(sent | changed).encode()
        assert front.send(form, front.signed(form, FORM)) == (200, b"")


def test_what_is_too_long_is_refused_before_it_is_read(front: Front) -> None:
    with talking(front) as line:
        line.sendall(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 1000001\r\n\r\n")
        assert line.recv(100).startswith(b"HTTP/1.1 413")
    with talking(front) as line:
        line.sendall(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        with suppress(OSError):  # it may be cut while we send
            for _ in range(200):
                line.sendall(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
        until(lambda: is_cut(line))


def test_who_sends_slowly_is_not_waited_for(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "BODY_SECONDS", 0.2)
    monkeypatch.setattr(hurry, "HEAD_SECONDS", 0.2)
    with talking(front) as slow_head, talking(front) as slow_body:
        slow_head.sendall(b"POST /slack/events HTTP/1.1\r\nHos")
        slow_body.sendall(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nab")
        assert slow_body.recv(100).startswith(b"HTTP/1.1 408")
        assert slow_head.recv(100) == b""


def test_three_hundred_slow_callers_do_not_keep_slack_waiting(front: Front) -> None:
    with ExitStack() as callers:
        for _ in range(300):
            line = callers.enter_context(talking(front))
            line.sendall(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n")
        assert "/sla log" in front.office.type(MAYA, "/sla help")


def is_cut(line: socket.socket) -> bool:
    try:
        return line.recv(1_000) == b""
    except ConnectionError:
        return True


@contextmanager
def talking(front: Front) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", front.port), timeout=5) as line:
        yield line


def test_other_methods_and_places_are_refused(front: Front) -> None:
    assert front.get(server.EVENTS)[0] == 405
    assert front.send(b"", {}, "/admin")[0] == 404


# ---- health and metrics


def test_a_process_lives_while_its_jobs_move(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    front.running.watched("tick", lambda: None)()
    assert front.get("/healthz") == (200, "ok\n")

    long_ago = time.monotonic() - 600
    monkeypatch.setitem(front.running._moved, "tick", long_ago)
    assert front.get("/healthz") == (503, "stuck: tick\n")


def test_it_is_ready_once_slack_was_reached_and_until_it_stops(front: Front) -> None:
    assert front.get("/readyz") == (503, "Slack: not reached\n")

    front.running.slack_time.heard(time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime()))
    assert front.get("/readyz") == (200, "ok\n")
    front.running.stopping.set()
    assert front.get("/readyz") == (503, "stopping\n")


def test_it_is_not_ready_while_the_store_or_the_clock_is_wrong(front: Front) -> None:
    tomorrow = time.gmtime(time.time() + 86_400)
    front.running.slack_time.heard(time.strftime("%a, %d %b %Y %H:%M:%S GMT", tomorrow))
    assert front.get("/readyz") == (503, "clock: differs from Slack's\n")

    with front.office.context.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE alembic_version RENAME TO lost")
    assert front.get("/readyz")[1] == "store: not reached\nclock: differs from Slack's\n"


def metric(front: Front, name: str, **labels: str) -> float:
    """Read one figure; 0 where it was never counted."""
    families = list(read_metrics(front.get("/metrics")[1]))
    found = [s for family in families for s in family.samples if s.name == name and s.labels == labels]
    return found[0].value if found else 0.0


def test_what_people_do_is_counted_by_word_and_outcome(front: Front) -> None:
    before = metric(front, "baton_acts_total", word="help", outcome="done")
    refused = metric(front, "baton_acts_total", word="status", outcome="refused")
    others = metric(front, "baton_acts_total", word="other", outcome="done")

    for line in ("/sla help", "/sla status", "/sla nothing-of-ours"):
        front.office.type(MAYA, line)
    assert metric(front, "baton_acts_total", word="help", outcome="done") == before + 1
    assert metric(front, "baton_acts_total", word="status", outcome="refused") == refused + 1
    assert metric(front, "baton_acts_total", word="other", outcome="done") == others + 1


def test_what_is_owed_is_counted_and_its_age_is_told(front: Front) -> None:
    front.office.settle()
    front.office.slack.open_home(MAYA)
    assert metric(front, "baton_owed", state="pending") >= 1
    age = metric(front, "baton_queue_age_seconds")
    front.office.clock.sleep(90)
    assert metric(front, "baton_queue_age_seconds") == age + 90

    front.office.settle()
    assert metric(front, "baton_queue_age_seconds") == 0


def test_what_is_turned_away_is_counted_by_why(front: Front) -> None:
    before = metric(front, "baton_turned_away_total", why="timestamp")
    front.send(b"{}", {"Content-Type": JSON})
    until(lambda: metric(front, "baton_turned_away_total", why="timestamp") == before + 1)


def test_a_429_of_slacks_is_counted(front: Front) -> None:
    limited = {"method": "views.publish", "answer": "limited"}
    before = metric(front, "baton_slack_calls_total", **limited)
    front.office.slack.fail("views.publish", "rate_limited", seconds=1)
    front.office.slack.open_home(MAYA)
    front.office.deliver()
    assert metric(front, "baton_slack_calls_total", **limited) == before + 1


def test_no_metric_names_a_customer(front: Front) -> None:
    front.office.type(MAYA, "/sla help")
    front.office.slack.open_home(MAYA)
    front.office.settle()
    told = front.get("/metrics")[1]
    for name in (MAYA, CHANNEL, "T0SANDBOX", VALUES.name):
        assert name not in told
