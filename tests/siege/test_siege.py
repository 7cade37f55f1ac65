"""The siege, shortened: nothing is lost through the gateway, nothing ends as a fault of the service."""

import pytest

from tests.siege.all_at_once import siege

pytestmark = pytest.mark.slow


def test_under_siege_nobodys_request_is_lost_and_nothing_is_a_fault():
    seen = siege(seconds=12, garbage=600)
    assert seen.garbage.total() == 600
    assert seen.killed >= 2
    assert seen.changed >= 4
    assert seen.worst["as expected"] == seen.worst.total() > 0
    assert not seen.lost(seen.ordinary), seen.report()
    assert not seen.lost(seen.probes), seen.report()
    assert not seen.failures()["500"], seen.report()
    assert not seen.faults(), seen.report()
