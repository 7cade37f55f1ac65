"""The rules of resolving, an example or two each, on a handful of outlets with how well they are known."""

import base64

import pytest

from service.core.outlets import Alias, Outlet
from service.core.resolve import EntryFields, resolve
from service.core.resolve.catalog import Catalog
from service.core.resolve.match import MAX_CANDIDATES

OUTLETS = (
    Outlet("theguardian.com", "The Guardian", country="GB", lists=8),
    Outlet("guardian.ng", "The Guardian (Nigeria)", country="NG", lists=1),
    Outlet("foxnews.com", "Fox News", lists=6),
    Outlet("bloomberg.com", "Bloomberg", lists=6),
    Outlet("india.com", "India.com", country="IN", lists=1),
    Outlet("tuko.co.ke", "Tuko", lists=1),
    Outlet("npr.org", "NPR", lists=6),
    Outlet("npr.news", "NPR News", lists=2),
    Outlet("dw.com", "Deutsche Welle", lists=6),
    Outlet("france24.com", "France 24", lists=4),
    Outlet("aljazeera.com", "Al Jazeera", lists=4),
    Outlet("aljazeera.net", "Al Jazeera Arabic", lists=1),
    Outlet("techcabal.com", "TechCabal", lists=1),
    Outlet("clarin.com", "Clarín", country="AR", lists=2),
    Outlet("detroitnews.com", "The Detroit News", lists=3),
    Outlet("ilmattino.it", "Il Mattino", lists=1),
    Outlet("thedailybeast.com", "The Daily Beast", lists=5),
    Outlet("zeit.de", "Die Zeit", lists=3),
    Outlet("asianews.it", "Asia News", lists=2),
    Outlet("telegraph.co.uk", "The Telegraph", country="GB", lists=8),
    Outlet("telegraphindia.com", "The Telegraph (India)", country="IN", lists=3),
    Outlet("news.yahoo.com", "Yahoo News", lists=3),
    Outlet("apnews.com", "Associated Press", lists=5),
    *(Outlet(f"p{n:02}.example", f"The Planet (Town {n})", lists=n) for n in range(14)),
)
ALIASES = (
    Alias("DW", "name", "dw.com"),
    Alias("The Guardian", "name", "theguardian.com"),
    Alias("yahoo.com", "platform"),
    Alias("yahoo.com/news", "host", "news.yahoo.com"),
    Alias("papers.example", "platform"),
    Alias("feeds.example/zeit", "host", "zeit.de"),
    Alias("papers.example/zeit", "host", "zeit.de"),
    Alias("papers.example/zeit/fox/town", "host", "foxnews.com"),
    Alias("google.com", "platform"),
    Alias("YouTube", "platform"),
)
CATALOG = Catalog(OUTLETS, ALIASES)


def meaning(entry: str | EntryFields) -> str:
    match = resolve(CATALOG, entry)
    return match.outlet.domain if match.outlet else match.status


