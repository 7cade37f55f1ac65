"""Checks the alias file: no alias may contradict an outlet's name or host."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from service.core.outlets import Alias, Outlet
from service.core.resolve.host_index import MAX_PATH_SEGMENTS
from service.core.resolve.hosts import find_host
from service.core.resolve.normalization import normalize_name
from service.dataset.file_reader import DataIssue
from service.dataset.schema import check_text
from service.dataset.suffixes import check_shared_host
from service.dataset.tables import check_cells, check_each, iter_rows

ALIAS_HOST_HINT = f"a host in lower case, or host/section with at most {MAX_PATH_SEGMENTS} segments"


class AliasIssue(NamedTuple):
    """A fault in one row (counted from 0), and the correction."""

    row: int
    found: str
    expected: str
    column: str = "alias"


def to_aliases(frame: pd.DataFrame) -> list[Alias]:
    return [Alias(row.alias, row.kind, row.domain or None) for row in iter_rows(frame)]


def check_aliases(frame: pd.DataFrame, table: pd.DataFrame, file: str) -> list[DataIssue]:
    """Check ``outlet_aliases.csv`` against the outlets of ``table``."""
    # The domain has rules of its own: a platform has none.
    if unsafe := [
        *check_cells(frame[["alias", "kind"]], file),
        *check_each(frame, ("domain",), check_text, file),
    ]:
        return unsafe
    outlets = [
        Outlet(row.domain, row.name, disambiguation=row.disambiguation or None) for row in iter_rows(table)
    ]
    issues = find_alias_issues(outlets, to_aliases(frame))
    return [
        DataIssue(file, frame.index[issue.row], issue.column, issue.found, issue.expected) for issue in issues
    ]


def check_shared_names(frame: pd.DataFrame, aliases: pd.DataFrame, file: str) -> Iterator[DataIssue]:
    """Find names with a reason that are not ``ambiguous`` in ``outlet_aliases.csv``."""
    ambiguous = aliases["alias"][aliases["kind"] == "ambiguous"]
    for row in iter_rows(frame[~frame["name"].isin(ambiguous)]):
        expected = "a name of kind ambiguous in outlet_aliases.csv"
        yield DataIssue(file, row.Index, "name", f"{row.name!r} is not ambiguous", expected)


def find_alias_issues(outlets: Iterable[Outlet], aliases: Sequence[Alias]) -> list[AliasIssue]:
    """Return every fault of ``aliases`` in the order of its rows."""
    listed = {outlet.domain: outlet for outlet in outlets}
    own: dict[str, set[str]] = {}
    for outlet in listed.values():
        own.setdefault(normalize_name(outlet.full_name), set()).add(outlet.domain)
    faults = [
        *_check_targets(listed, aliases),
        *_check_hosts(listed, aliases),
        *_check_names(own, aliases),
        *_check_order(aliases),
    ]
    return sorted(faults)


def alias_sort_key(alias: Alias) -> tuple[str, str, str, str]:
    """Return the sort key of the alias file: the alias regardless of case, then the domain."""
    return alias.alias.casefold(), alias.alias, alias.domain or "", alias.kind


def _check_targets(listed: Mapping[str, Outlet], aliases: Sequence[Alias]) -> Iterator[AliasIssue]:
    for row, alias in enumerate(aliases):
        if alias.kind == "platform" and alias.domain:
            found = f"a platform has no domain, but this row gives {alias.domain!r}"
            yield AliasIssue(row, found, "leave the domain empty", "domain")
        elif alias.kind != "platform" and alias.domain not in listed:
            found = f"{alias.domain or ''!r} is not in the table"
            yield AliasIssue(row, found, "the domain of an outlet in outlet_ratings.csv", "domain")


def _check_hosts(listed: Mapping[str, Outlet], aliases: Sequence[Alias]) -> Iterator[AliasIssue]:
    seen: set[str] = set()
    for row, alias in enumerate(aliases):
        if alias.kind not in ("host", "shortener") and not (alias.kind == "platform" and "." in alias.alias):
            continue
        host, _, path = alias.alias.partition("/")
        if find_host(host) != host or path.count("/") >= MAX_PATH_SEGMENTS or path != path.lower().strip("/"):
            yield AliasIssue(row, f"{alias.alias} is not a host", ALIAS_HOST_HINT)
        elif not path and alias.kind == "host" and (problem := check_shared_host(host)):
            yield AliasIssue(row, *problem)
        elif not path and host in listed:
            yield AliasIssue(row, f"{host} is the domain of an outlet", "remove the alias or the outlet")
        if alias.alias in seen:
            yield AliasIssue(row, f"{alias.alias} appears twice", "keep one of them")
        seen.add(alias.alias)


def _check_names(own: Mapping[str, set[str]], aliases: Sequence[Alias]) -> Iterator[AliasIssue]:
    # Names are compared in normal form: "The Hill" and "Hill" are one.
    kinds: dict[str, Alias] = {}
    pairs: set[tuple[str, str | None]] = set()
    for row, alias in enumerate(aliases):
        if alias.kind in ("host", "shortener") or (alias.kind == "platform" and "." in alias.alias):
            continue
        key = normalize_name(alias.alias)
        first = kinds.setdefault(key, alias)
        if not key:
            yield AliasIssue(row, f"{alias.alias!r} has no letters", "a name")
        elif (key, alias.domain) in pairs:
            yield AliasIssue(row, f"{alias.alias!r} says the same as {first.alias!r}", "keep one of them")
        elif first.kind != alias.kind or (alias.kind == "name" and first is not alias):
            yield AliasIssue(
                row,
                f"{alias.alias!r} already means {first.domain or 'a platform'}",
                "one row of kind ambiguous for each outlet with that name",
            )
        elif alias.kind != "ambiguous" and key in own and alias.domain not in own[key]:
            owner = min(own[key])
            yield AliasIssue(
                row,
                f"{alias.alias!r} is the name of {owner}",
                "remove the alias, or make the name ambiguous",
            )
        pairs.add((key, alias.domain))


def _check_order(aliases: Sequence[Alias]) -> Iterator[AliasIssue]:
    for row in range(1, len(aliases)):
        if alias_sort_key(aliases[row]) < alias_sort_key(aliases[row - 1]):
            yield AliasIssue(
                row,
                f"{aliases[row].alias!r} comes after {aliases[row - 1].alias!r}",
                "sort the rows by alias",
            )
