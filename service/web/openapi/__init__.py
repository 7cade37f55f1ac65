"""The endpoints and their types → the OpenAPI description."""
