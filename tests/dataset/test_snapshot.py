"""What is kept of checked data: used for the very files, settings and code it was made of, and never else."""

import os
import shutil
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from service.cli import main
from service.core.errors import DataError
from service.core.resolve.catalog import make_name_index
from service.dataset import load as loading
from service.dataset import reader
from service.dataset.load import SNAPSHOT_FILE, load, load_kept, read_and_cache, write_snapshot
from service.dataset.snapshot import Snapshot, build_catalog, seal
from service.settings import Settings
from tests.helpers.datafolder import data_folder, rater_file, replace, table


@pytest.fixture
def settings(tmp_path) -> Settings:
    folder = data_folder(tmp_path / "data", one="left", two="center", three="")
    rater_file(tmp_path / "own", "newsroom", {"domain": "one.example", "label": "right"})
    return Settings(data=str(folder), rater_files=str(tmp_path / "own"), cache=str(tmp_path / "cache"))


def kept_file(settings: Settings) -> Path:
    (path,) = Path(settings.cache).iterdir()
    return path


def test_the_next_start_reads_no_table(settings, monkeypatch):
    first = load(settings)
    monkeypatch.setattr(reader, "read_snapshot", None)
    second = load(settings)
    assert (second.outlets, second.aliases, second.raters) == (first.outlets, first.aliases, first.raters)
    assert (second.version, second.sha256, second.files) == (first.version, first.sha256, first.files)


def test_the_index_of_names_is_kept_whole():
    catalog = build_catalog(load_kept(Settings()) or read_and_cache(Settings()))
    assert catalog.names.index == make_name_index(catalog)


@pytest.mark.parametrize(
    "name",
    ["data/outlet_ratings.csv", "data/outlet_aliases.csv", "data/raters/mbfc.json", "own/newsroom.csv"],
)
def test_a_file_that_changed_is_read_again(settings, tmp_path, name):
    load(settings)
    path = tmp_path / name
    path.write_text(path.read_text().replace("\n", "\r\n"))
    assert load_kept(settings) is None
    assert load(settings).sha256 != ""


def test_a_file_that_came_or_went_is_noticed(settings, tmp_path):
    load(settings)
    (tmp_path / "own" / "newsroom.csv").unlink()
    assert load_kept(settings) is None
    with pytest.raises(DataError, match=r"newsroom\.csv:1:file: the file cannot be read"):
        load(settings)


@pytest.mark.parametrize("changes", [{"raters": "mbfc"}, {"weights": "mbfc=2"}, {"rater_files": ""}])
def test_other_settings_have_another_snapshot(settings, changes):
    load(settings)
    assert load_kept(msgspec.structs.replace(settings, **changes)) is None


def test_other_code_has_another_snapshot(settings, monkeypatch):
    load(settings)
    monkeypatch.setattr(loading, "code_version", lambda: "another")
    assert load_kept(settings) is None


def test_a_fault_is_named_though_a_snapshot_of_good_data_is_kept(settings, tmp_path):
    load(settings)
    replace(tmp_path / "data" / "outlet_ratings.csv", table(one="left").replace(",left,", ",leftish,"))
    with pytest.raises(DataError, match="'leftish' is not allowed"):
        load(settings)


def test_a_broken_snapshot_is_not_believed(settings):
    good = load(settings)
    path = kept_file(settings)
    data = path.read_bytes()
    broken = [b"", data[:40], data[:-1], data + b"\0", b"x" + data[1:], b"\xff" * len(data)]
    broken += [
        data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :] for place in range(0, len(data), 97)
    ]
    for content in broken:
        path.write_bytes(content)
        assert load_kept(settings) is None
    assert load(settings).outlets == good.outlets


def test_a_snapshot_of_other_types_is_not_believed(settings, tmp_path):
    good = read_and_cache(settings)
    key = loading.snapshot_key(loading.FileReader(settings), settings)
    for wrong in ({"version": 1}, {"outlets": [["one.example"]]}, {"raters": ()}, {"files": None}):
        fields = {**msgspec.structs.asdict(good), **wrong}
        if wrong == {"raters": ()}:
            del fields["raters"]
        forged = seal(msgspec.defstruct("Forged", list(fields))(**fields), key)
        (tmp_path / "data" / SNAPSHOT_FILE).write_bytes(forged)
        shutil.rmtree(settings.cache)
        assert load_kept(settings) is None, wrong
        read_and_cache(settings)


def test_what_others_may_write_is_not_believed(settings):
    load(settings)
    path = kept_file(settings)
    assert load_kept(settings)
    path.chmod(0o666)
    assert load_kept(settings) is None


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda path: path.symlink_to(path)])
def test_what_is_no_file_is_passed_over(settings, tmp_path, make):
    make(tmp_path / "data" / SNAPSHOT_FILE)
    assert load(settings).outlets


def test_a_cache_that_cannot_be_written_is_done_without(settings, tmp_path):
    (tmp_path / "file").write_text("")
    assert load(msgspec.structs.replace(settings, cache=str(tmp_path / "file" / "cache"))).outlets
    assert load(msgspec.structs.replace(settings, cache="")).outlets


def test_a_file_that_comes_while_others_are_read_is_in_no_snapshot(settings, tmp_path, monkeypatch):
    read = reader.read_snapshot

    def read_late(settings: Settings, files: loading.FileReader) -> Snapshot:
        rater_file(tmp_path / "own", "late", {"domain": "one.example", "label": "left"})
        return read(settings, loading.FileReader(settings))

    monkeypatch.setattr(reader, "read_snapshot", read_late)
    assert "late" in load(settings).raters
    assert not Path(settings.cache).exists()


def test_only_the_newest_snapshots_stay(settings):
    for weight in range(1, loading.MAX_CACHED + 4):
        load(msgspec.structs.replace(settings, weights=f"mbfc={weight}"))
    assert len(list(Path(settings.cache).iterdir())) == loading.MAX_CACHED


def test_a_snapshot_beside_the_data_goes_where_the_data_goes(settings, tmp_path, monkeypatch):
    command = ["data", "snapshot", "--data", settings.data]
    environ = {"SLANTWISE_RATER_FILES": settings.rater_files}
    result = CliRunner().invoke(main, command, env=environ, catch_exceptions=False)
    assert result.output == f"{tmp_path}/data/{SNAPSHOT_FILE}: written\n"
    moved = (tmp_path / "data").rename(tmp_path / "elsewhere")
    monkeypatch.setattr(reader, "read_snapshot", None)
    assert load(msgspec.structs.replace(settings, data=str(moved), cache="")).outlets


def test_faulty_data_has_no_snapshot(settings, tmp_path):
    replace(tmp_path / "data" / "outlet_ratings.csv", "broken")
    with pytest.raises(DataError):
        write_snapshot(settings)
    assert not (tmp_path / "data" / SNAPSHOT_FILE).exists()
