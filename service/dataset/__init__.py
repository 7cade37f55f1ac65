"""Turns data files into one checked snapshot."""
