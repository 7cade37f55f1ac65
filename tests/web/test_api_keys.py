"""API keys and the rate limit: off by default, and what they ask for when on."""

import hashlib
import subprocess
import sys
import traceback
from pathlib import Path

import pytest

from service.settings import Settings
from service.web.app import create_app
from tests.helpers import ROOT
from tests.web.conftest import assert_problem

URL = "/v1/distribution"
BODY = {"outlets": ["left.example"]}
KEY, OTHER_KEY = "first-key", "second-key"


@pytest.fixture
def app_with(catalog):
    """Make an application with these settings."""
    return lambda **given: create_app(Settings(**given), catalog)


@pytest.fixture
def keys_file(tmp_path):
    """A file with two keys."""
    lines = [f"{name}:{hashlib.sha256(key.encode()).hexdigest()}" for name, key in keys()]
    path = tmp_path / "keys.txt"
    path.write_text("# who may call\n\n" + "\n".join(lines) + "\n")
    return str(path)


def keys():
    return [("app", KEY), ("report-2", OTHER_KEY)]


@pytest.fixture
def locked(app_with, keys_file):
    return app_with(api_keys_file=keys_file).test_client()


def test_by_default_nothing_is_asked_and_no_hook_is_installed(app_with):
    app = app_with()
    assert not app.before_request_funcs
    assert not app.after_request_funcs
    assert app.test_client().post(URL, json=BODY).status_code == 200


@pytest.mark.parametrize("key", [KEY, OTHER_KEY])
@pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
def test_a_known_key_lets_in(locked, key, scheme):
    response = locked.post(URL, json=BODY, headers={"Authorization": f"{scheme} {key}"})
    assert response.status_code == 200


@pytest.mark.parametrize(
    ("header", "named"),
    [
        (None, False),
        ("", False),
        ("Bearer", False),
        ("Bearer ", False),
        (f"Basic {KEY}", False),
        (KEY, False),
        ("Bearer wrong", True),
        (f"Bearer {KEY} ", None),
        (f"Bearer {KEY}x", True),
        (f"Bearer {hashlib.sha256(KEY.encode()).hexdigest()}", True),
        ("Bearer \xff\xfe", True),
        ("Bearer " + "a" * 5000, True),
    ],
)
def test_without_a_known_key_nobody_is_let_in(locked, header, named):
    response = locked.post(URL, json=BODY, headers={"Authorization": header} if header is not None else {})
    if named is None:  # white space around a header is no part of it
        assert response.status_code == 200
        return
    problem = assert_problem(response, 401)
    assert "Authorization: Bearer" in problem["detail"]
    told = response.headers["WWW-Authenticate"]
    assert told.lower().startswith("bearer realm=")
    assert ("invalid_token" in told) is named


@pytest.mark.parametrize(
    "path", ["/livez", "/readyz", "/version", "/docs", "/docs/problems", "/openapi.json"]
)
def test_probes_and_what_says_how_to_call_ask_for_no_key(locked, path):
    assert locked.get(path).status_code == 200


@pytest.mark.parametrize("path", [f"{URL}?outlet=left.example", "/v1/outlets/left.example", "/nowhere"])
def test_everything_else_asks(locked, path):
    assert_problem(locked.get(path), 401)
    assert locked.options(path).status_code in (200, 404)


def test_what_a_key_opened_is_not_kept_for_others(locked):
    response = locked.get(f"{URL}?outlet=left.example", headers={"Authorization": f"Bearer {KEY}"})
    assert response.cache_control.private
    assert not response.cache_control.public
    assert response.cache_control.max_age == 60
    assert locked.get("/version").cache_control.public


def test_the_description_is_shown_without_a_key_and_says_what_a_missing_one_gets(locked):
    shown = locked.get("/openapi.json").json
    assert "200" in shown["paths"]["/version"]["get"]["responses"]
    assert shown["components"]["responses"]["401"]["content"]["application/problem+json"]["example"] == {
        **assert_problem(locked.get("/nowhere"), 401),
        "request_id": "example",
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "cannot be read"),
        ("", "no keys"),
        ("# nobody\n", "no keys"),
        ("app:secret\n", "line 1"),
        ("app:" + "0" * 63 + "\n", "line 1"),
        ("\n" + "0" * 64 + "\n", "line 2"),
        ("two words:" + "0" * 64, "line 1"),
    ],
)
def test_a_key_file_that_cannot_be_used_stops_the_start(app_with, tmp_path, text, message):
    path = tmp_path / "keys.txt"
    if text is not None:
        path.write_text(text)
    with pytest.raises(ValueError, match=message):
        app_with(api_keys_file=str(path))


def test_the_command_makes_a_key_and_the_line_that_admits_it(app_with, tmp_path):
    command = [sys.executable, "-m", "service", "key", "app"]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    path = tmp_path / "keys.txt"
    path.write_text(made.stdout)
    key = made.stderr.split()[-1]
    client = app_with(api_keys_file=str(path)).test_client()
    assert key not in made.stdout
    assert client.post(URL, json=BODY, headers={"Authorization": f"Bearer {key}"}).status_code == 200


def test_over_the_limit_a_caller_is_told_when_to_come_back(app_with):
    client = app_with(rate_limit="5/minute").test_client()
    assert [client.post(URL, json=BODY).status_code for _ in range(5)] == [200] * 5
    response = client.get(f"{URL}?outlet=left.example")
    problem = assert_problem(response, 429)
    assert problem["detail"] == "the limit is 5 per 1 minute"
    assert 1 <= int(response.headers["Retry-After"]) <= 61  # rounded up
    assert client.get("/livez").status_code == 200
    shown = client.get("/openapi.json").json["components"]["responses"]["429"]
    documented = shown["content"]["application/problem+json"]["example"]
    assert documented == {**problem, "request_id": "example"}


