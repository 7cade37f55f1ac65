"""Hosts that are not one publisher's: public suffixes, and platforms that many publishers share."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from service.dataset.cells import Wrong
from service.dataset.columns import SHARED_HOSTS
from service.dataset.csvfile import Fault, Row

SUFFIX_LIST = ".tld_set_snapshot"
"""The public suffix list as tldextract ships it. Importing the package would bring an HTTP client with it,
and a third of a second at each start."""


@cache
def rules() -> frozenset[str]:
    """Return the rules of the public suffix list, those of private registries included, in ASCII."""
    found = find_spec("tldextract")
    assert found and found.origin, "one of the requirements"  # noqa: S101
    lines = Path(found.origin).with_name(SUFFIX_LIST).read_text(encoding="utf-8").splitlines()
    return frozenset(
        line.strip().encode("idna").decode() if not line.isascii() else line.strip()
        for line in lines
        if line and not line.startswith("//")
    )


def suffix_length(host: str) -> int:
    """Return how many labels of ``host`` are its public suffix, by the algorithm of publicsuffix.org.

    >>> suffix_length("bbc.co.uk"), suffix_length("co.uk"), suffix_length("a.ck"), suffix_length("www.ck")
    (2, 2, 2, 1)
    >>> suffix_length("somebody.github.io"), suffix_length("brainerddispatch.cpm")
    (2, 0)
    """
    labels, known = host.split("."), rules()
    for start in range(len(labels)):
        name, parent = ".".join(labels[start:]), ".".join(labels[start + 1 :])
        if f"!{name}" in known:
            return len(labels) - start - 1
        if name in known or (parent and f"*.{parent}" in known):
            return len(labels) - start
    return 0


def shared(host: str) -> Wrong | None:
    """Say why ``host`` is not one publisher's, and what would be right; ``None`` when it is."""
    if host in SHARED_HOSTS:
        return f"{host} is a platform that many publishers share", "the publisher's own host on it, or no row"
    if suffix_length(host) == host.count(".") + 1:
        return f"{host} is a bare public suffix", "the host of one publisher under it"
    return None


def unreal(host: str) -> Wrong | None:
    """Say why ``host`` cannot exist, and what would be right; ``None`` when it can."""
    if suffix_length(host):
        return None
    return f"{host} is under no public suffix", "a host that exists in the DNS"


def check_hosts(
    rows: Iterable[Row], file: str, judge: Callable[[str], Wrong | None] = shared
) -> Iterator[Fault]:
    """Yield the rows whose ``domain`` does not pass ``judge``."""
    for row in rows:
        if problem := judge(row.cells["domain"]):
            yield Fault(file, row.line, "domain", *problem)
