"""Callers take turns: whoever sends many requests at once does not keep others waiting for all of them."""

import socket
from urllib.parse import urlsplit

import pytest

from tests.helpers.serving import serving
from tests.siege.worst import WORST, cost

pytestmark = pytest.mark.slow

MANY = 3000
REQUEST = b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"


def test_a_caller_with_many_requests_in_one_piece_keeps_nobody_waiting_for_the_last(tmp_path):
    with serving(tmp_path) as server:
        where = urlsplit(server.url)
        with (
            socket.create_connection((where.hostname, where.port), timeout=30) as greedy,
            socket.create_connection((where.hostname, where.port), timeout=30) as modest,
        ):
            greedy.sendall(REQUEST * MANY)
            modest.sendall(REQUEST)
            assert modest.recv(65536).startswith(b"HTTP/1.1 200")
            greedy.setblocking(False)
            answered = 0
            try:
                while piece := greedy.recv(2**20):
                    answered += piece.count(b"HTTP/1.1 200")
            except BlockingIOError:
                pass
            assert answered < MANY


@pytest.mark.parametrize(
    "name",
    ["names that grow", "agencies named again and again", "a page of unknown names", "a form of escapes"],
)
def test_four_callers_who_go_on_with_dear_requests_keep_no_probe_waiting(tmp_path, name):
    worst = next(each for each in WORST if each.name == name)
    with serving(tmp_path) as server:
        _, _, slowest = cost(server, worst, seconds=3)
    # Under 100 where the server has a core to itself (docs/operations.md); here tests share them.
    assert slowest <= 600
