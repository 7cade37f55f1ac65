"""Generated texts say what the code says today: ``make docs`` writes them."""

import pytest

from tests.helpers import ROOT
from tools.examples import EXAMPLE, apart, commands, cut, differences, printed, read
from tools.texts import PAGES_WITH_ANSWERS, shipped, texts


@pytest.mark.parametrize("path", texts(), ids=lambda path: path.name)
def test_a_generated_text_is_the_one_that_make_docs_writes(path):
    assert path.read_text("utf-8") == texts()[path](), "run: make docs"


@pytest.fixture(scope="module")
def client():
    """The service on the shipped table."""
    return shipped()


@pytest.mark.parametrize("page", PAGES_WITH_ANSWERS)
def test_a_documented_answer_has_the_shape_of_the_real_one(client, page):
    assert commands(ROOT / page)
    assert differences(ROOT / page, client) == [], "run: make docs"


@pytest.mark.parametrize("page", PAGES_WITH_ANSWERS)
def test_a_documented_answer_is_printed_as_make_docs_prints_it(page):
    for _, shown in EXAMPLE.findall((ROOT / page).read_text("utf-8")):
        assert printed(read(shown)) == shown, "run: make docs"


@pytest.mark.parametrize(
    ("shown", "given", "place"),
    [
        ({"bias": {"value": -1.0}}, {"bias": {"value": 2.0}}, None),
        ({"bias": {"value": -1.0}}, {"bias": None}, None),
        ({"leading": ["left"]}, {"leading": ["left", "center"]}, None),
        ({"as_of": "2023-11-15", "stale": True}, {"as_of": "2026-11-15"}, None),
        ({"outlets": ["…"], "…": "…"}, {"outlets": [1, "…"], "…": "…"}, None),
        ({"bias": {"value": -1.0}}, {"bias": {"score": -1.0}}, "/bias: members"),
        ({"bias": {"value": -1.0}}, {"bias": {"value": "left"}}, "/bias/value: "),
        ({"outlets": [{"status": "rated"}]}, {"outlets": [{"status": "unknown"}]}, "/outlets/0/status: "),
        ({"errors": [{"pointer": "/a"}]}, {"errors": [{"pointer": "/b"}]}, "/errors/0/pointer: "),
        ("45% Center", 45, ": 45"),
    ],
)
def test_a_shape_is_members_types_and_what_the_code_decides(shown, given, place):
    found = list(apart(shown, given))
    assert [each[: len(place or "")] for each in found] == ([place] if place else [])


REAL = {"a": {"x": 1, "y": 2}, "b": [1, 2, 3], "request_id": "r", "c": None}


@pytest.mark.parametrize(
    ("shown", "new"),
    [
        ('{"a": …}', '{"a": …, "b": [1, 2, 3], "request_id": …, "c": null}'),
        ('{"a": {"x": 0, …}, …}', '{"a": {"x": 1, …}, …}'),
        ('{"b": [0, …], …}', '{"b": [1, …], …}'),
        ('{"b": [1, 2, 3, …], …}', '{"b": [1, 2, 3], …}'),
        ('{"gone": 1, "c": 1, …}', '{"c": null, …}'),
        ("…", "…"),
    ],
)
def test_an_answer_is_cut_where_it_was_cut(shown, new):
    assert " ".join(printed(cut(REAL, read(shown))).split()).replace("{ ", "{").replace(" }", "}") == new
    assert read(new) == cut(REAL, read(new)), "what is written stays as it is"
