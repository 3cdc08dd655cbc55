"""What scanners make of real papers: faint, turned, with a signature alone. Nothing of it may be
lost."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from flask import Flask
from PIL import Image, ImageDraw
from sqlalchemy import func, select

from casework.archive import scan_pages, scans
from casework.archive.contents import signed
from casework.archive.models import ScanStack, StrayPage
from casework.papers.models import SignedCopy
from casework.store import db, utcnow, writing
from casework.upkeep import tick
from casework.upkeep.walk import Walk
from tests.support.archive import blank, hand_in, pdf_of, photographed, stack
from tests.support.desk import SignIn

INKS = {
    "blue pen": (40, 60, 160),
    "light blue": (150, 180, 225),
    "pencil": (190, 190, 190),
    "yellow": (250, 235, 90),
    "pale seal": (225, 150, 150),
}


def faint(picture: Image.Image, contrast: float = 0.45, white: int = 252) -> Image.Image:
    """Low toner: what is black on the paper comes as a light grey, as JPEG, as scanners save it."""
    lifted = picture.convert("RGB").point(lambda level: round(white - contrast * (255 - level)))
    out = io.BytesIO()
    lifted.save(out, "JPEG", quality=60)
    return Image.open(out).convert("RGB")


def back_page(ink: tuple[int, int, int], paper: int = 247) -> Image.Image:
    """The back of a leaf with nothing but a signature of two strokes, some 2 cm wide, at 200
    dpi."""
    page = Image.new("RGB", (1654, 2339), (paper, paper, paper - 4))
    draw = ImageDraw.Draw(page)
    draw.line([(1100, 1900), (1150, 1860), (1190, 1930), (1260, 1870)], ink, 4)
    draw.arc((1150, 1850, 1230, 1950), 20, 300, ink, 4)
    out = io.BytesIO()
    page.save(out, "JPEG", quality=60)
    return Image.open(out).convert("RGB")


def counted() -> tuple[int, int]:
    return tuple(
        db.session.scalar(select(func.count()).select_from(t)) or 0 for t in (SignedCopy, StrayPage)
    )  # type: ignore[return-value]


def test_a_faint_decision_finds_its_paper(app: Flask, decided: Walk, sign_in: SignIn) -> None:
    """x; the code is read all the same."""
    paper = decided.paper("decision")
    pages = [faint(p) for p in photographed(pdf_of(app, paper))]
    assert all(sum(p.convert("L").histogram()[:128]) < 0.0004 * p.width * p.height for p in pages)
    page = hand_in(sign_in("officer1"), stack(*pages))
    assert "1份文书" in page
    assert signed(db.session(), [paper.id])[paper.id].pages == len(pages)


@pytest.mark.parametrize("ink", INKS)
def test_a_page_with_a_signature_alone_is_not_empty(ink: str) -> None:
    page = back_page(INKS[ink])
    assert not scan_pages.inspect_pages(stack(page))[0].blank


@pytest.mark.parametrize("paper", [255, 247, 225])
def test_an_empty_page_is_one_whatever_its_white(paper: int) -> None:
    assert scan_pages.inspect_pages(stack(Image.new("RGB", (1654, 2339), (paper, paper, paper))))[
        0
    ].blank
    assert not scan_pages.inspect_pages(stack(back_page((paper - 40,) * 3, paper)))[0].blank


def test_a_signature_on_the_back_stays_with_its_paper(
    app: Flask, decided: Walk, sign_in: SignIn
) -> None:
    """A leaf printed on both sides by hand: the paper lacks its second page, the back with the
    signature is it."""
    paper = decided.paper("decision")
    first, *_rest = photographed(pdf_of(app, paper))
    assert _rest
    hand_in(sign_in("officer1"), stack(first, back_page(INKS["blue pen"])))
    assert signed(db.session(), [paper.id])[paper.id].pages == 2
    assert counted() == (1, 0)


def test_pages_that_lie_on_their_side_are_filed_upright(
    app: Flask, decided: Walk, sign_in: SignIn
) -> None:
    paper = decided.paper("decision")
    pages = photographed(pdf_of(app, paper))
    assert len(pages) > 2
    hand_in(
        sign_in("officer1"),
        stack(*(p.rotate(90 * (1 + n % 3), expand=True) for n, p in enumerate(pages))),
    )
    again = photographed(
        app.extensions["sealed_store"].read(signed(db.session(), [paper.id])[paper.id].stored)
    )
    assert all(p.width < p.height for p in again)
    assert [scan_pages.seen(p) for p in again] == [
        scan_pages.Seen(paper.short_code, 0, page=n) for n in range(1, len(pages) + 1)
    ]


def test_every_page_of_a_stack_is_somewhere_and_the_stack_itself_is_kept(
    app: Flask, decided: Walk, sign_in: SignIn
) -> None:
    whole = stack(blank(), back_page(INKS["pencil"]), blank())
    client = sign_in("officer1")
    page = hand_in(client, whole)
    assert "2页看起来是空白" in page
    assert counted() == (0, 3)
    kept = db.session.scalars(select(ScanStack)).one()
    assert client.get(f"/desk/print/stack/{kept.id}.pdf").data == whole
    # handed in by another
    assert sign_in("officer2").get(f"/desk/print/stack/{kept.id}.pdf").status_code == 404


def test_empty_pages_go_when_a_person_says_so(app: Flask, decided: Walk, sign_in: SignIn) -> None:
    client = sign_in("clerk")
    page = hand_in(client, stack(blank(), blank(), back_page(INKS["pencil"])))
    first, second, written = db.session.scalars(select(StrayPage.id).order_by(StrayPage.place))
    for number in (first, second, written):
        assert f"/desk/print/stray/{number}.png" in page
        assert client.get(f"/desk/print/stray/{number}.png").data.startswith(b"\x89PNG")
    client.post("/desk/print/blanks", data={"written": str(first)})
    assert [s.blank for s in db.session.scalars(select(StrayPage).order_by(StrayPage.place))] == [
        False,
        True,
        False,
    ]
    names = [s.stored for s in db.session.scalars(select(StrayPage).where(StrayPage.id == second))]
    gone = client.post(
        "/desk/print/blanks", data={"page": [str(second), "999"]}, follow_redirects=True
    )
    assert "已移除 1 页" in gone.text
    assert sorted(db.session.scalars(select(StrayPage.id))) == sorted([first, written])
    assert names[0] not in set(app.extensions["sealed_store"].names())


def test_a_page_placed_by_hand_takes_nothing_from_what_came_before(
    app: Flask, decided: Walk, sign_in: SignIn
) -> None:
    client, paper = sign_in("clerk"), decided.paper("decision")
    first, second, *_rest = photographed(pdf_of(app, paper))
    hand_in(client, stack(first))
    smudged = second.copy()
    smudged.paste(255, (0, 0, smudged.width, 500))
    smudged.paste(255, (0, smudged.height - 500, smudged.width, smudged.height))
    hand_in(client, stack(blank(), smudged))
    stray = db.session.scalars(select(StrayPage.id).where(StrayPage.blank.is_(False))).one()
    client.post(f"/desk/print/stray/{stray}", data={"verb": "file", "code": paper.short_code})
    assert signed(db.session(), [paper.id])[paper.id].pages == 2


def test_a_stack_goes_months_after_its_last_page_has_found_its_place(
    app: Flask, decided: Walk, sign_in: SignIn
) -> None:
    client, store = sign_in("clerk"), app.extensions["sealed_store"]
    hand_in(client, stack(blank()))
    with writing() as session:
        session.scalars(select(ScanStack)).one().at = utcnow() - scans.KEPT - timedelta(days=1)
        kept = session.scalars(select(ScanStack.stored)).one()
    tick.tick()
    assert kept in set(store.names())  # a page of it waits
    client.post(
        "/desk/print/blanks", data={"page": str(db.session.scalars(select(StrayPage.id)).one())}
    )
    tick.tick()
    db.session.expire_all()
    assert db.session.scalars(select(ScanStack)).all() == []
    assert kept not in set(store.names())
