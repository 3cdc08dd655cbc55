"""Print runs and the way back: real papers rendered, turned, mixed, merged and fed in."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pikepdf
import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from casework.archive import printing, scan_pages, scans
from casework.archive.contents import signed
from casework.archive.models import PrintMark, StrayPage
from casework.papers.models import Paper, SignedCopy
from casework.procedure.checks.signed import unsigned
from casework.store import db, utcnow, writing
from casework.upkeep import road
from casework.upkeep.walk import Walk
from letters import qr
from letters.casefile import SEPARATOR
from tests.acts.roads import FIRM, facts_of
from tests.archive.bound import pages_of
from tests.archive.conftest import code
from tests.support.archive import blank, foreign, hand_in, pdf_of, photographed, stack
from tests.support.desk import SignIn


def test_a_mixed_stack_upside_down_and_crooked_files_itself(
    app: Flask, decided: Walk, sign_in: SignIn
) -> None:
    decision, notice, record = (
        decided.paper(k) for k in ("decision", "prior_notice", "on_site_record")
    )
    straight, turned = (
        photographed(pdf_of(app, decision), 1.2),
        photographed(pdf_of(app, notice), 180),
    )
    others = photographed(pdf_of(app, record), -1)
    page = hand_in(sign_in("officer1"), stack(*turned, foreign(), *straight, blank(), *others))
    assert "3份文书" in page
    copies = {c.paper_id: c for c in db.session.scalars(select(SignedCopy))}
    for paper, pictures in ((decision, straight), (notice, turned), (record, others)):
        assert copies[paper.id].pages == len(pictures), paper.kind
    assert [
        (s.blank, s.place) for s in db.session.scalars(select(StrayPage).order_by(StrayPage.place))
    ] == [(False, len(turned) + 1), (True, len(turned) + len(straight) + 2)]
    upright = photographed(app.extensions["sealed_store"].read(copies[notice.id].stored))
    first = scan_pages.seen(upright[0])
    assert (first.code, first.turn) == (notice.short_code, 0)


def test_shuffled_pages_of_several_papers_lie_in_order_and_upright(
    app: Flask, decided: Walk, sign_in: SignIn
) -> None:
    """Every page bears its paper and place: leaves of three papers in any order, some upside down,
    fed in as one file."""
    papers = [decided.paper(k) for k in ("decision", "prior_notice", "on_site_record")]
    pictures = [
        (p, i, picture) for p in papers for i, picture in enumerate(photographed(pdf_of(app, p)))
    ]
    assert len(pictures) > 6
    mixed = [pictures[i * 5 % len(pictures)] for i in range(len(pictures))]
    assert len({(p.id, i) for p, i, _ in mixed}) == len(pictures)
    hand_in(
        sign_in("officer1"),
        stack(
            *(
                p.rotate(180) if n % 2 else p.rotate(0.8, fillcolor=255)
                for n, (_, _, p) in enumerate(mixed)
            )
        ),
    )
    assert db.session.scalars(select(StrayPage)).all() == []
    copies = signed(db.session(), [p.id for p in papers])
    for paper in papers:
        back = app.extensions["sealed_store"].read(copies[paper.id].stored)
        seen = scan_pages.inspect_pages(back)
        assert [(s.code, s.page, s.turn) for s in seen] == [
            (paper.short_code, n, 0) for n in range(1, copies[paper.id].pages + 1)
        ]
        assert copies[paper.id].pages == len(photographed(pdf_of(app, paper)))


def test_a_page_that_came_twice_waits_for_a_person(
    app: Flask, decided: Walk, sign_in: SignIn
) -> None:
    first, *rest = photographed(pdf_of(app, decided.paper("decision")))
    hand_in(sign_in("officer1"), stack(first, *rest, rest[0]))
    assert len(db.session.scalars(select(StrayPage)).all()) == 1


def test_a_case_is_closed_once_its_signed_sheets_were_scanned(
    app: Flask, decided: Walk, sign_in: SignIn
) -> None:
    """The real way: the page says what is missing and leads to the scanner, the stack comes back,
    the case can be closed."""
    decided.at(road.later(decided.day, 2)).take("not_public", {"reason": "不具有社会影响。"})
    decided.take(
        "pay",
        {"paid_fen": 5_000_00, "paid_on": decided.day.isoformat(), "slip": "1"},
        "execution-1",
    )
    client, where = sign_in("officer1"), f"/desk/dockets/{code(decided)}"
    page = client.get(where).text
    assert "还没有签署后扫描回来的文书" in page
    assert re.search(r'先办：<a href="/desk/print/\?docket=', page)
    assert "缺签署件" in page
    wanted = unsigned(facts_of(decided))
    assert {p.kind for p in wanted} == {"on_site_record", "interview", "service_receipt"}
    sheets = [s for p in wanted for s in photographed(pdf_of(app, db.session.get_one(Paper, p.id)))]
    assert f"{len(wanted)}份文书" in hand_in(client, stack(*sheets))
    page = client.get(where).text
    assert "还没有签署后扫描回来的文书" not in page
    assert "缺签署件" not in page
    decided.take(
        "close", {"result": "警告并处罚款。", "execution": "已缴清。", "publication": "不予公示。"}
    )


def test_the_sheet_as_the_program_made_it_is_no_signed_copy(
    app: Flask, decided: Walk, sign_in: SignIn
) -> None:
    """The file that was to be printed is handed in as the scan: nobody signed it. It waits for a
    person, who cannot place it either; with ink on it, it is taken."""
    client, papers = sign_in("officer1"), unsigned(facts_of(decided))
    printed = client.post("/desk/print/", data={"paper": [str(p.id) for p in papers]}).data
    page = hand_in(client, printed)
    assert "0份文书" in page
    assert "没有人签过名" in page
    assert [p.id for p in unsigned(facts_of(decided))] == [p.id for p in papers]
    record = decided.paper("on_site_record")
    with pikepdf.open(io.BytesIO(pdf_of(app, record))) as pdf:
        for sheet in pdf.pages:
            sheet.rotate(180, relative=True)
        turned = io.BytesIO()
        pdf.save(turned)
    assert "0份文书" in hand_in(client, turned.getvalue())
    kept = {
        s.id: app.extensions["sealed_store"].read(s.stored)
        for s in db.session.scalars(select(StrayPage))
    }
    # the others are the sheets between the papers
    ours = {i for i, data in kept.items() if scan_pages.inspect_pages(data)[0].code}
    assert len(ours) == 9
    placed = {"verb": "file", "code": record.short_code}
    for stray in ours:
        told = client.post(f"/desk/print/stray/{stray}", data=placed, follow_redirects=True)
        assert "没有人签过名" in told.text
    assert db.session.scalars(select(SignedCopy)).all() == []
    assert {s.id for s in db.session.scalars(select(StrayPage))} >= ours
    assert "1份文书" in hand_in(client, with_ink(pdf_of(app, record)))
    assert record.id not in {p.id for p in unsigned(facts_of(decided))}


def with_ink(data: bytes) -> bytes:
    """Each page of a paper with a stroke of a pen, as a tablet writes it."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            page.contents_add(b"q 1.2 w 0 0 0.6 RG 300 120 m 340 135 l 330 118 l 380 130 l S Q")
        pdf.save(out)
    return out.getvalue()


