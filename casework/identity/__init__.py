"""The informant's sealed identity: custodians and their keys, requests for an opening, and the
opening itself."""
