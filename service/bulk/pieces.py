"""Text in files as whole lines, packed or not, here or far away. Other encodings become UTF-8 first."""

import codecs
import gzip
import io
import shutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, cast

import polars as pl
from msgspec import structs

from service.bulk.paths import STDIO, Source
from service.core.errors import DataError

CHUNK_SIZE = 2**22
"""Bytes of text handed over at a time."""

BATCH_LINES = 20_000
"""Lines handed over at a time by polars."""

UTF16_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

GZIP_MAGIC = b"\x1f\x8b"

Chunks = Iterator[tuple[str, bytes]]
"""Name of a file, and some whole lines of it, in order."""


def read_chunks(source: Source) -> Chunks:
    """Read the lines of a table. Those of one file follow each other."""
    if source.remote or source.format.packed == "zst":
        return _read_by_polars(source)
    return ((address, chunk) for address in source.addresses for chunk in _read_chunks(address))


def read_headers(source: Source) -> set[bytes]:
    """Return the different first lines of the files here. None of those that only polars can open."""
    if source.remote or source.format.packed == "zst":
        return set()
    lines = set()
    for address in source.addresses:
        with _open(address) as file:
            lines.add(file.readline().removeprefix(codecs.BOM_UTF8).rstrip())
    return lines


def split_lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Cut chunks into lines that keep their ends."""
    return (line for chunk in chunks for line in io.BytesIO(chunk))


def materialize(source: Source, room: Path) -> Source:
    """Put standard input, and text in another encoding, into ``room``. All else stays where it is."""
    if source.given == STDIO:
        spool = room / f"input{source.format.ending}"
        with spool.open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file, CHUNK_SIZE)
        source = structs.replace(source, addresses=(str(spool),))
    encoding = source.format.encoding or _detect_encoding(source)
    if source.format.kind == "parquet" or not encoding or _is_utf8(encoding):
        return source
    if source.remote or source.format.packed == "zst":
        raise DataError(f"{source.given}: text in {encoding} is read only from files here, plain or .gz")
    addresses = [_to_utf8(address, encoding, room / f"{i}.txt") for i, address in enumerate(source.addresses)]
    return structs.replace(
        source, addresses=tuple(addresses), format=structs.replace(source.format, packed="", encoding="")
    )


def _open(address: str) -> BinaryIO:
    with Path(address).open("rb") as file:
        packed = file.read(2) == GZIP_MAGIC
    return cast("BinaryIO", gzip.open(address) if packed else Path(address).open("rb"))


def _read_chunks(address: str) -> Iterator[bytes]:
    with _open(address) as file:
        start = file.read(len(codecs.BOM_UTF8)).removeprefix(codecs.BOM_UTF8)
        while chunk := start + file.read(CHUNK_SIZE):
            yield chunk + file.readline()
            start = b""


def _read_by_polars(source: Source) -> Chunks:
    """Read lines as polars finds them. Bytes that are not UTF-8 come as U+FFFD."""
    found = pl.scan_csv(
        list(source.addresses),
        has_header=False,
        schema={"line": pl.String},
        separator="\0",
        quote_char=None,
        encoding="utf8-lossy",
        empty_string_is_null=False,
        include_file_paths="file",
    )
    for batch in found.collect_batches(chunk_size=BATCH_LINES, maintain_order=True):
        for part in batch.partition_by("file", maintain_order=True):
            yield part["file"][0], "".join(f"{line or ''}\n" for line in part["line"]).encode()


def _detect_encoding(source: Source) -> str:
    """Return ``utf-16`` for a text that starts with its mark."""
    if source.remote or source.format.packed == "zst" or source.format.kind == "parquet":
        return ""
    with _open(source.addresses[0]) as file:
        return "utf-16" if file.read(2) in UTF16_BOMS else ""


def _is_utf8(encoding: str) -> bool:
    try:
        return codecs.lookup(encoding).name in ("utf-8", "utf-8-sig", "ascii")
    except LookupError:
        raise DataError(f"encoding {encoding!r} is not known; utf-8, utf-16 or latin-1 are") from None


def _to_utf8(address: str, encoding: str, spool: Path) -> str:
    """Write a text once more in UTF-8. What its encoding cannot mean becomes U+FFFD."""
    with _open(address) as packed, spool.open("w", encoding="utf-8", newline="") as plain:
        text = io.TextIOWrapper(packed, encoding=encoding, errors="replace", newline="")
        shutil.copyfileobj(text, plain, CHUNK_SIZE)
    return str(spool)
