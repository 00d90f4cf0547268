"""What docs/reliability.md promises, and how each row of it is measured."""
