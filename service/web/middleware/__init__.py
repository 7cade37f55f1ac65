"""WSGI layers around the application: body limits, CORS, access log, keys, rate limits, tracing."""
