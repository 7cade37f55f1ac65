"""The distinct entries of a table, each resolved once, however many rows there are.

An archive's URLs are all different, their hosts are not: a URL is cut down to its host, unless what follows
the host may matter.
"""

from collections.abc import Iterable
from typing import Any

import narwhals as nw

from service.bulk.engines import Frame, Row, rows, table
from service.bulk.layout import FIELDS
from service.bulk.verdicts import Lookup
from service.core.distribution import Scorer

SCHEMES = ("https://", "http://")

MOST_WHOLE = 1000
"""Sites whose URLs are told apart by what follows the host, at most; with more of them all URLs are."""


class Entries:
    """A ``prepared`` frame with its entries resolved."""

    def __init__(self, frame: Frame, scorer: Scorer) -> None:
        self.fields = [name for name in frame.collect_schema().names() if name in FIELDS]
        self.lookup = Lookup(scorer, self.fields)
        self.faults: dict[int, int] = {}
        self.frame = frame.with_columns(nw.col(field).fill_null("") for field in self.fields)
        self._fill(self._distinct_urls() if "url" in self.fields else self._distinct(self.fields))

    def coded(self) -> Frame:
        """The rows without fault, each with the ``key`` of its unit in place of its entry."""
        good = self.frame.filter(nw.col("fault") == 0)
        keys = table(self.frame, self.lookup.entry_table())
        return good.join(keys, on=self.fields, how="left")

    def _distinct(self, fields: Iterable[str], only: Any = None) -> list[Row]:
        """Fault, entry, and number of rows; an entry with a fault is not looked at."""
        names = ["fault", *fields]
        frame = self.frame if only is None else self.frame.filter(only)
        good = nw.col("fault") == 0
        told = (nw.when(good).then(nw.col(name)).otherwise(nw.lit("")).alias(name) for name in names[1:])
        return rows(frame.with_columns(*told).group_by(*names).agg(nw.len().alias("n")))

    def _distinct_urls(self) -> list[Row]:
        """The same with URLs cut to their site, where nothing else matters."""
        url = self.fields.index("url") + 1
        whole_frame, self.frame = self.frame, _sited(self.frame)
        fields = ["site" if field == "url" else field for field in self.fields]
        found = self._distinct(fields)
        whole = {row[url] for row in found if not row[0] and not self.lookup.is_site(row[url])}
        if len(whole) > MOST_WHOLE:
            self.frame = whole_frame
            return self._distinct(self.fields)
        if whole:
            told = nw.col("site").is_in(sorted(whole))
            found = [row for row in found if row[0] or row[url] not in whole]
            found += self._distinct(self.fields, (nw.col("fault") == 0) & told)
            site = nw.when(told).then(nw.col("url")).otherwise(nw.col("site"))
            self.frame = self.frame.with_columns(site.alias("site"))
        self.frame = self.frame.drop("url").rename({"site": "url"})
        return found

    def _fill(self, found: Iterable[Row]) -> None:
        for fault, *entry, times in found:
            if fault:
                self.faults[fault] = self.faults.get(fault, 0) + times
            else:
                self.lookup.add(tuple(entry), times)


def _sited(frame: Frame) -> Frame:
    """The frame with ``site``: what stands between the scheme of a URL and the next slash, else the text."""
    url = nw.col("url")
    schemed = url.str.starts_with(SCHEMES[0]) | url.str.starts_with(SCHEMES[1])
    if frame.implementation.is_polars():
        import polars as pl  # noqa: PLC0415  # its own split takes half the time, and this is half the work

        split = pl.col("url").str.splitn("/", 4).struct.field("field_2").alias("site")
        frame = nw.from_native(frame.to_native().with_columns(split))
    elif frame.implementation in (nw.Implementation.PANDAS, nw.Implementation.DASK):
        cut = url.str.replace_all("^https?://", "").str.replace_all("(?s)/.*", "")
        frame = frame.with_columns(cut.alias("site"))
    else:
        frame = frame.with_columns(url.str.split("/").list.get(2).alias("site"))
    return frame.with_columns(nw.when(schemed).then(nw.col("site")).otherwise(url).alias("site"))
