"""docs/batch.md says which limits hold."""

from service.settings import Settings
from tests.helpers import ROOT


def test_the_documented_limits_are_the_defaults():
    page, settings = (ROOT / "docs" / "batch.md").read_text(), Settings()
    assert f"Up to {settings.max_stories:,} stories and {settings.max_batch_body >> 20} MiB" in page
    assert f"may be ({settings.max_body >> 20} MiB" in page
    assert f"for {settings.max_stall} s" in page
