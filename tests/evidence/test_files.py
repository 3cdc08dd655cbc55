"""Files from strangers: what they are, what is hidden in them, and what the working copy no longer holds."""

import io
import resource
import struct
import wave
import zipfile
import zlib
from typing import Any

import pikepdf
import pytest
from flask import Flask
from PIL import Image
from werkzeug.datastructures import FileStorage

from casework.evidence import clean, drawn_apart, preview
from casework.evidence.clean import cleaned
from casework.evidence.kinds import SHEET, WORD, copy_type, kind_of
from casework.evidence.preview import page_picture
from casework.evidence.uploads import NotTaken, Upload, download_name, take_in, title_of

MARK = b"ZHANG-SAN-PC"


def picture(kind: str = "JPEG", mode: str = "RGB", size: tuple[int, int] = (40, 30)) -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = MARK.decode()
    exif[0x8825] = {1: "N", 2: (29.0, 52.0, 1.0)}
    Image.new(mode, size, "white").save(out, kind, exif=exif)
    return out.getvalue()


def archive(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, content in parts.items():
            z.writestr(name, content)
    return out.getvalue()


TYPES = b'<?xml version="1.0"?><Types><Override PartName="/docProps/core.xml" ContentType="x"/></Types>'
RELS = (
    b'<Relationships><Relationship Id="rId1" Type="o" Target="word/document.xml"/>'
    b'<Relationship Id="rId2" Type="c" Target="docProps/core.xml"/></Relationships>'
)


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content


def word(**more: bytes) -> bytes:
    """A Word file with an author in five places and a template on a stranger's server."""
    text = b'<w:document><w:ins w:author="' + MARK + b'" w:rsidR="00A1"><w:t>646 not 5087</w:t></w:ins></w:document>'
    calls = b'<Relationships><Relationship Id="t" Target="http://evil.example/t.dotx" TargetMode="External"/></Relationships>'
    parts = {
        "[Content_Types].xml": TYPES, "_rels/.rels": RELS, "docProps/core.xml": MARK, "word/document.xml": text,
        "word/comments.xml": b'<w:comment w:initials="' + MARK + b'"/>', "word/_rels/settings.xml.rels": calls,
        "word/media/image1.jpeg": picture(),
    }  # fmt: skip
    return archive(parts | {k.replace("__", "/").replace("_dot_", "."): v for k, v in more.items()})


def pdf(**info: str) -> bytes:
    out = io.BytesIO()
    made = pikepdf.new()
    made.add_blank_page(page_size=(200, 100))
    made.add_blank_page(page_size=(200, 100))
    made.docinfo["/Author"] = MARK.decode()
    made.Root["/OpenAction"] = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    made.attachments["note.txt"] = b"attached"
    made.save(out)
    return out.getvalue()


# -- what it is
def test_kinds_are_told_by_content() -> None:
    assert kind_of(picture()) == "image/jpeg"
    assert kind_of(pdf()) == "application/pdf"
    assert kind_of(word()) == WORD
    assert kind_of("指标,上报\n应收账款,646\n".encode()) in ("text/plain", "text/csv")


POLYGLOTS = {
    "a picture that is an archive": picture() + archive({"evil.exe": b"MZ"}),
    "a PDF that is an archive": pdf() + archive({"evil.exe": b"MZ"}),
    "a text that is a PDF": b"hello\n" + pdf(),
    "an archive before a document": b"#!/bin/sh\n" + word(),
    "a Word file that is an Excel file": word(xl__workbook_dot_xml=b"<workbook/>"),
    "a page": b"<!DOCTYPE html><html><script>alert(1)</script></html>",
    "a drawing that runs": b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>',
    "a program": b"MZ\x90\x00" + bytes(400),
    "a bare archive": archive({"a.txt": b"x"}),
    "a picture's head alone": picture()[:10],
}


@pytest.mark.parametrize("name", POLYGLOTS)
def test_what_is_several_things_is_refused(name: str) -> None:
    assert kind_of(POLYGLOTS[name]) is None


@pytest.mark.parametrize(
    ("name", "title"),
    [("../../etc/passwd", "passwd"), ("C:\\Users\\张三\\账.xlsx", "账.xlsx"), ("..", "file"), ("/", "file"), (None, "file"),
     (".htaccess", "htaccess"), ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"), ("照片\u202egpj.exe", "照片gpj.exe"),
     ("a\0.pdf", "a.pdf"), ("x" * 500, "x" * 120), ('<img src="x">.png', "_img src=_x__.png")],
)  # fmt: skip
def test_names_lead_nowhere(name: str | None, title: str) -> None:
    assert title_of(name) == title


def test_a_copy_is_saved_under_what_it_is() -> None:
    assert download_name("账.jpg.exe", "application/pdf") == "账.jpg.exe.pdf"
    assert download_name("账.JPG", "image/jpeg") == "账.JPG"


# -- what the working copy no longer holds
@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "RGB"), ("JPEG", "L"), ("PNG", "RGBA"), ("PNG", "P"), ("WEBP", "RGB")])
def test_pictures_lose_camera_and_place(kind: str, mode: str) -> None:
    source = picture(kind, mode)
    assert MARK in source
    copy = cleaned(source, f"image/{kind.lower()}")
    assert copy
    assert MARK not in copy
    with Image.open(io.BytesIO(copy)) as made:
        assert not made.getexif()
        assert made.convert("RGB").getpixel((3, 3)) == (255, 255, 255)


