"""How far a run is, told every few seconds."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

# On a terminal one line is written over and over.
LINE_INTERVAL, TERMINAL_INTERVAL = 5.0, 0.5


class Meter:
    """Rows that have passed, and how many will have passed in all, as soon as that is known."""

    def __init__(self) -> None:
        self.passed = 0
        self.whole: int | None = None

    def expect(self, rows: int) -> None:
        self.whole = self.passed + rows


def format_progress(meter: Meter, seconds: float) -> str:
    """Write in a line how far a run is after so many seconds."""
    rate = meter.passed / seconds if seconds else 0.0
    line = f"bulk: {seconds:.0f} s, {meter.passed:,} rows passed, {rate:,.0f} a second"
    if meter.whole and rate:
        done = min(100, 100 * meter.passed // meter.whole)
        line += f", {done} %, about {max(0, meter.whole - meter.passed) / rate:.0f} s left"
    return line


@contextmanager
def show_progress(meter: Meter, out: TextIO) -> Iterator[None]:
    """Tell of a run on ``out`` while it lasts. On a terminal in one line that is written over."""
    begin, end = ("\r\033[K", "") if out.isatty() else ("", "\n")
    ended, started = threading.Event(), time.monotonic()

    def tell() -> None:
        while not ended.wait(LINE_INTERVAL if end else TERMINAL_INTERVAL):
            out.write(f"{begin}{format_progress(meter, time.monotonic() - started)}{end}")
            out.flush()

    thread = threading.Thread(target=tell, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        out.write(begin)
        out.flush()
