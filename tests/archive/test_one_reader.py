"""PDFium is not made for several threads: with two in it, text is lost without an error and a name
is missed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from casework.archive import redact, scan_pages
from casework.archive.terms_to_hide import Hidden
from casework.papers.leaks import text_of
from casework.papers.one_reader import open_pdf
from tests.conftest import ROOT
from tests.support.archive import paper

NAME = "王五"
READERS: dict[str, Callable[[bytes], object]] = {
    "leaks": text_of,
    "touches": lambda data: redact.touches(data, Hidden(frozenset({NAME}))),
    "blacked": lambda data: redact.blacked(
        data, Hidden(frozenset({NAME})), "笔录", "局", date(2026, 1, 1)
    ),
    "look": scan_pages.inspect_pages,
    "nothing_added": lambda data: scan_pages.nothing_added(data, data),
}


@pytest.mark.parametrize("reader", READERS)
def test_a_second_thread_waits_until_the_document_is_closed(reader: str) -> None:
    data, done = paper(f"{NAME}签收。"), threading.Event()

    def read() -> None:
        READERS[reader](data)
        done.set()

    other = threading.Thread(target=read)
    with open_pdf(data):
        other.start()
        other.join(1)  # a slow machine can only make it look right
        assert not done.is_set()
    other.join()
    assert done.is_set()


def test_no_module_opens_a_pdf_past_the_lock() -> None:
    """Previews are drawn in a process of their own."""
    apart = {"casework/papers/one_reader.py", "casework/evidence/drawn_apart.py"}
    sources = [
        f for folder in ("casework", "letters", "forms") for f in Path(ROOT, folder).rglob("*.py")
    ]
    opens = {
        f.relative_to(ROOT).as_posix() for f in sources if ".PdfDocument(" in f.read_text("utf-8")
    }
    assert opens == apart