@pytest.mark.parametrize(
    ("title", "outlet"),
    [
        ("Bloomberg: EU weighs new sanctions - The Guardian", "theguardian.com"),
        ("India | The Guardian", "theguardian.com"),
        ("'Kandahar' review: a star goes to war — against fun - Fox News", "foxnews.com"),
        ("United 4-1 Rovers: top – as it happened - live - The Guardian", "theguardian.com"),
        ("Tuko.co.ke - Kenya news.", "tuko.co.ke"),
        ("World News- foxnews.com", "foxnews.com"),
        ("Fox News - Latest", "foxnews.com"),
        ("Bloomberg: Top News", "bloomberg.com"),
        ("Bloomberg: Full print edition", "bloomberg.com"),
        ("Fox News, daily edition", "foxnews.com"),
        ("foxnews.com: what is new", "foxnews.com"),
        ("FoxNews.com Home Page", "foxnews.com"),
        ("Il Mattino - Uutiset", "ilmattino.it"),
        ("Il Mattino. Новости", "ilmattino.it"),
        ("Portada // Il Mattino", "ilmattino.it"),
        ("The Telegraph - News of the day from India", "ambiguous"),
        ("The Planet - News of the day from India", "ambiguous"),
        ("Il Mattino Online - Forsiden", "ilmattino.it"),
        ("All: foxnews.com", "foxnews.com"),
        ("A headline - Guardian World", "theguardian.com"),
        ("x" * 50 + " and " + "y" * 50 + " and more " + "z" * 60 + " - The Guardian", "theguardian.com"),
        ("Bloomberg: EU weighs new sanctions", "unknown"),
        ("India: floods kill 12 - Some Gazette of Nowhere", "unknown"),
        ("Fox News: how the network was built - The Planet", "ambiguous"),
        ("Bloomberg: EU weighs new sanctions - YouTube", "platform"),
        (" - ".join(["Bloomberg"] + ["nowhere at all"] * 30), "unknown"),
    ],
)
def test_the_last_part_of_a_title_is_its_publisher(title: str, outlet: str):
    assert meaning(title) == outlet


@pytest.mark.parametrize(
    ("name", "outlet"),
    [("Fox News", "foxnews.com"), ("Nobody at all", "news.yahoo.com"), (None, "news.yahoo.com")],
)
@pytest.mark.parametrize("portal", ["https://www.yahoo.com/news", "https://uk.news.yahoo.com"])
def test_a_named_source_comes_before_the_portal_that_carries_it(portal: str, name: str | None, outlet: str):
    match = resolve(CATALOG, EntryFields(url=f"{portal}/a-1.html", name=name))
    assert match.outlet is not None
    assert match.rule is not None
    assert match.outlet.domain == outlet
    assert match.rule.via == "syndicated"


@pytest.mark.parametrize(
    ("name", "outlet"),
    [
        ("Guardian World", "theguardian.com"),
        ("DW Turkish", "dw.com"),
        ("France 24 [ar]", "france24.com"),
        ("France 24 LatAm", "france24.com"),
        ("Al Jazeera [ar]", "aljazeera.net"),
        ("TechCabal (Africa)", "techcabal.com"),
        ("TechCabal Latest News", "techcabal.com"),
        ("TechCabal Sports", "unknown"),
        ("Clarín (diario)", "clarin.com"),
        ("Al Jazeera in English", "aljazeera.com"),
        ("Fox News (light version)", "foxnews.com"),
        ("Clarín (AR)", "clarin.com"),
        ("Clarín (CL)", "unknown"),
        ("Fox News from Chile", "unknown"),
        ("Guardian Nigeria", "guardian.ng"),
        ("Clarín (Chile)", "unknown"),
        ("Planet World", "unknown"),
        ("World Tech", "unknown"),
    ],
)
def test_a_brand_with_a_desk_is_the_brand(name: str, outlet: str):
    assert meaning(name) == outlet


@pytest.mark.parametrize(
    ("name", "outlet"),
    [
        ("Detroit", "unknown"),
        ("thedailybeast", "thedailybeast.com"),
        ("Il Mattino.it", "ilmattino.it"),
        ("Die Zeit.at", "unknown"),
        ("فوكس نيوز (Fox News)", "foxnews.com"),
        ("A fox (Fox News)", "unknown"),
    ],
)
def test_names_are_read_as_they_are_said(name: str, outlet: str):
    assert meaning(name) == outlet


@pytest.mark.parametrize("name", ["NPR News", "npr-news"])
def test_a_look_alike_does_not_take_a_well_known_name(name: str):
    assert meaning(name) == "npr.org"


@pytest.mark.parametrize("name", ["Asia News", "asia news", "India News"])
def test_a_heading_names_nobody_by_itself(name: str):
    assert meaning(name) == "ambiguous"
    assert resolve(CATALOG, name, ties="best_known").outlet is None


