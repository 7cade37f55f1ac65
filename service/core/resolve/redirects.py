"""Links that carry another link: AMP caches, redirects of search engines and networks, web archives, proxies.

Such a link is read as the one it carries. Only hosts that are known to redirect are opened: an outlet's URL
in the path of any other site means nothing.
"""

import re
from binascii import Error, a2b_base64
from urllib.parse import unquote, unquote_plus

from service.core.resolve.hosts import Address

NEWS_HOST, BLUESKY, GOOGLE = "news.google.com", "bsky.app", "google"
# Hosts that redirect to the link in their query or path. Google's have one in each country.
_HOSTS = """
12ft.io archive.fo archive.is archive.li archive.md archive.ph archive.today archive.vn away.vk.com bing.com
bsky.app cdn.ampproject.org click.redditmail.com consent.google.com disq.us duckduckgo.com exit.sc
facebook.com feedburner.com feedly.com feedproxy.google.com feeds.feedburner.com flipboard.com getpocket.com
go.skimresources.com href.li inoreader.com l.facebook.com l.instagram.com l.messenger.com l.threads.com
l.threads.net linkedin.com lm.facebook.com m.facebook.com news.google.com out.reddit.com removepaywall.com
safelinks.protection.outlook.com slack-redir.net smry.ai steamcommunity.com t.umblr.com translate.goog
translate.google.com urldefense.com vk.com web.archive.org webcache.googleusercontent.com youtube.com
"""
REDIRECT_HOSTS = frozenset(_HOSTS.split())
# Hosts whose first label spells the wrapped host, with "-" for "." and "--" for "-".
_PROXIES = (".cdn.ampproject.org", ".translate.goog")
# Where a link without its scheme stands in a path.
_BARE_LINKS = {
    GOOGLE: re.compile(r"/amp/(?:s/)?(.+)"),
    "cdn.ampproject.org": re.compile(r"/(?:[a-z]{1,3}/)?(?:s/)?(.+\..+)"),
    "web.archive.org": re.compile(r"/(?:web/)?\d{1,14}\*?(?:[a-z]{2}_)?/(.+)"),
    "webcache.googleusercontent.com": re.compile(r".*?\bcache:(?:[\w-]{12}:)?([^+&]+)"),
    "12ft.io": re.compile(r"/(.+)"),
    # A handle is a host.
    BLUESKY: re.compile(r"/profile/([\w-]+(?:\.[\w-]+)+)"),
}
_LINK = re.compile(r"(?:https?:/{1,2}|(?<![\w.])www\.)[^\s&]+", re.IGNORECASE)
_GOOGLE = re.compile(r"google\.(?:com?\.)?[a-z]{2,3}")

# Characters of what follows a host that are looked through.
MAX_TAIL_LENGTH = 1024
_SITE = re.compile(r"(?:^|[\s(])site:([\w.-]+)", re.IGNORECASE)
_CHOICE = re.compile(r"\((?![^()]*site:)[^()]*\)", re.IGNORECASE)
_ID = re.compile(r"/(?:__i/)?(?:rss/(?:rd/)?)?articles/(CBMi[\w-]+)")
_ENCODED_LINK = re.compile(rb"https?://[!-~]+")
_URL_SAFE = str.maketrans("-_", "+/")


def redirect_target(address: Address) -> str | None:
    """Return the link that ``address`` carries. ``None`` when its host is no known wrapper or carries none.

    >>> redirect_target(Address("www.google.com", "/url?sa=t&q=https%3A%2F%2Fwww.reuters.com%2Fworld", True))
    'https://www.reuters.com/world'
    """
    host, tail = address.host.removeprefix("www."), address.tail[:MAX_TAIL_LENGTH]
    if host == NEWS_HOST and (link := google_news_target(tail)):
        return link
    for proxy in _PROXIES:
        if host.endswith(proxy):
            label = host.removesuffix(proxy).replace("--", "\0").replace("-", ".").replace("\0", "-")
            return _find_link(proxy[1:], tail) or label or None
    family = _find_family(host)
    return _find_link(family, tail) if family else None


def may_redirect(host: str) -> bool:
    """Return True if an address at ``host`` may carry another link, depending on what follows the host."""
    host = host.removeprefix("www.")
    return host.endswith(_PROXIES) or _find_family(host) is not None


def _find_family(host: str) -> str | None:
    """Return the name of a host that redirects, the same for all hosts of one that has many."""
    if host.endswith(".safelinks.protection.outlook.com"):
        return "safelinks.protection.outlook.com"
    return GOOGLE if _GOOGLE.fullmatch(host) else host if host in REDIRECT_HOSTS else None


def _find_link(family: str, tail: str) -> str | None:
    tail = unquote(tail, errors="replace") if "%" in tail else tail
    if found := _LINK.search(tail):
        return found[0]
    bare = _BARE_LINKS.get(family)
    found = bare.match(tail) if bare else None
    return found[1] if found else None


def google_news_target(tail: str) -> str | None:
    """Return the site that a search of Google News is restricted to, or the link in an article's old id.

    >>> [google_news_target(f"/rss/search?q={query}") for query in ("site:apnews.com&hl=en-US", "climate")]
    ['https://apnews.com', None]
    """
    if found := _ID.match(tail):
        return _decode_google_news_id(found[1])
    pairs = (pair.partition("=") for pair in tail.partition("?")[2].split("&"))
    query = next((unquote_plus(value) for name, _, value in pairs if name == "q"), "")
    sites = set(_SITE.findall(query))
    return f"https://{sites.pop()}" if len(sites) == 1 and " OR " not in _CHOICE.sub("", query) else None


def _decode_google_news_id(text: str) -> str | None:
    """Return the link that the base64 of an id holds. Newer ids hold none."""
    text = text[: len(text) // 4 * 4] if len(text) % 4 == 1 else text + "=" * (-len(text) % 4)
    try:
        link = _ENCODED_LINK.search(a2b_base64(text.translate(_URL_SAFE)))
    except Error:
        return None
    return link[0].decode() if link else None
