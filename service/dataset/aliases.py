"""Check the alias file: no alias may contradict an outlet's name or host."""

from collections.abc import Collection, Iterator

import pandas as pd

from service.core.outlets import Outlet
from service.core.resolve.host_index import MAX_PATH_SEGMENTS
from service.core.resolve.hosts import find_host, parse_address
from service.core.resolve.normalization import normalize_name
from service.dataset.file_reader import DataIssue
from service.dataset.schema import Problem, check_text
from service.dataset.suffixes import check_shared_host
from service.dataset.tables import check_cells, check_each, iter_rows

ALIAS_HOST_HINT = f"a host in lower case, or host/section with at most {MAX_PATH_SEGMENTS} segments"

HOST_KINDS = ("host", "shortener", "account")


def check_aliases(frame: pd.DataFrame, table: pd.DataFrame, file: str) -> list[DataIssue]:
    """Check ``outlet_aliases.csv`` against the outlets of ``table``."""
    # Another file's domain is a host. Here a platform has none.
    if unsafe := [
        *check_cells(frame[["alias", "kind"]], file),
        *check_each(frame, ("domain",), check_text, file),
    ]:
        return unsafe
    listed = set(table["domain"])

    def check_target(domain: str, kind: str) -> Problem | None:
        if kind == "platform":
            found = f"a platform has no domain, but this row gives {domain!r}"
            return (found, "leave the domain empty") if domain else None
        if domain in listed:
            return None
        return f"{domain!r} is not in the table", "the domain of an outlet in outlet_ratings.csv"

    dotted = frame["alias"].str.contains(".", regex=False)
    is_host = frame["kind"].isin(HOST_KINDS) | ((frame["kind"] == "platform") & dotted)
    hosts, names = frame[is_host], frame[~is_host]
    issues = [
        *check_each(frame, ("domain", "kind"), check_target, file),
        *_check_hosts(hosts, listed, file),
        *_check_names(names, table, file),
        *_check_order(frame, file),
    ]
    return sorted(issues)


def _check_hosts(hosts: pd.DataFrame, listed: Collection[str], file: str) -> Iterator[DataIssue]:
    def check_host(alias: str, kind: str) -> Problem | None:
        host, _, path = alias.partition("/")
        if find_host(host) != host or path.count("/") >= MAX_PATH_SEGMENTS or path != path.lower().strip("/"):
            return f"{alias} is not a host", ALIAS_HOST_HINT
        if path:
            return None
        if kind == "host" and (problem := check_shared_host(host)):
            return problem
        if host in listed:
            return f"{host} is the domain of an outlet", "remove the alias or the outlet"
        return None

    yield from check_each(hosts, ("alias", "kind"), check_host, file)
    for row in iter_rows(hosts[hosts["alias"].duplicated()]):
        yield DataIssue(file, row.Index, "alias", f"{row.alias} appears twice", "keep one of them")


def _check_names(names: pd.DataFrame, table: pd.DataFrame, file: str) -> Iterator[DataIssue]:
    # Names are compared in normal form: "The Hill" and "Hill" are one.
    own: dict[str, set[str]] = {}
    for row in iter_rows(table):
        outlet = Outlet(row.domain, row.name, disambiguation=row.disambiguation or None)
        own.setdefault(normalize_name(outlet.full_name), set()).add(row.domain)
    firsts: dict[str, tuple[int, str, str, str]] = {}
    pairs: set[tuple[str, str]] = set()
    for row in iter_rows(names):
        key, (line, alias, kind, domain) = normalize_name(row.alias), row
        first_line, first_alias, first_kind, first_domain = firsts.setdefault(key, row)
        found = expected = ""
        if not key:
            found, expected = f"{alias!r} has no letters", "a name"
        elif (address := parse_address(alias)) and address.is_url:
            found, expected = f"{alias!r} is read as an address and never as a name", "an alias of kind host"
        elif (key, domain) in pairs:
            found, expected = f"{alias!r} says the same as {first_alias!r}", "keep one of them"
        elif first_kind != kind or (kind == "name" and first_line != line):
            found = f"{alias!r} already means {first_domain or 'a platform'}"
            expected = "one row of kind ambiguous for each outlet with that name"
        elif kind != "ambiguous" and key in own and domain not in own[key]:
            found = f"{alias!r} is the name of {min(own[key])}"
            expected = "remove the alias, or make the name ambiguous"
        if found:
            yield DataIssue(file, line, "alias", found, expected)
        pairs.add((key, domain))


def _check_order(frame: pd.DataFrame, file: str) -> Iterator[DataIssue]:
    """Check that rows are sorted by alias regardless of case, then by domain."""
    before: tuple[str, ...] = ()
    for row in iter_rows(frame):
        key = (row.alias.casefold(), row.alias, row.domain, row.kind)
        if key < before:
            found = f"{row.alias!r} comes after {before[1]!r}"
            yield DataIssue(file, row.Index, "alias", found, "sort the rows by alias")
        before = key


def check_shared_names(frame: pd.DataFrame, aliases: pd.DataFrame, file: str) -> Iterator[DataIssue]:
    """Find names with a reason that are not ``ambiguous`` in ``outlet_aliases.csv``."""
    ambiguous = aliases["alias"][aliases["kind"] == "ambiguous"]
    for row in iter_rows(frame[~frame["name"].isin(ambiguous)]):
        expected = "a name of kind ambiguous in outlet_aliases.csv"
        yield DataIssue(file, row.Index, "name", f"{row.name!r} is not ambiguous", expected)
