"""Finds hosts that do not belong to one publisher: public suffixes and shared platforms."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from service.dataset.schema import SHARED_HOSTS, Problem

# The public suffix list as tldextract ships it. Importing the package would load an HTTP client too, and take
# a third of a second.
SUFFIX_LIST = ".tld_set_snapshot"


@cache
def load_suffix_rules() -> frozenset[str]:
    """Return the rules of the public suffix list, those of private registries included, in ASCII."""
    found = find_spec("tldextract")
    assert found and found.origin, "one of the requirements"  # noqa: S101
    lines = Path(found.origin).with_name(SUFFIX_LIST).read_text(encoding="utf-8").splitlines()
    return frozenset(
        line.strip().encode("idna").decode() if not line.isascii() else line.strip()
        for line in lines
        if line and not line.startswith("//")
    )


def count_suffix_labels(host: str) -> int:
    """Count the labels of the public suffix of ``host``, by the algorithm of publicsuffix.org.

    >>> [count_suffix_labels(host) for host in ("bbc.co.uk", "co.uk", "a.ck", "www.ck")]
    [2, 2, 2, 1]
    >>> count_suffix_labels("somebody.github.io"), count_suffix_labels("brainerddispatch.cpm")
    (2, 0)
    """
    labels, known = host.split("."), load_suffix_rules()
    for start in range(len(labels)):
        name, parent = ".".join(labels[start:]), ".".join(labels[start + 1 :])
        if f"!{name}" in known:
            return len(labels) - start - 1
        if name in known or (parent and f"*.{parent}" in known):
            return len(labels) - start
    return 0


def check_shared_host(host: str) -> Problem | None:
    """Check that ``host`` belongs to one publisher."""
    if host in SHARED_HOSTS:
        return (
            f"{host} is a platform that many publishers share",
            "the publisher's host on that platform, or no row",
        )
    if count_suffix_labels(host) == host.count(".") + 1:
        return f"{host} is a bare public suffix", "the host of one publisher under it"
    return None


def check_public_suffix(host: str) -> Problem | None:
    if count_suffix_labels(host):
        return None
    return f"{host} does not end in a public suffix", "a host that exists in the DNS"
