"""What a maintainer runs: the writers of generated texts."""
