"""``bench/kill``: work that is ended by kill -9 at random moments, and what must hold
afterwards."""
