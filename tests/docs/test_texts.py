"""Generated texts say what the code says today: ``make docs`` writes them."""

import pytest

from tests.helpers import ROOT
from tools.examples import commands, cut, printed, read
from tools.texts import PAGES_WITH_ANSWERS, shipped, texts


@pytest.fixture(scope="module")
def written():
    """The generated texts of the service on the shipped table."""
    return texts(shipped())


@pytest.mark.parametrize("path", texts(None), ids=lambda path: path.name)
def test_a_generated_text_is_the_one_that_make_docs_writes(written, path):
    assert path.read_text("utf-8") == written[path](), "run: make docs"


@pytest.mark.parametrize("page", PAGES_WITH_ANSWERS)
def test_every_page_with_answers_has_some(page):
    assert commands(ROOT / page)


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
