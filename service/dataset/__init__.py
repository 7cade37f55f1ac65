"""Turns data files into one checked snapshot, and holds the tools of a data editor."""
