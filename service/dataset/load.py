"""Load the data that settings name. Nothing here runs during a request.

A server runs this module as a program (``python -m service.dataset.load``), so that reading and checking hold
up none of its processes, neither at start nor at reload.
"""

import os
import sys

import msgspec

from service.core.errors import DataError
from service.core.resolve.catalog import Catalog
from service.dataset.file_reader import UnreadableFileError
from service.dataset.reader import read_snapshot
from service.dataset.snapshot import build_catalog, encode_snapshot, gc_paused
from service.settings import Settings


def load(settings: Settings) -> Catalog:
    """Load the catalog of ``settings``. Raise ``DataError`` when a file has a fault."""
    with gc_paused():
        return build_catalog(read_snapshot(settings))


def main() -> None:
    """Read settings as JSON from stdin, and write the snapshot to stdout, or faults to stderr.

    The status tells files that cannot be read now (75) from data with faults (1).
    """
    try:
        with gc_paused():
            sys.stdout.buffer.write(
                encode_snapshot(read_snapshot(msgspec.json.decode(sys.stdin.buffer.read(), type=Settings)))
            )
    except UnreadableFileError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(os.EX_TEMPFAIL)
    except DataError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
