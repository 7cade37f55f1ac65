"""Bulk scoring gives the answers of the API, whatever engine holds the table."""

import datetime as dt
import random
import uuid
import warnings
from collections.abc import Callable
from typing import Any

import duckdb
import narwhals as nw
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from msgspec import structs

from service.bulk import Columns, RejectedRowsWarning, rejected, score_frame
from service.bulk.entry_coding import EntryCoder
from service.bulk.pipeline import ANSWER_COLUMNS as ANSWER
from service.core.answer import Options
from service.core.distribution import Scorer
from service.core.errors import DataError
from service.core.resolve.catalog import Catalog
from service.core.resolve.match import EntryFields
from service.core.resolve.redirects import REDIRECT_HOSTS

Rows = list[dict[str, Any]]

ENTRIES = {
    "url": (
        *(
            "https://left.example/a",
            "http://www.left.example/b?c=d",
            "https://LEFT.example/",
            "left.example/e",
        ),
        *("https://center.example/1", "https://center-old.example/2", "https://ctr.example/3"),
        *("https://right.example/x", "https://torn.example", "https://silent.example/y"),
        *("https://nowhere.example/1", "https://www.nowhere.example/2", "https://portal.example/3"),
        *("https://www.google.com/url?q=https://left.example/1", "https://www.google.com/search?q=a"),
        *(
            "https:///left.example/x",
            "https://tips@left.example/",
            "https:\\\\left.example/",
            "tips@left.example",
        ),
        *("https://right.example:443/", "https://right.example /x", "javascript:alert(1)", "not a host", ""),
    ),
    "domain": (
        "left.example",
        "center.example",
        "news.right.example",
        "nowhere.example",
        "portal.example",
        "?",
    ),
    "name": ("Left", "The Middle", "center", "The Herald", "Torn", "No Such Paper", "...", "herald"),
}


def made(fields: tuple[str, ...], stories: int = 60, seed: int = 1) -> Rows:
    """Rows of random stories, shuffled; entries repeat, and one of several fields is missing."""
    draw = random.Random(seed)  # noqa: S311
    rows = []
    for story in range(stories):
        for _ in range(draw.randint(1, 14)):
            row: dict[str, Any] = {field: draw.choice(ENTRIES[field]) for field in fields}
            if len(fields) > 1:
                row[draw.choice(fields)] = None
            rows.append({"story_id": story, **row})
    draw.shuffle(rows)
    return rows


def expected(catalog: Catalog, rows: Rows, options: Options) -> dict[Any, tuple[Any, ...]]:
    """Each story as the API answers it."""
    scorer = Scorer(catalog, options)
    stories: dict[Any, list[EntryFields]] = {}
    for row in rows:
        given = {field: text for field, text in row.items() if field in ENTRIES and text is not None}
        stories.setdefault(row["story_id"], []).append(EntryFields(**given))
    return {story: figures(scorer, entries) for story, entries in stories.items()}


def figures(scorer: Scorer, entries: list[EntryFields]) -> tuple[Any, ...]:
    answer = scorer.score(entries)
    counts, shown = answer.counts, answer.distribution
    single = answer.robustness.single_rater
    moved = single.if_center
    return (
        *(counts.left, counts.center, counts.right, counts.rated, counts.unrated),
        *(counts.total, counts.entries, counts.duplicates),
        *((shown.left, shown.center, shown.right) if shown else (None, None, None)),
        *(answer.headline, answer.robustness.level, answer.robustness.probability_leading),
        *(single.rated, single.near_center),
        *((moved.left, moved.center, moved.right) if moved else (None, None, None)),
        answer.mean,
    )


def scored(native: Any) -> dict[Any, tuple[Any, ...]]:
    """What bulk scoring gave, by story."""
    frame = nw.from_native(native)
    frame = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
    assert tuple(frame.columns) == ANSWER
    rows = [tuple(None if pd.isna(value) else value for value in row) for row in frame.rows()]
    assert len({row[0] for row in rows}) == len(rows)
    return {row[0]: row[1:] for row in rows}


def duck(rows: Rows) -> Any:
    frame = pl.DataFrame(rows)  # noqa: F841  # DuckDB finds it by its name
    return duckdb.connect().sql("SELECT * FROM frame")


