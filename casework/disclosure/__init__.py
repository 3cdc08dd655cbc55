"""The public lists: entries, what may be shown, and the files they are handed out as."""
