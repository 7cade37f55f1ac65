"""The pages in a real browser, against the real server with the real table.

Every page that is opened here is watched: no error on the console, no violation of the security policy, no
request to another host. Screenshots are kept under build/screenshots.
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
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
WIDTHS = (360, 768, 1280)
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
    # A page that is left before it has loaded gives its requests up.
    page.on(
        "requestfailed",
        lambda request: request.failure == "net::ERR_ABORTED" or faults.append(f"failed: {request.url}"),
    )
    home = urlsplit(server.url).netloc
    page.on("request", lambda request: urlsplit(request.url).netloc == home or faults.append(request.url))
    yield page
    context.close()
    assert faults == []


def submit(page: Page, text: str) -> None:
    page.goto("/")
    page.get_by_label("Outlets", exact=True).fill(text)
    page.get_by_role("button", name="Show the coverage").click()
    page.wait_for_selector("#panel")


def axe_faults(page: Page) -> list[str]:
    """List everything that axe-core finds, whatever its weight."""
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"]]


def test_type_submit_and_read_the_figures_of_the_api(browser, server):
    answer = requests.post(
        server.url + "/v1/distribution", json={"outlets": LIST.splitlines()}, timeout=10
    ).json()
    with watched(browser, server) as page:
        submit(page, LIST)
        expect(page.get_by_role("heading", level=1)).to_have_text("Left and Center tie")
        expect(page.locator(".sentence")).to_have_text(answer["sentence"])
        expect(page.get_by_role("img", name=answer["sentence"])).to_be_visible()
        legend = page.locator(".legend").inner_text()
        for side, percent in answer["distribution"].items():
            assert re.search(rf"{side}\s+{percent}%\s+{answer['counts'][side]}", legend, re.IGNORECASE), (
                legend
            )
        steps = page.locator(".step b").all_inner_texts()
        assert [int(step) for step in steps] == list(answer["spectrum"].values())
        for entry in answer["outlets"]:
            if entry["status"] == "rated":
                opened = page.locator(".rows > li", has_text=entry["domain"]).first
                opened.locator("summary").click()
                row = opened.inner_text()
                for rating in entry["bias"]["ratings"]:
                    assert rating["label"] in row
                    assert rating["as_of"] in row
        page.locator(".rows").get_by_role("link", name="Reuters", exact=True).first.click()
        expect(page.get_by_role("heading", name="Who says so")).to_be_visible()
        badge = page.get_by_role("img", name=re.compile(r"^Bias of Reuters: \w"))
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
        page.wait_for_selector("#marks")
        page.get_by_text("Options", exact=True).focus()
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
        page.get_by_label("Outlets", exact=True).focus()
        page.keyboard.press("Control+End")
        page.keyboard.type("\nwsj.com")
        page.keyboard.press("Control+Enter")
        expect(page.locator(".rows > li")).to_have_count(3)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser, server, scheme):
    with watched(browser, server, color_scheme=scheme) as page:
        for path in (
            "/",
            "/outlets/reuters.com",
            "/outlets/nytimes.com",
            "/outlets?q=times",
            "/raters",
            "/methodology",
        ):
            page.goto(path)
            assert axe_faults(page) == [], path
        for colors in ("blue-left", "red-left", "neutral"):
            page.goto(f"/?colors={colors}&outlets=" + LIST.replace("\n", "%0A"))
            page.locator("details").evaluate_all("all => all.forEach(each => each.open = true)")
            assert axe_faults(page) == [], colors


@pytest.mark.parametrize(("width", "scheme"), [*((width, "light") for width in WIDTHS), (WIDTHS[0], "dark")])
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
        for name in ("outlets/reuters.com", "outlets?q=times", "raters", "methodology"):
            page.goto("/" + name)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name
            shown = re.sub("[^a-z]", "-", name)
            path = SCREENSHOTS / f"{shown}-{width}-{scheme}.png"
            page.screenshot(path=path, full_page=True)


def test_hostile_text_stays_text(browser, server):
    with watched(browser, server) as page:
        submit(page, HOSTILE)
        assert "broken" not in page.title()
        assert page.locator("img").count() == 1
        shown = page.locator(".rows .who").all_inner_texts()
        assert "<script>document.title='broken'</script>" in shown
        sent = json.loads(page.locator("#json").text_content())
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
        page.get_by_text("For programs").click()
        page.get_by_role("button", name="Copy: Request body").click()
        expect(page.locator("[data-copy=json] [role=status]")).to_have_text("Copied")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert json.loads(copied) == {"outlets": LIST.splitlines()}


def test_a_wrong_list_is_told_and_kept(browser, server):
    context = browser.new_context(base_url=server.url)
    page = context.new_page()
    page.goto("/")
    page.get_by_label("Outlets", exact=True).fill("reuters.com")
    page.get_by_text("Options", exact=True).click()
    page.get_by_label("Country, to settle").fill("G1")
    page.get_by_role("button", name="Show the coverage").click()
    expect(page.get_by_role("alert")).to_contain_text("two letters")
    expect(page.get_by_label("Outlets", exact=True)).to_have_value("reuters.com")
    expect(page.get_by_label("Country, to settle")).to_have_value("G1")
    assert axe_faults(page) == []
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


STORY = """reuters.com
apnews.com
BBC News
https://www.straitstimes.com/world
dw.com
The Moscow Times
aljazeera.com
france24.com
The Guardian
nytimes.com
washingtonpost.com
wsj.com
bloomberg.com
CNN
foxnews.com
nypost.com
independent.co.uk
telegraph.co.uk
TASS
rt.com
Arab News
rferl.org
scmp.com
The Times
nobody.example
The Herald"""


@pytest.mark.parametrize(("width", "most"), [(1280, 2200), (360, 4000)])
def test_a_story_of_26_outlets_is_not_a_long_page(browser, server, width, most):
    with watched(browser, server, viewport={"width": width, "height": 800}) as page:
        submit(page, STORY)
        expect(page.locator(".rows > li")).to_have_count(26)
        assert page.evaluate("document.documentElement.scrollHeight") <= most


def test_while_typing_each_entry_gets_its_mark_and_the_panel_follows(browser, server):
    with watched(browser, server) as page:
        page.goto("/")
        box = page.get_by_label("Outlets", exact=True)
        box.press_sequentially("reuters.com\nfoxnews.com\nThe Times\nNew Yrok Times")
        expect(page.locator("#marks li")).to_have_count(4)
        expect(page.locator("#marks .is-rated")).to_have_count(2)
        expect(page.locator("#marks .is-ambiguous")).to_have_count(1)
        assert "is-rated" in page.locator("#marks li").last.get_attribute("class")
        page.locator("#marks .is-unknown .fix").first.click()
        expect(page.locator("#marks .is-rated")).to_have_count(3)
        assert box.input_value().splitlines()[-1] == "nytimes.com"
        expect(page.locator("#headline")).to_have_text("Too few sources to say")
        page.reload()
        expect(page.locator(".rows > li")).to_have_count(4)


def test_a_correction_stands_where_its_entry_stood_and_an_emptied_box_takes_the_answer_back(browser, server):
    with watched(browser, server) as page:
        submit(page, "The Times of Israel\nThe Times")
        box = page.get_by_label("Outlets", exact=True)
        page.get_by_role("button", name="use thetimes.com").last.click()
        expect(box).to_have_value("The Times of Israel\nthetimes.com")
        expect(page.locator("#marks .is-rated")).to_have_count(2)
        box.fill("")
        expect(page.locator("#marks")).to_have_count(0)
        expect(page.locator("#panel")).to_have_attribute("inert", "")
        assert urlsplit(page.url).query == ""
        box.press_sequentially("bbc.com")
        expect(page.locator("#panel:not([inert]) .rows > li")).to_have_count(1)


def test_outlets_are_dots_that_say_who_they_are(browser, server):
    with watched(browser, server) as page:
        submit(page, STORY)
        dot = page.get_by_role("button", name="Reuters: Center")
        dot.focus()
        tip = dot.locator("+ .tip")
        expect(tip).to_be_visible()
        expect(tip).to_contain_text("AllSides: Center (2025-11-26)")


def test_tabs_show_one_side(browser, server):
    with watched(browser, server) as page:
        submit(page, LIST)
        page.wait_for_load_state("networkidle")  # a click while the page is being replaced is lost
        page.get_by_label("Not rated").check(force=True)
        shown = page.locator(".rows > li:visible .who").all_inner_texts()
        assert sorted(shown) == ["The Herald", "nobody.example"]
        page.keyboard.press("ArrowLeft")
        assert page.locator(".rows > li:visible .who").all_inner_texts() == ["Fox News"]


def test_what_is_copied_follows_theme_size_and_language(browser, server):
    with watched(browser, server) as page:
        submit(page, LIST)
        page.get_by_label("Language").select_option("de")
        page.get_by_label("Size").select_option("480")
        expect(page.locator("#picture")).to_contain_text("Links")
        expect(page.locator("#picture")).to_contain_text('width="480"')
        code = page.locator("#picture").text_content()
        page.set_content(code)
        page.wait_for_function("document.querySelector('img').naturalWidth === 480")


def test_outlets_are_found_while_typing(browser, server):
    with watched(browser, server) as page:
        page.goto("/outlets")
        page.get_by_label("Name or domain").press_sequentially("straitstimes.com")
        expect(page.locator(".found > li")).to_have_count(1)
        page.get_by_role("link", name="The Straits Times").click()
        expect(page.get_by_role("heading", name="Who says so")).to_be_visible()


@pytest.fixture(scope="module")
def other_site(tmp_path_factory) -> Iterator[tuple[Path, str]]:
    """Another origin, whose pages the tests write."""
    folder = tmp_path_factory.mktemp("site")
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as site:
        Thread(target=site.serve_forever, daemon=True).start()
        yield folder, f"http://127.0.0.1:{site.server_port}"
        site.shutdown()


SITE = """<!doctype html><html lang="en"><title>Another site</title><main><h1>A story</h1>
<slantwise-bar id="bar" caption><a href="/">Coverage</a></slantwise-bar></main></html>"""


def framed(page: Page, service: str, site: str) -> None:
    """Open a page of the other site, and load the element from the service."""
    page.goto(site)
    page.evaluate(
        """service => {
        const bar = document.getElementById("bar");
        bar.setAttribute("src", service);
        bar.setAttribute("outlets", "reuters.com, foxnews.com, The Guardian");
        const script = document.createElement("script");
        script.src = service + "/embed.js";
        document.head.append(script);
    }""",
        service,
    )


def test_the_element_draws_the_bar_in_a_page_of_another_origin(browser, server, other_site):
    context = browser.new_context()
    page = context.new_page()
    folder, site = other_site
    (folder / "page.html").write_text(SITE)
    framed(page, server.url, f"{site}/page.html")
    bar = page.get_by_role("img", name="Left 1, Center 1, Right 1 of 3 rated sources.")
    expect(bar).to_be_visible()
    # Visible is not yet loaded.
    assert bar.evaluate("image => image.decode().then(() => image.naturalWidth)") == 320
    page.keyboard.press("Tab")
    href = page.evaluate("document.getElementById('bar').shadowRoot.activeElement.href")
    assert href.startswith(server.url + "/?outlets=reuters.com")
    assert axe_faults(page) == []
    page.evaluate("document.getElementById('bar').setAttribute('lang', 'es')")
    expect(page.get_by_role("img", name="Izquierda")).to_be_visible()
    page.evaluate(
        """document.getElementById('bar').setAttribute('outlets',
        'https://www.reuters.com/world/a,b;c.html,https://apnews.com/x, foxnews.com,bbc.com')"""
    )
    expect(page.get_by_role("img", name="4")).to_be_visible()
    context.close()


def test_the_element_falls_back_to_the_picture_and_then_to_what_it_holds(browser, server, other_site):
    context = browser.new_context()
    page = context.new_page()
    policy = f"default-src 'none'; script-src {server.url}; img-src {server.url}"
    folder, site = other_site
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    (folder / "strict.html").write_text(SITE.replace("<title>", meta + "<title>"))
    framed(page, server.url, f"{site}/strict.html")
    bar = page.get_by_role("img", name="Bias of this story's coverage")
    expect(bar).to_be_visible()
    page.evaluate("document.getElementById('bar').setAttribute('src', 'http://127.0.0.1:9')")
    expect(page.get_by_role("link", name="Coverage", exact=True)).to_be_visible()
    context.close()


def test_the_element_is_small():
    assert (ROOT / "service" / "web" / "static" / "embed.js").stat().st_size <= 6_000
