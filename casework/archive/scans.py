"""Scan-back: pages of a scanned stack find their papers by our QR; what has none waits for a
person.

Nothing that was scanned is thrown away by the program. Pages that look empty wait too, and the
stack is kept as it came.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pikepdf
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.archive.contents import signed
from casework.archive.models import ScanStack, StrayPage
from casework.archive.scan_pages import Seen, inspect_pages, nothing_added
from casework.docket import turns
from casework.docket.models import Docket
from casework.docket.visible import visible_to
from casework.papers.models import Paper, SignedCopy
from casework.people.may import Scope
from casework.people.models import Person
from casework.store import utcnow
from casework.text import folded_number
from casework.vault.files import SealedStore

KEPT = timedelta(days=90)  # a stack, after the last of its pages has found its place


@dataclass
class Sorted:
    """The pages of a stack: by paper, the stray ones, and those that look empty. Places in the
    stack count from 0."""

    # paper → [(place, turn)], in order
    papers: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    strays: list[int] = field(default_factory=list)
    blanks: list[int] = field(default_factory=list)
    apart: int = 0  # separators of a print run: nobody's pages


@dataclass(frozen=True)
class Filed:
    """What became of a stack: the papers that got their pages, those of them that lack some, and
    how many pages are stray, empty, unsigned or separators."""

    papers: list[Paper]
    short: list[Paper]  # came back with fewer pages than they have
    strays: int
    blanks: int
    unsigned: int = 0  # of the strays: sheets as they were made, to which nobody has added anything
    apart: int = 0  # separators that were scanned with the rest


def sort(
    seen: Sequence[Seen], papers: dict[str, tuple[int, int]], as_made: Container[int] = ()
) -> Sorted:
    """Pages to papers, in the papers' order: ``papers`` gives id and number of pages by code.

    A page without a code (its corner stamped over, or of a paper that bears the code on its first
    page alone) follows the one before it while that paper still lacks pages, and lies the same way.
    A page that a paper has already is a stray, and so is one to which nothing was added
    (``as_made``: their places): it is no signed copy, a person looks at it. A separator is nobody's
    page, and what follows it without a code belongs to nothing before it.
    """
    result, current = Sorted(), ""
    found: dict[str, dict[int, tuple[int, int]]] = defaultdict(dict)
    for i, page in enumerate(seen):
        if page.blank:
            result.blanks.append(i)
        elif page.apart:
            current = ""
            result.apart += 1
        elif i in as_made:
            current = ""
            result.strays.append(i)
        elif page.code in papers and page.page not in found[page.code]:
            current = page.code
            found[current][page.page] = (i, page.turn)
        elif current and _follows(page, found[current], papers[current][1]):
            mine = found[current]
            mine[_next(mine)] = (i, list(mine.values())[-1][1])
        else:
            current = ""
            result.strays.append(i)
    result.papers = {papers[code][0]: _in_order(pages) for code, pages in found.items()}
    return result


def _follows(page: Seen, pages: dict[int, tuple[int, int]], number: int) -> bool:
    """Whether a page without a code belongs to the paper before it, which has so many pages."""
    return not page.code and len(pages) < number


def _in_order(pages: dict[int, tuple[int, int]]) -> list[tuple[int, int]]:
    return [pages[number] for number in sorted(pages)]


def _next(pages: dict[int, tuple[int, int]]) -> int:
    """The place after the newest page that nothing has taken yet."""
    place = list(pages)[-1]
    while place in pages:
        place += 1
    return place


def as_made(
    session: Session, store: SealedStore, scope: Scope, data: bytes, seen: Sequence[Seen]
) -> frozenset[int]:
    """Places of the pages that are our own sheets as the program made them. It draws each page:
    asked before anything is written."""
    sheets = {
        p.short_code: store.read(p.stored)
        for p in _papers(session, scope, {s.code for s in seen if s.code})
    }
    with pikepdf.open(io.BytesIO(data)) as pdf:
        coded = [(i, s) for i, s in enumerate(seen) if s.code in sheets]
        return frozenset(i for i, s in coded if nothing_added(sheets[s.code], cut(pdf, [(i, 0)])))


def stray_as_made(
    session: Session, store: SealedStore, scope: Scope, paper: Paper, page: bytes
) -> bool:
    """The same of one page that a person wants to place: a sheet of that paper, or of the one whose
    code it bears."""
    own = paper_by_code(session, scope, inspect_pages(page)[0].code)
    return any(nothing_added(store.read(p.stored), page) for p in (paper, own) if p is not None)


def file_stack(
    session: Session,
    store: SealedStore,
    scope: Scope,
    person: Person,
    data: bytes,
    seen: Sequence[Seen],
    made: frozenset[int] = frozenset(),
) -> Filed:
    """File a stack, in the caller's write transaction: signed copies to their papers, all else to
    the strays, and the stack itself. ``seen`` is what ``scan_pages.inspect_pages`` says of
    it, ``made`` what :func:`as_made` does: both take long, and nobody should wait for them."""
    rows = _papers(session, scope, {s.code for s in seen if s.code})
    lengths = {p.short_code: (p.id, length(store, p)) for p in rows}
    result = sort(seen, lengths, made)
    by_id = {p.id: p for p in rows}
    whole = store.put(data)
    stack = ScanStack(
        bureau_id=person.bureau_id,
        stored=whole.name,
        size=whole.size,
        pages=len(seen),
        by_id=person.id,
    )
    session.add(stack)
    session.flush()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        # dockets are locked in the order of their ids
        for paper_id, pages in sorted(
            result.papers.items(), key=lambda found: by_id[found[0]].docket_id
        ):
            attach(session, store, by_id[paper_id], cut(pdf, pages), len(pages), person)
        for i in sorted(result.strays + result.blanks):
            _keep_stray(session, store, stack, cut(pdf, [(i, 0)]), i, i in result.blanks)
    lacking = dict(lengths.values())
    short = [by_id[i] for i, pages in result.papers.items() if len(pages) < lacking[i]]
    filed = [by_id[i] for i in result.papers]
    return Filed(filed, short, len(result.strays), len(result.blanks), len(made), result.apart)


def _keep_stray(
    session: Session, store: SealedStore, stack: ScanStack, page: bytes, place: int, blank: bool
) -> None:
    kept = store.put(page)
    session.add(
        StrayPage(
            bureau_id=stack.bureau_id,
            stack_id=stack.id,
            place=place + 1,
            blank=blank,
            stored=kept.name,
            size=kept.size,
            by_id=stack.by_id,
        )
    )


def add_page(
    session: Session, store: SealedStore, paper: Paper, page: bytes, person: Person
) -> None:
    """A page that a person has placed: behind those of the newest signed copy while that lacks
    pages, else a copy of its own. What was there before stays as it is."""
    newest = signed(session, [paper.id]).get(paper.id)
    if newest is None or newest.pages >= length(store, paper):
        attach(session, store, paper, page, 1, person)
        return
    with (
        pikepdf.open(io.BytesIO(store.read(newest.stored))) as before,
        pikepdf.open(io.BytesIO(page)) as more,
    ):
        before.pages.extend(more.pages)
        out = io.BytesIO()
        before.save(out)
    attach(session, store, paper, out.getvalue(), newest.pages + 1, person)


def remove(session: Session, stray_ids: Iterable[int], bureau_id: int) -> list[str]:
    """Take pages that look empty away, on a person's word; names in the store that the caller
    deletes once it is written. One that somebody has found to be written on stays."""
    mine = (StrayPage.bureau_id == bureau_id, StrayPage.blank)
    query = select(StrayPage).where(StrayPage.id.in_(list(stray_ids)), *mine)
    rows = session.scalars(query).all()
    for row in rows:
        session.delete(row)
    return [row.stored for row in rows]


def sweep(session: Session) -> list[str]:
    """Stacks of which no page waits any more, after some months: each page has found its place, or
    a person has removed it. Names in the store that the caller deletes once it is written."""
    waiting = select(StrayPage.stack_id).where(StrayPage.stack_id.is_not(None))
    old = select(ScanStack).where(ScanStack.at < utcnow() - KEPT, ScanStack.id.not_in(waiting))
    rows = session.scalars(old).all()
    for row in rows:
        session.delete(row)
    return [row.stored for row in rows]


def attach(
    session: Session, store: SealedStore, paper: Paper, data: bytes, pages: int, person: Person
) -> None:
    """A signed copy into its paper's slot, with a note where pages of it are missing: each page is
    signed."""
    s = store.put(data)
    session.add(
        SignedCopy(
            paper_id=paper.id,
            stored=s.name,
            sha256=s.sha256,
            sm3=s.sm3,
            size=s.size,
            pages=pages,
            whole=pages >= length(store, paper),
            by_id=person.id,
        )
    )
    turns.again(session, paper.docket_id)


def paper_by_code(session: Session, scope: Scope, code: str) -> Paper | None:
    """The paper of a short code, if the person may see it."""
    return next(iter(_papers(session, scope, {folded_number(code)})), None)


def _papers(session: Session, scope: Scope, codes: Iterable[str]) -> list[Paper]:
    wanted = select(Paper).join(Docket, Docket.id == Paper.docket_id)
    return list(
        session.scalars(
            wanted.where(
                visible_to(scope), Paper.short_code.in_(list(codes)), Paper.state != "withdrawn"
            )
        )
    )


def length(store: SealedStore, paper: Paper) -> int:
    """How many pages a paper has."""
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
