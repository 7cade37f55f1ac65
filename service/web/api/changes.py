"""``/v1/changes``: what moved between versions of the data, as JSON, CSV and a feed."""

from collections.abc import Iterator, Sequence
from typing import Annotated

from flask import Blueprint, request, url_for
from markupsafe import Markup
from msgspec import Meta, Struct, structs

from service.core.outlets import Change
from service.core.resolve.catalog import Catalog
from service.core.resolve.hosts import find_host, strip_www
from service.dataset.schema import CHANGED_FIELDS
from service.web.api.pagination import next_link
from service.web.framework.endpoint import endpoint, get_catalog
from service.web.framework.responses import CSV_CONTENT_TYPE, Row

blueprint = Blueprint("changes", __name__)

ATOM = "application/atom+xml"
MAX_FEED_VERSIONS, MAX_DESCRIBED_CHANGES = 50, 20
FEED = Markup(
    '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"><title>{title}</title>'
    '<id>{url}</id><link rel="self" href="{url}"/><updated>{updated}</updated>'
    "<author><name>Slantwise</name></author>{entries}</feed>\n"
)
ENTRY = Markup(
    '<entry><title>{title}</title><id>{url}#{version}</id><link href="{link}"/><updated>{updated}</updated>'
    '<content type="text">{text}</content></entry>'
)

Version = Annotated[
    str,
    Meta(
        pattern=r"^\d{4}\.(0[1-9]|1[0-2])\.\d{1,4}$",
        max_length=12,
        description="A version of the data such as 2026.11.0.",
    ),
]

Field = Annotated[
    str,
    Meta(
        pattern=f"^({'|'.join(CHANGED_FIELDS)})$",
        description=f"What changed: {', '.join(CHANGED_FIELDS)}.",
    ),
]


class ChangeFilters(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Filters of changes: versions after ``since``, one outlet, one field."""

    since: Version | None = None
    domain: Annotated[str, Meta(max_length=253)] | None = None
    field: Field | None = None


class ChangesQuery(ChangeFilters, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Filters of changes, and the page of them."""

    limit: Annotated[int, Meta(ge=1, le=1000)] = 100
    offset: Annotated[int, Meta(ge=0, le=1_000_000)] = 0


class Changes(Struct, frozen=True, kw_only=True):
    """Changes in the order of versions and domains. ``total`` is the number that match, over all pages.

    ``version`` is that of the data which answers. ``next_offset`` and ``next`` (the same as a link)
    lead to the following page.
    """

    version: str
    changes: Sequence[Change]
    total: int
    next_offset: int | None
    next: str | None


@endpoint(
    blueprint, "/v1/changes", query=ChangesQuery, answer=Changes, csv_path="/v1/changes.csv", tag="outlets"
)
def get_changes(query: ChangesQuery) -> Changes:
    """List what moved between versions of the data, cell by cell, with the reason."""
    catalog = get_catalog()
    found = filter_changes(query, catalog)
    end = query.offset + query.limit
    following = end if end < len(found) else None
    return Changes(
        version=catalog.version,
        changes=found[query.offset : end],
        total=len(found),
        next_offset=following,
        next=next_link(query, offset=following),
    )


@endpoint(
    blueprint, "/v1/changes.csv", query=ChangeFilters, answer=str, media=CSV_CONTENT_TYPE, tag="outlets"
)
def get_changes_csv(query: ChangeFilters) -> Iterator[Row]:
    """Return all changes that match as a table."""
    yield Change.__struct_fields__
    yield from map(structs.astuple, filter_changes(query, get_catalog()))


@endpoint(blueprint, "/v1/changes.atom", query=ChangeFilters, answer=str, media=ATOM, tag="outlets")
def get_changes_atom(query: ChangeFilters) -> str:
    """Return the changes as a feed to subscribe to: an entry for each version, the newest first."""
    catalog = get_catalog()
    versions: dict[str, list[Change]] = {}
    for change in filter_changes(query, catalog):
        versions.setdefault(change.version, []).append(change)
    newest = sorted(versions, key=parse_version, reverse=True)[:MAX_FEED_VERSIONS]
    title = f"Changes of {query.domain}" if query.domain else "Changes of the ratings"
    entries = Markup("").join(make_atom_entry(version, versions[version]) for version in newest)
    updated = version_day(newest[0] if newest else catalog.version)
    return FEED.format(title=title, url=request.url, updated=updated, entries=entries)


def make_atom_entry(version: str, changes: Sequence[Change]) -> Markup:
    """Return the changes of one version as an entry: some of them in words, those of a consensus first."""
    lines = [
        f"{change.domain}: {change.field} {change.before or '–'} → {change.after or '–'} ({change.reason})"
        for change in sorted(changes, key=lambda change: change.field != "bias")[:MAX_DESCRIBED_CHANGES]
    ]
    if len(changes) > MAX_DESCRIBED_CHANGES:
        lines.append(f"and {len(changes) - MAX_DESCRIBED_CHANGES} more")
    return ENTRY.format(
        title=f"Data {version}: {len(changes)} {'change' if len(changes) == 1 else 'changes'}",
        url=request.base_url,
        version=version,
        link=request.host_url.rstrip("/") + url_for("outlet_page.show_changes"),
        updated=version_day(version),
        text="\n".join(lines),
    )


def version_day(version: str) -> str:
    """Return the first day of a version's month, as its number says no more."""
    year, month, *_ = parse_version(version) if version[:1].isdigit() else (1970, 1)
    return f"{year:04}-{month:02}-01T00:00:00Z"


def filter_changes(query: ChangeFilters, catalog: Catalog) -> list[Change]:
    """Return the changes that match. An outlet that has gone is found too."""
    host = find_host(query.domain) if query.domain else None
    domain = strip_www(host) if host else query.domain
    since = parse_version(query.since) if query.since else ()
    return [
        change
        for change in catalog.changes
        if (not since or parse_version(change.version) > since)
        and (domain is None or change.domain == domain)
        and (query.field is None or change.field == query.field)
    ]


def parse_version(version: str) -> tuple[int, ...]:
    """Return a version as a sort key: 2026.12.10 comes after 2026.12.9."""
    return tuple(int(part) for part in version.split("."))
