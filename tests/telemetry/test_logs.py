"""A log line: JSON for machines, text for people, one line a record whatever is in it."""

import json
import logging
import sys

import pytest

from service.telemetry import logs


def record(message: str, *args: object, exc_info: object = None, **fields: object) -> logging.LogRecord:
    made = logging.LogRecord("service.x", logging.ERROR, __file__, 1, message, args, exc_info)
    made.created = 0.25
    if fields:
        made.fields = fields
    return made


def test_a_record_is_json_with_its_time_level_and_event_first():
    line = logs.JsonFormatter().format(record("read %d files", 3, more=2, path=logs))
    assert list(json.loads(line).items()) == [
        ("timestamp", "1970-01-01T00:00:00.250000Z"),
        ("level", "error"),
        ("event", "read 3 files"),
        ("more", 2),
        ("path", str(logs)),
    ]


def test_neither_line_ends_nor_tracebacks_make_a_second_line():
    try:
        raise ValueError("first\nsecond")
    except ValueError:
        line = logs.JsonFormatter().format(record('a\n{"event":"forged"}', exc_info=sys.exc_info()))
    assert "\n" not in line
    assert "first\nsecond" in json.loads(line)["exception"]


def test_for_people_the_fields_follow_the_event():
    line = logs.TextFormatter().format(record("data reloaded", outlets=7))
    assert line.endswith("ERROR    data reloaded  outlets=7")


@pytest.mark.parametrize(("terminal", "kind"), [(True, logs.TextFormatter), (False, logs.JsonFormatter)])
def test_a_terminal_gets_text_and_everything_else_json(monkeypatch, terminal, kind):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)
    assert isinstance(logs.make_handler().formatter, kind)


def test_on_a_terminal_a_request_has_the_form_of_the_other_lines(monkeypatch, caplog):
    monkeypatch.setattr(logs, "is_terminal", lambda: True)
    with caplog.at_level("INFO", "service.requests"):
        logs.write_request_line(method="GET", route="/livez", status=200)
    line = logs.TextFormatter().format(caplog.records[-1])
    assert line.endswith("INFO     request  method=GET  route=/livez  status=200")
