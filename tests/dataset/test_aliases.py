"""The alias file: what may not stand in it, and that the shipped one holds."""

import pytest
from msgspec import structs

from service.core.outlets import Alias
from service.dataset.aliases import check_aliases, check_shared_names
from service.dataset.schema import ALIASES_FILE, COLUMNS, TABLE_COLUMNS
from tests.helpers.datafolder import frame

OUTLETS = frame(
    TABLE_COLUMNS,
    {"domain": "herald.example", "name": "The Herald"},
    {"domain": "hill.example", "name": "The Hill"},
)


@pytest.mark.parametrize(
    ("aliases", "wrong"),
    [
        ([Alias("Hill", "name", "hill.example")], None),
        ([Alias("Capitol", "name", "hill.example")], None),
        ([Alias("hill.co", "host", "hill.example")], None),
        ([Alias("portal.example", "platform"), Alias("portal.example/hill", "host", "hill.example")], None),
        (
            [Alias("portal.example", "platform"), Alias("portal.example/a/b/c/d", "host", "hill.example")],
            None,
        ),
        (
            [Alias("portal.example", "platform"), Alias("portal.example/a/b/c/d/e", "host", "hill.example")],
            "portal.example/a/b/c/d/e is not a host",
        ),
        ([Alias("Hill", "ambiguous", "herald.example"), Alias("Hill", "ambiguous", "hill.example")], None),
        ([Alias("Capitol", "name", "gone.example")], "'gone.example' is not in the table"),
        (
            [Alias("Portal", "platform", "hill.example")],
            "a platform has no domain, but this row gives 'hill.example'",
        ),
        ([Alias("herald", "name", "hill.example")], "'herald' is the name of herald.example"),
        ([Alias("Hill", "platform")], "'Hill' is the name of hill.example"),
        ([Alias("herald.example", "host", "hill.example")], "herald.example is the domain of an outlet"),
        ([Alias("www.Hill.co", "host", "hill.example")], "www.Hill.co is not a host"),
        (
            [Alias("Dome", "name", "herald.example"), Alias("The Dome", "name", "hill.example")],
            "'The Dome' already means herald.example",
        ),
        (
            [Alias("Dome", "name", "hill.example"), Alias("dome!", "name", "hill.example")],
            "'dome!' says the same as 'Dome'",
        ),
        (
            [Alias("Dome", "ambiguous", "hill.example"), Alias("The Dome", "name", "hill.example")],
            "'The Dome' says the same as 'Dome'",
        ),
        ([Alias("!", "name", "hill.example")], "'!' has no letters"),
        (
            [Alias("b.example", "platform"), Alias("a.example", "platform")],
            "'a.example' comes after 'b.example'",
        ),
    ],
)
def test_an_alias_may_not_contradict_the_table(aliases: list[Alias], wrong: str | None):
    rows = frame(
        COLUMNS[ALIASES_FILE], *({**structs.asdict(alias), "domain": alias.domain or ""} for alias in aliases)
    )
    assert [issue.found for issue in check_aliases(rows, OUTLETS, "f")] == ([wrong] if wrong else [])


def test_a_reason_is_given_of_ambiguous_names_only():
    kinds = {"Hill": "ambiguous", "Dome": "name"}
    aliases = frame(COLUMNS[ALIASES_FILE], *({"alias": name, "kind": kind} for name, kind in kinds.items()))
    reasons = frame(COLUMNS["facts/shared_names.csv"], *({"name": name} for name in kinds))
    assert [str(each) for each in check_shared_names(reasons, aliases, "f")] == [
        "f:3:name: 'Dome' is not ambiguous; a name of kind ambiguous in outlet_aliases.csv"
    ]
