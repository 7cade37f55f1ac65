"""What every request passes: typed values in, a value out, problems, headers, figures."""
