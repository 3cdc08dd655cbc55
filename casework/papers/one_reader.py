"""PDFium for one thread at a time: it is not made for several, and the server has many.

Two threads within it at once lose text without an error. The search for an informant's name then
misses a name, and an outgoing file shows what should be black.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2

_alone = threading.RLock()  # whoever compares two documents opens the second within the first


@contextmanager
def open_pdf(pdf: bytes) -> Iterator[pypdfium2.PdfDocument]:
    """A context with the document; no other thread reads or draws a PDF until it ends. Its pages,
    and pictures of them, are closed with it: keep copies. Error: PdfiumError for what cannot be
    opened."""
    with _alone:
        document = pypdfium2.PdfDocument(pdf)
        try:
            yield document
        finally:
            document.close()
