"""HTTP and WebSocket: thin, one table of routes."""
