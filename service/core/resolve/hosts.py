"""The host that a piece of text names, read the careful way: no guess, no exception, bounded work.

Where readers of URLs differ, the browsers' reading holds (WHATWG URL): it is where a click leads.
"""

import re
import unicodedata

from msgspec import Struct

MAX_HOST_LENGTH = 253
# Characters of a host that has letters outside ASCII.
MAX_UNICODE_HOST_LENGTH = 100

# Characters of an entry that are looked at: a host stands at the front of a URL.
MAX_TEXT_LENGTH = 2048

# Blanks, control characters and marks without ink: no part of an entry when they stand at its ends.
STRIPPED_CHARS = "".join(
    map(chr, (*range(33), 0x7F, 0x85, 0xA0, 0xAD, 0x1680, 0x180E, *range(0x2000, 0x2010)))
) + "".join(map(chr, (*range(0x2028, 0x2030), 0x205F, *range(0x2060, 0x206A), 0x3000, 0xFEFF)))

PREFIXES = ("www.", "m.", "amp.", "mobile.")

# How nearly every entry with a host is written; the rest is read step by step.
PLAIN_ADDRESS = re.compile(r"(https?://)?([a-z0-9-][a-z0-9.-]{0,250}\.[a-z]{2,63})(?=[/?#]|\Z)")

_NAME = re.compile(r"[\w-][\w.-]*\.(?:[^\W\d_]{2,63}|xn--[a-z0-9-]{1,59})")
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+-]*):(?!\d{1,5}(?:[/?#]|$))")
# A host ends at the first slash of either kind, "?" or "#".
_HOST_END = re.compile(r"[/\\?#]")
_DOTS = str.maketrans("\u3002\uff0e\uff61", "...")


class Address(Struct, frozen=True, gc=False):
    """A host, what follows it ("/path?query"), and whether the text was written as a URL."""

    host: str
    tail: str
    is_url: bool


def parse_address(text: str) -> Address | None:
    """Host and path of a URL, a scheme-less URL or a bare domain. ``None`` when there is no web host."""
    plain = PLAIN_ADDRESS.match(text)
    return fast_parse_host(plain, text) if plain else parse_host(text)


def fast_parse_host(plain: re.Match[str], text: str) -> Address | None:
    """Return the address in a ``text`` that ``PLAIN_ADDRESS`` matches."""
    tail = text[plain.end() : MAX_TEXT_LENGTH]
    scheme, host = plain.groups()
    return Address(host, tail, bool(scheme or tail)) if _is_short(host) else None


def parse_host(text: str) -> Address | None:
    """Return the address in a text that is written in an unusual way, read step by step."""
    text = text[:MAX_TEXT_LENGTH].strip(STRIPPED_CHARS)
    spelled = _strip_scheme(text)
    if spelled is None:
        return None
    rest, is_url = spelled
    end = _HOST_END.search(rest)
    host, tail = (rest[: end.start()], rest[end.start() :]) if end else (rest, "")
    if "@" in host and not is_url:
        return None
    name = _parse_hostname(host.rpartition("@")[2])
    return Address(name, tail, is_url or end is not None) if name else None


def find_host(text: str) -> str | None:
    """Return the lower-case host that ``text`` names.

    >>> find_host("HTTPS://user@www.BBC.co.uk.:443/news"), find_host("mailto:tips@nytimes.com")
    ('www.bbc.co.uk', None)
    """
    address = parse_address(text)
    return address.host if address else None


def parse_path(tail: str) -> str:
    """Return the path in what follows a host, in lower case, without its first slash."""
    return tail[1:].partition("?")[0].partition("#")[0].lower()


def strip_www(host: str) -> str:
    """``host`` without the prefix that marks a view of the same site (``www.``, ``m.``, ``amp.``)."""
    for prefix in PREFIXES:
        if host.startswith(prefix):
            return host[len(prefix) :]
    return host


def _strip_scheme(text: str) -> tuple[str, bool] | None:
    """Return a URL without its scheme, and whether there was one. ``None`` when no host can
    follow.
    """
    if ":" in text and (found := _SCHEME.match(text)):
        web = found[1].lower() in ("http", "https")
        return (text[found.end() :].lstrip("/\\"), True) if web else None
    if text.startswith(("//", "\\\\")):
        return text.lstrip("/\\"), True
    dotted = "." in text or "\u3002" in text or "\uff0e" in text
    return (text, False) if dotted and " " not in text else None


def _parse_hostname(host: str) -> str | None:
    """Return a host without port and trailing dot, in lower case, if it is a well-formed domain name."""
    if len(host) > MAX_HOST_LENGTH + len(".:65535"):
        return None
    name, colon, port = host.partition(":")
    if colon and port and not (port.isascii() and port.isdigit() and int(port[:6]) < 65536):
        return None
    name = name.lower() if name.isascii() else _fold_host(name)
    name = name.removesuffix(".")
    return name if _is_short(name) and _NAME.fullmatch(name) else None


def _is_short(host: str) -> bool:
    return len(host) <= MAX_HOST_LENGTH and ".." not in host


def _fold_host(name: str) -> str:
    """Normalise a non-ASCII host (NFKC, full-width dots) as browsers do."""
    if len(name) > MAX_UNICODE_HOST_LENGTH:
        return ""
    return unicodedata.normalize("NFKC", name.translate(_DOTS)).lower().translate(_DOTS)


def decode_punycode(host: str) -> str:
    """Return a listed host with its ``xn--`` labels spelled out: ``xn--mnchen-3ya.de`` → ``münchen.de``."""
    try:
        return host.encode().decode("idna")
    except UnicodeError:
        return host
