"""``data refresh`` against a server on this machine that serves the two real shapes."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from service.cli import main
from service.editor import refresh
from service.editor.rating_rows import read_rating_rows
from service.editor.refresh import apply_refresh, prepare_refresh
from service.editor.release import release

DAY = date(2026, 12, 1)
LABELS = {"north": "left", "east": "center", "lab": "pro-science"}


@pytest.fixture
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fetched")


@pytest.fixture
def served(folder: Path, state: Path) -> Path:
    """The data of five outlets, built, with MBFC's listing as it was fetched."""
    list(release(folder, DAY, version="2026.12.0"))
    listing(state, "2026-12-01")
    return folder


def listing(state: Path, day: str, **changes: str) -> None:
    sources = [
        {"domain": f"{name}.example.com", "name": name.title(), "bias": bias, "reporting": "high"}
        for name, bias in (LABELS | changes).items()
    ]
    (state / "mbfc.json").write_text(json.dumps({"date": f"{day}T00:00:00Z", "sources": sources}))


def look(folder: Path, state: Path, day: date) -> list[str]:
    found = prepare_refresh(folder, state, ["mbfc"], day)
    list(apply_refresh(found, folder, state))
    return found.alarms


def label(folder: Path, domain: str) -> tuple[str, str]:
    rows = {row.domain: row for _, row in read_rating_rows(folder / "raters" / "mbfc.csv")}
    return rows[domain].label, rows[domain].since


def test_a_change_counts_when_it_is_seen_again_after_two_weeks(served: Path, state: Path):
    listing(state, "2026-12-01", east="left-center")
    for days in (0, 13):
        assert look(served, state, DAY + timedelta(days)) == []
        assert label(served, "east.example.com")[0] == "Least Biased"
    look(served, state, DAY + timedelta(14))
    assert label(served, "east.example.com") == ("Left-Center", "2026-12-01")
    assert (served / "history.csv").read_text().splitlines()[1:] == [
        "east.example.com,mbfc,Least Biased,2026-08-19,2026-12-01"
    ]
    assert "east.example.com: Least Biased → Left-Center" in (state / "summary.md").read_text()
    recorded = "".join(path.read_text() for path in (served / "changes").glob("*.csv"))
    assert "east.example.com,bias,center,lean_left" in recorded


def test_a_change_that_comes_back_never_counts(served: Path, state: Path):
    for days, bias in ((0, "left-center"), (7, "center"), (14, "left-center"), (20, "left-center")):
        listing(state, "2026-12-01", east=bias)
        look(served, state, DAY + timedelta(days))
        assert label(served, "east.example.com")[0] == "Least Biased"


def test_what_a_rater_drops_keeps_its_last_rating(served: Path, state: Path):
    before = (served / "outlet_ratings.csv").read_text()
    (state / "mbfc.json").write_text(json.dumps({"date": "2026-12-01", "sources": []}))
    look(served, state, DAY)
    assert (served / "outlet_ratings.csv").read_text() == before


def test_an_outlet_that_is_well_known_raises_an_alarm(served: Path, state: Path, monkeypatch):
    monkeypatch.setattr(refresh, "SETTLE_DAYS", 0)
    listing(state, "2026-12-01", east="right")
    found = prepare_refresh(served, state, ["mbfc"], DAY)
    assert found.alarms == [
        "1 of 4 outlets of mbfc change side (25.0%)",
        "east.example.com, one of the best known, moves from center to right",
    ]
    assert label(served, "east.example.com")[0] == "Least Biased", "nothing is written before it is applied"


def test_the_command_asks_before_it_writes_and_names_who_failed(served: Path, state: Path, monkeypatch):
    monkeypatch.setattr(refresh, "SETTLE_DAYS", 0)
    monkeypatch.setattr("service.editor.fetch.BACKOFF_FACTOR", 0.0)
    monkeypatch.setattr("service.cli.data.fetch_all", serve(state))
    command = ["data", "refresh", "--into", str(state), "--data", str(served)]
    listing(state, "2026-12-01", east="right")
    result = CliRunner().invoke(main, command)
    assert (result.exit_code, "run it again with --accept" in result.output) == (1, True)
    result = CliRunner().invoke(main, [*command, "--accept"])
    assert result.exit_code == 10, "allsides could not be fetched"
    assert label(served, "east.example.com")[0] == "Right"


def serve(state: Path):
    """Stands for the fetch: MBFC's file is there, and AllSides refuses."""

    def fetch(urls, into):
        from service.editor.fetch import FetchedFile  # noqa: PLC0415 - near its only use

        return [
            FetchedFile("mbfc", urls["mbfc"], b"", outlets=3),
            FetchedFile("allsides", urls["allsides"], None, error="allsides: 403"),
        ]

    return fetch


def test_what_an_editor_should_look_at_stops_no_refresh(served: Path, state: Path):
    listing(state, "2026-12-01", pravda="left")
    text = (state / "mbfc.json").read_text().replace("pravda.example.com", "pravda.example.sm")
    (state / "mbfc.json").write_text(text)
    for days in (0, 14):
        look(served, state, DAY + timedelta(days))
    assert label(served, "pravda.example.sm")[0] == "Left"
    summary = (state / "summary.md").read_text()
    assert "for an editor: the country is empty under the national ending .sm" in summary
