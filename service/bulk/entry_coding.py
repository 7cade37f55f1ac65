"""Rows of a table → the key of the outlet, or of the unknown host, that each counts for.

An archive's URLs are all different, their hosts are not: a URL is cut to its host, and a host is resolved
when it is first met. Where the host does not say all (a redirect, a platform with a path for each outlet,
``user@host``), the URL of each row is read whole. So what is kept grows with the hosts, not with the rows.
"""

from collections.abc import Iterable, Sequence
from threading import Lock
from typing import Any

import msgspec
import numpy as np
import polars as pl

from service.bulk.pipeline import number_units, status_unit
from service.bulk.summary import Meter
from service.core.distribution import NEVER_DUPLICATES, Scorer
from service.core.resolve.hosts import (
    MAX_HOST_LENGTH,
    PLAIN_ADDRESS,
    PREFIXES,
    STRIPPED_CHARS,
    fast_parse_host,
    find_host,
)
from service.core.resolve.match import EntryFields
from service.core.resolve.redirects import REDIRECT_HOSTS

# Stand for the key of a text that was not met yet, or with which each row's whole URL must be read.
UNSEEN, NEEDS_FULL_URL = -1, -2

SCHEMES = ("https://", "http://")

# What makes the head of a URL no plain host, and what then stands for it. Without a scheme a colon does too,
# for it may end one.
NON_HOST_PATTERN = r"^$|[@?#\\\s]"
AMBIGUOUS_HEAD = "?"

# How nearly every host is written; the rest is read step by step.
PLAIN_HOST = r"^[a-z0-9-][a-z0-9.-]*\.[a-z]{2,63}$"
WWW_PATTERN = f"^(?:{'|'.join(PREFIXES)})".replace(".", r"\.")
MAX_HEAD_LENGTH = 300
GOOGLE_PATTERN = r"^(?:www\.)?google\."

# Marks the text of a name that several outlets bear; all else that has no outlet is unknown.
AMBIGUOUS = "\0"

_decode_texts = msgspec.json.Decoder(dict[str, str]).decode

Numbers = np.ndarray[Any, np.dtype[Any]]


class TextNumbers:
    """Numbers texts from 0 in the order in which they are met."""

    def __init__(self) -> None:
        # Polars keeps the texts of a dtype for as long as there is a series of it.
        self._alive = pl.Series(dtype=pl.Categorical(pl.Categories.random()))
        self.count = 0

    @property
    def dtype(self) -> pl.DataType:
        return self._alive.dtype

    def number(self, texts: pl.Series) -> Numbers:
        numbers = texts.cast(self.dtype).to_physical().to_numpy().astype(np.int64)
        self.count = max(self.count, numbers.max(initial=-1) + 1)
        return numbers

    def texts(self) -> pl.Series:
        return pl.Series(range(self.count), dtype=pl.UInt32).cat.to(self.dtype).cast(pl.String)


