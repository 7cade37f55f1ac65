"""The pages in a real browser, against the real server with the real table.

Every page that is opened here is watched: no error on the console, no violation of the security policy, no
request to another host. Screenshots are kept under build/screenshots.
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.helpers import ROOT
from tests.helpers.serving import Server, debian, serving

pytestmark = pytest.mark.slow

FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
WIDTHS = (320, 768, 1280)
SCREENSHOTS = ROOT / "build" / "screenshots"
LIST = """reuters.com
https://www.foxnews.com/politics/a-story
The Guardian
nytimes.com
wsj.com
nobody.example
The Herald
https://www.reuters.com/world/a-story"""
HOSTILE = "\n".join(
    [
        "<script>document.title='broken'</script>",
        "<img src=x onerror=document.title='broken'>",
        "\u202etxet desrever",
        "x" * 1000,
        "W" * 300 + ".com",
        "الجزيرة",
    ]
)
TELL_VIOLATIONS = """addEventListener('securitypolicyviolation',
    event => console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI))"""

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("panel")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=debian("chromium"), args=FLAGS)
        yield chromium
        chromium.close()


@contextmanager
def watched(browser: Browser, server: Server, **options) -> Iterator[Page]:
    """A page whose faults fail the test when it is done."""
    faults: list[str] = []
    context = browser.new_context(base_url=server.url, **options)
    page = context.new_page()
    page.add_init_script(TELL_VIOLATIONS)
    page.on("console", lambda message: message.type in ("error", "warning") and faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("requestfailed", lambda request: faults.append(f"failed: {request.url}"))
    home = urlsplit(server.url).netloc
    page.on("request", lambda request: urlsplit(request.url).netloc == home or faults.append(request.url))
    yield page
    context.close()
    assert faults == []


def submit(page: Page, text: str) -> None:
    page.goto("/")
    page.get_by_label("Outlets, one a line").fill(text)
    page.get_by_role("button", name="Show the coverage").click()
    page.wait_for_selector("#panel")


def serious(page: Page) -> list[str]:
    """What axe-core finds that keeps somebody from using the page."""
    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {node['html'][:200]}"
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]


def test_type_submit_and_read_the_figures_of_the_api(browser, server):
    answer = requests.post(
        server.url + "/v1/distribution", json={"outlets": LIST.splitlines()}, timeout=10
    ).json()
    with watched(browser, server) as page:
        submit(page, LIST)
        expect(page.get_by_role("heading", level=1)).to_have_text(answer["headline"])
        expect(page.locator(".sentence")).to_have_text(answer["sentence"])
        expect(page.get_by_role("img", name=answer["sentence"])).to_be_visible()
        legend = page.locator(".legend").inner_text()
        for side, percent in answer["distribution"].items():
            assert re.search(rf"{side}\s+{percent}%\s+{answer['counts'][side]}", legend, re.IGNORECASE), (
                legend
            )
        steps = page.locator("section[aria-labelledby=spectrum] tbody tr td.figure").all_inner_texts()
        assert [int(step) for step in steps] == list(answer["spectrum"].values())
        for entry in answer["outlets"]:
            if entry["status"] == "rated":
                row = page.locator(".outlets > li", has_text=entry["domain"]).first.inner_text()
                for rating in entry["bias"]["ratings"]:
                    assert rating["label"] in row
                    assert rating["as_of"] in row
        page.get_by_role("link", name="Reuters", exact=True).first.click()
        expect(page.get_by_role("heading", name="Who says so")).to_be_visible()
        badge = page.get_by_role("img", name="Bias of Reuters: Center")
        expect(badge).to_be_visible()
        assert badge.evaluate("image => image.naturalWidth") > 50