# -- photographs of telephones, drawn by a process apart
def photograph(kind: str, size: tuple[int, int] = (40, 30), brand: bytes = b"") -> bytes:
    """A HEIC or AVIF as a telephone makes it: dark on the left, light on the right, with camera and place."""
    import pillow_heif

    pillow_heif.register_heif_opener()
    made, exif = Image.new("RGB", size, "white"), Image.Exif()
    made.paste("black", (0, 0, size[0] // 2, size[1]))
    exif[0x010F], exif[0x0112], exif[0x8825] = MARK.decode(), 1, {1: "N", 2: (29.0, 52.0, 1.0)}
    out = io.BytesIO()
    made.save(out, kind, exif=exif, xmp=b"<x:xmpmeta>" + MARK + b"</x:xmpmeta>")
    return out.getvalue().replace(b"ftyp" + out.getvalue()[8:12], b"ftyp" + (brand or out.getvalue()[8:12]), 1)


PHOTOGRAPHS = {
    "image/heic": photograph("HEIF"),
    "image/heif": photograph("HEIF", brand=b"mif1"),
    "image/avif": photograph("AVIF"),
}


@pytest.mark.parametrize("media_type", PHOTOGRAPHS)
def test_photographs_of_telephones_become_a_jpeg_without_camera_and_place(media_type: str) -> None:
    source = PHOTOGRAPHS[media_type]
    assert MARK in source
    assert kind_of(source) == media_type
    copy = cleaned(source, media_type)
    assert copy
    assert MARK not in copy
    assert kind_of(copy) == "image/jpeg" == copy_type(media_type)
    with Image.open(io.BytesIO(copy)) as made:
        assert made.size == (40, 30)
        assert not made.getexif()
        assert {"exif", "xmp", "icc_profile"}.isdisjoint(made.info)
        assert (made.getpixel((5, 15))[0] < 40, made.getpixel((35, 15))[0] > 215) == (True, True)  # type: ignore[index]


def lying(kind: str) -> bytes:
    """What a telephone held upright writes: a picture that lies on its side, and a word on how it is to be turned."""
    import pillow_heif

    made, exif, out = Image.new("RGB", (60, 40), "white"), Image.Exif(), io.BytesIO()
    made.paste("black", (0, 0, 30, 40))
    exif[0x0112] = 6
    if kind == "HEIF":
        pillow_heif.encode("RGB", made.size, made.tobytes(), out, exif=exif.tobytes())
    else:
        made.save(out, kind, exif=exif)
    assert b"irot" in out.getvalue()  # the file's own box; that of the camera's notes counts no more
    return out.getvalue()


@pytest.mark.parametrize(("kind", "media_type"), [("HEIF", "image/heic"), ("AVIF", "image/avif")])
def test_a_photograph_taken_upright_stands_upright(kind: str, media_type: str) -> None:
    copy = cleaned(lying(kind), media_type)
    assert copy
    with Image.open(io.BytesIO(copy)) as made:
        assert made.size == (40, 60)
        assert (made.getpixel((20, 5))[0] < 40, made.getpixel((20, 55))[0] > 215) == (True, True)  # type: ignore[index]


def test_hostile_photographs_have_no_copy_and_leave_the_server_as_it_is() -> None:
    """Cut, garbled at every place, or claiming a size that would not fit: the process apart fails, and this one does not."""
    whole = photograph("HEIF", (320, 240))
    assert cleaned(whole[: len(whole) // 2], "image/heic") is None
    assert cleaned(b"\0\0\0\x18ftypheic" + bytes(5000), "image/heic") is None
    claims = whole.replace(struct.pack(">II", 320, 240), struct.pack(">II", 60000, 60000))
    assert claims != whole
    assert cleaned(claims, "image/heic") is None
    for at in range(20, len(whole), len(whole) // 12):
        cleaned(whole[:at] + b"\xff" * 8 + whole[at + 8 :], "image/heic")


@pytest.mark.parametrize("said", [b"", b"\0\0\0\x09", struct.pack(">II", 3, 3) + bytes(26), struct.pack(">II", 0, 0),
                                  struct.pack(">II", 2**31, 2**31), b"<script>alert(1)</script>"])  # fmt: skip
def test_what_the_process_apart_says_is_counted_not_believed(said: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preview, "_apart", lambda *asked: said)
    assert cleaned(PHOTOGRAPHS["image/heic"], "image/heic") is None


def test_a_photograph_larger_than_the_limit_is_given_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawn_apart, "MAX_GIVEN", 300)
    size = struct.unpack_from(">II", drawn_apart.pixels(PHOTOGRAPHS["image/heic"], "image/heic"))
    assert size == (20, 15)
    monkeypatch.setattr(drawn_apart, "MAX_DECODED", 1199)
    with pytest.raises(ValueError, match="more pixels"):
        drawn_apart.pixels(PHOTOGRAPHS["image/heic"], "image/heic")


def test_a_photograph_that_is_an_archive_too_is_refused() -> None:
    assert kind_of(PHOTOGRAPHS["image/heic"] + archive({"evil.exe": b"MZ"})) is None


def test_a_very_large_photograph_is_drawn_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    """100 megapixels, as telephones take them."""
    source = picture(size=(11600, 8700), mode="L")
    copy = cleaned(source, "image/jpeg")
    assert copy
    with Image.open(io.BytesIO(copy)) as made:
        assert (made.width, made.height) == (5800, 4350)


def test_a_picture_that_claims_too_much_has_no_copy() -> None:
    huge = io.BytesIO()
    Image.new("1", (20000, 6000)).save(huge, "PNG")  # a few kilobytes, 120 megapixels
    assert len(huge.getvalue()) < 100_000
    assert cleaned(huge.getvalue(), "image/png") is None
    head = picture("PNG")
    claims = head[:16] + struct.pack(">II", 60000, 60000) + head[24:]
    assert cleaned(claims, "image/png") is None


def test_pdfs_lose_author_actions_and_attachments() -> None:
    copy = cleaned(pdf(), "application/pdf")
    assert copy
    with pikepdf.open(io.BytesIO(copy)) as made:
        assert "/Info" not in made.trailer
        assert "/OpenAction" not in made.Root
        assert list(made.attachments) == []
        assert len(made.pages) == 2
    assert MARK not in copy


def scanned(photograph: bytes, *filters: str, **more: object) -> bytes:
    """A PDF as scanners and telephones make it: a page that is a photograph, packed as it came from the camera."""
    out, made = io.BytesIO(), pikepdf.new()
    made.add_blank_page(page_size=(80, 60))
    with Image.open(io.BytesIO(photograph)) as seen:
        size, colours = (
            seen.size,
            {"RGB": pikepdf.Name.DeviceRGB, "L": pikepdf.Name.DeviceGray, "CMYK": pikepdf.Name.DeviceCMYK},
        )
        space = colours[seen.mode]
    packed = photograph if filters[0] != "/FlateDecode" else zlib.compress(photograph)
    names = [pikepdf.Name(f) for f in filters]
    drawn = made.make_stream(
        packed, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=size[0], Height=size[1], ColorSpace=space,
        BitsPerComponent=8, Filter=names[0] if len(names) == 1 else pikepdf.Array(names), **more,
    )  # fmt: skip
    made.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=drawn))
    made.pages[0].Contents = made.make_stream(b"q 80 0 0 60 0 0 cm /I Do Q")
    made.save(out)
    return out.getvalue()


def jpeg(**how: Any) -> bytes:
    """A photograph dark on the left, light on the right, with camera, place, a comment, and a second picture behind its end."""
    made, exif, out = Image.new("RGB", (40, 30), "white"), Image.Exif(), io.BytesIO()
    made.paste("black", (0, 0, 20, 30))
    exif[0x010F], exif[0x8825] = MARK.decode(), {1: "N", 2: (29.0, 52.0, 1.0)}
    made.convert(how.pop("mode", "RGB")).save(out, "JPEG", exif=exif, comment=MARK, xmp=MARK, **how)
    return out.getvalue() + picture()


def jpeg_2000() -> bytes:
    made, out = Image.new("RGB", (40, 30), "white"), io.BytesIO()
    made.paste("black", (0, 0, 20, 30))
    made.save(out, "JPEG2000")
    head, data = out.getvalue().split(b"jp2c", 1)
    return head[:-4] + box(b"xml ", MARK) + head[-4:] + b"jp2c" + data


SCANNED = {
    "as it came": (jpeg(), "/DCTDecode"),
    "in several passes": (jpeg(progressive=True), "/DCTDecode"),
    "with marks to begin again": (jpeg(restart_marker_blocks=1), "/DCTDecode"),
    "grey": (jpeg(mode="L"), "/DCTDecode"),
    "for print": (jpeg(mode="CMYK"), "/DCTDecode"),
    "packed twice": (jpeg(), "/FlateDecode", "/DCTDecode"),
    "JPEG 2000": (jpeg_2000(), "/JPXDecode"),
}


@pytest.mark.parametrize("how", SCANNED)
def test_a_photograph_in_a_pdf_loses_camera_and_place_and_looks_the_same(how: str) -> None:
    source = scanned(*SCANNED[how])
    assert MARK in SCANNED[how][0]
    copy = cleaned(source, "application/pdf")
    assert copy
    with pikepdf.open(io.BytesIO(copy)) as made:
        inside = made.pages[0].Resources.XObject.I.read_raw_bytes()
    assert inside.startswith(b"\xff\xd8") or b"jP  " in inside
    assert MARK not in inside
    assert b"Exif" not in inside
    before, after = (page_picture(data, "application/pdf", 1) for data in (source, copy))
    assert before == after
    assert before


@pytest.mark.parametrize(
    "broken", [b"no picture", jpeg()[:40], jpeg()[:-4000], b"\xff\xd8" + b"\xff" * 9, b"\xff\xd8\xff\xe1\xff\xff"]
)
def test_a_broken_photograph_in_a_pdf_leaves_no_notes_either(broken: bytes) -> None:
    made, out = pikepdf.open(io.BytesIO(scanned(jpeg(), "/DCTDecode"))), io.BytesIO()
    made.pages[0].Resources.XObject.I.write(broken, filter=pikepdf.Name.DCTDecode)
    made.save(out)
    copy = cleaned(out.getvalue(), "application/pdf")
    assert copy is None or (MARK not in copy and b"Exif" not in copy)
    assert cleaned(scanned(jpeg(), "/ASCIIHexDecode", "/DCTDecode"), "application/pdf") is None  # not known: no copy


def test_a_pdf_loses_its_signer_and_the_number_of_its_first_copy() -> None:
    made, out = pikepdf.open(io.BytesIO(pdf())), io.BytesIO()
    signed = pikepdf.Dictionary(Type=pikepdf.Name.Sig, ByteRange=pikepdf.Array([0, 1, 2, 3]), Name=MARK, ContactInfo=MARK,
                                Contents=pikepdf.String(MARK))  # fmt: skip
    made.Root.AcroForm = pikepdf.Dictionary(
        Fields=pikepdf.Array([made.make_indirect(pikepdf.Dictionary(FT=pikepdf.Name.Sig, V=signed))])
    )
    made.trailer["/ID"] = pikepdf.Array([pikepdf.String(MARK), pikepdf.String(MARK)])
    made.save(out)
    assert MARK in flat(out.getvalue())
    copy = cleaned(out.getvalue(), "application/pdf")
    assert copy
    assert MARK not in flat(copy)


def acting_pdf() -> bytes:
    """A PDF with everything that acts, calls out or carries something, each with a mark that is looked for in the copy."""
    from pikepdf import Array, Dictionary, Name

    out, made = io.BytesIO(), pikepdf.new()
    made.add_blank_page(page_size=(200, 100))
    made.add_blank_page(page_size=(200, 100))
    uri = Dictionary(S=Name.URI, URI="http://evil.example/MARK-uri")
    script = Dictionary(S=Name.JavaScript, JS="MARK-script", Next=Dictionary(S=Name.URI, URI="http://x/MARK-next"))
    launch = Dictionary(S=Name.Launch, F="MARK-launch.exe")
    box = Array([0, 0, 10, 10])

    def mark(**more: object) -> pikepdf.Object:
        return made.make_indirect(Dictionary(Type=Name.Annot, Rect=box, **more))

    attached = made.make_indirect(
        Dictionary(Type=Name.Filespec, F="MARK-name", EF=Dictionary(F=made.make_stream(b"MARK-attached")))
    )
    field = mark(Subtype=Name.Widget, FT=Name.Tx, T="field", AA=Dictionary(K=script), A=launch)
    made.pages[0].obj.Annots = Array([
        mark(Subtype=Name.Link, A=uri), mark(Subtype=Name.Link, A=script), mark(Subtype=Name.FileAttachment, FS=attached),
        mark(Subtype=Name.RichMedia, RichMediaContent=Dictionary(X="MARK-media")), field,
        mark(Subtype=Name.Link, A=Dictionary(S=Name.GoTo, D=Array([made.pages[1].obj, Name.Fit]), Next=uri)),
    ])  # fmt: skip
    made.pages[0].obj.AA = Dictionary(O=script)
    made.Root.AcroForm = Dictionary(Fields=Array([field]), XFA=made.make_stream(b"MARK-xfa"))
    made.Root.OpenAction = script
    made.Root.AA = Dictionary(WC=script)
    made.Root.URI = Dictionary(Base="http://x/MARK-base")
    made.Root.Names = Dictionary(
        JavaScript=Dictionary(Names=Array(["x", script])), EmbeddedFiles=Dictionary(Names=Array(["x", attached]))
    )
    bookmark = made.make_indirect(Dictionary(Title="MARK-not-hidden", A=launch))
    second = made.make_indirect(Dictionary(Title="MARK-second", A=uri, Prev=bookmark))
    bookmark.Next = second
    made.Root.Outlines = made.make_indirect(Dictionary(Type=Name.Outlines, First=bookmark, Last=second, Count=2))
    bookmark.Parent = second.Parent = made.Root.Outlines
    made.save(out)
    return out.getvalue()


def test_nothing_in_a_cleaned_pdf_acts_calls_out_or_is_carried_along() -> None:
    before, copy = flat(acting_pdf()), cleaned(acting_pdf(), "application/pdf")
    assert copy
    after = flat(copy)
    hidden = {"uri", "script", "next", "launch", "name", "attached", "media", "xfa", "base"}
    assert {m for m in hidden if b"MARK-" + m.encode() in before} == hidden
    assert {m for m in hidden if b"MARK-" + m.encode() in after} == set()
    for word_ in (b"/JavaScript", b"/Launch", b"/URI", b"/EmbeddedFile", b"/OpenAction", b"/AA", b"/XFA", b"/FileAttachment"):
        assert word_ not in after, word_
    with pikepdf.open(io.BytesIO(copy)) as made:
        leaps = [a for a in made.pages[0].obj.Annots if a.get("/A")]
        assert [str(a.A.S) for a in leaps] == ["/GoTo"]  # a leap to another page of the same document is no call
        assert len(made.pages) == 2
        with made.open_outline() as outline:
            assert [b.title for b in outline.root] == ["MARK-not-hidden", "MARK-second"]
    assert page_picture(copy, "application/pdf", 1) is not None


def flat(data: bytes) -> bytes:
    """A PDF with nothing packed, so that bytes can be looked for."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as made:
        made.save(out, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable,
                  stream_decode_level=pikepdf.StreamDecodeLevel.all)  # fmt: skip
    return out.getvalue()


def test_office_files_lose_authors_and_calls_home() -> None:
    copy = cleaned(word(), WORD)
    assert copy
    with zipfile.ZipFile(io.BytesIO(copy)) as made:
        everything = b"".join(made.read(n) for n in made.namelist())
        assert "docProps/core.xml" not in made.namelist()
        assert b"646 not 5087" in made.read("word/document.xml")
        assert all(i.date_time == (1980, 1, 1, 0, 0, 0) for i in made.infolist())
    for gone in (MARK, b"evil.example", b"docProps", b"00A1"):
        assert gone not in everything


def other(kind: str) -> bytes:
    """A picture of a kind that Office keeps too, with a mark in its notes."""
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = MARK.decode()
    notes: dict[str, Any] = {"comment": MARK} if kind == "GIF" else {"exif": exif}
    Image.new("RGB", (12, 9), "white").save(out, kind, **notes)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("jfif", picture()),
        ("jpe", picture()),
        ("bmp", picture()),
        ("tif", other("TIFF")),
        ("gif", other("GIF")),
        ("x", other("WEBP")),
    ],
)
def test_pictures_in_office_files_lose_their_notes_whatever_their_names_say(name: str, content: bytes) -> None:
    assert MARK in content
    copy = cleaned(word(**{f"word__media__image9_dot_{name}": content}), WORD)
    assert copy
    with zipfile.ZipFile(io.BytesIO(copy)) as made:
        assert all(MARK not in made.read(part) for part in made.namelist())
        with Image.open(io.BytesIO(made.read(f"word/media/image9.{name}"))) as shown:
            assert shown.convert("RGB").getpixel((3, 3)) == (255, 255, 255)


def test_a_photograph_hidden_in_another_part_makes_no_copy() -> None:
    drawing = b"\x01\0\0\0 lines and curves" + bytes(40)
    assert cleaned(word(word__media__a_dot_emf=drawing), WORD)
    assert cleaned(word(word__media__a_dot_emf=drawing + picture()), WORD) is None


def test_a_real_workbook_still_opens_after_cleaning() -> None:
    import openpyxl

    book, out = openpyxl.Workbook(), io.BytesIO()
    book.properties.creator = MARK.decode()
    book.active["A1"] = "应收账款"
    book.save(out)
    copy = cleaned(out.getvalue(), SHEET)
    assert copy
    again = openpyxl.load_workbook(io.BytesIO(copy))
    assert again.active["A1"].value == "应收账款"
    assert again.properties.creator != MARK.decode()


BOMBS = {
    "packed too tightly": word(word__media__x_dot_xml=bytes(30_000_000)),
    "a program inside": word(word__vbaProject_dot_bin=b"x"),
    "too many parts": archive({"[Content_Types].xml": TYPES, "word/document.xml": b"", **{f"p{n}": b"" for n in range(2001)}}),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_and_programs_have_no_copy(name: str) -> None:
    assert kind_of(BOMBS[name]) == WORD
    assert cleaned(BOMBS[name], WORD) is None


def swollen(place: str, megabytes: int) -> bytes:
    """A PDF that unpacks to far more than it is: in what a page draws, or where its objects lie (which no reader can check
    before it opens them)."""
    packer = zlib.compressobj(9)
    head = b"7 0 <<>>" if place == "objects" else b""
    packed = packer.compress(head) + b"".join(packer.compress(b" " * (1 << 20)) for _ in range(megabytes)) + packer.flush()
    kind = b"/Type/ObjStm/N 1/First 4" if place == "objects" else b""
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 10 10]/Contents 4 0 R>>",
        b"<<%s/Length %d/Filter/FlateDecode>>stream\n" % (kind, len(packed)) + packed + b"\nendstream",
    ]  # fmt: skip
    out, table = bytearray(b"%PDF-1.5\n"), bytes(6)
    for number, part in enumerate(parts, 1):
        table += struct.pack(">BIB", 1, len(out), 0)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table += struct.pack(">BIB", 1, len(out), 0) + bytes(6) + struct.pack(">BIB", 2, 4, 0)  # object 7 lies in object 4
    where = b"<</Type/XRef/Size 8/W[1 4 1]/Root 1 0 R/Length %d>>stream\n" % len(table) + table + b"\nendstream"
    return bytes(out + b"5 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF" % (where, len(out)))


def peak(who: int) -> int:
    """Megabytes that this process, or the largest it has waited for, has held at most."""
    return resource.getrusage(who).ru_maxrss // 1024


@pytest.mark.parametrize(("place", "megabytes"), [("content", 250), ("objects", 1100)])
def test_a_pdf_that_swells_takes_nothing_from_the_server(place: str, megabytes: int) -> None:
    bomb = swollen(place, megabytes)
    assert len(bomb) < 3_000_000
    assert kind_of(bomb) == "application/pdf"
    before = peak(resource.RUSAGE_SELF)
    assert cleaned(bomb, "application/pdf") is None
    assert peak(resource.RUSAGE_SELF) - before < 100
    assert peak(resource.RUSAGE_CHILDREN) < 1100
    assert cleaned(swollen("content", 50), "application/pdf")


def test_an_archive_of_very_many_names_is_not_even_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each name costs the reader a hundred times what it takes in the file."""
    many = archive({"[Content_Types].xml": TYPES, "word/document.xml": b"", **{f"{n}": b"" for n in range(10_001)}})
    monkeypatch.setattr(zipfile, "ZipFile", lambda *_a: pytest.fail("it is listed"))
    assert kind_of(many) is None
    assert kind_of(picture() + many) is None


def test_a_bomb_that_lies_about_its_size_has_no_copy() -> None:
    honest = archive({"[Content_Types].xml": TYPES, "word/document.xml": bytes(5_000_000)})
    size = struct.pack("<I", 5_000_000)
    assert cleaned(honest.replace(size, struct.pack("<I", 1000)), WORD) is None


def sound() -> bytes:
    """A tenth of a second of silence."""
    out = io.BytesIO()
    with wave.open(out, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(1)
        written.setframerate(8000)
        written.writeframes(b"\x80" * 800)
    return out.getvalue()


def test_sound_loses_what_stands_around_it() -> None:
    tail = b"LIST" + struct.pack("<I", len(MARK)) + MARK
    tagged = bytearray(sound() + tail)
    tagged[4:8] = struct.pack("<I", len(tagged) - 8)
    copy = cleaned(bytes(tagged), "audio/x-wav")
    assert copy
    assert MARK not in copy
    with wave.open(io.BytesIO(copy)) as heard:
        assert heard.getnframes() == 800
    frame = b"\xff\xfb\x90\x00" + bytes(413)
    tagged_mp3 = b"ID3\x03\x00\x00" + bytes([0, 0, 0, len(MARK)]) + MARK + frame + b"TAG" + MARK.ljust(125)
    assert cleaned(tagged_mp3, "audio/mpeg") == frame


def test_film_loses_place_and_time_and_no_offset_moves() -> None:
    moov = box(b"moov", box(b"mvhd", bytes(4) + b"TIMETIME" + bytes(80)) + box(b"udta", box(b"\xa9xyz", MARK)))
    film = box(b"ftyp", b"isom0000") + moov + box(b"mdat", b"the film")
    copy = cleaned(film, "video/mp4")
    assert copy
    assert len(copy) == len(film)
    assert copy.index(b"the film") == film.index(b"the film")
    assert MARK not in copy
    assert b"TIME" not in copy
    assert cleaned(film[:-3], "video/mp4") is None


def track(kind: bytes, at: int, sizes: list[int]) -> bytes:
    """A track of that kind with one run of samples."""
    each = struct.pack(f">{len(sizes)}I", *sizes)
    tables = box(b"stsz", bytes(8) + struct.pack(">I", len(sizes)) + each) + box(b"stco", struct.pack(">III", 0, 1, at))
    tables += box(b"stsc", struct.pack(">5I", 0, 1, 1, len(sizes), 1))
    return box(b"trak", box(b"mdia", box(b"hdlr", bytes(8) + kind + bytes(12)) + box(b"minf", box(b"stbl", tables))))


def film(seen: bytes, noted: bytes, points: int = 0) -> bytes:
    """As action cameras and telephones write it: a track of pictures, and one that says where each was taken."""
    start = box(b"ftyp", b"qt  0000")
    content = box(b"mdat", seen + noted)
    at = len(start) + 8
    return (
        start + content + box(b"moov", track(b"vide", at, [len(seen)]) + track(b"meta", at + len(seen), [points or len(noted)]))
    )


def test_film_loses_the_track_that_says_where_each_second_was_taken() -> None:
    source = film(b"the film", MARK)
    copy = cleaned(source, "video/quicktime")
    assert copy
    assert len(copy) == len(source)
    assert MARK not in copy
    assert b"the film" in copy
    assert (copy.count(b"trak"), copy.count(b"vide"), copy.count(b"meta")) == (1, 1, 0)


HOSTILE_FILMS = {
    "points outside": film(b"the film", MARK, 2**31),
    "in pieces": film(b"the film", MARK) + box(b"moof", bytes(20)),
    "an empty head": box(b"ftyp", b"qt  0000") + box(b"moov", box(b"mvhd", b"")),
    "an empty table": box(
        b"moov", box(b"trak", box(b"mdia", box(b"minf", box(b"stbl", box(b"stco", b"") + box(b"stsc", b"")))))
    ),
}


@pytest.mark.parametrize("name", HOSTILE_FILMS)
def test_a_film_that_lies_has_no_copy(name: str) -> None:
    assert cleaned(HOSTILE_FILMS[name], "video/mp4") is None


def test_a_film_in_pieces_that_is_picture_and_sound_alone_has_a_copy() -> None:
    start, pieces = box(b"ftyp", b"iso50000"), box(b"moof", box(b"traf", box(b"uuid", MARK))) + box(b"mdat", b"the film")
    source = start + box(b"moov", track(b"vide", 0, []) + track(b"soun", 0, [])) + pieces
    copy = cleaned(source, "video/mp4")
    assert copy
    assert len(copy) == len(source)
    assert b"the film" in copy
    assert MARK not in copy


def test_recordings_of_a_million_pieces_are_gone_through_once() -> None:
    """Each would have been looked for among all others, or copied with all before it: for days, while everybody waits."""
    boxes = box(b"free", b"") * 600_000
    film_ = box(b"ftyp", b"isom0000") + boxes + box(b"moov", box(b"trak", b"") * 600_000)
    copy = cleaned(film_, "video/mp4")
    assert copy
    assert b"trak" not in copy
    sound = b"RIFF" + bytes(4) + b"WAVE" + (b"fact" + bytes(4)) * 600_000 + b"data" + struct.pack("<I", 2) + b"\x80\x80"
    assert (cleaned(sound, "audio/x-wav") or b"").endswith(b"data\x02\0\0\0\x80\x80")
    frame = b"\xff\xfb\x90\x00" + bytes(413)
    assert cleaned(b"ID3\x03\0\0\0\0\0\0" * 600_000 + frame, "audio/mpeg") == frame


def test_films_of_telephones_are_taken() -> None:
    assert kind_of(film(b"the film", b"") + bytes(200)) == "video/quicktime"


@pytest.mark.parametrize("media_type", ["image/heic", "application/msword", "application/vnd.ms-excel", "message/rfc822"])
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
        "/", method="POST", data={"files": (io.BytesIO(b"x" * 2_000_000), "a.txt")}, content_type="multipart/form-data"
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
    assert page_picture(PHOTOGRAPHS["image/heic"], "image/heic", 1) is not None  # an envelope photographed at the counter
    shown_jpeg = page_picture(picture(), "image/jpeg", 1)
    assert shown_jpeg
    assert shown_jpeg[0] == 1
