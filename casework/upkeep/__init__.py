"""What time and operators do: ticks, nightly checks, backups, demonstration data."""
