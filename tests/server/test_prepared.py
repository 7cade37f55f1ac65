"""What is worked out once for a catalog is there before the first request: at the start, after new data."""

from pathlib import Path

from flask import Flask

from service.core import outlet_detail
from service.dataset.file_reader import write_bytes
from service.dataset.load import read_and_cache
from service.dataset.snapshot import encode_snapshot
from service.server import data_source
from service.server.data_source import DataSource
from service.server.reload import SnapshotStore
from service.server.wsgi import from_settings
from service.settings import Settings
from service.web.api import dataset, outlets
from service.web.framework.endpoint import CATALOG_KEY
from tests.helpers.datafolder import data_folder, replace, table

PATHS = (
    "/v1/outlets?q=one",
    "/v1/outlets?q=onne.exampel",
    "/v1/resolve?q=onne",
    "/v1/dataset",
    "/outlets?q=onne",
)


def asked_for_nothing(app: Flask) -> bool:
    """Say whether requests of every kind find all that is kept for the catalog."""
    assert app.extensions[CATALOG_KEY] in outlet_detail.SUGGESTERS
    kept = (outlets.search_index, dataset.describe_dataset)
    before = [each.cache_info().misses for each in kept]
    for path in PATHS:
        assert app.test_client().get(path).status_code == 200
    return before == [each.cache_info().misses for each in kept]


def test_no_request_works_out_what_is_kept_for_a_catalog(tmp_path: Path, monkeypatch) -> None:
    folder = data_folder(tmp_path / "data", one="left", two="right")
    monkeypatch.setenv("SLANTWISE_DATA", str(folder))
    monkeypatch.setenv("SLANTWISE_CACHE", "")
    app = from_settings()
    assert asked_for_nothing(app), "at the start"
    settings = Settings(data=str(folder), cache="")

    master = SnapshotStore(DataSource(settings), app.extensions)
    master.path = tmp_path / "snapshot"
    replace(folder / "outlet_ratings.csv", table(one="right", two="left"))
    master.publish(encode_snapshot(read_and_cache(settings)))
    assert asked_for_nothing(app), "in the master, for workers that start later"

    worker = SnapshotStore(DataSource(settings), app.extensions)
    worker.path = master.path
    replace(folder / "outlet_ratings.csv", table(one="center", two="left"))
    write_bytes(worker.path, encode_snapshot(read_and_cache(settings)))
    worker.refresh()
    assert asked_for_nothing(app), "in a worker"


def test_a_start_on_data_that_was_checked_reads_no_table(tmp_path: Path, monkeypatch) -> None:
    settings = Settings(data=str(data_folder(tmp_path / "data", one="left")), cache=str(tmp_path / "cache"))
    read_and_cache(settings)
    monkeypatch.setattr(data_source, "load_in_subprocess", None)
    source = DataSource(settings)
    assert [outlet.domain for outlet in source.load().outlets] == ["one.example"]
    assert not source.has_changed()
