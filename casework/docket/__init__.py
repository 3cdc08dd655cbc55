"""Dockets, their journals, clocks and lists: append-only."""
