"""The law as data and pure functions: no database, no clock on the wall, no web."""