def test_each_caller_has_a_limit_of_its_own(app_with, keys_file):
    client = app_with(rate_limit="1/minute", api_keys_file=keys_file).test_client()

    def ask(key, address):
        return client.post(
            URL,
            json=BODY,
            headers={"Authorization": f"Bearer {key}"},
            environ_overrides={"REMOTE_ADDR": address},
        ).status_code

    assert ask(KEY, "192.0.2.1") == 200
    assert ask(KEY, "192.0.2.2") == 429
    assert ask(OTHER_KEY, "192.0.2.1") == 200


def test_without_keys_a_caller_is_an_address(app_with):
    client = app_with(rate_limit="1/minute").test_client()

    def ask(address):
        return client.post(URL, json=BODY, environ_overrides={"REMOTE_ADDR": address}).status_code

    assert [ask("192.0.2.1"), ask("192.0.2.1"), ask("192.0.2.2")] == [200, 429, 200]


def test_a_subscriber_with_many_addresses_is_one_caller(app_with):
    client = app_with(rate_limit="1/minute", proxy_hops=1).test_client()

    def ask(address):
        return client.post(URL, json=BODY, headers={"X-Forwarded-For": address}).status_code

    for once, again, other in (
        ("2001:db8::1", "2001:db8::ffff:9", "2001:db8:0:1::1"),
        ("[2001:db9::1]:4711", "[2001:db9::2]:4712", "2001:dba::1"),
        ("192.0.2.1:4711", "192.0.2.1:4712", "192.0.2.2"),
        ("::ffff:192.0.2.3", "192.0.2.3", "192.0.2.4"),
        ("unknown", "_hidden", "192.0.2.5"),
    ):
        assert [ask(once), ask(again), ask(other)] == [200, 429, 200], once


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"path": "/v1/nothing"}, 404),
        ({"path": URL, "method": "DELETE"}, 405),
        ({"path": URL, "method": "POST", "json": {}}, 422),
        ({"path": URL, "method": "POST", "data": b"x"}, 415),
        ({"path": URL, "headers": {"Authorization": "Bearer guessed"}}, 401),
    ],
)
def test_refusals_count_too_so_that_nobody_guesses_for_ever(app_with, keys_file, sent, status):
    keys = {"api_keys_file": keys_file} if status == 401 else {}
    client = app_with(rate_limit="2/minute", **keys).test_client()
    answers = [client.open(**sent).status_code for _ in range(3)]
    assert answers == [status, status, 429]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"rate_limit": "many"}, "SLANTWISE_RATE_LIMIT"),
        ({"rate_limit": "5/fortnight"}, "SLANTWISE_RATE_LIMIT"),
        ({"rate_limit": "5/minute", "rate_limit_storage": "nosql://x"}, "SLANTWISE_RATE_LIMIT_STORAGE"),
    ],
)
def test_a_limit_that_cannot_be_used_stops_the_start(app_with, given, message):
    with pytest.raises(ValueError, match=message):
        app_with(**given)


@pytest.mark.parametrize(
    "storage",
    [
        "nosql://user:hunter2@h",
        "redis://user:hunter2@h:99999",
        "redis://user:ab:hunter2@h:port/0",
        "redis://[:hunter2@h",
        "redis+cluster://user:hunter2@h",
        "hunter2",
    ],
)
def test_a_limit_that_cannot_be_used_shows_no_password(app_with, storage):
    with pytest.raises(ValueError, match=r"SLANTWISE_RATE_LIMIT_STORAGE.*such as redis://") as failed:
        app_with(rate_limit="5/minute", rate_limit_storage=storage)
    assert "hunter2" not in "".join(traceback.format_exception(failed.value))


def test_keys_are_read_again_when_their_file_changes(app_with, keys_file, monkeypatch, caplog):
    monkeypatch.setattr("service.requests.api_keys.RECHECK_SECONDS", 0.0)
    client, path = app_with(api_keys_file=keys_file).test_client(), Path(keys_file)

    def status(key):
        return client.post(URL, json=BODY, headers={"Authorization": f"Bearer {key}"}).status_code

    assert (status(KEY), status("third-key")) == (200, 401)
    path.write_text(f"new:{hashlib.sha256(b'third-key').hexdigest()}\n")
    assert (status(KEY), status("third-key")) == (401, 200)
    path.write_text("broken")
    assert status("third-key") == 200
    assert "new API keys refused, old keys kept" in caplog.text and "line 1" in caplog.text
    path.unlink()
    assert status("third-key") == 200


def test_a_caller_is_told_how_much_of_the_limit_is_left(app_with):
    client = app_with(rate_limit="2/minute").test_client()
    answers = [client.post(URL, json=BODY) for _ in range(3)]
    assert [answer.headers["RateLimit-Limit"] for answer in answers] == ["2"] * 3
    assert [answer.headers["RateLimit-Remaining"] for answer in answers] == ["1", "0", "0"]
    assert {0 < int(answer.headers["RateLimit-Reset"]) <= 61 for answer in answers} == {True}
    assert answers[2].headers["Retry-After"] == answers[2].headers["RateLimit-Reset"]
    assert "RateLimit-Limit" not in client.get("/livez").headers
