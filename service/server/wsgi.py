"""Start the application on the settings of the environment and the data they name."""

import sys

from flask import Flask

from service.core.errors import DataError
from service.dataset.snapshot import build_catalog, gc_paused
from service.server.data_source import DataSource
from service.server.reload import SnapshotStore
from service.settings import from_environment
from service.telemetry import logs
from service.web.app import create_app, warm_up


def from_settings() -> Flask:
    """Make the application that a server starts, on the settings of the environment.

    Ends the process with one line a fault when either cannot be used.
    """
    logs.configure_logging()
    try:
        settings = from_environment()
        source = DataSource(settings)
        with gc_paused():
            catalog = warm_up(build_catalog(source.load()))
        app = create_app(settings, catalog, access_log=True)
    except (DataError, ValueError) as error:
        sys.exit(str(error))
    app.extensions["slantwise.snapshots"] = SnapshotStore(source, app.extensions)
    return app
