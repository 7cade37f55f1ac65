"""What the clients are tested against."""

import threading
from collections.abc import Iterator

import pytest
from werkzeug.serving import make_server

from service.core.resolve.catalog import Catalog
from service.settings import Settings
from service.web.app import create_app


@pytest.fixture(scope="package")
def url(catalog: Catalog) -> Iterator[str]:
    """The service over the small catalog, on a real socket."""
    server = make_server("127.0.0.1", 0, create_app(Settings(), catalog), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()
