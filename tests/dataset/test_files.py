"""Files that are not as they should be, or change while they are read."""

import csv
import io
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.dataset import file_reader
from service.dataset.file_reader import InvalidDataError, read_bytes
from service.dataset.tables import parse_csv, read_csv, write_csv

COLUMNS = ("domain", "name")


def message(path: Path) -> str:
    with pytest.raises(InvalidDataError) as caught:
        read_csv(path, COLUMNS)
    return str(caught.value)


def test_rows_know_the_line_they_start_on(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_text('domain,name\na.example,"Two\nlines"\nb.example,B\n')
    assert read_csv(path, COLUMNS)["domain"].to_dict() == {2: "a.example", 4: "b.example"}


def test_what_is_written_is_read_back(tmp_path: Path):
    path = tmp_path / "new" / "a.csv"
    rows = [{"domain": "a.example", "name": 'Say "Ä", friend'}, {"domain": "b.example", "name": ""}]
    write_csv(path, COLUMNS, rows)
    assert read_csv(path, COLUMNS).to_dict("records") == rows
    assert list(path.parent.iterdir()) == [path]


def test_a_file_that_is_not_there(tmp_path: Path):
    assert message(tmp_path / "a.csv") == (
        f"{tmp_path}/a.csv:1:file: the file cannot be read (No such file or directory); give a readable file"
    )


def test_a_symlink_loop(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.symlink_to(path)
    assert "Too many levels of symbolic links" in message(path)


def test_a_folder_and_a_pipe_are_no_files(tmp_path: Path):
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    assert "not a regular file" in message(tmp_path)
    assert "not a regular file" in message(pipe)


def test_a_file_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(file_reader, "MAX_BYTES", 10)
    path = tmp_path / "a.csv"
    path.write_text("domain,name\n")
    assert "the file is too large; at most 10 bytes are read" in message(path)


def test_a_million_rows():
    data = b"domain,name\n" + b"a.example,A\n" * 1_000_000
    with pytest.raises(
        InvalidDataError, match=r"^a\.csv:250002:row: the file has too many rows; at most 250000 are read$"
    ):
        parse_csv(data, "a.csv", COLUMNS)


def test_a_file_that_changes_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The writer appends between the reading and the second look at the file."""
    path = tmp_path / "a.csv"
    path.write_text("domain,name\n")
    status = os.fstat

    def fstat_then_append(descriptor: int) -> os.stat_result:
        before = status(descriptor)
        with path.open("a") as writer:
            writer.write("a.example,A\n")
        return before

    monkeypatch.setattr(file_reader.os, "fstat", fstat_then_append)
    with pytest.raises(InvalidDataError, match="changed while it was read; write a new file beside it"):
        read_bytes(path)


def test_only_the_first_faults_are_shown():
    data = b"domain,name\n" + b"a\n" * 60
    with pytest.raises(InvalidDataError) as caught:
        parse_csv(data, "a.csv", COLUMNS)
    assert len(caught.value.issues) == 60
    assert str(caught.value).splitlines()[-1] == "… and 10 more faults"


CELLS = st.text(alphabet='ab",\n é漢\tNA#1', max_size=6)


@given(st.lists(st.tuples(CELLS, CELLS), max_size=6), st.sampled_from((csv.QUOTE_ALL, csv.QUOTE_MINIMAL)))
def test_every_cell_is_read_as_it_was_written(rows: list[tuple[str, str]], quoting: int):
    out = io.StringIO(newline="")
    csv.writer(out, quoting=quoting, lineterminator="\r\n").writerows([COLUMNS, *rows])
    frame = parse_csv(out.getvalue().encode(), "a.csv", COLUMNS)
    assert list(frame.itertuples(index=False, name=None)) == rows


@given(st.text(alphabet='ab",\n', max_size=25))
def test_what_is_read_is_what_a_strict_reader_reads(text: str):
    data = f"domain,name\n{text}"
    try:
        frame = parse_csv(data.encode(), "a.csv", COLUMNS)
    except InvalidDataError:
        return
    reader = csv.reader(io.StringIO(data, newline=""), strict=True)
    lines = [reader.line_num + 1 for _ in reader]
    (_, *rows) = csv.reader(io.StringIO(data, newline=""), strict=True)
    assert frame.values.tolist() == rows
    assert frame.index.to_list() == lines[:-1]