def test_the_file_binds_the_signed_copy(app: Flask, decided: Walk, sign_in: SignIn) -> None:
    from tests.archive.bound import read, run

    hand_in(sign_in("officer1"), stack(*photographed(pdf_of(app, decided.paper("decision")))))
    assert "签署件" in "".join("".join(pages_of(read(app, run(decided, "internal")))).split())


def test_a_code_of_a_case_one_may_not_see_stays_a_stray_page(
    app: Flask, decided: Walk, sign_in: SignIn
) -> None:
    sheet = decided_report_sheet(decided)
    page = hand_in(sign_in("officer3"), stack(*photographed(pdf_of(app, sheet))[:1]))
    assert "0份文书" in page
    assert signed(db.session(), [sheet.id]) == {}


def decided_report_sheet(decided: Walk) -> Paper:
    wanted = select(Paper).where(Paper.kind == "registration_sheet")
    return db.session.scalars(wanted).one()


def test_pages_that_are_missing_are_said(app: Flask, decided: Walk, sign_in: SignIn) -> None:
    wanted = [decided.paper(k) for k in ("decision", "prior_notice")]
    long = next(p for p in wanted if len(photographed(pdf_of(app, p))) > 1)
    page = hand_in(sign_in("officer1"), stack(photographed(pdf_of(app, long))[0]))
    assert f"缺页：{long.number}" in page


def test_a_person_files_or_removes_a_stray_page(app: Flask, decided: Walk, sign_in: SignIn) -> None:
    client, paper = sign_in("clerk"), decided.paper("decision")
    hand_in(client, stack(foreign(), foreign()))
    first, second = (s.id for s in db.session.scalars(select(StrayPage).order_by(StrayPage.id)))
    assert client.get(f"/desk/print/stray/{first}.pdf").data.startswith(b"%PDF")
    assert (
        client.post(
            f"/desk/print/stray/{first}", data={"verb": "file", "code": "AAAAAAAA"}
        ).status_code
        == 302
    )
    assert db.session.get(StrayPage, first) is not None
    client.post(
        f"/desk/print/stray/{first}", data={"verb": "file", "code": paper.short_code.lower()}
    )
    client.post(f"/desk/print/stray/{second}", data={"verb": "remove"})
    assert db.session.scalars(select(StrayPage)).all() == []
    assert paper.id in signed(db.session(), [paper.id])
    assert client.get(f"/desk/print/signed/{paper.id}.pdf").data.startswith(b"%PDF")


def test_what_is_no_pdf_is_said(decided: Walk, sign_in: SignIn) -> None:
    assert "无法打开" in hand_in(sign_in("clerk"), b"hello")


