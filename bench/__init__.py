"""Measurements: the program against the bare thing, as ratios within one run. Nothing here is a
test."""
