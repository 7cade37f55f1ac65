"""Who else bears a name: strangers are weighed, places settle, accounts and dotted names are known."""

import pytest

from service.core.outlets import Alias, Namesake, Outlet
from service.core.resolve import EntryFields, Place, resolve
from service.core.resolve.catalog import Catalog
from service.core.resolve.name_index import MIN_TRADE_NAMES

OUTLETS = (
    Outlet("lowellsun.com", "Lowell Sun", country="US", lists=2),
    Outlet("thesun.co.uk", "The Sun", country="GB", lists=8),
    Outlet("tribune.example", "Evening Tribune", country="US", lists=1),
    Outlet("courier.example", "Evening Courier", country="US", lists=3),
    Outlet("gazette.example", "Evening Gazette", country="GB", lists=5),
    Outlet("aikentimes.com", "Aiken Times", country="US", lists=3, ownership="network"),
    Outlet("heraldsun.com", "The Herald-Sun", country="US", lists=3, disambiguation="Durham, North Carolina"),
    Outlet("heraldsun.com.au", "Herald Sun", country="AU", lists=2),
    Outlet("mirror.co.uk", "The Mirror", country="GB", lists=8),
    Outlet("uncmirror.com", "The Mirror", country="US", lists=1),
    Outlet("freepress.example", "The Free Press", country="US", lists=4),
    Outlet("detroit.example", "Detroit Free Press", country="US", lists=6),
    Outlet("forbes.com", "Forbes", country="US", lists=6),
    Outlet("businessinsider.es", "Business Insider España", country="ES", lists=1),
    Outlet("businessinsider.com", "Business Insider", country="US", lists=5),
    Outlet("zanesville.example", "Zanesville Times Recorder", country="US", lists=2),
    Outlet("foxnews.com", "Fox News", country="US", lists=6),
    Outlet("yna.co.kr", "Yonhap News Agency", country="KR", lists=4),
    Outlet("naij.example", "Legit", country="NG", lists=2),
)
ALIASES = (
    Alias("x.com", "platform"),
    Alias("facebook.com", "platform"),
    Alias("bsky.app", "platform"),
    Alias("twitter.com/foxnews", "account", "foxnews.com"),
    Alias("facebook.com/foxnews", "account", "foxnews.com"),
    Alias("연합뉴스", "name", "yna.co.kr"),
    Alias("Naij.com", "name", "naij.example"),
)
NAMESAKES = (
    *(
        Namesake(name, f"{place.lower()}.other.example", place, "papers", "2018")
        for name, places in {
            "Evening Tribune": ("US-NY",),
            "Evening Courier": ("US-NJ",),
            "Evening Gazette": ("US-MA", "US-IA"),
            "Aiken Times": ("US-SC",),
            "Weekly Nowhere": ("US-KS",),
        }.items()
        for place in places
    ),
    # Words that end many names are those of the trade.
    *(
        Namesake(f"Town{n} Free Press Times Recorder", f"town{n}.example", "", "papers", "2018")
        for n in range(MIN_TRADE_NAMES)
    ),
    Namesake("Times Recorder", "zanesville.example", "US-OH", "papers", "2018"),
    Namesake("Zanesville Recorder", "zanesville.example", "US-OH", "papers", "2018"),
)
CATALOG = Catalog(OUTLETS, ALIASES, namesakes=NAMESAKES)


def meaning(entry: str | EntryFields, place: Place | None = None) -> str:
    match = CATALOG.resolver.resolve(entry, place) if place else CATALOG.resolver.resolve(entry)
    return match.outlet.domain if match.outlet else match.status


