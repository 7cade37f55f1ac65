"""The tools for an assistant (Model Context Protocol)."""
