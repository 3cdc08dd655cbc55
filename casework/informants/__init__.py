"""Tables of the informant's side: receipts, messages, the sealed identity."""
