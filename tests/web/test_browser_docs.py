"""``/docs`` in a real browser: an operation is tried out behind a gateway's prefix, with an API key."""

import hashlib
import json

import pytest
import requests
from playwright.sync_api import Page, Route, expect

from tests.helpers.serving import Server, serving
from tests.web.test_browser import browser, watched  # noqa: F401  # a fixture, and the page that watches itself

pytestmark = pytest.mark.slow

KEY = "a-key-for-the-docs"
PREFIX = "/bias"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The service behind one proxy, for callers with a key."""
    folder = tmp_path_factory.mktemp("docs")
    keys = folder / "keys.txt"
    keys.write_text(f"reader:{hashlib.sha256(KEY.encode()).hexdigest()}\n")
    with serving(folder, SLANTWISE_API_KEYS_FILE=str(keys), SLANTWISE_PROXY_HOPS="1") as running:
        yield running


def gateway(page: Page, server: Server) -> None:
    """Stand in front: take the prefix off, say which it was, and hand on what the server answers."""

    def hand_on(route: Route) -> None:
        request = route.request
        url = request.url.replace(server.url + PREFIX, server.url, 1)
        route.fulfill(
            response=route.fetch(url=url, headers={**request.headers, "X-Forwarded-Prefix": PREFIX})
        )

    page.route(f"{server.url}{PREFIX}/**", hand_on)


def tried_out(page: Page) -> tuple[int, str]:
    """Execute the first operation with its example; status and body as the page shows them."""
    operation = page.locator("#operations-scoring-post_distribution")
    operation.locator(".opblock-summary-control").click()
    operation.get_by_role("button", name="Try it out").click()
    operation.get_by_role("button", name="Execute").click()
    answer = operation.locator(".live-responses-table .response").first
    status = int(answer.locator(".response-col_status").inner_text().split()[0])
    return status, answer.locator(".highlight-code").first.inner_text()


def test_an_operation_is_tried_out_under_a_prefix_once_a_key_is_given(browser, server):  # noqa: F811
    with watched(browser, server) as page:
        gateway(page, server)
        page.goto(f"{PREFIX}/docs")
        expect(page.locator(".opblock")).to_have_count(operations(server))
        page.get_by_role("button", name="Authorize").click()
        page.locator(".auth-container input").fill(KEY)
        page.locator(".auth-btn-wrapper .authorize").click()
        page.locator(".btn-done").click()
        with page.expect_request(f"{server.url}{PREFIX}/v1/distribution") as sent:
            status, body = tried_out(page)
        assert sent.value.header_value("Authorization") == f"Bearer {KEY}"
        assert status == 200
        asked = {**json.loads(sent.value.post_data or ""), "detail": "summary"}
        answer = requests.post(
            f"{server.url}/v1/distribution",
            json=asked,
            headers={"Authorization": f"Bearer {KEY}"},
            timeout=10,
        )
        assert answer.json()["sentence"] in body


def operations(server: Server) -> int:
    """How many operations the description has."""
    document = requests.get(server.url + "/openapi.json", timeout=10).json()
    return sum(len(item) for item in document["paths"].values())
