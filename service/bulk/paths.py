"""The names of tables: files, folders, globs, standard streams and remote addresses, and what is in them."""

import re
from glob import glob, has_magic
from pathlib import Path
from typing import Literal
from urllib.parse import unquote

from msgspec import Struct

from service.core.errors import DataError

Kind = Literal["csv", "parquet", "ndjson"]

STDIO = "-"
"""How standard input and output are written."""

REMOTE_SCHEMES = ("s3", "s3a", "gs", "gcs", "az", "azure", "abfs", "abfss", "adl", "http", "https")
"""Schemes that polars reads; ``http`` and ``https`` cannot be written."""

READ_ONLY_SCHEMES = ("http", "https")

_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]+):/")
_ENDING = re.compile(r"\.?(csv|tsv|parquet|ndjson|jsonl)(?:\.(gz|zst))?", re.ASCII)
ENDINGS = ".csv, .tsv, .parquet, .ndjson, .jsonl (text also with .gz or .zst)"


class Format(Struct, frozen=True):
    """The kind of a table, and how its text is written."""

    kind: Kind
    ending: str
    packed: str = ""
    delimiter: str = ","
    encoding: str = ""

    def with_options(self, delimiter: str | None, encoding: str | None) -> "Format":
        """Return this format with what a caller said of its text."""
        return Format(
            self.kind, self.ending, self.packed, delimiter or self.delimiter, encoding or self.encoding
        )


class Source(Struct, frozen=True):
    """A table to read: addresses in the order in which their rows are numbered, all in one format."""

    given: str
    addresses: tuple[str, ...]
    format: Format
    remote: bool = False


class Target(Struct, frozen=True):
    """A table to write: a file here (``path``), a folder of parts, standard output, or a remote address."""

    given: str
    format: Format
    path: Path | None = None
    folder: bool = False


def parse_format(name: str) -> Format | None:
    r"""Return the format that the ending of ``name`` says.

    >>> parse_format("articles.tsv.gz").delimiter
    '\t'
    """
    last = name.rstrip("/").rpartition("/")[2]
    for parts in (2, 1):
        ending = ".".join(last.split(".")[-parts:]) if last.count(".") >= parts or last == name else ""
        found = _ENDING.fullmatch(ending.lower())
        if found and not (found[1] == "parquet" and found[2]):
            kind: Kind = {"tsv": "csv", "jsonl": "ndjson"}.get(found[1], found[1])  # type: ignore[assignment]  # get() gives a str
            tab = "\t" if found[1] == "tsv" else ","
            return Format(kind, "." + found[0].removeprefix("."), found[2] or "", tab)
    return None


def parse_source(text: str | Path, form: str | None = None) -> Source:
    """Find what ``text`` names. ``form`` says the format where no ending does.

    Raises ``DataError`` for a table that is not there, or whose format is not known.
    """
    given = str(text)
    if given == STDIO:
        return Source(given, (given,), _require_format(form, "standard input"))
    scheme = _url_scheme(given)
    if scheme and scheme != "file":
        return _remote_source(given, scheme, form)
    path = to_local_path(given)
    if path.is_dir():
        return _join_files(given, sorted(_list_tables(path)), form)
    if path.exists():
        return Source(given, (str(path),), _choose_format(given, form))
    if has_magic(str(path)):
        found = sorted(Path(each) for each in glob(str(path), recursive=True) if Path(each).is_file())  # noqa: PTH207  # of any root
        return _join_files(given, found, form)
    raise DataError(f"{given}: no such file or folder")


def parse_target(text: str | Path, form: str | None = None) -> Target:
    """Find where a table goes: a folder of parts if ``text`` ends in a slash or is a folder.

    Raises ``DataError`` for a folder that is not there, and for what cannot be written.
    """
    given = str(text)
    if given == STDIO:
        return Target(given, _require_format(form, "standard output"))
    scheme = _url_scheme(given)
    if scheme and scheme != "file":
        if _check_scheme(given, scheme) in READ_ONLY_SCHEMES:
            raise DataError(f"{given}: {scheme}:// can be read, not written")
        return Target(given, _choose_format(given, form))
    path = to_local_path(given)
    if given.endswith("/") or path.is_dir():
        return Target(given, _require_format(form or "parquet", given), path, folder=True)
    if not path.parent.is_dir():
        raise DataError(f"{given}: the folder {path.parent} does not exist")
    return Target(given, _choose_format(given, form), path)


