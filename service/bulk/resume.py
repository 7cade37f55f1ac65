"""A folder of parts: what another run left there, and the note that says it is whole."""

from pathlib import Path

import msgspec

from service.bulk.summary import Summary
from service.bulk.workdir import WORKDIR
from service.core.errors import DataError

SUMMARY_FILE = "_slantwise.json"
"""Name of the file beside the parts that holds the summary of a run that came to its end."""


def check_folder(folder: Path, resume: bool) -> Summary | None:
    """Return the summary of a folder that is whole already.

    Raises ``DataError`` for a folder that is not empty, unless a run is to go on with it.
    """
    note = folder / SUMMARY_FILE
    if resume and note.exists():
        return msgspec.json.decode(note.read_bytes(), type=Summary)
    present = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    if present and not resume:
        raise DataError(f"{folder}: is not empty; go on with it by --resume, or name another folder")
    if present and WORKDIR not in present:
        raise DataError(f"{folder}: no run that could be resumed; name another folder")
    return None


def write_summary(folder: Path, summary: Summary) -> None:
    """Leave the summary beside the parts."""
    (folder / SUMMARY_FILE).write_bytes(msgspec.json.encode(summary) + b"\n")
