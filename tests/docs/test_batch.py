"""The example in docs/batch.md is a real answer. ``python -m tests.docs.test_batch`` writes it anew."""

import json

from service.settings import Settings
from tests.docs.test_readme import real_client
from tests.helpers import ROOT
from tests.helpers.examples import answer, examples, refreshed, steady

PAGE = ROOT / "docs" / "batch.md"


def test_the_documented_answer_is_the_real_one():
    (example,) = examples(PAGE)
    assert steady(answer(real_client(), example.command)) == steady(json.loads(example.answer))


def test_the_documented_limits_are_the_defaults():
    page, settings = PAGE.read_text(), Settings()
    assert f"Up to {settings.max_stories:,} stories and {settings.max_batch_body >> 20} MiB" in page
    assert f"may be ({settings.max_body >> 20} MiB" in page
    assert f"for {settings.max_stall} s" in page


if __name__ == "__main__":
    PAGE.write_text(refreshed(PAGE, real_client()))
