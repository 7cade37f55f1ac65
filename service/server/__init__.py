"""The room of gunicorn: the start, the hooks of its life, new data while it serves."""
