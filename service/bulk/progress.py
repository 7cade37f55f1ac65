"""How far a run is: rows counted as they pass, told every few seconds."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

import polars as pl

LINE_INTERVAL = 5.0
TERMINAL_INTERVAL = 0.5
"""On a terminal, where one line is written over and over."""


class Meter:
    """Rows that have passed, and how many will have passed in all, as soon as that is known."""

    def __init__(self) -> None:
        self.passed = 0
        self.whole: int | None = None

    def add(self, rows: int) -> None:
        """Count rows."""
        self.passed += rows

    def expect(self, rows: int) -> None:
        """Say how many are still to pass."""
        self.whole = self.passed + rows

    def counting(self, scan: pl.LazyFrame, column: str) -> pl.LazyFrame:
        """Return ``scan``, whose rows are counted when ``column`` is read."""

        def count(batch: pl.Series) -> pl.Series:
            self.add(len(batch))
            return batch

        kind = scan.collect_schema()[column]
        return scan.with_columns(pl.col(column).map_batches(count, return_dtype=kind, is_elementwise=True))


def format_progress(meter: Meter, seconds: float) -> str:
    """Say in a line how far a run is after so many seconds."""
    rate = meter.passed / seconds if seconds else 0.0
    line = f"bulk: {seconds:.0f} s, {meter.passed:,} rows passed, {rate:,.0f} a second"
    if meter.whole and rate:
        done = min(100, 100 * meter.passed // meter.whole)
        line += f", {done} %, about {max(0, meter.whole - meter.passed) / rate:.0f} s left"
    return line


@contextmanager
def show_progress(meter: Meter, out: TextIO = sys.stderr, every: float | None = None) -> Iterator[None]:
    """Tell of a run on ``out`` while it lasts. On a terminal in one line that is written over."""
    here = out.isatty()
    pause = every or (TERMINAL_INTERVAL if here else LINE_INTERVAL)
    ended, begun = threading.Event(), time.monotonic()

    def tell() -> None:
        while not ended.wait(pause):
            out.write(f"\r\033[K{_now()}" if here else f"{_now()}\n")
            out.flush()

    def _now() -> str:
        return format_progress(meter, time.monotonic() - begun)

    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield
    finally:
        ended.set()
        teller.join()
        if here:
            out.write("\r\033[K")
            out.flush()
