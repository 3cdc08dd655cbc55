"""Numbers of documents, issued PDFs, bound files, and whether a paper is ours."""
