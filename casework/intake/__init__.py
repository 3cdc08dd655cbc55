"""What every channel of tips shares: receiving, drafts, limits, lists from other bodies, twins."""
