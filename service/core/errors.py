"""The exceptions of the core.

SlantwiseError
├── DataError         a table, rater file or alias that cannot be used
└── RequestError      a request that the caller can mend. Carries a JSON pointer
"""


class SlantwiseError(Exception):
    """Base of every error that this package raises on purpose."""


class DataError(SlantwiseError):
    """Data that must not be served. The message says where and what would be right."""


def escape_pointer(name: str) -> str:
    return "/" + name.replace("~", "~0").replace("/", "~1")


class RequestError(SlantwiseError):
    """A well-formed request that asks for something impossible.

    ``pointer`` is the JSON pointer (RFC 6901) of the offending value.
    """

    def __init__(self, pointer: str, detail: str) -> None:
        super().__init__(detail)
        self.pointer = pointer
        self.detail = detail
