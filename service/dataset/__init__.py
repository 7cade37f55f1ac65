"""Files → one checked snapshot, and what a data editor runs."""
