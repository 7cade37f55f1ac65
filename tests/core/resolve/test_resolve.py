"""Entries → outlets: what is found and how, what is refused and why. Wrong matches are the worst error."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.outlets import Alias, Outlet
from service.core.resolve import EntryFields, resolve
from service.core.resolve.catalog import Catalog

OUTLETS = [
    Outlet("wire.example.com", "The Wire Service", country="GB"),
    Outlet("straits.sg", "The Straits Paper", country="SG"),
    Outlet("guardian.uk", "The Guardian", country="GB"),
    Outlet("guardian.ng", "Guardian (Nigeria)", country="NG"),
    Outlet("herald-everett.com", "The Herald (Everett)", country="US"),
    Outlet("herald.co.zw", "The Herald", country="ZW"),
    Outlet("star.my", "The Star", country="MY"),
    Outlet("news.go.com", "Go News", country="US"),
    Outlet("someone.blogspot.com", "Someone's Blog"),
    Outlet("dallas.com", "WXYA - Dallas News", country="US"),
    Outlet("fox99detroit.com", "WZZB", country="US"),
    Outlet("agence.fr", "Agence France (AFF)", country="FR"),
    Outlet("tageblatt.de", "Das Tageblatt", country="DE"),
    Outlet("xn--mnchner-zeitung-zvb.de", "Münchner Zeitung", country="DE"),
    Outlet("portalnews.com", "Portal News", country="US"),
    # Towns and other words that stand in several names.
    Outlet("dallaspaper.com", "Dallas Paper", country="US"),
    Outlet("straitswire.sg", "Straits Wire", country="SG"),
]
ALIASES = [
    Alias("The Guardian", "ambiguous", "guardian.uk"),
    Alias("The Guardian", "ambiguous", "guardian.ng"),
    Alias("WS", "name", "wire.example.com"),
    Alias("Провод", "name", "wire.example.com"),
    Alias("wire-old.com", "host", "wire.example.com"),
    Alias("wi.re", "shortener", "wire.example.com"),
    Alias("portal.com/news", "host", "portalnews.com"),
    Alias("portal.com", "platform"),
    Alias("go.com", "platform"),
    Alias("blogspot.com", "platform"),
    Alias("google.com", "platform"),
    Alias("short.ly", "platform"),
    Alias("Portal", "platform"),
]


@pytest.fixture(scope="module")
def known() -> Catalog:
    return Catalog(OUTLETS, ALIASES)


@pytest.mark.parametrize(
    ("entry", "domain", "by"),
    [
        ("https://wire.example.com/a/b?c#d", "wire.example.com", "url"),
        ("wire.example.com", "wire.example.com", "domain"),
        ("WWW.Wire.Example.Com.", "wire.example.com", "domain"),
        ("edition.m.wire.example.com/x", "wire.example.com", "url"),
        ("https://wire-old.com/x", "wire.example.com", "host_alias"),
        ("https://wi.re/3abc", "wire.example.com", "host_alias"),
        ("https://someone.blogspot.com/2025/x", "someone.blogspot.com", "url"),
        ("https://news.go.com/x", "news.go.com", "url"),
        ("https://www.portal.com/news/x-1.html", "portalnews.com", "host_alias"),
        ("https://www.google.com/url?q=https://wire.example.com/x", "wire.example.com", "url"),
        ("https://münchner-zeitung.de/x", "xn--mnchner-zeitung-zvb.de", "url"),
        ("The Wire Service", "wire.example.com", "name"),
        ("wire service", "wire.example.com", "name"),
        ("WireService", "wire.example.com", "name"),
        ("WS", "wire.example.com", "name_alias"),
        ("ПРОВОД", "wire.example.com", "name_alias"),
        ("The Straits Paper (Singapore)", "straits.sg", "name"),
        ("Straits Paper Singapore", "straits.sg", "name"),
        ("The Straits Paper - Asia's oldest", "straits.sg", "name"),
        ("The Guardian (Nigeria)", "guardian.ng", "name"),
        ("Agence France", "agence.fr", "name"),
        ("AFF", "agence.fr", "name"),
        ("Agence France (AFF)", "agence.fr", "name"),
        ("WXYA", "dallas.com", "name"),
        ("WXYA 8abc", "dallas.com", "name"),
        ("WXYA-TV", "dallas.com", "name"),
        ("Fox 99 Detroit", "fox99detroit.com", "name"),
        ("straits.sg - Asia's oldest", "straits.sg", "name"),
    ],
)
def test_an_entry_is_found(known: Catalog, entry: str, domain: str, by: str):
    match = resolve(known, entry)
    assert match.rule is not None
    assert (match.status, match.outlet and match.outlet.domain, match.rule.by) == ("found", domain, by)
    assert 0.8 <= match.rule.confidence <= 1


@pytest.mark.parametrize(
    ("entry", "status"),
    [
        ("wire.example.com.evil.net", "unknown"),
        ("evil-wire.example.org", "unknown"),
        ("https://wire.example.com.co/", "unknown"),
        ("https://straits.sg@evil.net/", "unknown"),
        ("https://evil.net/straits.sg", "unknown"),
        ("https://espn.go.com/x", "platform"),
        ("https://other.blogspot.com/x", "platform"),
        ("https://www.portal.com/sports/x", "platform"),
        ("https://short.ly/abc", "platform"),
        ("https://www.google.com/url?q=https://unknown.example/x", "platform"),
        ("Portal", "platform"),
        ("The Guardian", "ambiguous"),
        ("The Herald", "ambiguous"),
        ("The Straits Paper (Nigeria)", "unknown"),
        ("Straits Paper Nigeria", "unknown"),
        ("The Guardian Uganda", "unknown"),
        ("straits.news", "unknown"),
        ("straits paper of nowhere", "unknown"),
        ("Straits", "unknown"),
        ("The", "unknown"),
        ("Dallas", "unknown"),
        ("", "invalid"),
        ("-", "invalid"),
        ("javascript:alert(1)", "invalid"),
        ("mailto:tips@straits.sg", "invalid"),
        ("https://", "invalid"),
        ("http://[::1]/", "invalid"),
        ("\ud800", "invalid"),
        ("x" * 1_000_000, "unknown"),
    ],
)
def test_an_entry_is_refused_for_a_reason(known: Catalog, entry: str, status: str):
    match = resolve(known, entry)
    assert (match.status, match.outlet) == (status, None)


def test_an_ambiguous_name_lists_its_candidates(known: Catalog):
    match = resolve(known, "The Herald")
    assert [candidate.domain for candidate in match.candidates] == ["herald-everett.com", "herald.co.zw"]


@pytest.mark.parametrize(
    ("country", "domain"), [("ZW", "herald.co.zw"), ("US", "herald-everett.com"), ("FR", None), (None, None)]
)
def test_a_country_breaks_a_tie(known: Catalog, country: str | None, domain: str | None):
    match = resolve(known, "The Herald", country)
    assert (match.outlet.domain if match.outlet else None) == domain


def test_a_country_breaks_ties_only(known: Catalog):
    assert resolve(known, "The Straits Paper", "US").key == "straits.sg"


@pytest.mark.parametrize(
    ("ref", "key", "status"),
    [
        (EntryFields(url="https://herald.co.zw/x", name="The Herald"), "herald.co.zw", "found"),
        (EntryFields(domain="star.my", name="The Herald"), "star.my", "found"),
        (EntryFields(url="https://portal.com/x", name="The Wire Service"), "wire.example.com", "found"),
        (EntryFields(url="javascript:x", name="WS"), "wire.example.com", "found"),
        (EntryFields(url="https://unknown.example/", name="The Herald"), "herald", "ambiguous"),
        (EntryFields(url="https://portal.com/x", name="Nobody Knows"), "portal.com", "platform"),
        (EntryFields(url="data:x", domain="unknown.example"), "unknown.example", "unknown"),
        (EntryFields(), "", "invalid"),
    ],
)
def test_an_object_is_tried_by_url_then_domain_then_name(
    known: Catalog, ref: EntryFields, key: str, status: str
):
    match = resolve(known, ref)
    assert (match.key, match.status) == (key, status)


@pytest.mark.parametrize(
    ("entry", "via"),
    [
        ("https://wi.re/3abc", "shortener"),
        ("https://portal.com/news/x", "syndicated"),
        ("https://google.com/url?q=https://straits.sg/x", "redirect"),
        ("https://straits.sg/x", None),
    ],
)
def test_a_detour_is_named(known: Catalog, entry: str, via: str | None):
    rule = resolve(known, entry).rule
    assert rule is not None
    assert rule.via == via


ANY_TEXT = st.text(st.characters(), max_size=80)


@given(ANY_TEXT)
def test_no_entry_makes_it_raise(entry: str):
    match = resolve(Catalog(OUTLETS, ALIASES[:3]), entry)
    assert (match.status == "found") == (match.outlet is not None) == (match.rule is not None)


WORDS = (
    "Left",
    "Daily",
    "News",
    "The",
    "Live",
    "BBC",
    "GB",
    "x",
    " - ",
    " | ",
    ": ",
    "left.example",
    "https://",
)
PIECES = st.sampled_from([*WORDS, *" -:,()[]./'\"&;<~–·»\x7fÉ新"])


@given(st.lists(PIECES, max_size=12).map("".join), st.sampled_from((None, "GB")))
def test_marks_and_words_in_any_order_end_in_a_match(catalog, text, country):
    assert resolve(catalog, text, country).status


@given(st.sampled_from(OUTLETS))
def test_the_domain_of_an_outlet_means_that_outlet(outlet: Outlet):
    assert resolve(Catalog(OUTLETS), outlet.domain).outlet == outlet


SPELLINGS = [
    "https://www.{}/",
    "http://{}/a/b.html",
    "{}?utm_source=x&url=https://evil.example",
    "HTTPS://{}:443",
    "//{}#top",
    "https://user:pass@{}./",
    "  {}\t",
    "https://amp.{}/x",
]


@given(st.sampled_from(OUTLETS), st.sampled_from(SPELLINGS), st.booleans())
def test_the_spelling_of_an_address_changes_nothing(outlet: Outlet, spelling: str, capitals: bool):
    domain = outlet.domain.upper() if capitals else outlet.domain
    assert resolve(Catalog(OUTLETS), spelling.format(domain)).outlet == outlet


@given(st.sampled_from(OUTLETS), st.from_regex(r"[a-z0-9-]{1,12}\.[a-z]{2,6}", fullmatch=True))
def test_a_look_alike_is_never_the_outlet(outlet: Outlet, suffix: str):
    known = Catalog(OUTLETS)
    for host in (f"{outlet.domain}.{suffix}", f"{outlet.domain}-{suffix}", f"x{outlet.domain}"):
        assert resolve(known, f"https://{host}/").outlet in (None, known.outlets.get(suffix))
