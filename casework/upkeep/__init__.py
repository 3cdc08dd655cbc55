"""Time itself, health, demonstration data, verification."""