def test_the_keyboard_alone_is_enough(browser, server):
    with watched(browser, server) as page:
        page.goto("/")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to content"
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == "outlets"
        page.keyboard.type("reuters.com\nfoxnews.com")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_label("left is red")).to_be_visible()
        for _ in range(20):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.name") == "colors":
                break
        page.keyboard.press("ArrowDown")
        expect(page.get_by_label("left is red")).to_be_checked()
        page.keyboard.press("Enter")
        page.wait_for_selector("#panel")
        assert page.evaluate("document.body.className") == "red-left"
        assert page.evaluate("document.getElementById('panel').getBoundingClientRect().top") < 200
        page.get_by_label("Outlets, one a line").focus()
        page.keyboard.press("Control+End")
        page.keyboard.type("\nwsj.com")
        page.keyboard.press("Control+Enter")
        expect(page.locator(".outlets > li")).to_have_count(3)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(browser, server, scheme):
    with watched(browser, server, color_scheme=scheme) as page:
        for colors in ("blue-left", "red-left"):
            for path in ("/", "/outlets/reuters.com", "/outlets/nytimes.com", "/methodology"):
                page.goto(path)
                assert serious(page) == [], path
            page.goto(f"/?colors={colors}&outlets=" + LIST.replace("\n", "%0A"))
            page.locator("details").evaluate_all("all => all.forEach(each => each.open = true)")
            assert serious(page) == [], colors


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_state_fits_the_screen(browser, server, width, scheme):
    states = {
        "empty": "",
        "story": LIST,
        "one": "reuters.com",
        "tie": "reuters.com\nfoxnews.com\nnytimes.com",
        "unrated": "nobody.example\nmsn.com",
        "hostile": HOSTILE,
    }
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    with watched(browser, server, viewport={"width": width, "height": 800}, color_scheme=scheme) as page:
        for state, text in states.items():
            if text:
                submit(page, text)
            else:
                page.goto("/")
            page.locator("details").evaluate_all("all => all.forEach(each => each.open = true)")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, state
            page.screenshot(path=SCREENSHOTS / f"{state}-{width}-{scheme}.png", full_page=True)
        for name in ("outlets/reuters.com", "methodology"):
            page.goto("/" + name)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name
            path = SCREENSHOTS / f"{name.replace('/', '-')}-{width}-{scheme}.png"
            page.screenshot(path=path, full_page=True)


def test_hostile_text_stays_text(browser, server):
    with watched(browser, server) as page:
        submit(page, HOSTILE)
        assert "broken" not in page.title()
        assert page.locator("img").count() == 0
        shown = page.locator(".outlets .who").all_inner_texts()
        assert "<script>document.title='broken'</script>" in shown
        sent = json.loads(page.locator("#json").inner_text())
        assert sent["outlets"] == HOSTILE.splitlines()


def test_without_scripts_everything_is_there_but_the_copy_buttons(browser, server):
    with watched(browser, server, java_script_enabled=False) as page:
        submit(page, LIST)
        expect(page.get_by_role("button", name="Copy")).to_have_count(0)
        expect(page.locator("#curl")).to_contain_text("curl http")
        page.goto(page.locator("#link").inner_text())
        expect(page.locator(".sentence")).to_be_visible()


def test_the_copy_button_copies_what_it_stands_by(browser, server):
    allowed = ["clipboard-read", "clipboard-write"]
    with watched(browser, server, permissions=allowed) as page:
        submit(page, LIST)
        page.get_by_role("button", name="Copy: Request body").click()
        expect(page.locator("[data-copy=json] [role=status]")).to_have_text("Copied")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert json.loads(copied) == {"outlets": LIST.splitlines()}


def test_a_wrong_list_is_told_and_kept(browser, server):
    context = browser.new_context(base_url=server.url)
    page = context.new_page()
    page.goto("/")
    page.get_by_label("Outlets, one a line").fill("reuters.com")
    page.get_by_text("Options", exact=True).click()
    page.get_by_label("Country that settles").fill("G1")
    page.get_by_role("button", name="Show the coverage").click()
    expect(page.get_by_role("alert")).to_contain_text("two letters")
    expect(page.get_by_label("Outlets, one a line")).to_have_value("reuters.com")
    expect(page.get_by_label("Country that settles")).to_have_value("G1")
    assert serious(page) == []
    page.screenshot(path=SCREENSHOTS / "error-1280-light.png", full_page=True)
    context.close()


@pytest.mark.parametrize(
    "path", ["/v1/bar.svg?left=4&center=9&right=7&unrated=4", "/v1/outlets/bbc.com/badge.svg"]
)
def test_a_picture_is_one_in_the_browser(browser, server, path):
    with watched(browser, server) as page:
        page.goto("/methodology")
        size = page.evaluate(
            """async address => {
                const image = new Image();
                image.src = address;
                await image.decode();
                return [image.naturalWidth, image.naturalHeight];
            }""",
            path,
        )
        assert size[0] > 50
        assert size[1] in (20, 32)
