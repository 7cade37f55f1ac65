"""How well entries become outlets: labelled cases, one command, three numbers."""
