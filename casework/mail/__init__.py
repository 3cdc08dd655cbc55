"""Tips by mail: the mailbox is fetched, each mail read and registered, and answered where the
bureau wishes it."""
