"""Walks that nobody planned."""