class EntryCoder:
    """Encodes the entry in each row's ``fields`` as the key of what it means, for one table or several."""

    def __init__(self, fields: Sequence[str], scorer: Scorer, meter: Meter | None = None) -> None:
        self.fields = list(fields)
        self.scorer = scorer
        self.meter = meter or Meter()
        self._parts = ["head" if field == "url" else field for field in fields]
        self._units = number_units(scorer)
        self.first_unknown = len(self._units)
        self._texts, self._unknown = TextNumbers(), TextNumbers()
        self._keys = np.full(2**16, UNSEEN, np.int32)  # by the number of a text
        self._listed = _listed_suffixes(scorer) if self.fields in (["url"], ["domain"]) else None
        self._lock = Lock()

    def encode_rows(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        """Replace the fields of normalized rows by ``key``, the negative fault where a row has one."""
        rows = rows.with_columns(pl.col(field).fill_null("") for field in self.fields)
        if "url" in self.fields:
            rows = _with_head(rows)
        parts = pl.struct(self._parts).struct.json_encode() if len(self._parts) > 1 else pl.col(self._parts)
        text = pl.when(pl.col("fault") > 0).then(pl.lit("")).otherwise(parts)
        entry = pl.struct(text.alias("text"), "fault", *self.fields)
        key = entry.map_batches(self._encode, return_dtype=pl.Int32, is_elementwise=True)
        return rows.with_columns(key.alias("key")).drop("head", "fault", *self.fields, strict=False)

    def unknown(self) -> pl.DataFrame:
        """Return the host or name behind each key that is no unit's, and whether it is ``ambiguous``."""
        text = self._unknown.texts()
        key = pl.int_range(len(text), dtype=pl.Int32, eager=True) + self.first_unknown
        ambiguous = text.str.starts_with(AMBIGUOUS)
        return pl.DataFrame({"key": key, "text": text.str.strip_prefix(AMBIGUOUS), "ambiguous": ambiguous})

    def _encode(self, batch: pl.Series) -> pl.Series:
        texts = batch.struct.field("text").cast(self._texts.dtype)
        with self._lock:
            self.meter.passed += len(batch)
            keys = self._find_keys(texts)
            if (unseen := keys == UNSEEN).any():
                self._learn(texts.filter(pl.Series(unseen)).unique())
                keys = self._find_keys(texts)
            if len(whole := np.flatnonzero(keys == NEEDS_FULL_URL)):
                entries = batch.gather(whole).struct.unnest().select(self.fields).rows()
                keys[whole] = self._to_keys(map(self._resolve, entries))
        faults = batch.struct.field("fault").to_numpy()
        return pl.Series(np.where(faults > 0, -faults, keys).astype(np.int32))

    def _find_keys(self, texts: pl.Series) -> Numbers:
        numbers = self._texts.number(texts)
        if (more := self._texts.count - len(self._keys)) > 0:
            room = np.full(max(more, len(self._keys)), UNSEEN, np.int32)
            self._keys = np.concatenate((self._keys, room))
        return self._keys[numbers]

    def _learn(self, new: pl.Series) -> None:
        """Find the keys of texts that are met for the first time."""
        texts = new.cast(pl.String)
        unknown = self._unknown_hosts(texts)
        rest = unknown.is_null()
        keys = np.empty(len(new), np.int32)
        keys[~rest.to_numpy()] = self.first_unknown + self._unknown.number(unknown.drop_nulls())
        keys[rest.to_numpy()] = self._to_keys(map(self._read, texts.filter(rest)))
        self._keys[self._texts.number(new)] = keys

    def _unknown_hosts(self, hosts: pl.Series) -> pl.Series:
        """Return, without ``www.``, the hosts that no outlet can match; null for all others."""
        if self._listed is None:
            return pl.Series([None] * len(hosts), dtype=pl.String)
        host = pl.col("host")
        plain = host.str.contains(PLAIN_HOST) & (host.str.len_bytes() <= MAX_HOST_LENGTH)
        plain &= ~host.str.contains("..", literal=True) & ~host.str.contains(GOOGLE_PATTERN)
        listed = [
            host.str.extract(_last_labels(n)).is_in(self._listed[n].implode()).fill_null(value=False)
            for n in self._listed
        ]
        unknown = pl.when(plain & ~pl.any_horizontal(listed)).then(host.str.replace(WWW_PATTERN, ""))
        return hosts.to_frame("host").select(unknown.alias("host")).to_series()

    def _to_keys(self, found: Iterable[int | str]) -> Numbers:
        """Return keys. What is unknown comes as its text, and is numbered here."""
        found = list(found)
        keys = np.array([0 if isinstance(item, str) else item for item in found], np.int32)
        if texts := [item for item in found if isinstance(item, str)]:
            unknown = np.array([isinstance(item, str) for item in found])
            keys[unknown] = self.first_unknown + self._unknown.number(pl.Series(texts))
        return keys

    def _read(self, text: str) -> int | str:
        parts = [text] if len(self._parts) == 1 else list(_decode_texts(text).values()) if text else []
        head = dict(zip(self._parts, parts, strict=False)).get("head")
        if head and not self._is_plain_host(head):
            return NEEDS_FULL_URL
        return self._resolve(parts)

    def _resolve(self, texts: Sequence[str]) -> int | str:
        """Return the key of an entry, or the text of one that no outlet is known for."""
        given = {field: text for field, text in zip(self.fields, texts, strict=False) if text}
        match = self.scorer.resolve(EntryFields(**given))
        if match.status == "ambiguous":
            return AMBIGUOUS + match.key
        if match.status in NEVER_DUPLICATES:
            return self._units[status_unit(match.status)]
        return self._units.get(match.key, match.key)

    def _is_plain_host(self, text: str) -> bool:
        """Return True if ``text``, cut from URLs before their path, means the same whatever the path is."""
        plain = PLAIN_ADDRESS.fullmatch(text)
        if plain and not plain[1] and fast_parse_host(plain, text):
            return not self.scorer.catalog.resolver.needs_path(text)
        if text != text.strip(STRIPPED_CHARS) or len(text) > MAX_HEAD_LENGTH:
            return False
        host = find_host(text)
        if host is None or host != find_host("https://" + text):
            return False
        return not self.scorer.catalog.resolver.needs_path(host)


def _listed_suffixes(scorer: Scorer) -> dict[int, pl.Series]:
    """Return the last two or three labels of every host that is listed, opened as a redirect or overridden.

    A host that ends otherwise is unknown.
    """
    hosts = pl.Series([*scorer.catalog.hosts.listings, *REDIRECT_HOSTS, *scorer.overrides], dtype=pl.String)
    short = hosts.str.count_matches(".", literal=True) < 2
    return {2: hosts.filter(short), 3: hosts.filter(~short).str.extract(_last_labels(3))}


def _last_labels(count: int) -> str:
    return rf"((?:[^.]+\.){{{count - 1}}}[^.]+)$"


def _with_head(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Add ``head``: what stands in a URL before its path, ``AMBIGUOUS_HEAD`` if that may not be a host.

    It is cut at the first slash, counted in bytes. Splitting takes longer, and this is half the work.
    """
    url, head = pl.col("url"), pl.col("head")
    https, http = (url.str.strip_prefix(scheme) for scheme in SCHEMES)
    slash = head.str.find("/", literal=True).fill_null(head.str.len_bytes())
    has_scheme = url.str.starts_with(SCHEMES[0]) | url.str.starts_with(SCHEMES[1])
    odd = head.str.contains(NON_HOST_PATTERN) | (~has_scheme & head.str.contains(":", literal=True))
    return (
        rows.with_columns(pl.when(url.str.starts_with(SCHEMES[0])).then(https).otherwise(http).alias("head"))
        .with_columns(head.cast(pl.Binary).bin.head(slash).cast(pl.String))
        .with_columns(pl.when(odd & (url != "")).then(pl.lit(AMBIGUOUS_HEAD)).otherwise(head).alias("head"))
    )
