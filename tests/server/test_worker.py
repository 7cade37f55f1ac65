"""The worker's side of a connection: what is sent when, and what a caller's slowness may cost."""

import socket
import threading

import pytest

from service.server.worker import LONGEST_HEAD, PatientSocket

REQUEST = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture
def ends():
    """Our end, which has read a request's head, and the caller's."""
    plain, caller = socket.socketpair()
    ours = PatientSocket.of(plain)
    caller.sendall(REQUEST)
    assert ours.has_head()
    with ours, caller:
        yield ours, caller


def arrived(caller: socket.socket) -> bytes:
    """What is there for the caller at this moment."""
    try:
        return caller.recv(65536, socket.MSG_DONTWAIT)
    except BlockingIOError:
        return b""


def test_head_and_body_leave_together(ends):
    ours, caller = ends
    ours.sendall(b"head ")
    assert arrived(caller) == b""
    ours.sendall(b"body")
    assert arrived(caller) == b"head body"
    ours.sendall(b", more of it")
    assert arrived(caller) == b", more of it"


def test_a_head_without_a_body_leaves_at_the_end(ends):
    ours, caller = ends
    ours.sendall(b"head")
    ours.flush()
    assert arrived(caller) == b"head"
    ours.flush()
    assert arrived(caller) == b""


def test_the_next_answer_begins_anew(ends):
    ours, caller = ends
    for number in (b"1", b"2"):
        ours.recv(65536)
        ours.sendall(b"head " + number)
        assert arrived(caller) == b""
        ours.sendall(b" body")
        assert arrived(caller) == b"head " + number + b" body"
        caller.sendall(REQUEST)
        assert ours.has_head()


def test_an_answer_larger_than_the_buffers_arrives_whole(ends):
    ours, caller = ends
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    caller.settimeout(30)
    body = bytes(range(256)) * 4096
    sender = threading.Thread(target=lambda: (ours.sendall(b"head "), ours.sendall(body)))
    sender.start()
    got = b""
    while len(got) < len(body) + 5:
        got += caller.recv(65536)
    sender.join()
    assert got == b"head " + body


@pytest.mark.parametrize(
    ("sent", "complete"),
    [(b"GET / HTTP/1.1\r\n", False), (REQUEST, True), (b"x" * LONGEST_HEAD, True)],
    ids=["half a head", "a head", "as much as is kept"],
)
def test_a_head_is_waited_for_without_a_thread(sent, complete):
    plain, caller = socket.socketpair()
    with PatientSocket.of(plain) as ours, caller:
        assert not ours.has_head()
        caller.sendall(sent)
        assert ours.has_head() is complete
        if complete:
            assert ours.recv(65536) == sent
