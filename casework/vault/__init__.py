"""Keys, sealing, row-bound encryption, keyed search tokens. No key is ever in the database."""