@pytest.mark.parametrize(
    ("name", "outlet", "confidence"),
    [
        ("Evening Tribune", "ambiguous", None),
        ("Evening Courier", "courier.example", 0.8),
        ("Evening Gazette", "gazette.example", 0.6),
        ("Aiken Times", "ambiguous", None),
        ("The Free Press", "ambiguous", None),
        ("Weekly Nowhere", "unknown", None),
        ("Times Recorder", "zanesville.example", 0.7),
        ("Zanesville Recorder", "zanesville.example", 0.7),
    ],
)
def test_strangers_are_weighed_against_the_outlet(name: str, outlet: str, confidence: float | None):
    match = resolve(CATALOG, name)
    assert meaning(name) == outlet
    assert (match.rule.confidence if match.rule else None) == confidence


@pytest.mark.parametrize("name", ["Evening Tribune", "Evening Courier", "Weekly Nowhere"])
def test_a_stranger_is_a_candidate_that_is_not_listed(name: str):
    stranger = resolve(CATALOG, name).candidates[-1]
    assert stranger.domain.endswith(".other.example")
    assert stranger.listed is False


@pytest.mark.parametrize(
    ("name", "place", "outlet"),
    [
        ("The Sun", Place(region="Lowell"), "lowellsun.com"),
        ("The Sun", Place(country="GB"), "thesun.co.uk"),
        ("The Sun (Lowell)", None, "lowellsun.com"),
        ("The Sun, Lowell", None, "lowellsun.com"),
        ("Herald-Sun", None, "ambiguous"),
        ("Herald-Sun", Place("US"), "heraldsun.com"),
        ("Herald-Sun", Place("AU"), "heraldsun.com.au"),
        ("Herald-Sun (Durham)", None, "heraldsun.com"),
        ("Times Recorder", Place(region="Ohio"), "zanesville.example"),
        ("The Mirror", Place("US"), "ambiguous"),
        ("The Mirror", Place("GB"), "mirror.co.uk"),
        ("Business Insider (Spain)", None, "businessinsider.es"),
        ("Forbes Brasil", None, "unknown"),
        ("Forbes (Brazil)", None, "unknown"),
        ("Forbes Middle East", None, "unknown"),
        ("Forbes Business", None, "forbes.com"),
    ],
)
def test_a_place_settles_a_name(name: str, place: Place | None, outlet: str):
    assert meaning(name, place) == outlet


def test_the_place_of_an_entry_comes_before_that_of_the_request():
    assert meaning(EntryFields(name="Herald-Sun", country="AU"), Place("US")) == "heraldsun.com.au"
    assert meaning(EntryFields(name="The Sun", region="Lowell")) == "lowellsun.com"


@pytest.mark.parametrize(
    ("entry", "outlet"),
    [
        ("https://x.com/FoxNews/status/1", "foxnews.com"),
        ("https://m.facebook.com/FoxNews?ref=1", "foxnews.com"),
        ("https://bsky.app/profile/foxnews.com/post/3k", "foxnews.com"),
        ("https://bsky.app/profile/someone.bsky.social", "platform"),
        ("https://x.com/FoxNewsFan/status/1", "platform"),
        ("https://x.com/", "platform"),
    ],
)
def test_an_outlets_own_account_is_the_outlet(entry: str, outlet: str):
    match = resolve(CATALOG, entry)
    assert meaning(entry) == outlet
    assert (match.rule.via if match.rule else None) == ("account" if match.outlet else None)


@pytest.mark.parametrize(
    ("entry", "outlet"),
    [
        ("Naij.com", "naij.example"),
        ("foxñews.com", "unknown"),
        ("ｆｏｘｎｅｗｓ.com", "foxnews.com"),
        ("연합뉴스-Yonhap News Agency", "yna.co.kr"),
        ("연합뉴스-Fox News", "unknown"),
        ("yna.co.kr Yonhap News Agency", "yna.co.kr"),
        ("[Fox News](https://www.foxnews.com)", "foxnews.com"),
        ("2. Fox&#32;News (12)", "foxnews.com"),
    ],
)
def test_texts_are_read_as_they_travel(entry: str, outlet: str):
    assert meaning(entry) == outlet
