"""``/v1/changes``: what moved between versions of the data, as JSON, CSV and a feed."""

from collections.abc import Iterator, Sequence
from typing import Annotated

from flask import Blueprint
from msgspec import Meta, Struct, structs

from service.core.outlets import Change
from service.core.resolve.catalog import Catalog
from service.core.resolve.hosts import find_host, strip_www
from service.web.api.pagination import next_link
from service.web.framework.csv_response import CSV_CONTENT_TYPE, Row
from service.web.framework.endpoint import endpoint, get_catalog

blueprint = Blueprint("changes", __name__)

Version = Annotated[
    str,
    Meta(
        pattern=r"^\d{4}\.(0[1-9]|1[0-2])\.\d{1,4}$",
        max_length=12,
        description="A version of the data such as 2026.11.0.",
    ),
]


class ChangeFilters(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which changes: those of versions after ``since``, and those of one outlet."""

    since: Version | None = None
    domain: Annotated[str, Meta(max_length=253)] | None = None


class ChangesQuery(ChangeFilters, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which changes, and the page of them."""

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
    blueprint,
    "/v1/changes",
    query=ChangesQuery,
    answer=Changes,
    csv_path="/v1/changes.csv",
    problems=(406, 422),
    tag="outlets",
)
def get_changes(query: ChangesQuery) -> Changes:
    """Return what moved between versions of the data, cell by cell, with the reason."""
    current = get_catalog()
    return make_page(filter_changes(query, current), query, current)


@endpoint(
    blueprint,
    "/v1/changes.csv",
    query=ChangeFilters,
    answer=str,
    media=CSV_CONTENT_TYPE,
    problems=(422,),
    tag="outlets",
)
def get_changes_csv(query: ChangeFilters) -> Iterator[Row]:
    """Return all changes that match as a table."""
    yield Change.__struct_fields__
    yield from map(structs.astuple, filter_changes(query, get_catalog()))


def filter_changes(query: ChangeFilters, current: Catalog) -> list[Change]:
    """Return the changes that match, over all pages."""
    return [each for each in current.changes if passes_filters(each, query)]


def passes_filters(change: Change, query: ChangeFilters) -> bool:
    """Tell whether a change passes both filters."""
    return (query.since is None or parse_version(change.version) > parse_version(query.since)) and (
        query.domain is None or change.domain == normalize_domain(query.domain)
    )


def parse_version(version: str) -> tuple[int, ...]:
    """Return what versions are compared by: 2026.12.10 comes after 2026.12.9."""
    return tuple(int(part) for part in version.split("."))


def normalize_domain(domain: str) -> str:
    """Return a domain as the data spells it: an outlet that has gone is found too."""
    host = find_host(domain)
    return strip_www(host) if host else domain


def make_page(found: Sequence[Change], query: ChangesQuery, current: Catalog) -> Changes:
    """Return the page that ``query`` asks for."""
    after = query.offset + query.limit
    following = after if after < len(found) else None
    return Changes(
        version=current.version,
        changes=found[query.offset : after],
        total=len(found),
        next_offset=following,
        next=next_link(query, offset=following),
    )
