"""The pages for people, as the server renders them."""

import json
import re
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest

from service.core.outlets import Alias
from service.core.resolve.catalog import Catalog
from service.settings import Settings
from service.web.app import create_app
from tests.conftest import RATERS, outlet
from tests.web.conftest import assert_problem

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
LIST = "https://left.example/a\nThe Middle\ncenter.example\nsilent.example\nThe Herald\nnobody.example"


class Page(HTMLParser):
    """What tests look at: tags with their attributes, and the text between them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html)
        self.text = re.sub(r"\s+", " ", " ".join(self.words))

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


def post(client, outlets, **fields):
    form = {"outlets": outlets, **fields}
    return client.post("/", data=form, headers=BROWSER, follow_redirects=True)


def pre(html: str, name: str) -> str:
    text = re.search(rf'<pre id="{name}"[^>]*>(.*?)</pre>', html, re.S)[1]
    return "".join(Page(text).words)


def test_the_first_page_is_a_form(client):
    response = client.get("/", headers=BROWSER)
    assert response.status_code == 200
    page = Page(response.text)
    assert [form["method"] for form in page.all("form")] == ["post"]
    assert "Who covers this story" in page.text
    assert "not for commercial use" in page.text


def test_a_list_is_answered_with_figures_and_their_working(client):
    page = Page(post(client, LIST).text)
    for told in (
        "Too few sources to say",
        "1 rated source is Left and 1 is Center; 3 of 5 sources are not rated.",
        "6 entries: 2 rated, 3 not rated, 1 duplicate.",
        "Why no figure",
        "Only 2 rated sources, at least 5 are needed.",
        "One: says -2 (2026-01-01)",
        "The name fits several outlets",
        "Not in the table",
        "Listed, but no rater gives it a lean",
        "Same outlet as entry 2",
        "by another of its names (confidence 0.9): The Middle",
        "Of the 2 sources where it is known; 3 of 5 not known.",
    ):
        assert told in page.text, (told, page.text)


def test_the_request_to_copy_gets_the_same_answer_from_the_api(client):
    html = post(client, LIST, raters="one", count_by="entry").text
    body = json.loads(pre(html, "json"))
    assert body == {"outlets": LIST.split("\n"), "raters": ["one"], "count_by": "entry"}
    assert client.post("/v1/distribution", json=body).json["sentence"].partition(": ")[2][1:] in html
    curl = pre(html, "curl")
    assert curl.startswith("curl http://localhost/v1/distribution \\\n")
    assert json.loads(re.search(r"-d '(.*)'$", curl, re.S)[1]) == body


def test_what_is_sent_ends_at_an_address_that_can_be_reloaded_unless_it_is_too_long(client):
    fields = {"outlets": "left.example\r\nA page, pasted", "form": "page", "colors": "neutral"}
    sent = client.post("/", data=fields, headers=BROWSER)
    assert (sent.status_code, sent.headers["Cache-Control"]) == (303, "no-store")
    query = parse_qs(urlsplit(sent.headers["Location"]).query)
    assert query == {name: [value.replace("\r\n", "\n")] for name, value in fields.items()}
    assert client.post("/", data={"outlets": "left.example " * 400}, headers=BROWSER).status_code == 200


@pytest.mark.parametrize(
    ("outlets", "heading"),
    [
        ("left.example\nleft.example\nleft.example\nright.example\ntorn.example", "60% Left"),
        ("left.example\nleft.example\nright.example\nright.example\ntorn.example", "Left and Right tie"),
        ("left.example", "Too few sources to say"),
        ("silent.example", "No source is rated"),
        ("nobody.example\nNobody's Gazette", "No outlet found"),
    ],
)
def test_the_heading_says_what_can_be_said(client, outlets, heading):
    html = post(client, outlets, count_by="entry").text
    assert re.search(r'<h1 id="headline">(.*?)</h1>', html)[1] == heading
    assert html.count("Too few sources to say:") == 0


def test_a_link_shows_its_figures_where_it_is_shared(client):
    html = client.get("/?outlets=left.example", base_url="http://bias.example:8080", headers=BROWSER).text
    (card,) = re.findall(r'property="og:image" content="([^"]+)"', html)
    assert card == "http://bias.example:8080/card.png?left=1&amp;center=0&amp;right=0&amp;unrated=0"
    start = client.get("/", base_url="http://bias.example", headers=BROWSER).text
    outlet = client.get("/outlets/left.example", base_url="http://bias.example", headers=BROWSER).text
    cards = [re.search(r'property="og:image" content="([^"]+)"', each)[1] for each in (start, outlet)]
    assert cards == ["http://bias.example/card.png", "http://bias.example/outlets/left.example/card.png"]
    for each in (card.replace("&amp;", "&"), *cards):
        picture = client.get(urlsplit(each)._replace(scheme="", netloc="").geturl())
        assert picture.content_type == "image/png"
        assert [int.from_bytes(picture.data[at : at + 4]) for at in (16, 20)] == [1200, 630]
    assert client.get("/card.png?left=many").status_code == 422


def test_small_files_that_browsers_and_crawlers_ask_for_are_there(client):
    assert client.get("/favicon.ico").content_type == "image/png"
    assert "Disallow: /v1/" in client.get("/robots.txt").text
    missing = client.get("/nothing", headers=BROWSER)
    assert missing.status_code == 404
    assert "There is no page at this address." in missing.text


def test_an_unknown_entry_carries_its_correction_in_the_list_of_sources(client):
    html = post(client, "left.example\nThe Midle").text
    assert html.count('data-entry="The Midle" data-use="center.example"') == 2


def test_the_link_reproduces_the_answer(client):
    posted = post(client, LIST, raters="two", colors="red-left").text
    link = pre(posted, "link")
    followed = client.get(link, headers=BROWSER).text
    assert pre(followed, "json") == pre(posted, "json")
    assert pre(followed, "link") == link
    assert parse_qs(urlsplit(link).query)["form"] == ["list"]
    assert '<body class="red-left">' in followed


def test_a_list_too_long_for_a_link_says_so(client):
    html = post(client, "\n".join(f"https://nobody-{n}.example/" for n in range(300))).text
    assert "too long for a link" in html
    assert 'id="link"' not in html


def test_a_pasted_page_says_what_was_picked(client):
    prose = "A long sentence of a story page that speaks of this and of that and of more."
    page = Page(post(client, f"{prose}\nThe Middle\nRead more at left.example.").text)
    assert "Read as a page: 2 picked out of 3 lines." in page.text
    assert "1 line left out" in page.text


def test_a_page_that_counts_more_articles_than_it_names_is_told_so(client):
    page = Page(post(client, "Harbor opens\n24 Articles\nRead more at left.example.").text)
    assert "The page says it has 24 articles, and its text names 1 source." in page.text


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"outlets": ""}, "give at least one"),
        ({"outlets": " \n "}, "give at least one"),
        ({"outlets": "nothing here", "form": "page"}, "found in 1 line"),
        ({"outlets": "a.example\n" * 1001}, "1001 entries given, 1000 allowed"),
        ({"outlets": "a.example\n" * 5001}, "5,002 lines given, 5,000 allowed"),
        ({"outlets": "a.example", "raters": "three"}, "enabled: one, two"),
        ({"outlets": "a.example", "country": "Ghana"}, "two letters"),
        ({"outlets": "a.example", "form": "book"}, "book"),
        ({"outlets": "a.example", "colors": "pink"}, "pink"),
        ({}, "give at least one"),
    ],
)
def test_what_cannot_be_scored_is_told_above_the_form_which_keeps_its_text(client, fields, told):
    response = client.post("/", data=fields, headers=BROWSER)
    assert response.status_code == 422
    page = Page(response.text)
    assert "Not scored." in page.text
    assert told in page.text
    assert fields.get("outlets", "").strip()[:9] in page.text
    assert_problem(client.post("/", data=fields), 422)


def test_a_refused_form_keeps_its_options(client):
    html = post(client, "left.example", country="G1", count_by="entry").text
    assert 'name="country" value="G1"' in html
    assert 'value="entry" checked' in html


def test_a_text_over_the_limit_is_refused_in_words(client):
    response = post(client, "a" * 2 * 2**20)
    assert response.status_code == 413
    assert "Not scored." in response.text


def test_a_long_page_is_read_and_a_longer_one_is_refused_with_the_limit(client):
    assert post(client, "a " * 125_000).status_code == 422
    assert "no outlet found" in post(client, "a " * 125_000).text
    assert "5,001 lines given, 5,000 allowed" in post(client, "a\n" * 5000).text
    assert "600,000 characters given, 250,000 allowed" in post(client, "a" * 600_000).text


def test_other_parameters_of_a_link_are_let_be(client):
    assert client.get("/?utm_source=x", headers=BROWSER).status_code == 200


def test_an_outlet_has_a_page_with_who_says_what_and_under_which_terms(client):
    page = Page(client.get("/outlets/www.left.example").text)
    for told in (
        *("left.example", "One: says -2", "2026-01-01", "MIT; commercial use allowed", "Two Ltd"),
        *("CC-BY-NC-4.0; not for commercial use", "Ratings by one", "High", "How to dispute it"),
    ):
        assert told in page.text, told
    assert "Not rated" in client.get("/outlets/silent.example").text


def test_an_outlet_that_is_not_listed_is_a_page_for_a_browser_and_a_problem_for_a_program(client):
    response = client.get("/outlets/nobody.example", headers=BROWSER)
    assert (response.status_code, response.mimetype) == (404, "text/html")
    assert_problem(client.get("/outlets/nobody.example"), 404)


def test_the_methodology_is_the_text_of_the_docs(client):
    page = Page(client.get("/methodology").text)
    assert "A worked example" in page.text
    assert "46%" in page.text


@pytest.mark.parametrize(
    "path", ["/", f"/?outlets={LIST.replace(chr(10), '%0A')}", "/outlets/left.example", "/methodology"]
)
def test_pages_load_nothing_from_elsewhere_and_nothing_inline(client, path):
    response = client.get(path, headers=BROWSER)
    policy = response.headers.getlist("Content-Security-Policy")
    assert len(policy) == 1
    assert "default-src 'none'" in policy[0]
    assert "unsafe" not in policy[0]
    assert "http" not in policy[0]
    page = Page(response.text)
    assert not page.all("style")
    assert all(
        "style" not in attributes and not any(n.startswith("on") for n in attributes)
        for _, attributes in page.tags
    )
    sources = [a.get("src") or a.get("href") for t, a in page.tags if t in ("script", "link", "img")]
    assert all(source.startswith("/") for source in sources)
    assert all(client.get(source).status_code == 200 for source in sources)


def test_a_page_can_be_kept_and_its_files_for_a_year(client):
    response = client.get("/methodology")
    again = client.get("/methodology", headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304
    (style,) = [a["href"] for a in Page(response.text).all("link") if a["rel"] == "stylesheet"]
    assert client.get(style).cache_control.max_age == 31_536_000
    assert client.get("/static/panel.css").cache_control.max_age == 60
    assert_problem(client.get("/static/../panel.py"), 404)


def test_everything_works_under_a_path_prefix(client):
    response = client.get("/", base_url="http://localhost/bias", headers=BROWSER)
    page = Page(response.text)
    links = [
        a.get("href") or a.get("src") or a.get("action")
        for t, a in page.tags
        if t in ("a", "link", "script", "form")
    ]
    own = [link for link in links if link and not link.startswith(("https://", "#"))]
    assert own
    assert all(link.startswith("/bias/") for link in own)
    fields = {"outlets": "a.example"}
    posted = client.post("/", base_url="http://localhost/bias", data=fields, headers=BROWSER)
    assert posted.headers["Location"] == "/bias/?outlets=a.example#panel"
    shown = client.get("/?outlets=a.example", base_url="http://localhost/bias", headers=BROWSER)
    link = pre(shown.text, "link")
    assert link.startswith("http://localhost/bias/?")


def test_a_page_of_24_sources_weighs_under_80_kilobytes_with_all_it_loads(client):
    listed = "\n".join(["left.example", "center.example", "right.example", "torn.example"] * 6)
    html = post(client, listed, count_by="entry")
    page = Page(html.text)
    loaded = [a.get("src") or a.get("href") for t, a in page.tags if t in ("script", "link", "img")]
    total = len(html.data) + sum(len(client.get(address).data) for address in loaded)
    assert total < 80_000, total


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}{% raw %}",
    "\u202etxet desrever\u202c",
    "name\u200f\u200e\u2066\u0000\u0007",
    "x" * 1000,
    "W" * 1000,
    "'; DROP TABLE outlets; --",
    "&amp;&lt;",
    "Z̴̡̧̛" * 50,
    "\U0001f600" * 300,
]


@pytest.fixture(scope="module")
def hostile():
    outlets = [
        outlet(f"h{n}.example", -1, name=name, owner=name, country="US") for n, name in enumerate(HOSTILE)
    ]
    outlets.append(outlet("twin.example", name=HOSTILE[0]))
    catalog = Catalog(outlets, [Alias("both", "name", "h0.example")], RATERS.values())
    return create_app(Settings(), catalog).test_client()


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_a_hostile_name_is_shown_as_text(hostile, number):
    for response in (
        post(hostile, f"h{number}.example\n{HOSTILE[number]}\n{HOSTILE[number]}"),
        hostile.get(f"/outlets/h{number}.example", headers=BROWSER),
    ):
        assert response.status_code == 200
        page = Page(response.text)
        assert len(page.all("script")) == 1
        assert all(not name.startswith("on") for _, attributes in page.tags for name in attributes)
        assert all(a["src"].startswith("/") for a in page.all("img"))
        without_form = re.sub(r"<textarea.*?</textarea>", "", response.text, flags=re.S)
        assert not re.search("[\u202a-\u202e\u2066-\u2069\u200e\u200f\x00\x07]", without_form)
        assert "49" not in page.text or "{{" in page.text


@pytest.mark.parametrize("host", ['evil"><script>', "a'b", "x y"])
def test_a_hostile_host_header_stays_text(client, host):
    response = client.post("/", data={"outlets": "left.example"}, headers={**BROWSER, "Host": host})
    assert response.status_code < 500
    assert len(Page(response.text).all("script")) <= 1


def multipart(*parts: tuple[str, bytes]) -> bytes:
    """A form as a browser sends it where a file may come with it."""
    sent = b"".join(b"--X\r\n" + head.encode() + b"\r\n\r\n" + body + b"\r\n" for head, body in parts)
    return sent + b"--X--\r\n"


FIELD = ('Content-Disposition: form-data; name="outlets"', b"left.example")
FILE = 'Content-Disposition: form-data; name="x"; filename='
FORMS = {
    "a field": multipart(FIELD),
    "a field in another encoding": multipart(
        (f"{FIELD[0]}\r\nContent-Type: text/plain; charset=latin-1", FIELD[1])
    ),
    "a field in no encoding": multipart((f"{FIELD[0]}\r\nContent-Type: text/plain; charset=none", FIELD[1])),
    "a field of bytes": multipart(FIELD, ('Content-Disposition: form-data; name="x"', b"\xff\xfe")),
    "a part without a name": multipart(FIELD, ("Content-Disposition: form-data", b"x")),
    "a file": multipart(FIELD, (f'{FILE}"t.txt"\r\nContent-Type: text/plain', b"text")),
    "a file before the field": multipart((f'{FILE}"t.bin"', bytes(range(256)) * 99), FIELD),
    "a file that was not chosen": multipart(
        FIELD, (f'{FILE}""\r\nContent-Type: application/octet-stream', b"")
    ),
    "a file with a length that is none": multipart(FIELD, (f'{FILE}"t"\r\nContent-Length: x', b"text")),
    "a file of that very name": multipart(FIELD, (f'{FIELD[0]}; filename="t"', b"right.example")),
    "many parts": multipart(
        *[(f'Content-Disposition: form-data; name="a{n}"', b"") for n in range(999)], FIELD
    ),
}


@pytest.mark.parametrize("body", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("path", ["/", "/check"])
def test_a_form_is_answered_whatever_comes_with_its_field(client, path, body):
    response = client.post(
        path, data=body, content_type="multipart/form-data; boundary=X", follow_redirects=True
    )
    assert response.status_code == 200
    assert "left.example" in response.text
    assert "right.example" not in response.text


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"a=&" * 1000 + b"outlets=left.example", "application/x-www-form-urlencoded"),
        (multipart(FIELD, *[(FIELD[0], b"")] * 1000), "multipart/form-data; boundary=X"),
    ],
)
@pytest.mark.parametrize("path", ["/", "/check"])
def test_a_form_of_more_fields_than_anybody_sends_is_too_large(client, path, body, kind):
    assert client.post(path, data=body, content_type=kind, headers=BROWSER).status_code == 413
