"""Dockets, journals, clocks: append-only."""
