"""How well ``core.independence`` tells copies from independent reports, measured on labelled articles."""