ENGINES: dict[str, Callable[[Rows], Any]] = {
    "polars": pl.DataFrame,
    "polars lazy": pl.LazyFrame,
    "pandas": pd.DataFrame,
    "pandas of objects": lambda rows: pd.DataFrame(rows, dtype=object).astype({"story_id": int}),
    "duckdb": duck,
}


@pytest.mark.parametrize("engine", sorted(ENGINES))
@pytest.mark.parametrize(
    "fields", [("url",), ("domain",), ("name",), ("url", "domain", "name")], ids="+".join
)
def test_an_engine_answers_as_the_api_does(catalog: Catalog, engine: str, fields: tuple[str, ...]) -> None:
    rows = made(fields)
    answer = score_frame(ENGINES[engine](rows), catalog)
    assert scored(answer) == expected(catalog, rows, Options())


@pytest.mark.parametrize(
    "options",
    [
        Options(count_by="entry"),
        Options(raters=("two",)),
        Options(overrides={"nowhere.example": "far_left", "left.example": None}),
        Options(country="GB"),
    ],
    ids=["entries count", "one rater", "overrides", "country"],
)
@pytest.mark.parametrize("field", ENTRIES)
def test_the_options_of_the_api_hold(catalog: Catalog, options: Options, field: str) -> None:
    rows = made((field,), seed=2)
    answer = score_frame(pl.DataFrame(rows), catalog, options=options)
    assert scored(answer) == expected(catalog, rows, options)


