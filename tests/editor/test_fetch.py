"""Fetching from a real server on this machine: what is unchanged, broken, slow to come or too large."""

import json
import re
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner
from urllib3 import HTTPResponse
from urllib3.exceptions import InvalidHeader
from urllib3.util import Retry

from service.cli import main
from service.core.errors import DataError
from service.editor import fetch as fetching
from service.editor.fetch import fetch_all

SOURCES = [
    {"domain": f"outlet{n}.example", "name": f"Outlet {n}", "bias": "center", "reporting": "high"}
    for n in range(120)
]
COMBINED = json.dumps({"date": "2026-08-19", "sources": SOURCES}).encode()
FEED = json.dumps(
    {
        "allsides_media_bias_ratings": [
            {
                "publication": {
                    "source_name": s["name"],
                    "media_bias_rating": "Left",
                    "source_url": f"https://{s['domain']}",
                }
            }
            for s in SOURCES
        ]
    }
).encode()


class Publisher(ThreadingHTTPServer):
    """Serves ``pages``; counts what was asked; ``failures`` answers are 503 before it works."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.pages = {"/mbfc": COMBINED, "/allsides": FEED}
        self.failures = 0
        self.said: dict[str, str] = {}
        self.leads_to = ""
        self.statuses: list[int] = []

    @property
    def urls(self) -> dict[str, str]:
        return {path[1:]: f"http://127.0.0.1:{self.server_port}{path}" for path in self.pages}


class Handler(BaseHTTPRequestHandler):
    server: Publisher

    def do_GET(self) -> None:
        body = self.server.pages[self.path]
        etag = f'"{hash(body)}"'
        if self.server.failures:
            self.server.failures -= 1
            self.answer(503, b"", self.server.said)
        elif self.server.leads_to:
            self.answer(302, b"", {"Location": self.server.leads_to})
        elif self.headers.get("If-None-Match") == etag:
            self.answer(304, b"", {"ETag": etag})
        else:
            self.answer(200, body, {"ETag": etag})

    def answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.server.statuses.append(status)
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_what_came_is_written_and_counted(publisher: Publisher, tmp_path: Path):
    found = fetch_all(publisher.urls, tmp_path)
    assert [(each.rater, each.outlets) for each in found] == [("mbfc", 120), ("allsides", 120)]
    assert (tmp_path / "mbfc.json").read_bytes() == COMBINED
    assert (tmp_path / "allsides.json").read_bytes() == FEED


def test_what_is_unchanged_is_not_sent_again(publisher: Publisher, tmp_path: Path):
    fetch_all(publisher.urls, tmp_path)
    publisher.pages["/allsides"] = FEED.replace(b"Left", b"Right")
    found = fetch_all(publisher.urls, tmp_path)
    assert publisher.statuses == [200, 200, 304, 200]
    assert [each.data is None for each in found] == [True, False]
    assert b"Right" in (tmp_path / "allsides.json").read_bytes()


def test_a_lost_file_is_fetched_whole(publisher: Publisher, tmp_path: Path):
    fetch_all(publisher.urls, tmp_path)
    (tmp_path / "mbfc.json").unlink()
    fetch_all(publisher.urls, tmp_path)
    assert publisher.statuses == [200, 200, 200, 304]


@pytest.mark.parametrize(
    "state", [b"[]", b'{"mbfc": 7}', b'{"mbfc": {"etag": null}}', b"[" * 100_000, b"\xff"]
)
def test_notes_of_the_last_fetch_that_are_something_else_are_named(tmp_path: Path, state: bytes):
    (tmp_path / fetching.STATE_FILE).write_bytes(state)
    with pytest.raises(DataError, match=r"is not what the last fetch wrote .*; remove it") as refused:
        fetch_all({}, tmp_path)
    assert str(tmp_path / fetching.STATE_FILE) in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_hiccup_is_tried_again(publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fetching, "BACKOFF_FACTOR", 0.0)
    publisher.failures = 2
    fetch_all({"mbfc": publisher.urls["mbfc"]}, tmp_path)
    assert publisher.statuses == [503, 503, 200]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"<html>Be right back</html>", "column 1 has another name"),
        (
            b'{"allsides_media_bias_ratings": []}',
            "allsides: the file rates 0 outlets, at least 100 were expected",
        ),
        (b'{"allsides_media_bias_ratings": [{}]}', "Object missing required field `source_name`"),
        (b"", "the file is empty"),
    ],
)
def test_one_broken_file_leaves_the_old_one_and_stops_no_other(
    publisher: Publisher, tmp_path: Path, body: bytes, message: str
):
    fetch_all(publisher.urls, tmp_path)
    publisher.pages = {"/allsides": body, "/mbfc": COMBINED.replace(b"center", b"right")}
    broken, fine = fetch_all(publisher.urls, tmp_path)
    assert message in broken.error
    assert "\n" not in broken.error
    assert (fine.error, fine.outlets) == ("", 120)
    assert (tmp_path / "allsides.json").read_bytes() == FEED
    assert b"right" in (tmp_path / "mbfc.json").read_bytes()


def test_too_much_is_cut_off(publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fetching, "MAX_BYTES", 1000)
    for each in fetch_all(publisher.urls, tmp_path):
        assert "larger than 1000 bytes" in each.error
    assert list(tmp_path.iterdir()) == []


def test_nobody_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fetching, "BACKOFF_FACTOR", 0.0)
    (found,) = fetch_all({"mbfc": "http://127.0.0.1:1/x"}, tmp_path)
    assert found.error.startswith("mbfc: http://127.0.0.1:1/x could not be fetched")


def test_the_command_tells_what_came(publisher: Publisher, tmp_path: Path):
    command = ["data", "fetch", "mbfc", "--into", str(tmp_path), "--url", f"mbfc={publisher.urls['mbfc']}"]
    first, second = CliRunner().invoke(main, command), CliRunner().invoke(main, command)
    assert first.output == f"{tmp_path}/mbfc.json: {len(COMBINED)} bytes, 120 outlets\n"
    assert second.output == f"{tmp_path}/mbfc.json: unchanged\n"


def test_the_command_knows_the_raters_that_publish():
    result = CliRunner().invoke(main, ["data", "fetch", "--url", "adfontes=http://127.0.0.1:1/"])
    assert result.exit_code == 2
    assert "'adfontes' is not a rater with a public file" in result.output


def test_nobody_waits_for_ever_because_a_server_asks_for_it(publisher: Publisher, tmp_path: Path):
    publisher.failures, publisher.said = 1, {"Retry-After": "86400"}
    refused, fine = fetch_all(publisher.urls, tmp_path)
    assert re.search(r"Retry-After asks for .* seconds, at most 60 are allowed", refused.error)
    assert fine.outlets == 120


def test_tries_that_are_each_told_to_wait_a_while_wait_a_minute_in_all(monkeypatch: pytest.MonkeyPatch):
    waits: list[float] = []
    monkeypatch.setattr(time, "sleep", waits.append)
    retry: Retry = fetching.BoundedRetry(total=4)
    busy = HTTPResponse(status=429, headers={"Retry-After": "25"})
    with pytest.raises(InvalidHeader, match="asks for 75 seconds, at most 60 are allowed"):
        for _ in range(4):
            retry = retry.increment("GET", "/", busy)
            retry.sleep(busy)
    assert waits == [25, 25]


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/", "http://169.254.169.254/", "http://[::1]/"])
def test_no_answer_leads_to_an_address_inside(publisher: Publisher, tmp_path: Path, address: str):
    publisher.leads_to = address
    assert all("not a public address" in each.error for each in fetch_all(publisher.urls, tmp_path))
    assert publisher.statuses == [302, 302]


def test_what_is_nested_deeply_is_one_clear_line(publisher: Publisher, tmp_path: Path):
    publisher.pages["/allsides"] = b"[" * 200_000
    _, refused = fetch_all(publisher.urls, tmp_path)
    assert refused.error.startswith("allsides: ")
    assert not (tmp_path / "allsides.json").exists()


def test_the_exit_status_names_who_failed(publisher: Publisher, tmp_path: Path):
    publisher.pages["/allsides"] = b"{}"
    urls = [part for rater, url in publisher.urls.items() for part in ("--url", f"{rater}={url}")]
    result = CliRunner().invoke(main, ["data", "fetch", "--into", str(tmp_path), *urls])
    assert result.exit_code == 8 + 2
    assert "mbfc.json" in result.output
