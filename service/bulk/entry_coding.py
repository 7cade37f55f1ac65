"""The entries of a table, which is read once: each different one is resolved when it is first met.

An archive's URLs are all different, their hosts are not: a URL is cut down to its host. Where the host does
not say all (a redirect, a platform with a path for each outlet, ``user@host``), the whole URL is read, and
stands for all URLs that mean the same. So what is kept grows with the hosts, not with the rows.
"""

from collections import Counter
from collections.abc import Sequence
from threading import Lock

import msgspec
import numpy as np
import polars as pl
from msgspec import Struct

from service.bulk.entry_lookup import EntryLookup, EntryTexts
from service.core.distribution import Scorer

SCHEMES = ("https://", "http://")

AMBIGUOUS_HEAD = "?"
"""Stands in place of a head that could be anything, so that such heads are not told apart."""

NON_HOST_PATTERN = r"^$|[@?#\\\s]"
"""Heads that are no plain host. Without a scheme, a colon makes one odd too: it may end a scheme."""

NEEDS_FULL_URL = -1
"""In place of a key: the head does not say all, the URL of each row is read."""

_decode_texts = msgspec.json.Decoder(dict[str, str]).decode


class EntryState(Struct, frozen=True):
    """What a table has been found to hold: its entries in the order of their keys, how often each key
    occurs, and the rows with each fault.
    """

    entries: Sequence[EntryTexts]
    times: Sequence[int]
    faults: dict[int, int]


class EntryCoder:
    """What the rows of one table, or of several, say in ``fields``."""

    def __init__(self, fields: Sequence[str], scorer: Scorer) -> None:
        self.fields = list(fields)
        self.lookup = EntryLookup(scorer, fields)
        self.faults: Counter[int] = Counter()
        self._parts = ["head" if field == "url" else field for field in fields]
        self._numbered = pl.Series(dtype=pl.Categorical(pl.Categories.random()))
        """Polars numbers the texts of one dtype from 0, for as long as there is a series of it."""
        self._keys = pl.Series(dtype=pl.Int32)
        """The key of each text by its number, ``NEEDS_FULL_URL``, or null if it was not met yet."""
        self._times = np.zeros(0, np.int64)
        self._lock = Lock()

    def encode_rows(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        """Return ``prepared`` rows without those that have a fault, each with the ``key`` of its unit.

        Faults, entries and how often they occur are known when the frame has been read.
        """
        fault = pl.col("fault").map_batches(self._note, return_dtype=pl.Int64, is_elementwise=True)
        good = rows.with_columns(fault).filter(pl.col("fault") == 0)
        good = good.with_columns(pl.col(field).fill_null("") for field in self.fields)
        if "url" in self.fields:
            good = _with_head(good)
        parts = pl.struct(self._parts).struct.json_encode() if len(self._parts) > 1 else pl.col(self._parts)
        entry = pl.struct(parts.alias("text"), *self.fields)
        key = entry.map_batches(self._coded, return_dtype=pl.Int32, is_elementwise=True)
        return good.with_columns(key.alias("key")).drop("head", "fault", *self.fields, strict=False)

    @property
    def times(self) -> list[int]:
        """How often each key occurs."""
        return [*self._times.tolist(), *[0] * (len(self.lookup.effects) - len(self._times))]

    @property
    def found(self) -> EntryState:
        """What ``recall`` takes."""
        return EntryState(list(self.lookup.keys), self.times, self.faults)

    def restore(self, found: EntryState) -> None:
        """Know again what was found, with the same keys."""
        for entry in found.entries:
            self.lookup.find_key(entry)
        self._times, self.faults = np.array(found.times, np.int64), Counter(found.faults)

    def _note(self, faults: pl.Series) -> pl.Series:
        bad = faults.filter(faults > 0)
        with self._lock:
            self.faults.update(bad.to_list())
        return faults

    def _coded(self, batch: pl.Series) -> pl.Series:
        """Return the keys of some entries."""
        texts = batch.struct.field("text").cast(self._numbered.dtype)
        with self._lock:
            keys = self._learned(texts)
            if len(whole := (keys == NEEDS_FULL_URL).arg_true()):
                entries = batch.gather(whole).struct.unnest().select(self.fields).rows()
                keys = keys.scatter(whole, [self._read_whole(entry) for entry in entries])
            times = np.bincount(keys.to_numpy(), minlength=len(self._times))
            times[: len(self._times)] += self._times
            self._times = times
        return keys

    def _learned(self, texts: pl.Series) -> pl.Series:
        numbers = texts.to_physical()
        more = int(numbers.to_numpy().max(initial=0)) + 1 - len(self._keys)
        if more > 0:
            self._keys = self._keys.extend_constant(None, more)
        keys = self._keys.gather(numbers)
        if keys.has_nulls():
            new = texts.filter(keys.is_null()).unique()
            self._keys = self._keys.scatter(
                new.to_physical(), [self._key_of(text) for text in new.cast(pl.String)]
            )
            keys = self._keys.gather(numbers)
        return keys

    def _key_of(self, text: str) -> int:
        parts = _decode_texts(text) if len(self._parts) > 1 else {self._parts[0]: text}
        head = parts.get("head")
        if head and not self.lookup.is_plain_host(head):
            return NEEDS_FULL_URL
        return self.lookup.find_key(tuple(parts.values()))

    def _read_whole(self, entry: EntryTexts) -> int:
        at = self.fields.index("url")
        return self.lookup.find_key((*entry[:at], self.lookup.short(entry[at]), *entry[at + 1 :]))


def _with_head(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Add ``head``: a URL up to its path, or ``AMBIGUOUS_HEAD`` if that may not be a host.

    It is cut at the first slash, counted in bytes. Splitting takes longer, and this is half the work.
    """
    url, head = pl.col("url"), pl.col("head")
    https, http = (url.str.strip_prefix(scheme) for scheme in SCHEMES)
    slash = head.str.find("/", literal=True).fill_null(head.str.len_bytes())
    schemed = url.str.starts_with(SCHEMES[0]) | url.str.starts_with(SCHEMES[1])
    odd = head.str.contains(NON_HOST_PATTERN) | (~schemed & head.str.contains(":", literal=True))
    return (
        rows.with_columns(pl.when(url.str.starts_with(SCHEMES[0])).then(https).otherwise(http).alias("head"))
        .with_columns(head.cast(pl.Binary).bin.head(slash).cast(pl.String))
        .with_columns(pl.when(odd & (url != "")).then(pl.lit(AMBIGUOUS_HEAD)).otherwise(head).alias("head"))
    )
