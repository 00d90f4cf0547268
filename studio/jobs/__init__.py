"""Jobs: their life, the worker processes they run on, and the runner that brings both together."""
