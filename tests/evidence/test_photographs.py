"""Pictures and photographs: alone and inside a PDF, they lose camera and place and look the
same."""

import io
import struct
import zlib
from typing import Any

import pikepdf
import pytest
from PIL import Image

from casework.evidence import drawn_apart, preview
from casework.evidence.clean import cleaned
from casework.evidence.kinds import copy_type, kind_of
from casework.evidence.preview import page_picture
from tests.evidence.made import MARK, PHOTOGRAPHS, archive, box, photograph, picture


# -- pictures alone
@pytest.mark.parametrize(
    ("kind", "mode"),
    [("JPEG", "RGB"), ("JPEG", "L"), ("PNG", "RGBA"), ("PNG", "P"), ("WEBP", "RGB")],
)
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
    """What a telephone held upright writes: a picture that lies on its side, and a word on how it
    is to be turned."""
    import pillow_heif

    made, exif, out = Image.new("RGB", (60, 40), "white"), Image.Exif(), io.BytesIO()
    made.paste("black", (0, 0, 30, 40))
    exif[0x0112] = 6
    if kind == "HEIF":
        pillow_heif.encode("RGB", made.size, made.tobytes(), out, exif=exif.tobytes())
    else:
        made.save(out, kind, exif=exif)
    # the file's own box; that of the camera's notes counts no more
    assert b"irot" in out.getvalue()
    return out.getvalue()


@pytest.mark.parametrize(("kind", "media_type"), [("HEIF", "image/heic"), ("AVIF", "image/avif")])
def test_a_photograph_taken_upright_stands_upright(kind: str, media_type: str) -> None:
    copy = cleaned(lying(kind), media_type)
    assert copy
    with Image.open(io.BytesIO(copy)) as made:
        assert made.size == (40, 60)
        assert (made.getpixel((20, 5))[0] < 40, made.getpixel((20, 55))[0] > 215) == (True, True)  # type: ignore[index]


def test_hostile_photographs_have_no_copy_and_leave_the_server_as_it_is() -> None:
    """Cut, garbled at every place, or claiming a size that would not fit: the process apart fails,
    and this one does not."""
    whole = photograph("HEIF", (320, 240))
    assert cleaned(whole[: len(whole) // 2], "image/heic") is None
    assert cleaned(b"\0\0\0\x18ftypheic" + bytes(5000), "image/heic") is None
    claims = whole.replace(struct.pack(">II", 320, 240), struct.pack(">II", 60000, 60000))
    assert claims != whole
    assert cleaned(claims, "image/heic") is None
    for at in range(20, len(whole), len(whole) // 12):
        cleaned(whole[:at] + b"\xff" * 8 + whole[at + 8 :], "image/heic")


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"\0\0\0\x09",
        struct.pack(">II", 3, 3) + bytes(26),
        struct.pack(">II", 0, 0),
        struct.pack(">II", 2**31, 2**31),
        b"<script>alert(1)</script>",
    ],
)
def test_what_the_process_apart_says_is_counted_not_believed(
    said: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview, "_apart", lambda *asked: said)
    assert cleaned(PHOTOGRAPHS["image/heic"], "image/heic") is None


def test_a_photograph_larger_than_the_limit_is_given_smaller(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
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


def scanned(photograph: bytes, *filters: str, **more: object) -> bytes:
    """A PDF as scanners and telephones make it: a page that is a photograph, packed as it came from
    the camera."""
    out, made = io.BytesIO(), pikepdf.new()
    made.add_blank_page(page_size=(80, 60))
    with Image.open(io.BytesIO(photograph)) as seen:
        size, colours = (
            seen.size,
            {
                "RGB": pikepdf.Name.DeviceRGB,
                "L": pikepdf.Name.DeviceGray,
                "CMYK": pikepdf.Name.DeviceCMYK,
            },
        )
        space = colours[seen.mode]
    packed = photograph if filters[0] != "/FlateDecode" else zlib.compress(photograph)
    names = [pikepdf.Name(f) for f in filters]
    drawn = made.make_stream(
        packed,
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=size[0],
        Height=size[1],
        ColorSpace=space,
        BitsPerComponent=8,
        Filter=names[0] if len(names) == 1 else pikepdf.Array(names),
        **more,
    )
    made.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=drawn))
    made.pages[0].Contents = made.make_stream(b"q 80 0 0 60 0 0 cm /I Do Q")
    made.save(out)
    return out.getvalue()


def jpeg(**how: Any) -> bytes:
    """A photograph dark on the left, light on the right, with camera, place, a comment, and a
    second picture behind its end."""
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
    "broken",
    [
        b"no picture",
        jpeg()[:40],
        jpeg()[:-4000],
        b"\xff\xd8" + b"\xff" * 9,
        b"\xff\xd8\xff\xe1\xff\xff",
    ],
)
def test_a_broken_photograph_in_a_pdf_leaves_no_notes_either(broken: bytes) -> None:
    made, out = pikepdf.open(io.BytesIO(scanned(jpeg(), "/DCTDecode"))), io.BytesIO()
    made.pages[0].Resources.XObject.I.write(broken, filter=pikepdf.Name.DCTDecode)
    made.save(out)
    copy = cleaned(out.getvalue(), "application/pdf")
    assert copy is None or (MARK not in copy and b"Exif" not in copy)
    # not known: no copy
    assert cleaned(scanned(jpeg(), "/ASCIIHexDecode", "/DCTDecode"), "application/pdf") is None
