"""The writers of generated texts, which a maintainer runs."""
