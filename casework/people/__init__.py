"""Bureaus, staff, roles, cards: who may see and do what."""
