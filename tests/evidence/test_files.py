"""Files from strangers: what they are, how they are called, taken in and looked at."""

import io

import pytest
from flask import Flask
from PIL import Image
from werkzeug.datastructures import FileStorage

from casework.evidence import clean
from casework.evidence.clean import cleaned
from casework.evidence.kinds import WORD, kind_of
from casework.evidence.preview import page_picture
from casework.evidence.uploads import NotTaken, Upload, download_name, take_in, title_of
from tests.evidence.made import PHOTOGRAPHS, archive, pdf, picture, word


# -- what it is
def test_kinds_are_told_by_content() -> None:
    assert kind_of(picture()) == "image/jpeg"
    assert kind_of(pdf()) == "application/pdf"
    assert kind_of(word()) == WORD
    assert kind_of("指标,上报\n应收账款,646\n".encode()) in ("text/plain", "text/csv")


POLYGLOTS = {
    "a picture that is an archive": picture() + archive({"evil.exe": b"MZ"}),
    "a PDF that is an archive": pdf() + archive({"evil.exe": b"MZ"}),
    "an archive before a document": b"#!/bin/sh\n" + word(),
    "a Word file that is an Excel file": word(xl__workbook_dot_xml=b"<workbook/>"),
    "a page": b"<!DOCTYPE html><html><script>alert(1)</script></html>",
    "a drawing that runs": b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>',
    "a program": b"MZ\x90\x00" + bytes(400),
    "a picture's head alone": picture()[:10],
}


@pytest.mark.parametrize("name", POLYGLOTS)
def test_what_is_several_things_is_refused(name: str) -> None:
    assert kind_of(POLYGLOTS[name]) is None


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\张三\\账.xlsx", "账.xlsx"),
        ("..", "file"),
        ("/", "file"),
        (None, "file"),
        (".htaccess", "htaccess"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"),
        ("照片\u202egpj.exe", "照片gpj.exe"),
        ("a\0.pdf", "a.pdf"),
        ("x" * 500, "x" * 120),
        ('<img src="x">.png', "_img src=_x__.png"),
    ],
)
def test_names_lead_nowhere(name: str | None, title: str) -> None:
    assert title_of(name) == title


def test_a_copy_is_saved_under_what_it_is() -> None:
    assert download_name("账.jpg.exe", "application/pdf") == "账.jpg.exe.pdf"
    assert download_name("账.JPG", "image/jpeg") == "账.JPG"


# -- what has no copy
@pytest.mark.parametrize(
    "media_type", ["image/heic", "application/msword", "application/vnd.ms-excel", "message/rfc822"]
)
def test_what_cannot_be_cleaned_has_no_copy(media_type: str) -> None:
    assert cleaned(b"whatever it is", media_type) is None


@pytest.mark.parametrize("data", [picture()[:200], pdf()[:300], word()[:400], b"", b"\0" * 50])
def test_files_cut_in_the_middle_do_no_harm(data: bytes) -> None:
    for media_type in clean._MAKERS:
        cleaned(data, media_type)


# -- taken in
def take(app: Flask, data: bytes, name: str, limit: int = 10**8) -> Upload:
    return take_in(FileStorage(io.BytesIO(data), name), limit)


def test_a_large_upload_never_touches_a_disk_in_clear(app: Flask) -> None:
    """Werkzeug would spool anything above 500 kB into the system's temporary folder."""
    with app.test_request_context(
        "/",
        method="POST",
        data={"files": (io.BytesIO(b"x" * 2_000_000), "a.txt")},
        content_type="multipart/form-data",
    ) as context:
        assert isinstance(context.request.files["files"].stream, io.BytesIO)


def test_an_empty_and_a_large_file_are_refused(app: Flask) -> None:
    with pytest.raises(NotTaken, match="empty"):
        take(app, b"", "a.pdf")
    with pytest.raises(NotTaken, match="size"):
        take(app, picture(), "a.jpg", 10)


# -- looked at
def test_pages_are_drawn_apart() -> None:
    drawn = page_picture(pdf(), "application/pdf", 2)
    assert drawn
    assert drawn[0] == 2
    with Image.open(io.BytesIO(drawn[1])) as shown:
        assert shown.format == "PNG"
        assert shown.size == (400, 200)
    assert page_picture(pdf(), "application/pdf", 3) is None
    assert page_picture(b"%PDF-1.4 broken", "application/pdf", 1) is None
    assert page_picture(b"x", "text/plain", 1) is None
    # an envelope photographed at the counter
    assert page_picture(PHOTOGRAPHS["image/heic"], "image/heic", 1) is not None
    shown_jpeg = page_picture(picture(), "image/jpeg", 1)
    assert shown_jpeg
    assert shown_jpeg[0] == 1
