"""Receipts, dialogue, sealed identity."""