def test_the_best_known_bearers_are_shown_and_the_others_counted():
    match = resolve(CATALOG, "The Planet")
    assert [each.domain for each in match.candidates] == [f"p{n:02}.example" for n in range(13, 3, -1)]
    assert len(match.candidates) == MAX_CANDIDATES
    assert match.more == 4


def test_a_caller_may_take_the_best_known_bearer():
    match = resolve(CATALOG, "The Telegraph", ties="best_known")
    assert match.outlet is not None
    assert match.rule is not None
    assert match.outlet.domain == "telegraph.co.uk"
    assert match.rule.confidence == 0.6
    assert [each.domain for each in match.candidates] == ["telegraph.co.uk", "telegraphindia.com"]
    assert meaning("The Telegraph") == "ambiguous"


def test_nobody_is_best_known_among_equals():
    equals = Catalog([Outlet("a.example", "Twin"), Outlet("b.example", "Twin")])
    assert resolve(equals, "Twin", ties="best_known").status == "ambiguous"


@pytest.mark.parametrize(
    ("tail", "outlet"),
    [
        ("rss/search?q=site:apnews.com&hl=en-US", "apnews.com"),
        ("rss/search?q=site%3Aapnews.com%20when%3A2d", "apnews.com"),
        ("rss/search?q=world+site:apnews.com+(Brazil+OR+Mexico)", "apnews.com"),
        ("rss/search?q=site:apnews.com+OR+site:dw.com", "platform"),
        ("rss/search?q=site:apnews.com+OR+climate", "platform"),
        ("rss/search?q=climate+-site:apnews.com", "platform"),
        ("rss/articles/CBMi!", "platform"),
        ("rss/articles/CBMi" + "A" * 5000, "platform"),
        ("search?" + "q=site:" * 2000, "platform"),
    ],
)
def test_google_news_leads_to_the_site_that_it_names(tail: str, outlet: str):
    assert meaning(f"https://news.google.com/{tail}") == outlet


def test_an_old_id_of_google_news_is_opened():
    raw = base64.urlsafe_b64encode(b"\x08\x13\x22\x18https://www.apnews.com/x").decode().rstrip("=")
    assert raw.startswith("CBMi")
    assert meaning(f"https://news.google.com/rss/articles/{raw}?oc=5") == "apnews.com"


@pytest.mark.parametrize(
    ("entry", "count"),
    [
        ("apnews.com, foxnews.com", 2),
        ("apnews.com,foxnews.com", 2),
        ("apnews.com foxnews.com", 2),
        ("NPR; Bloomberg", 2),
        ("NPR | Bloomberg", 2),
        ("India | The Guardian", None),
        ("Tuko | The Guardian", None),
        ("NPR / Bloomberg / nowhere", 3),
        ("https://apnews.com/x https://foxnews.com/y", 2),
        ("Bloomberg, The", None),
        ("Nobody, Nowhere", None),
        ("https://apnews.com/a b", None),
        ("A," * 5000, None),
    ],
)
def test_an_entry_that_holds_several_outlets_says_so(entry: str, count: int | None):
    hint = resolve(CATALOG, entry).hint
    assert hint is None if count is None else hint and hint.startswith(f"looks like {count} entries: ")


@pytest.mark.parametrize(
    ("path", "outlet"),
    [
        ("zeit/a/b/c/d/e", "zeit.de"),
        ("Zeit?x=/fox/town", "zeit.de"),
        ("zeit/fox/town/2026/x", "foxnews.com"),
        ("zeit/fox/towns", "zeit.de"),
        ("x/zeit", "platform"),
        ("", "platform"),
    ],
)
def test_the_path_tells_the_paper_on_a_host_of_several(path: str, outlet: str):
    assert meaning(f"https://papers.example/{path}") == outlet


@pytest.mark.parametrize(("host", "via"), [("papers.example", "syndicated"), ("feeds.example", None)])
def test_only_a_platform_carries_the_reports_of_others(host: str, via: str | None):
    rule = resolve(CATALOG, f"https://{host}/zeit/x").rule
    assert rule is not None
    assert rule.via == via
