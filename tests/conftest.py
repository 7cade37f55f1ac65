"""Fixtures strategy: the smallest set that several tests share lives here; the rest is built in the test.

``catalog`` holds a handful of made-up outlets, one for each case the rules speak of.
"""

import pytest
from hypothesis import settings

from service.core.outlets import Alias, Outlet, Rater, Rating, combine_ratings
from service.core.resolve.catalog import Catalog

# No test asserts time; the same examples every run, so that a red run can be run again.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")

RATERS = {
    name: Rater(
        id=name,
        name=name.title(),
        holder=f"{name.title()} Ltd",
        licence=licence,
        commercial_use=licence == "MIT",
        attribution=f"Ratings by {name}",
        url=f"https://{name}.example/",
        scale={"Left": -2, "Center": 0, "Right": 2},
    )
    for name, licence in (("one", "MIT"), ("two", "CC-BY-NC-4.0"))
}


def outlet(domain: str, *values: float | None, **facts: str) -> Outlet:
    """An outlet rated by rater ``one``, then ``two``; ``None`` where that rater is silent."""
    ratings = [
        Rating(rater, f"says {value}", value, "2026-01-01")
        for rater, value in zip(RATERS, values, strict=False)
        if value is not None
    ]
    name = facts.pop("name", domain.partition(".")[0].title())
    return Outlet(domain, name, combine_ratings(ratings, RATERS), **facts)


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    outlets = [
        outlet("left.example", -2, -1, country="US", factuality="high"),
        outlet("center.example", 0, 0, country="GB"),
        outlet("right.example", 2, None),
        outlet("torn.example", -1, 1),
        outlet("silent.example", country="FR", factuality="mixed"),
        outlet("herald-a.example", 1, name="The Herald", country="GB"),
        outlet("herald-b.example", -1, name="The Herald", country="ZW"),
    ]
    aliases = [
        Alias("center-old.example", "host", "center.example"),
        Alias("ctr.example", "shortener", "center.example"),
        Alias("portal.example", "platform"),
        Alias("The Middle", "name", "center.example"),
    ]
    return Catalog(outlets, aliases, RATERS.values(), version="test", sha256="0" * 64)
