"""The shipped table: what it promises about itself."""

import pandas as pd
import pycountry
import pytest
from frictionless import Package

from service.core.bias import LABELS, consensus, label_for
from service.core.outlets import Rater
from service.dataset.schema import (
    FACTUALITY,
    MEDIA_TYPES,
    OWNERSHIP_KINDS,
    SHIPPED_RATERS,
    STATE_MEDIA_VALUES,
    TABLE_COLUMNS,
)
from service.editor.build import build_table
from tests.helpers import ROOT

DATA = ROOT / "data"

AGENCIES = {
    "reuters.com": "Reuters",
    "apnews.com": "Associated Press",
    "afp.com": "Agence France-Presse",
    "tass.com": "TASS",
    "interfax.com": "Interfax",
    "news.cn": "Xinhua News Agency",
    "kyodonews.net": "Kyodo News",
    "yna.co.kr": "Yonhap News Agency",
    "aa.com.tr": "Anadolu Agency",
    "dpa.com": "Deutsche Presse-Agentur",
    "efe.com": "EFE",
    "ansa.it": "ANSA",
    "ptinews.com": "Press Trust of India",
    "inform.kz": "Kazinform",
    "trend.az": "Trend News Agency",
    "asiaplustj.info": "Asia-Plus",
    "timesca.com": "The Times of Central Asia",
    "eurasianet.org": "Eurasianet",
    "rferl.org": "Radio Free Europe/Radio Liberty",
    "dw.com": "Deutsche Welle",
    "france24.com": "France 24",
    "straitstimes.com": "The Straits Times",
    "themoscowtimes.com": "The Moscow Times",
    "arabnews.com": "Arab News",
    "independent.co.uk": "The Independent",
    "aljazeera.com": "Al Jazeera",
}


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return pd.read_csv(DATA / "outlet_ratings.csv", dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def rated(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["bias"] != ""]


def test_the_table_is_what_build_gives_byte_for_byte():
    built = build_table(DATA)
    assert built == build_table(DATA)
    assert built.encode() == (DATA / "outlet_ratings.csv").read_bytes()


def test_it_has_the_documented_columns_sorted_by_domain(table: pd.DataFrame):
    assert tuple(table.columns) == TABLE_COLUMNS
    assert len(table) >= 9_000
    assert table["domain"].is_monotonic_increasing
    assert table["domain"].is_unique


def test_bias_is_the_consensus_of_the_raters(table: pd.DataFrame):
    for row in table[["bias", *SHIPPED_RATERS]].itertuples(index=False):
        values = [float(value) for value in row[1:] if value]
        assert row.bias == (label_for(consensus(values)) if values else "")


@pytest.mark.parametrize("fact", ["country", "language"])
def test_facts_are_known_for_nine_rated_outlets_in_ten(rated: pd.DataFrame, fact: str):
    assert (rated[fact] != "").mean() >= 0.9


def test_countries_and_languages_are_iso_codes(table: pd.DataFrame):
    assert set(table["country"]) - {""} <= {country.alpha_2 for country in pycountry.countries}
    assert set(table["language"]) - {""} <= {getattr(each, "alpha_2", None) for each in pycountry.languages}


def test_owners_are_known_for_the_outlets_most_stories_cite(table: pd.DataFrame):
    owned = table[table["owner"] != ""]
    assert len(owned) >= 300
    assert (owned["ownership"] != "").all()
    by_domain = table.set_index("domain")["owner"]
    assert by_domain["nytimes.com"] == "The New York Times Company"
    assert by_domain["cnbc.com"] == by_domain["ms.now"] == "Versant"


@pytest.mark.parametrize(
    ("domain", "state_media"),
    [
        ("rt.com", "state_controlled"),
        ("tass.com", "state_controlled"),
        ("news.cn", "state_controlled"),
        ("presstv.ir", "state_controlled"),
        ("trtworld.com", "state_controlled"),
        ("bbc.com", "state_funded_independent"),
        ("dw.com", "state_funded_independent"),
        ("rferl.org", "state_funded_independent"),
        ("nytimes.com", ""),
    ],
)
def test_state_media_are_marked(table: pd.DataFrame, domain: str, state_media: str):
    assert table.set_index("domain")["state_media"][domain] == state_media


@pytest.mark.parametrize("name", ["ownership", "state_media"])
def test_each_owner_and_state_has_a_date_and_a_source(name: str):
    facts = pd.read_csv(DATA / "facts" / f"{name}.csv", dtype=str, keep_default_na=False)
    assert (facts != "").all(axis=None)
    assert facts["source"].str.match(r"https://[^ ]+$").all()


@pytest.mark.parametrize(("domain", "name"), AGENCIES.items())
def test_outlets_that_international_stories_cite_are_known(table: pd.DataFrame, domain: str, name: str):
    assert table.set_index("domain")["name"][domain] == name


def test_questionable_outlets_take_the_lean_of_their_page():
    verdicts = pd.read_csv(DATA / "raters" / "mbfc.csv", dtype=str, keep_default_na=False)
    kinds = {"Questionable Sources", "Conspiracy-Pseudoscience", "Pro-Science", "Satire"}
    by_kind = verdicts["label"].isin(kinds)
    assert (verdicts[by_kind]["score"] == "").all(), "a kind is not a lean"
    assert (verdicts[~by_kind]["score"] != "").all()
    # The listing of today names the kind alone; the lean is the page's, at the date of the page.
    leans_of_pages = verdicts[~by_kind & (verdicts["as_of"] < verdicts["as_of"].max())]
    assert len(leans_of_pages) >= 1_000


@pytest.mark.parametrize(
    "key", ["twitter.com", "youtube.com", "facebook.com", "linkedin.com", "en.wikipedia.org", "yahoo.com"]
)
def test_platforms_are_no_outlets(table: pd.DataFrame, key: str):
    assert key not in set(table["domain"])


def test_the_package_is_valid():
    report = Package(str(DATA / "datapackage.json")).validate()
    assert report.valid, report.flatten(["fieldName", "rowNumber", "message"])[:5]


def test_the_codebook_explains_every_column_and_value():
    codebook = (DATA / "README.md").read_text()
    words = {
        *TABLE_COLUMNS,
        *FACTUALITY,
        *MEDIA_TYPES,
        *OWNERSHIP_KINDS,
        *STATE_MEDIA_VALUES,
        *LABELS,
        *Rater.__struct_fields__,
    }
    assert {word for word in words if f"`{word}`" not in codebook} == set()


def test_the_version_has_its_changes_told():
    version = Package(str(DATA / "datapackage.json")).version
    data = (DATA.parent / "CHANGELOG.md").read_text().partition("\n## Data\n")[2]
    assert f"### [{version}]" in data


def test_each_holders_terms_are_word_for_word_in_the_codebook():
    codebook = " ".join((DATA / "README.md").read_text().split())
    for words in (
        "licensed under a Creative Commons Attribution-NonCommercial 4.0 International License … "
        "may be used for research or noncommercial purposes with attribution",
        "the official browser extension publishes the listing in a repository licensed MIT; "
        "the site reserves the copyright of its texts",
        "please do not copy, create derivative works, or distribute copies without permission or "
        "purchasing a license",
    ):
        assert words in codebook
