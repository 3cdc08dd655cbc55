"""Sealed uploads and their cleaned copies."""
