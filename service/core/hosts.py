"""The host that a piece of text names, read the careful way: no guess, no exception, bounded work."""

LONGEST_HOST = 253
LONGEST_TEXT = 4096
"""Characters of an entry that are looked at: a host stands at the front of a URL."""

PREFIXES = ("www.", "m.", "amp.", "mobile.")


def host_of(text: str) -> str | None:
    """The lower-case host named by a URL, a scheme-less URL or a bare domain; ``None`` when there is none."""
    rest = text[:LONGEST_TEXT].strip().replace("\\", "/")
    scheme, separator, after = rest.partition("://")
    if separator:
        if scheme.lower() not in ("http", "https"):
            return None
        rest = after
    elif rest.startswith("//"):
        rest = rest[2:]
    for end in "/?#":
        rest = rest.partition(end)[0]
    host = rest.rpartition("@")[2].partition(":")[0].lower().rstrip(".")
    return host if is_host(host) else None


def is_host(host: str) -> bool:
    """Whether ``host`` is a dotted domain name whose last label is no number."""
    labels = host.split(".")
    return (
        len(host) <= LONGEST_HOST
        and len(labels) > 1
        and not labels[-1].isdigit()
        and all(label and label.replace("-", "").isalnum() for label in labels)
    )


def bare(host: str) -> str:
    """``host`` without the prefix that marks a view of the same site (``www.``, ``m.``, ``amp.``)."""
    for prefix in PREFIXES:
        if host.startswith(prefix):
            return host[len(prefix) :]
    return host
