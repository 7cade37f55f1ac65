"""The service behind nginx of Debian's packages, with the shipped configuration, below a path prefix."""

import http.client
import itertools
import json
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest
import requests
from requests.adapters import HTTPAdapter

from tests.helpers.gateway import Gateway, in_front_of
from tests.helpers.serving import serving

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def gateway(tmp_path_factory) -> Iterator[Gateway]:
    folder = tmp_path_factory.mktemp("gateway")
    environ = {"SLANTWISE_PROXY_HOPS": "1", "SLANTWISE_RATE_LIMIT": "60/minute", "WEB_CONCURRENCY": "1"}
    with serving(folder, **environ) as server, in_front_of(server.url, folder) as gateway:
        yield gateway


class From(HTTPAdapter):
    """Calls from another address of the loopback network."""

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__()

    def init_poolmanager(self, *args, **kwargs):
        super().init_poolmanager(*args, source_address=(self.address, 0), **kwargs)


@pytest.fixture
def caller(gateway, request) -> Iterator[requests.Session]:
    """A caller with a key and an address of its own: no test uses up another's rate."""
    with requests.Session() as session:
        session.trust_env = False
        session.verify = str(gateway.certificate)
        number = [item.nodeid for item in request.session.items].index(request.node.nodeid) % 200 + 10
        session.headers["X-Api-Key"] = f"key-{number}"
        session.mount("https://", From(f"127.0.0.{number}"))
        yield session


def test_links_stand_below_the_prefix_and_can_be_followed(gateway, caller):
    page = caller.get(f"{gateway.url}/v1/outlets?limit=2").json()
    assert page["next"].startswith("/bias/v1/outlets?")
    root = gateway.url.removesuffix("/bias")
    following = caller.get(root + page["next"]).json()
    assert following["outlets"][0]["domain"] > page["outlets"][-1]["domain"]
    described = caller.get(f"{gateway.url}/openapi.json").json()
    assert described["servers"] == [{"url": "/bias"}]
    badge = caller.get(f"{gateway.url}/v1/outlets/reuters.com/badge.json").text
    assert f"{root}/bias/v1/outlets/reuters.com/badge.svg" in badge


def test_answers_to_get_are_kept_and_each_caller_has_its_own_request_id(gateway, caller):
    url = f"{gateway.url}/v1/distribution?outlet=reuters.com&outlet=kept.example"
    first, second = (caller.get(url, headers={"X-Request-Id": name}) for name in ("one", "two"))
    assert [each.headers["X-Cache"] for each in (first, second)] == ["MISS", "HIT"]
    assert [each.headers["X-Request-Id"] for each in (first, second)] == ["one", "two"]
    assert first.content == second.content
    assert first.headers["Strict-Transport-Security"] == second.headers["Strict-Transport-Security"]
    again = caller.get(url, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.headers["X-Cache"], again.content) == (304, "HIT", b"")


def test_each_form_of_an_answer_is_kept_by_itself(gateway, caller):
    url = f"{gateway.url}/v1/distribution?outlet=reuters.com&outlet=forms.example"
    forms = [
        {"Accept-Encoding": "identity"},
        {"Accept-Encoding": "gzip"},
    ]
    for cached in ("MISS", "HIT"):
        plain, packed = (caller.get(url, headers=form) for form in forms)
        assert [plain.headers["X-Cache"], packed.headers["X-Cache"]] == [cached] * 2
        assert "Content-Encoding" not in plain.headers
        assert packed.headers["Content-Encoding"] == "gzip"
        assert packed.json() == plain.json()
        assert plain.headers["ETag"] != packed.headers["ETag"]


def test_neither_posts_nor_errors_are_kept(gateway, caller):
    for _ in range(2):
        story = {"outlets": ["reuters.com"]}
        assert "X-Cache" not in caller.post(f"{gateway.url}/v1/distribution", json=story).headers
        missing = caller.get(f"{gateway.url}/v1/outlets/nobody.example")
        assert (missing.status_code, missing.headers["X-Cache"]) == (404, "MISS")
        assert missing.json()["request_id"] == missing.headers["X-Request-Id"]
        assert caller.get(f"{gateway.url}/readyz").headers["X-Cache"] == "MISS"


def test_without_a_key_nobody_gets_in(gateway, caller):
    del caller.headers["X-Api-Key"]
    response = caller.get(f"{gateway.url}/v1/dataset")
    assert response.status_code == 401
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == 401
    assert "WWW-Authenticate" in response.headers
    assert caller.get(f"{gateway.url}/v1/dataset", headers={"X-Api-Key": "guess"}).status_code == 401


def test_figures_are_not_for_outsiders(gateway, caller):
    assert caller.get(f"{gateway.url}/metrics").status_code == 404


def test_callers_are_told_apart_by_address_and_cannot_choose_theirs(gateway, caller):
    number = itertools.count()

    def ask(**headers):
        # Each asks for something else, which the gateway has not kept.
        return caller.get(f"{gateway.url}/v1/resolve?q={next(number)}.example", headers=headers).status_code

    spent = [ask(**{"X-Forwarded-For": f"192.0.2.{number}"}) for number in range(80)]
    assert spent.count(200) == 60, "the service counts by the address that the gateway saw"
    assert spent.count(429) == 20
    caller.mount("https://", From("127.0.0.9"))
    assert ask() == 200