def test_a_print_run_has_separators_fronts_and_labels(
    app: Flask, decided: Walk, sign_in: SignIn
) -> None:
    client = sign_in("officer1")
    papers = [decided.paper("decision"), decided.paper("prior_notice")]
    answer = client.post("/desk/print/", data={"paper": [str(p.id) for p in papers]})
    texts = pages_of(answer.data)
    starts = [i for i, t in enumerate(texts) if "打印分隔页" in t]
    assert len(starts) == 2
    for start, paper in zip(starts, papers, strict=True):
        assert start % 2 == 0
        assert paper.number in "".join(texts[start].split())
        assert paper.number in "".join(texts[start + 2].split())
    assert "信封标签" in texts[-1]
    assert "".join(texts[-1].split()).count(FIRM["name"]) == 2
    assert {m.paper_id for m in db.session.scalars(select(PrintMark))} == {p.id for p in papers}
    assert pikepdf.open(io.BytesIO(answer.data)).pages


def test_separators_scanned_with_the_rest_are_nobodys_page(
    app: Flask, decided: Walk, sign_in: SignIn
) -> None:
    """The whole run goes through the scanner as it was printed, fronts alone: separators lie
    between the papers."""
    client = sign_in("officer1")
    papers = [decided.paper("on_site_record"), decided.paper("decision")]
    run = client.post("/desk/print/", data={"paper": [str(p.id) for p in papers]}).data
    sheets = [n for n, text in enumerate(pages_of(run)) if text.strip() and "信封标签" not in text]
    pictures = photographed(run, 1)
    page = hand_in(client, stack(*(pictures[n] for n in sheets)))
    assert "2份文书" in page
    assert "分隔页2张" in page
    assert db.session.scalars(select(StrayPage)).all() == []
    copies = {c.paper_id: c.pages for c in db.session.scalars(select(SignedCopy))}
    assert copies == {p.id: len(pages_of(pdf_of(app, p))) for p in papers}


def test_after_a_separator_a_page_without_a_code_waits_for_a_person() -> None:
    """It is no page of the paper that lies before the separator."""
    found = scans.sort(
        [scan_pages.Seen("A"), scan_pages.Seen(apart=True), scan_pages.Seen()], {"A": (1, 3)}
    )
    assert (found.papers, found.strays, found.apart) == ({1: [(0, 0)]}, [2], 1)


def test_a_sheet_with_the_code_of_a_paper_is_that_paper_whatever_lies_on_it(
    app: Flask, decided: Walk
) -> None:
    """Who copies the separator's code onto a signed sheet does not make it vanish."""
    (sheet, *_) = photographed(pdf_of(app, decided.paper("decision")))
    sheet.paste(Image.open(io.BytesIO(qr.png(SEPARATOR))), (200, 300))
    assert scan_pages.seen(sheet).code == decided.paper("decision").short_code


def test_printed_and_not_returned_shows_its_age(app: Flask, decided: Walk, sign_in: SignIn) -> None:
    client = sign_in("officer1")
    paper = decided.paper("decision")
    client.post("/desk/print/", data={"paper": str(paper.id)})
    with writing() as session:
        session.get_one(PrintMark, paper.id).at = utcnow() - timedelta(days=9)
    page = client.get("/desk/print/?which=missing&whose=all").text
    assert paper.number in page
    assert re.search(r"9\s*天", page)
    hand_in(client, stack(*photographed(pdf_of(app, paper))))
    assert (
        paper.number
        not in client.get("/desk/print/?which=missing&whose=all").text.split("<table", 1)[-1]
    )


def test_nothing_chosen_prints_nothing(decided: Walk, sign_in: SignIn) -> None:
    assert "至少选择" in sign_in("clerk").post("/desk/print/", data={}, follow_redirects=True).text


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (["A", "", "B"], ({1: 2, 2: 1}, [])),
        (["A", "", ""], ({1: 2}, [2])),
        (["", "A"], ({1: 1}, [0])),
        (["X", "", "A"], ({1: 1}, [0, 1])),
        (["A", "X", ""], ({1: 1}, [1, 2])),
    ],
)
def test_pages_without_a_code_follow_the_paper_that_lacks_them(
    codes: list[str], expected: object
) -> None:
    """Paper 1 (code A) has two pages, paper 2 (B) one; X is nobody's."""
    result = scans.sort([scan_pages.Seen(c) for c in codes], {"A": (1, 2), "B": (2, 1)})
    assert ({k: len(v) for k, v in result.papers.items()}, result.strays) == expected


def test_the_most_of_a_run(app: Flask, decided: Walk) -> None:
    from casework.people.may import scope, today
    from casework.people.models import Person

    who = scope(db.session.get_one(Person, decided.team.head), today())
    many = [decided.paper("decision").id] + [10_000 + i for i in range(printing.MOST)]
    assert [p.id for p in printing.chosen_papers(db.session(), who, many)] == many[:1]
