"""The only door through which a docket changes."""
