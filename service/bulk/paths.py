"""The names of tables: files, folders, patterns, standard streams and addresses, and the formats in them."""

import re
from glob import glob, has_magic
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote

from msgspec import Struct

from service.core.errors import DataError

Kind = Literal["csv", "parquet", "ndjson"]

STDIO = "-"

# Schemes that polars reads, and those of them that it cannot write.
REMOTE_SCHEMES = ("s3", "s3a", "gs", "gcs", "az", "azure", "abfs", "abfss", "adl", "http", "https")
READ_ONLY_SCHEMES = ("http", "https")

_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]+):/")
_ENDING = re.compile(
    r"(?:^|\.)(?:(parquet)|(csv|tsv|ndjson|jsonl)(?:\.(gz|zst))?)$", re.ASCII | re.IGNORECASE
)
_ALIASES: dict[str, Any] = {"tsv": "csv", "jsonl": "ndjson"}
COMPRESSIONS: dict[str, Any] = {"": "uncompressed", "gz": "gzip", "zst": "zstd"}
ENDINGS = ".csv, .tsv, .parquet, .ndjson, .jsonl (text also with .gz or .zst)"


class Format(Struct, frozen=True):
    """The kind of a table, and how its text is written."""

    kind: Kind
    ending: str
    packed: str = ""
    delimiter: str = ","
    encoding: str = ""


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
    found = _ENDING.search(name.rstrip("/").rpartition("/")[2])
    if found is None:
        return None
    kind = (found[1] or found[2]).lower()
    packed = (found[3] or "").lower()
    ending = f".{kind}.{packed}".rstrip(".")
    return Format(_ALIASES.get(kind, kind), ending, packed, "\t" if kind == "tsv" else ",")


def require_format(name: str) -> Format:
    """Return the format that the ending of ``name`` says. Raises ``DataError`` if it says none."""
    found = parse_format(name)
    if found is None:
        raise DataError(f"{name}: the name of a table ends in {ENDINGS}")
    return found


def parse_source(text: str | Path, form: str | None = None) -> Source:
    """Find what ``text`` names. ``form`` says the format where no ending does.

    Raises ``DataError`` for a table that is not there, or whose format is not known.
    """
    given = str(text)
    if given == STDIO:
        return Source(given, (given,), _choose_format("standard input", form))
    if scheme := _remote_scheme(given):
        _check_scheme(given, scheme)
        if given.endswith("/"):
            chosen = _choose_format(given, form or "parquet")
            return Source(given, (f"{given}**/*{chosen.ending}",), chosen, remote=True)
        return Source(given, (given,), _choose_format(given, form), remote=True)
    path = to_local_path(given)
    if path.is_dir():
        return _join_files(given, _list_tables(path), form)
    if path.exists():
        return Source(given, (str(path),), _choose_format(given, form))
    if has_magic(str(path)):
        found = glob(str(path), recursive=True)  # noqa: PTH207  # of any root
        return _join_files(given, [Path(name) for name in found if Path(name).is_file()], form)
    raise DataError(f"{given}: no such file or folder")


def parse_target(text: str | Path, form: str | None = None) -> Target:
    """Find where a table goes: a folder of parts if ``text`` ends in a slash or is a folder.

    Raises ``DataError`` for a folder that is not there, and for what cannot be written.
    """
    given = str(text)
    if given == STDIO:
        return Target(given, _choose_format("standard output", form))
    if scheme := _remote_scheme(given):
        _check_scheme(given, scheme)
        if scheme in READ_ONLY_SCHEMES:
            raise DataError(f"{given}: {scheme}:// can be read, not written")
        return Target(given, _choose_format(given, form))
    path = to_local_path(given)
    if given.endswith("/") or path.is_dir():
        return Target(given, _choose_format("", form or "parquet"), path, folder=True)
    if not path.parent.is_dir():
        raise DataError(f"{given}: the folder {path.parent} does not exist")
    return Target(given, _choose_format(given, form), path)


def check_not_overwritten(source: Source, *targets: Target) -> None:
    """Raise ``DataError`` when a table would be written over one that is read, or over another one."""
    read = (
        [] if source.remote or source.given == STDIO else [Path(name).resolve() for name in source.addresses]
    )
    root = to_local_path(source.given).resolve() if read else None
    written: set[str] = set()
    for target in targets:
        if target.path is None:
            place = target.given
            clash = source.remote and place in source.addresses
        else:
            path = target.path.resolve()
            place = str(path)
            within = root is not None and root.is_dir() and path.is_relative_to(root)
            around = target.folder and any(name.is_relative_to(path) for name in read)
            clash = within or around or (path.exists() and any(path.samefile(name) for name in read))
        if clash:
            raise DataError(f"{target.given}: is (or lies in) the table that is read, {source.given}")
        if place in written:
            raise DataError(f"{target.given}: two tables would be written to it")
        written.add(place)


def to_local_path(given: str) -> Path:
    """Return the path of a file here, also of one written as ``file://``."""
    path = re.sub(r"^file:(//(localhost)?)?(?=/)", "", given, flags=re.IGNORECASE)
    return Path(given if path == given else unquote(path))


def _remote_scheme(given: str) -> str:
    found = _SCHEME.match(given)
    return found[1].lower() if found and found[1].lower() != "file" else ""


def _check_scheme(given: str, scheme: str) -> None:
    if scheme == "hdfs":
        raise DataError(f"{given}: hdfs:// needs --engine spark")
    if scheme not in REMOTE_SCHEMES:
        raise DataError(f"{given}: {scheme}:// is not supported; {', '.join(('file', *REMOTE_SCHEMES))} are")


def _list_tables(folder: Path) -> list[Path]:
    # What Spark and others hide begins so.
    hidden = (".", "_")
    return [
        path
        for path in folder.rglob("*")
        if path.is_file()
        and parse_format(path.name)
        and not any(part.startswith(hidden) for part in path.relative_to(folder).parts)
    ]


def _join_files(given: str, paths: list[Path], form: str | None) -> Source:
    wanted = parse_format(form) if form else None
    formats = {found: path for path in sorted(paths) if (found := wanted or parse_format(path.name))}
    if not formats:
        raise DataError(f"{given}: no table there; the name of a table ends in {ENDINGS}")
    if len({(found.kind, found.packed == "zst", found.delimiter) for found in formats}) > 1:
        names = ", ".join(path.name for path in formats.values())
        raise DataError(f"{given}: tables of several formats ({names}); name one, as {given}/*.csv")
    return Source(given, tuple(map(str, sorted(paths))), next(iter(formats)))


def _choose_format(given: str, form: str | None) -> Format:
    if not form and not given.startswith("standard "):
        return require_format(given)
    found = parse_format(form or "")
    if found is None:
        raise DataError(f"{given}: say its format with --from or --to, as csv, parquet or ndjson.gz")
    return found
