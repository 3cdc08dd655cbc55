"""Scan-back: pages of a scanned stack find their papers by our QR; what has none waits for a person."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pikepdf
import pypdfium2
import zxingcpp
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.archive.models import SignedCopy, StrayPage
from casework.docket.models import Docket
from casework.docket.visible import visible_to
from casework.papers.models import Paper
from casework.people.may import Scope
from casework.people.models import Person
from casework.vault.files import SealedStore

DPI = 200
BLANK = 0.0004  # share of dark points below which a page is the blank back of a leaf
MOST_PAGES = 400
QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
_CODE = re.compile(r"/check\?code=([2-9A-HJ-NP-Z]{8})(?:&p=(\d{1,4}))?$")


class NotAScan(ValueError):
    """The file is no PDF that can be opened, or far too long."""


@dataclass(frozen=True)
class Seen:
    """What a scanned page shows: our code or none, how it lies (0 or 180 degrees), whether it is blank, which page it is."""

    code: str = ""
    turn: int = 0
    blank: bool = False
    page: int = 1


@dataclass
class Sorted:
    """The pages of a stack: by paper, the stray ones, and how many were blank."""

    papers: dict[int, list[tuple[int, int]]] = field(default_factory=dict)  # paper → [(place in the stack, turn)], in order
    strays: list[int] = field(default_factory=list)
    blanks: int = 0


@dataclass(frozen=True)
class Filed:
    """What became of a stack."""

    papers: list[Paper]
    short: list[Paper]  # came back with fewer pages than they have
    strays: int
    blanks: int


def look(data: bytes) -> list[Seen]:
    """Look at every page. NotAScan for what cannot be opened."""
    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise NotAScan("not a PDF") from error
    with pdf:
        if len(pdf) > MOST_PAGES:
            raise NotAScan("too many pages")
        return [_seen(page.render(scale=DPI / 72, grayscale=True).to_pil()) for page in pdf]


def _seen(picture: Image.Image) -> Seen:
    if sum(picture.histogram()[:128]) < BLANK * picture.width * picture.height:
        return Seen(blank=True)
    for found in zxingcpp.read_barcodes(picture, formats=QR):
        ours = _CODE.search(found.text)
        if ours:
            return Seen(ours[1], 180 if abs(found.orientation) > 90 else 0, page=int(ours[2] or 1))
    return Seen()


def sort(seen: Sequence[Seen], papers: dict[str, tuple[int, int]]) -> Sorted:
    """Pages to papers, in the papers' order: ``papers`` gives id and number of pages by code.

    A page without a code (its corner stamped over, or of a paper that bears the code on its first page alone) follows the one
    before it while that paper still lacks pages, and lies the same way. A page that a paper has already is a stray.
    """
    result, current = Sorted(), ""
    found: dict[str, dict[int, tuple[int, int]]] = {}
    for i, page in enumerate(seen):
        if page.blank:
            result.blanks += 1
        elif page.code in papers and page.page not in found.get(page.code, {}):
            current = page.code
            found.setdefault(current, {})[page.page] = (i, page.turn)
        elif not page.code and current and len(found[current]) < papers[current][1]:
            mine = found[current]
            mine[_next(mine)] = (i, list(mine.values())[-1][1])
        else:
            current = ""
            result.strays.append(i)
    result.papers = {papers[code][0]: [pages[n] for n in sorted(pages)] for code, pages in found.items()}
    return result


def _next(pages: dict[int, tuple[int, int]]) -> int:
    """The place after the newest page that nothing has taken yet."""
    place = list(pages)[-1]
    while place in pages:
        place += 1
    return place


def file(session: Session, store: SealedStore, scope: Scope, person: Person, data: bytes) -> Filed:
    """File a stack, in the caller's write transaction: signed copies to their papers, the rest to the strays."""
    seen = look(data)
    rows = _papers(session, scope, {s.code for s in seen if s.code})
    lengths = {p.short_code: (p.id, _length(store, p)) for p in rows}
    result = sort(seen, lengths)
    by_id = {p.id: p for p in rows}
    with pikepdf.open(io.BytesIO(data)) as stack:
        for paper_id, pages in result.papers.items():
            attach(session, store, by_id[paper_id], cut(stack, pages), len(pages), person)
        for i in result.strays:
            page = store.put(cut(stack, [(i, 0)]))
            session.add(StrayPage(bureau_id=person.bureau_id, stored=page.name, size=page.size, by_id=person.id))
    whole = dict(lengths.values())
    short = [by_id[i] for i, pages in result.papers.items() if len(pages) < whole[i]]
    return Filed([by_id[i] for i in result.papers], short, len(result.strays), result.blanks)


def attach(session: Session, store: SealedStore, paper: Paper, data: bytes, pages: int, person: Person) -> None:
    """A signed copy into its paper's slot."""
    s = store.put(data)
    session.add(
        SignedCopy(paper_id=paper.id, stored=s.name, sha256=s.sha256, sm3=s.sm3, size=s.size, pages=pages, by_id=person.id)
    )


def by_code(session: Session, scope: Scope, code: str) -> Paper | None:
    """The paper of a short code, if the person may see it."""
    return next(iter(_papers(session, scope, {code.strip().upper()})), None)


def _papers(session: Session, scope: Scope, codes: Iterable[str]) -> list[Paper]:
    wanted = select(Paper).join(Docket, Docket.id == Paper.docket_id)
    return list(session.scalars(wanted.where(visible_to(scope), Paper.short_code.in_(list(codes)), Paper.state != "withdrawn")))


def _length(store: SealedStore, paper: Paper) -> int:
    with pikepdf.open(io.BytesIO(store.read(paper.stored))) as pdf:
        return len(pdf.pages)


def cut(stack: pikepdf.Pdf, pages: Sequence[tuple[int, int]]) -> bytes:
    """Some pages of a stack as a PDF of their own, upright."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        for i, turn in pages:
            pdf.pages.append(stack.pages[i])
            pdf.pages[-1].rotate(turn, relative=True)
        pdf.save(out)
    return out.getvalue()
