"""The siege, shortened: nothing is lost through the gateway, nothing ends as a fault of the service."""

import pytest

from tests.siege.all_at_once import NO_ANSWER, siege

pytestmark = pytest.mark.slow


def test_under_siege_nobodys_request_is_lost_and_nothing_is_a_fault():
    seen = siege(seconds=14, garbage=600)
    assert seen.garbage.total() == 600
    assert seen.killed >= 2
    assert seen.changed
    assert seen.worst["as expected"]
    # A dear one whose worker was killed, and whose second worker was killed too, is told to come back.
    assert seen.worst.keys() <= {"as expected", "503", NO_ANSWER}, seen.report()
    # The gateway asks the other replica. Only a request that two killed workers had in turn has no third.
    assert seen.lost(seen.ordinary) + seen.lost(seen.probes) <= seen.killed // 2, seen.report()
    assert not seen.failures().keys() & {"500", "502", "504"}, seen.report()
    assert not seen.faults(), seen.report()
