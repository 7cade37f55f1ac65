"""Many slow callers at once on one worker: whoever asks beside them is answered."""

import asyncio

import pytest

from tests.helpers.serving import serving
from tests.siege import slow

pytestmark = pytest.mark.slow


def test_slow_callers_hold_up_nobody(tmp_path, monkeypatch):
    monkeypatch.setattr(slow, "SECONDS", 10)
    with serving(tmp_path) as server:
        seen = asyncio.run(slow.besiege(server))
    assert len(seen.ordinary) == 100
    unanswered = [each for each in (*seen.probes, *seen.ordinary) if each >= slow.PATIENCE_SECONDS]
    assert not unanswered
    assert seen.growth < 100 * 2**20