def test_a_limit_that_is_passed_says_when_to_come_back(gateway, caller):
    responses = [caller.get(f"{gateway.url}/v1/resolve?q={n}.example.com") for n in range(70)]
    refused = [response for response in responses if response.status_code == 429]
    assert refused
    for response in refused:
        assert int(response.headers["Retry-After"]) >= 1
        assert response.headers["Content-Type"] == "application/problem+json"
        assert response.json()["type"].endswith("/docs/problems#too-many-requests")


def test_the_gateways_own_limit_says_so_in_the_same_form(gateway, caller):
    responses = [caller.get(f"{gateway.url}/livez") for _ in range(600)]
    refused = [response for response in responses if response.status_code == 429]
    assert refused
    for response in refused:
        assert response.headers["Retry-After"] == "1"
        assert response.json()["request_id"] == response.headers["X-Request-Id"]
        assert "over 50 requests a second" in response.json()["detail"]


def test_a_request_id_goes_through_and_comes_back(gateway, caller):
    given = caller.get(f"{gateway.url}/v1/dataset", headers={"X-Request-Id": "story-7"})
    assert given.headers["X-Request-Id"] == "story-7"
    made = caller.get(f"{gateway.url}/v1/dataset").headers["X-Request-Id"]
    assert re.fullmatch(r"[0-9a-f]{32}", made)


@pytest.mark.parametrize(
    ("size", "status"),
    [(2**20 - 100, 422), (2**20 + 1, 413), (17 * 2**20, 413)],
    ids=["1 MiB", "over", "17 MiB"],
)
def test_bodies_of_a_mebibyte_pass_and_larger_ones_are_refused_by_name(gateway, caller, size, status):
    body = b'{"outlets": [' + b" " * (size - 16) + b"7]}"
    response = caller.post(
        f"{gateway.url}/v1/distribution", data=body, headers={"Content-Type": "application/json"}
    )
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == status


def test_a_stream_of_stories_passes_through_as_it_comes(gateway, caller):
    def stories():
        for number in range(2000):
            yield b'{"id": "%d", "outlets": ["reuters.com", "foxnews.com"]}\n' % number

    response = caller.post(
        f"{gateway.url}/v1/distribution/batch?detail=summary",
        data=stories(),
        headers={"Content-Type": "application/x-ndjson"},
    )
    assert response.status_code == 200
    assert len(response.text.splitlines()) == 2000


def test_slow_callers_wait_at_the_gateway_and_hold_up_nobody(gateway, caller):
    slow = [open_slowly(gateway) for _ in range(40)]
    try:
        for _ in range(20):
            assert caller.get(f"{gateway.url}/v1/resolve?q=reuters.com", timeout=5).status_code == 200
    finally:
        for connection in slow:
            connection.close()


def open_slowly(gateway: Gateway) -> ssl.SSLSocket:
    """A caller that says it will send a body, and sends a byte of it."""
    trusted = ssl.create_default_context(cafile=gateway.certificate)
    plain = socket.create_connection(("127.0.0.1", gateway.port))
    connection = trusted.wrap_socket(plain, server_hostname="localhost")
    head = "POST /bias/v1/distribution HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    connection.sendall(f"{head}X-Api-Key: key-10\r\nContent-Length: 1000\r\n\r\n{{".encode())
    return connection


def test_the_gateways_log_has_names_of_callers_and_no_addresses(gateway, caller):
    caller.get(f"{gateway.url}/v1/resolve?q=secret")
    log = gateway.log.read_text()
    assert '"caller":"caller-' in log
    assert "127.0.0." not in log
    assert "secret" not in log


def test_a_slow_stream_is_answered_while_it_is_sent(gateway: Gateway) -> None:
    context = ssl.create_default_context(cafile=str(gateway.certificate))
    with closing(
        http.client.HTTPSConnection("localhost", gateway.port, context=context, timeout=30)
    ) as caller:
        caller.putrequest("POST", "/bias/v1/distribution/batch")
        for header, value in (("Content-Type", "application/x-ndjson"), ("Transfer-Encoding", "chunked")):
            caller.putheader(header, value)
        caller.putheader("X-Api-Key", "key-200")
        caller.endheaders()
        response = None
        for number in range(3):
            line = json.dumps({"id": str(number), "outlets": ["reuters.com"]}).encode() + b"\n"
            caller.send(b"%x\r\n%s\r\n" % (len(line), line))
            response = response or caller.getresponse()
            assert json.loads(response.readline())["id"] == str(number)
        caller.send(b"0\r\n\r\n")
        assert response is not None and response.read() == b""


def test_a_caller_has_ten_streams_at_a_time_and_others_have_theirs(gateway: Gateway) -> None:
    context = ssl.create_default_context(cafile=str(gateway.certificate))

    def open_stream(number: int) -> http.client.HTTPSConnection:
        caller = http.client.HTTPSConnection("localhost", gateway.port, context=context, timeout=30)
        caller.putrequest("POST", "/bias/v1/distribution/batch")
        for header, value in (("Content-Type", "application/x-ndjson"), ("Transfer-Encoding", "chunked")):
            caller.putheader(header, value)
        caller.putheader("X-Api-Key", f"key-{number}")
        caller.endheaders()
        line = json.dumps({"id": "a", "outlets": ["reuters.com"]}).encode() + b"\n"
        caller.send(b"%x\r\n%s\r\n" % (len(line), line))
        return caller

    with ExitStack() as streams:
        for number in [205] * 10 + [206]:
            caller = streams.enter_context(closing(open_stream(number)))
            assert caller.getresponse().status == 200
        refused = streams.enter_context(closing(open_stream(205))).getresponse()
        assert (refused.status, refused.headers["Retry-After"]) == (429, "1")
        assert "10 batches at a time" in json.loads(refused.read())["detail"]
