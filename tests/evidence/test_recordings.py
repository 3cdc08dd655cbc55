"""Sound and film: what the working copy no longer holds, and recordings that lie."""

import io
import struct
import wave

import pytest

from casework.evidence.clean import cleaned
from casework.evidence.kinds import kind_of
from tests.evidence.made import MARK, box, sound


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
    tagged_mp3 = (
        b"ID3\x03\x00\x00" + bytes([0, 0, 0, len(MARK)]) + MARK + frame + b"TAG" + MARK.ljust(125)
    )
    assert cleaned(tagged_mp3, "audio/mpeg") == frame


def test_film_loses_place_and_time_and_no_offset_moves() -> None:
    moov = box(
        b"moov",
        box(b"mvhd", bytes(4) + b"TIMETIME" + bytes(80)) + box(b"udta", box(b"\xa9xyz", MARK)),
    )
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
    tables = box(b"stsz", bytes(8) + struct.pack(">I", len(sizes)) + each) + box(
        b"stco", struct.pack(">III", 0, 1, at)
    )
    tables += box(b"stsc", struct.pack(">5I", 0, 1, 1, len(sizes), 1))
    return box(
        b"trak",
        box(
            b"mdia", box(b"hdlr", bytes(8) + kind + bytes(12)) + box(b"minf", box(b"stbl", tables))
        ),
    )


def film(seen: bytes, noted: bytes, points: int = 0) -> bytes:
    """As action cameras and telephones write it: a track of pictures, and one that says where each
    was taken."""
    start = box(b"ftyp", b"qt  0000")
    content = box(b"mdat", seen + noted)
    at = len(start) + 8
    return (
        start
        + content
        + box(
            b"moov",
            track(b"vide", at, [len(seen)])
            + track(b"meta", at + len(seen), [points or len(noted)]),
        )
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
        b"moov",
        box(
            b"trak", box(b"mdia", box(b"minf", box(b"stbl", box(b"stco", b"") + box(b"stsc", b""))))
        ),
    ),
}


@pytest.mark.parametrize("name", HOSTILE_FILMS)
def test_a_film_that_lies_has_no_copy(name: str) -> None:
    assert cleaned(HOSTILE_FILMS[name], "video/mp4") is None


def test_a_film_in_pieces_that_is_picture_and_sound_alone_has_a_copy() -> None:
    start, pieces = (
        box(b"ftyp", b"iso50000"),
        box(b"moof", box(b"traf", box(b"uuid", MARK))) + box(b"mdat", b"the film"),
    )
    source = start + box(b"moov", track(b"vide", 0, []) + track(b"soun", 0, [])) + pieces
    copy = cleaned(source, "video/mp4")
    assert copy
    assert len(copy) == len(source)
    assert b"the film" in copy
    assert MARK not in copy


def test_recordings_of_a_million_pieces_are_gone_through_once() -> None:
    """Each would have been looked for among all others, or copied with all before it: for days,
    while everybody waits."""
    boxes = box(b"free", b"") * 600_000
    film_ = box(b"ftyp", b"isom0000") + boxes + box(b"moov", box(b"trak", b"") * 600_000)
    copy = cleaned(film_, "video/mp4")
    assert copy
    assert b"trak" not in copy
    sound = (
        b"RIFF"
        + bytes(4)
        + b"WAVE"
        + (b"fact" + bytes(4)) * 600_000
        + b"data"
        + struct.pack("<I", 2)
        + b"\x80\x80"
    )
    assert (cleaned(sound, "audio/x-wav") or b"").endswith(b"data\x02\0\0\0\x80\x80")
    frame = b"\xff\xfb\x90\x00" + bytes(413)
    assert cleaned(b"ID3\x03\0\0\0\0\0\0" * 600_000 + frame, "audio/mpeg") == frame


def test_films_of_telephones_are_taken() -> None:
    assert kind_of(film(b"the film", b"") + bytes(200)) == "video/quicktime"
