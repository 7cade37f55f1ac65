"""What a request may hold, what is wrong with it, and who sends it: shared by the HTTP API and the tools."""
