"""What the public sees of intake: the tip's form, receipts, progress and the dialogue with the
informant."""
