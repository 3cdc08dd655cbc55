"""Public entries and their outputs."""