@pytest.mark.parametrize("counted", ["outlet", "entry"])
def test_owners_and_raters_weaken_a_lead_as_in_the_api(catalog: Catalog, counted: Any) -> None:
    owned = [
        structs.replace(
            outlet, domain=f"{i}.{outlet.domain}", owner="Chain" if "right" in outlet.domain else None
        )
        for outlet in catalog.outlets.values()
        for i in range(4)
    ]
    chains = Catalog(owned, (), catalog.raters.values())
    draw, hosts = random.Random(4), list(chains.outlets)  # noqa: S311
    rows = [{"story_id": i // 12, "url": f"https://{draw.choice(hosts)}/{i}"} for i in range(2400)]
    options = Options(count_by=counted)
    answer = scored(score_frame(pl.DataFrame(rows), chains, options=options))
    assert answer == expected(chains, rows, options)
    assert len({(row[12], row[13] == 0.5) for row in answer.values()}) > 2


def test_rows_without_a_story_or_an_entry_are_left_out_and_given_back(catalog: Catalog) -> None:
    frame = pd.DataFrame(
        {"id": ["a", None, "a", "b", "b"], "u": ["left.example", "x", None, 3, "torn.example"]}
    )
    columns = Columns("id", url="u")
    with pytest.warns(
        RejectedRowsWarning, match=r"3 rows .*1 no story_id, 1 no entry, 1 a value of the wrong"
    ):
        answer = score_frame(frame, catalog, columns)
    assert {story: row[6] for story, row in scored(answer).items()} == {"a": 1, "b": 1}
    assert list(rejected(frame, columns)["fault"]) == [1, 2, 5]


HOSTS = ["left.example", "left.example/2", "torn.example"]
DAY, MARK = dt.date(2026, 1, 1), uuid.UUID(int=7)
ODD_FRAMES: dict[str, tuple[Any, list[Any], int]] = {
    "whole numbers as objects": (
        pd.DataFrame({"id": pd.Series([1, 1, 2], dtype=object), "u": HOSTS}),
        [1, 2],
        0,
    ),
    "UUIDs": (pd.DataFrame({"id": [MARK, MARK, "b"], "u": HOSTS}), [str(MARK), "b"], 0),
    "dates": (pd.DataFrame({"id": [DAY, DAY, None], "u": HOSTS}), ["2026-01-01"], 1),
    "NaN": (pd.DataFrame({"id": [1, float("nan"), 2], "u": HOSTS}), [1, 2], 1),
    "NaN in polars": (pl.DataFrame({"id": [1.0, float("nan"), 2.0], "u": HOSTS}), [1, 2], 1),
    "categories": (pd.DataFrame({"id": pd.Categorical([*"aab"]), "u": pd.Categorical(HOSTS)}), ["a", "b"], 0),
    "categories in polars": (
        pl.DataFrame({"id": [*"aab"], "u": HOSTS}, schema={"id": pl.Categorical, "u": pl.Categorical}),
        ["a", "b"],
        0,
    ),
    "lists and bytes": (pd.DataFrame({"id": ["a", b"x", ["z"]], "u": HOSTS}), ["a"], 2),
    "large strings": (pa.table({"id": [1, 1, 2], "u": pa.array(HOSTS, pa.large_string())}), [1, 2], 0),
    "dictionaries": (pa.table({"id": [1, 1, 2], "u": pa.array(HOSTS).dictionary_encode()}), [1, 2], 0),
}


@pytest.mark.parametrize("kind", ODD_FRAMES)
def test_a_row_is_scored_or_counted_as_rejected_whatever_its_column_holds(
    catalog: Catalog, kind: str
) -> None:
    frame, ids, left_out = ODD_FRAMES[kind]
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        answer = score_frame(frame, catalog, Columns("id", url="u"))
    assert sorted(scored(answer)) == sorted(ids)
    assert [str(each.message).split()[0] for each in told] == [str(left_out)] * bool(left_out)
    assert type(answer) is type(frame), "eager in, eager out"


def test_memory_grows_with_hosts_not_with_rows_or_tricks(catalog: Catalog) -> None:
    def units(times: int) -> int:
        rows = [{"story_id": i % 9, "url": trick.format(i)} for i in range(times) for trick in TRICKS]
        assert scored(score_frame(pl.DataFrame(rows), catalog)) == expected(catalog, rows, Options())
        coder = EntryCoder(["url"], Scorer(catalog))
        coder.encode_rows(pl.LazyFrame(rows).with_columns(fault=pl.lit(0))).collect()
        return coder.unknown().height

    assert units(400) == units(40) <= len(TRICKS)


def test_hosts_that_no_outlet_can_match_are_unknown_as_the_resolver_says(catalog: Catalog) -> None:
    scorer = Scorer(catalog, Options(overrides={"rated.example": "left"}))
    redirects = ("google.de", "www.google.co.uk", "a.cdn.ampproject.org", "t.co", *REDIRECT_HOSTS)
    listed = [
        f"{prefix}{host}" for host in (*catalog.hosts.listings, *redirects) for prefix in ("", "www.", "a.b.")
    ]
    others = [
        "rated.example",
        "www.rated.example",
        "m.new.example",
        "amp.x.co.uk",
        "a..b.example",
        "left.examples",
    ]
    hosts = pl.Series(
        [*listed, *others, "xn--mnchen-3ya.de", "UPPER.example", "no-dot", "example", "1.2.3.4", ""]
    )
    found = EntryCoder(["domain"], scorer)._unknown_hosts(hosts)
    for host, unknown in zip(hosts, found, strict=True):
        match = scorer.resolve(EntryFields(domain=host))
        assert unknown is None or (match.status, match.key) == ("unknown", unknown), host
    assert {"new.example", "x.co.uk", "left.examples"} <= set(found)


TRICKS = (
    *(
        "https://left.example/{0}",
        "left.example/{0}",
        "https://user{0}@left.example/",
        "HTTPS://left.example/{0}",
    ),
    *("https://right-example.cdn.ampproject.org/c/s/right.example/{0}", "https://left.example?{0}"),
    *("https://www.google.com/url?q=https://torn.example/{0}", "https://www.google.com/search?q={0}"),
    *(
        "https:///left.example/{0}",
        "https:\\\\left.example/{0}",
        "//left.example/{0}",
        "javascript:alert({0})",
    ),
    *("user{0}@left.example", "https://nowhere.example#{0}", "a b c {0}"),
)


@pytest.mark.parametrize("names", [("row", "fault"), ("key", "n"), ("left", "values"), ("entries", "site")])
def test_columns_may_have_any_name(catalog: Catalog, names: tuple[str, str]) -> None:
    frame = pl.DataFrame({names[0]: [1, 1], names[1]: ["left.example", "torn.example"], "story_id": [7, 8]})
    answer = scored(score_frame(frame, catalog, Columns(names[0], domain=names[1])))
    assert answer[1][:3] == (1, 1, 0)


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        ({"story_id": [1], "link": ["a"]}, "no column of entries"),
        ({"id": [1], "url": ["a"]}, "no column 'story_id'"),
        ({"story_id": [1], "url": [["a"]]}, r"column 'url' holds List\(String\) values"),
        ({"story_id": [{"a": 1}], "url": ["a"]}, "column 'story_id' holds Struct"),
    ],
)
def test_a_frame_of_another_shape_is_refused(catalog: Catalog, frame: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        score_frame(pl.DataFrame(frame), catalog)
