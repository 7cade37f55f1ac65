"""Slantwise: outlets in, a left/center/right percentage distribution out."""

__version__ = "0.1.0"
