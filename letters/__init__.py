"""Papers of the bureau drawn as PDF from plain data: no database, no web; same input, same
bytes."""
