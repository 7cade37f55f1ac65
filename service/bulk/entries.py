"""The distinct entries of a table, each resolved once, however many rows there are.

An archive's URLs are all different, their hosts are not: a URL is cut down to its host. Where the host does
not say all (a redirect, a platform with a path for each outlet, ``user@host``), the whole URL is read, and
stands for all URLs that mean the same. So what is kept grows with the hosts, not with the rows.
"""

from collections.abc import Callable, Iterable, Sequence

import narwhals as nw
from msgspec import Struct

from service.bulk.distinct import Entry, Lookup
from service.bulk.engines import Frame, Row, mapped, rows, table
from service.bulk.layout import FIELDS
from service.core.distribution import Scorer

SCHEMES = ("https://", "http://")

UNCUT = "?"
"""Stands in place of a head that could be anything, so that such heads are not told apart."""

ODD = r"^$|[@?#\\\s]"
"""Heads that are no plain host. Without a scheme, a colon makes one odd too: it may end a scheme."""


class Found(Struct, frozen=True):
    """The first look at a table: heads whose URLs are read whole, and each entry with its number of rows."""

    told: Sequence[str]
    entries: Sequence[Row]


class Entries:
    """A ``prepared`` frame with its entries resolved. ``found`` saves the first look.

    ``known`` has resolved entries of other frames. Those it has are neither resolved nor counted again.
    """

    def __init__(
        self, frame: Frame, scorer: Scorer, found: Found | None = None, known: Lookup | None = None
    ) -> None:
        self.fields = [name for name in frame.collect_schema().names() if name in FIELDS]
        self.lookup = known or Lookup(scorer, self.fields)
        self.faults: dict[int, int] = {}
        self.frame = frame.with_columns(nw.col(field).fill_null("") for field in self.fields)
        if "url" in self.fields:
            self.frame = _headed(self.frame)
        self.found = found or self._look()
        self._fill(self.found.entries, is_new=lambda entry: known is None or entry not in known.keys)

    def coded(self) -> Frame:
        """Return the rows without fault, each with the ``key`` of its unit in place of its entry."""
        good = self.frame.filter(nw.col("fault") == 0)
        if "url" in self.fields:
            good = self._cut(good, self.found.told)
        own = dict.fromkeys(tuple(entry) for fault, *entry, _ in self.found.entries if not fault)
        keys = table(self.frame, self.lookup.entry_table(own))
        return good.join(keys, on=self.fields, how="left")

    def _look(self) -> Found:
        if "url" not in self.fields:
            return Found((), self._distinct(self.frame))
        url = self.fields.index("url") + 1
        found = self._distinct(self.frame.with_columns(nw.col("head").alias("url")))
        told = {row[url] for row in found if not row[0] and row[url] and not self.lookup.is_site(row[url])}
        if told:
            found = [row for row in found if row[0] or row[url] not in told]
            rest = self.frame.filter((nw.col("fault") == 0) & nw.col("head").is_in(sorted(told)))
            found += self._distinct(self._cut(rest, told))
        return Found(sorted(told), found)

    def _distinct(self, frame: Frame) -> list[Row]:
        """Fault, entry, and number of rows. An entry with a fault is not looked at."""
        names = ["fault", *self.fields]
        good = nw.col("fault") == 0
        seen = (nw.when(good).then(nw.col(name)).otherwise(nw.lit("")).alias(name) for name in self.fields)
        return rows(frame.with_columns(*seen).group_by(*names).agg(nw.len().alias("n")))

    def _cut(self, frame: Frame, told: Iterable[str]) -> Frame:
        """Return the frame with each URL cut to its head, or where that is one of ``told``, to what it
        means.
        """
        heads = sorted(told)
        if not heads:
            return frame.drop("url").rename({"head": "url"})
        is_told = nw.col("head").is_in(heads)
        if (short := mapped(frame, nw.when(is_told).then(nw.col("url")), self.lookup.short)) is None:
            whole = frame.filter(is_told).select("url").unique()
            urls = [row[0] for row in rows(whole)]
            texts = table(frame, {"url": urls, "short": [self.lookup.short(url) for url in urls]})
            frame = frame.join(texts, on="url", how="left")
        else:
            frame = short
        cut = nw.when(is_told).then(nw.col("short")).otherwise(nw.col("head"))
        return frame.with_columns(cut.alias("url")).drop("head", "short")

    def _fill(self, found: Iterable[Row], is_new: Callable[[Entry], bool]) -> None:
        for fault, *entry, times in found:
            if fault:
                self.faults[fault] = self.faults.get(fault, 0) + times
            elif is_new(tuple(entry)):
                self.lookup.add(tuple(entry), times)


def _headed(frame: Frame) -> Frame:
    """Return the frame with ``head``: what stands in a URL before its path, ``UNCUT`` if that may not be a
    host.
    """
    url = nw.col("url")
    schemed = url.str.starts_with(SCHEMES[0]) | url.str.starts_with(SCHEMES[1])
    if frame.implementation.is_polars():
        frame = _headed_by_polars(frame)
    elif frame.implementation in (
        nw.Implementation.PANDAS,
        nw.Implementation.DASK,
        nw.Implementation.PYARROW,
    ):
        cut = url.str.replace_all("^https?://", "").str.replace_all("(?s)/.*", "")
        frame = frame.with_columns(cut.alias("head"))
    else:
        parts = url.str.split("/")
        cut = nw.when(schemed).then(parts.list.get(2)).otherwise(parts.list.get(0))
        frame = frame.with_columns(cut.fill_null("").alias("head"))
    head = nw.col("head")
    odd = head.str.contains(ODD) | (~schemed & head.str.contains(":", literal=True))
    told = nw.when(odd).then(nw.lit(UNCUT)).otherwise(head)
    return frame.with_columns(nw.when(url == "").then(nw.lit("")).otherwise(told).alias("head"))


def _headed_by_polars(frame: Frame) -> Frame:
    """Cut at the first slash, counted in bytes. This is half the work, and splitting takes longer."""
    import polars as pl  # noqa: PLC0415  # each engine is imported by those who use it

    url, rest = pl.col("url"), pl.col("head")
    https, http = (url.str.strip_prefix(scheme) for scheme in SCHEMES)
    slash = rest.str.find("/", literal=True).fill_null(rest.str.len_bytes())
    whole: Frame = nw.from_native(
        frame.to_native()
        .with_columns(pl.when(url.str.starts_with(SCHEMES[0])).then(https).otherwise(http).alias("head"))
        .with_columns(rest.cast(pl.Binary).bin.head(slash).cast(pl.String))
    )
    return whole