def check_not_overwritten(source: Source, *targets: Target) -> None:
    """Raise ``DataError`` when a table would be written over one that is read, or over another one."""
    read = [Path(each).resolve() for each in source.addresses if not source.remote and each != STDIO]
    root = to_local_path(source.given).resolve() if read else None
    taken: dict[str, str] = {}
    for target in targets:
        if target.path is None:
            place = target.given
            clash = place in source.addresses and place != STDIO
        else:
            real = target.path.resolve()
            place = str(real)
            same = target.path.exists() and any(target.path.samefile(each) for each in read)
            clash = (
                same or real in read or (root is not None and root.is_dir() and root in (real, *real.parents))
            )
            clash = clash or any(real in each.parents for each in read if target.folder)
        if clash:
            raise DataError(f"{target.given}: is (or lies in) the table that is read, {source.given}")
        if place in taken:
            raise DataError(f"{target.given}: two tables would be written to it")
        taken[place] = target.given


def to_local_path(given: str) -> Path:
    """Return the path of a file here, also of one written as ``file://``."""
    if _url_scheme(given) != "file":
        return Path(given)
    host, _, rest = given.partition(":")[2].removeprefix("//").partition("/")
    if host not in ("", "localhost"):
        raise DataError(f"{given}: file:// addresses name no host here; write file:///{rest}")
    return Path("/" + unquote(rest).lstrip("/"))


def _url_scheme(given: str) -> str:
    found = _SCHEME.match(given)
    return found[1].lower() if found else ""


def _check_scheme(given: str, scheme: str) -> str:
    if scheme == "hdfs":
        raise DataError(f"{given}: hdfs:// needs --engine spark")
    if scheme not in REMOTE_SCHEMES:
        raise DataError(f"{given}: {scheme}:// is not supported; {', '.join(('file', *REMOTE_SCHEMES))} are")
    return scheme


def _remote_source(given: str, scheme: str, form: str | None) -> Source:
    _check_scheme(given, scheme)
    if given.endswith("/"):
        chosen = _require_format(form or "parquet", given)
        return Source(given, (f"{given}**/*{chosen.ending}",), chosen, remote=True)
    return Source(given, (given,), _choose_format(given, form), remote=True)


def _list_tables(folder: Path) -> list[Path]:
    """List the tables in a folder and below, without those that Spark and others hide."""
    return [
        path
        for path in folder.rglob("*")
        if path.is_file()
        and parse_format(path.name)
        and not any(part.startswith((".", "_")) for part in path.relative_to(folder).parts)
    ]


def _join_files(given: str, paths: list[Path], form: str | None) -> Source:
    wanted = parse_format(form) if form else None
    formats = {found: path for path in paths if (found := wanted or parse_format(path.name))}
    if not formats:
        raise DataError(f"{given}: no table there; the name of a table ends in {ENDINGS}")
    if len({(each.kind, each.packed == "zst", each.delimiter) for each in formats}) > 1:
        names = ", ".join(path.name for path in formats.values())
        raise DataError(f"{given}: tables of several formats ({names}); name one, as {given}/*.csv")
    return Source(given, tuple(map(str, paths)), next(iter(formats)))


def _choose_format(given: str, form: str | None) -> Format:
    found = _require_format(form, given) if form else parse_format(given)
    if found is None:
        raise DataError(f"{given}: the name of a table ends in {ENDINGS}")
    return found


def _require_format(form: str | None, given: str) -> Format:
    found = parse_format(form) if form else None
    if found is None:
        raise DataError(f"{given}: say its format with --from or --to, as csv, parquet or ndjson.gz")
    return found
