"""Numbers, issued PDFs, service."""
