"""The commands of a data editor: import, refresh, build, compare, check, release."""
