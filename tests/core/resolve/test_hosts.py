"""Text → host: every way to write one, and every way to hide one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.resolve.hosts import Address, decode_punycode, find_host, parse_address, strip_www
from service.core.resolve.redirects import redirect_target

ANY_TEXT = st.text(st.characters(), max_size=80)


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("reuters.com", "reuters.com"),
        ("  Reuters.COM\n", "reuters.com"),
        ("reuters.com.", "reuters.com"),
        ("reuters.com:443", "reuters.com"),
        ("reuters.com/world?x=1", "reuters.com"),
        ("https://www.reuters.com", "www.reuters.com"),
        ("HTTPS://WWW.REUTERS.COM/", "www.reuters.com"),
        ("https:/www.reuters.com/", "www.reuters.com"),
        ("https:\\\\www.reuters.com\\world", "www.reuters.com"),
        ("//www.reuters.com/x", "www.reuters.com"),
        ("https://reuters.com?x#y", "reuters.com"),
        ("https://user:secret@reuters.com:8443/x", "reuters.com"),
        ("https://reuters.com@evil.example/", "evil.example"),
        ("https://reuters.com\\@evil.example/", "reuters.com"),
        ("https://evil.example/https://reuters.com/", "evil.example"),
        ("https://www.bbc。com/news", "www.bbc.com"),
        ("https://ｗｗｗ．ｂｂｃ．ｃｏｍ/", "www.bbc.com"),
        ("\u200bhttps://bbc.com\u200f", "bbc.com"),
        ("https://münchen.de/", "münchen.de"),
        ("xn--mnchen-3ya.de", "xn--mnchen-3ya.de"),
        ("http://under_score.example.com", "under_score.example.com"),
    ],
)
def test_a_host_is_read_as_a_browser_reads_it(text: str, host: str):
    assert find_host(text) == host


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Reuters",
        "The Hill",
        "javascript:alert('reuters.com')",
        "javascript://reuters.com/%0aalert(1)",
        "data:text/html,reuters.com",
        "file:///reuters.com",
        "ftp://reuters.com/",
        "mailto:tips@reuters.com",
        "tips@reuters.com",
        "http://2130706433/",
        "http://127.0.0.1/",
        "http://[2001:db8::1]/",
        "http://localhost/",
        "https://reuters.com:x/",
        "https://reuters.com:99999/",
        "https://reuters..com/",
        "https://.reuters.com/",
        "https://evil.example%2f.reuters.com/",
        "https://evil example.reuters.com/",
        "https://a\x00b.reuters.com/",
        "https://℀.com",
        "https://" + "a." * 200 + "com",
        "x" * 1_000_000,
        "\ud800.com",
    ],
)
def test_what_is_no_web_host_names_none(text: str):
    assert find_host(text) is None


@given(ANY_TEXT)
def test_no_text_makes_it_raise(text: str):
    host = find_host(text)
    assert host is None or 4 <= len(host) <= 253


@given(ANY_TEXT)
def test_a_host_names_itself(text: str):
    host = find_host("https://" + text)
    assert host is None or find_host(host) == host


def test_a_prefix_is_a_view_of_the_same_site():
    assert [strip_www(prefix + "reuters.com") for prefix in ("", "www.", "m.", "amp.")] == ["reuters.com"] * 4


def test_a_registered_form_is_spelled_out():
    assert decode_punycode("www.xn--mnchen-3ya.de") == "www.münchen.de"
    assert decode_punycode("xn--\udcff.de") == "xn--\udcff.de"


@pytest.mark.parametrize(
    ("link", "inner"),
    [
        ("https://www.google.com/url?sa=t&q=https%3A%2F%2Freuters.com%2Fx", "https://reuters.com/x"),
        ("https://google.co.uk/url?url=http://reuters.com", "http://reuters.com"),
        ("https://www.google.com/amp/s/www.reuters.com/x", "www.reuters.com/x"),
        ("https://www-reuters-com.cdn.ampproject.org/c/s/www.reuters.com/x", "www.reuters.com/x"),
        ("https://www-my--paper-com.cdn.ampproject.org/", "www.my-paper.com"),
        ("https://www-lemonde-fr.translate.goog/x", "www.lemonde.fr"),
        ("https://l.facebook.com/l.php?u=https%3A%2F%2Freuters.com%2Fx&h=AT0", "https://reuters.com/x"),
        ("https://out.reddit.com/t3_x?url=https%3A%2F%2Freuters.com", "https://reuters.com"),
        ("https://web.archive.org/web/20200101000000*/https://reuters.com/x", "https://reuters.com/x"),
        ("https://urldefense.com/v3/__https://reuters.com/x__;!!abc", "https://reuters.com/x__;!!abc"),
        ("https://feedly.com/i/entry?uo=https%3A%2F%2Freuters.com%2Fx&t=1", "https://reuters.com/x"),
        ("https://evil.example/url?q=https://reuters.com", None),
        ("https://google.evil.example/url?q=https://reuters.com", None),
        ("https://google.com/search?q=reuters", None),
        ("https://reuters.com/", None),
    ],
)
def test_a_wrapped_link_is_opened_for_known_wrappers_only(link: str, inner: str | None):
    address = parse_address(link)
    assert address is not None
    assert redirect_target(address) == inner


@given(
    st.sampled_from(["www.google.com", "l.facebook.com", "web.archive.org", "a.cdn.ampproject.org"]), ANY_TEXT
)
def test_no_wrapped_link_makes_it_raise(host: str, tail: str):
    inner = redirect_target(Address(host, "/" + tail, True))
    assert inner is None or isinstance(inner, str)
