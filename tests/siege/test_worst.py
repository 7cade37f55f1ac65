"""The dearest valid requests, counted in calls: no clock decides. The program beside prints their time."""

import pytest

from tests.helpers.counting import calls
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
    statuses = []
    assert calls(lambda: statuses.append(send(worst, body))) <= MOST_CALLS
    assert statuses == [worst.status]
