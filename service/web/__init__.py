"""The HTTP surface: parse → one core call → answer."""
