"""The dearest valid requests, counted in calls: no clock decides. The program beside prints their time."""

import sys

import pytest

from tests.siege.worst import WORST, application, send

pytestmark = pytest.mark.slow
MOST_CALLS = 3_000_000
"""About a quarter of a second where each is a short one."""


@pytest.mark.parametrize(
    "worst",
    [pytest.param(each, id=each.name) for each in WORST],
)
def test_no_valid_request_is_more_than_so_much_work(worst):
    body = worst.body() if worst.body else None
    assert body is None or len(body) <= 2**20
    application().test_client().get("/v1/outlets?q=a")  # what is worked out once for a table
    calls, statuses = 0, []

    def note(_frame, event, _argument):
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        statuses.append(send(worst, body))
    finally:
        sys.setprofile(None)
    assert statuses == [worst.status]
    assert calls <= MOST_CALLS
