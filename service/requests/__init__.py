"""Request types, validation messages, problems and API keys, shared by the HTTP API and MCP."""
