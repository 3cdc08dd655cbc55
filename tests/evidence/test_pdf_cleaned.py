"""What the working copy of a PDF no longer holds, and PDFs that swell."""

import io
import resource
import struct
import zlib

import pikepdf
import pytest

from casework.evidence.clean import cleaned
from casework.evidence.kinds import kind_of
from casework.evidence.preview import page_picture
from tests.evidence.made import MARK, pdf


def test_pdfs_lose_author_actions_and_attachments() -> None:
    copy = cleaned(pdf(), "application/pdf")
    assert copy
    with pikepdf.open(io.BytesIO(copy)) as made:
        assert "/Info" not in made.trailer
        assert "/OpenAction" not in made.Root
        assert list(made.attachments) == []
        assert len(made.pages) == 2
    assert MARK not in copy


def test_a_pdf_loses_its_signer_and_the_number_of_its_first_copy() -> None:
    made, out = pikepdf.open(io.BytesIO(pdf())), io.BytesIO()
    signed = pikepdf.Dictionary(
        Type=pikepdf.Name.Sig,
        ByteRange=pikepdf.Array([0, 1, 2, 3]),
        Name=MARK,
        ContactInfo=MARK,
        Contents=pikepdf.String(MARK),
    )
    made.Root.AcroForm = pikepdf.Dictionary(
        Fields=pikepdf.Array(
            [made.make_indirect(pikepdf.Dictionary(FT=pikepdf.Name.Sig, V=signed))]
        )
    )
    made.trailer["/ID"] = pikepdf.Array([pikepdf.String(MARK), pikepdf.String(MARK)])
    made.save(out)
    assert MARK in flat(out.getvalue())
    copy = cleaned(out.getvalue(), "application/pdf")
    assert copy
    assert MARK not in flat(copy)


def acting_pdf() -> bytes:
    """A PDF with everything that acts, calls out or carries something, each with a mark that is
    looked for in the copy."""
    from pikepdf import Array, Dictionary, Name

    out, made = io.BytesIO(), pikepdf.new()
    made.add_blank_page(page_size=(200, 100))
    made.add_blank_page(page_size=(200, 100))
    uri = Dictionary(S=Name.URI, URI="http://evil.example/MARK-uri")
    script = Dictionary(
        S=Name.JavaScript, JS="MARK-script", Next=Dictionary(S=Name.URI, URI="http://x/MARK-next")
    )
    launch = Dictionary(S=Name.Launch, F="MARK-launch.exe")
    box = Array([0, 0, 10, 10])

    def mark(**more: object) -> pikepdf.Object:
        return made.make_indirect(Dictionary(Type=Name.Annot, Rect=box, **more))

    attached = made.make_indirect(
        Dictionary(
            Type=Name.Filespec, F="MARK-name", EF=Dictionary(F=made.make_stream(b"MARK-attached"))
        )
    )
    field = mark(Subtype=Name.Widget, FT=Name.Tx, T="field", AA=Dictionary(K=script), A=launch)
    made.pages[0].obj.Annots = Array(
        [
            mark(Subtype=Name.Link, A=uri),
            mark(Subtype=Name.Link, A=script),
            mark(Subtype=Name.FileAttachment, FS=attached),
            mark(Subtype=Name.RichMedia, RichMediaContent=Dictionary(X="MARK-media")),
            field,
            mark(
                Subtype=Name.Link,
                A=Dictionary(S=Name.GoTo, D=Array([made.pages[1].obj, Name.Fit]), Next=uri),
            ),
        ]
    )
    made.pages[0].obj.AA = Dictionary(O=script)
    made.Root.AcroForm = Dictionary(Fields=Array([field]), XFA=made.make_stream(b"MARK-xfa"))
    made.Root.OpenAction = script
    made.Root.AA = Dictionary(WC=script)
    made.Root.URI = Dictionary(Base="http://x/MARK-base")
    made.Root.Names = Dictionary(
        JavaScript=Dictionary(Names=Array(["x", script])),
        EmbeddedFiles=Dictionary(Names=Array(["x", attached])),
    )
    bookmark = made.make_indirect(Dictionary(Title="MARK-not-hidden", A=launch))
    second = made.make_indirect(Dictionary(Title="MARK-second", A=uri, Prev=bookmark))
    bookmark.Next = second
    made.Root.Outlines = made.make_indirect(
        Dictionary(Type=Name.Outlines, First=bookmark, Last=second, Count=2)
    )
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
    for word_ in (
        b"/JavaScript",
        b"/Launch",
        b"/URI",
        b"/EmbeddedFile",
        b"/OpenAction",
        b"/AA",
        b"/XFA",
        b"/FileAttachment",
    ):
        assert word_ not in after, word_
    with pikepdf.open(io.BytesIO(copy)) as made:
        leaps = [a for a in made.pages[0].obj.Annots if a.get("/A")]
        # a leap to another page of the same document is no call
        assert [str(a.A.S) for a in leaps] == ["/GoTo"]
        assert len(made.pages) == 2
        with made.open_outline() as outline:
            assert [b.title for b in outline.root] == ["MARK-not-hidden", "MARK-second"]
    assert page_picture(copy, "application/pdf", 1) is not None


def flat(data: bytes) -> bytes:
    """A PDF with nothing packed, so that bytes can be looked for."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as made:
        made.save(
            out,
            compress_streams=False,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            stream_decode_level=pikepdf.StreamDecodeLevel.all,
        )
    return out.getvalue()


def swollen(place: str, megabytes: int) -> bytes:
    """A PDF that unpacks to far more than it is: in what a page draws, or where its objects lie
    (which no reader can check before it opens them)."""
    packer = zlib.compressobj(9)
    head = b"7 0 <<>>" if place == "objects" else b""
    packed = (
        packer.compress(head)
        + b"".join(packer.compress(b" " * (1 << 20)) for _ in range(megabytes))
        + packer.flush()
    )
    kind = b"/Type/ObjStm/N 1/First 4" if place == "objects" else b""
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 10 10]/Contents 4 0 R>>",
        b"<<%s/Length %d/Filter/FlateDecode>>stream\n" % (kind, len(packed))
        + packed
        + b"\nendstream",
    ]
    out, table = bytearray(b"%PDF-1.5\n"), bytes(6)
    for number, part in enumerate(parts, 1):
        table += struct.pack(">BIB", 1, len(out), 0)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    # object 7 lies in object 4
    table += struct.pack(">BIB", 1, len(out), 0) + bytes(6) + struct.pack(">BIB", 2, 4, 0)
    where = (
        b"<</Type/XRef/Size 8/W[1 4 1]/Root 1 0 R/Length %d>>stream\n" % len(table)
        + table
        + b"\nendstream"
    )
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
