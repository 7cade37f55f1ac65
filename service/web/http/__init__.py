"""The way of every request: typed values in, a value out, problems, headers, figures."""
