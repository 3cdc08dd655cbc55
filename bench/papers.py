"""The ten papers of the road against a bare reportlab canvas that writes the same runs of text in
the same faces."""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from html import escape
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import Any

from reportlab.pdfbase import pdfmetrics, ttfonts
from reportlab.pdfgen.canvas import Canvas

from bench.common import ROOT, interleaved, median, scratch, table
from letters import fonts, layout, pages, text
from letters.archival import About, blank_canvas, file_of
from letters.base import Letter
from letters.pages import RULE, Pages
from letters.parts import DishonestFirm
from tests.letters import samples


def decision() -> Letter:
    """With its officers, as the program fills it in."""
    return samples.decision(officers=samples.OFFICERS)


TEN = (
    samples.registration_sheet,
    samples.acceptance_notice,
    samples.filing_approval,
    samples.inspection_notice,
    samples.on_site_record,
    samples.prior_notice,
    decision,
    samples.service_receipt,
    samples.discipline_proposal,
    samples.disclosure_list,
)
MOST = 160 * 1024  # bytes of a paper


Run = tuple[str, float, float, float, float, str]


@dataclass
class Sheet:
    """What stands on one page: runs (face, size, x, y, space after each character, text) and
    rules."""

    size: tuple[float, float]
    runs: list[Run] = field(default_factory=list)
    rules: list[tuple[float, float, float, float]] = field(default_factory=list)


def noted(letter: Letter) -> list[Sheet]:
    """Everything that the paper writes, page by page (of its last laying)."""
    laid: list[list[Sheet]] = []

    class Noting(Pages):
        def __init__(self, *args: Any) -> None:
            self.sheets: list[Sheet] = []
            laid.append(self.sheets)
            super().__init__(*args)

        def turn(self) -> None:
            super().turn()
            self.sheets.append(Sheet(self.geometry.paper))

        def _close(self) -> None:
            self.sheets[-1].rules = list(self.rules)
            super()._close()

    class NotingInk(text.Ink):
        def write(self, line: str, style: text.Style, x: float, y: float, stretch: float) -> None:
            laid[-1][-1].runs += runs(line, style, x, y, stretch)
            super().write(line, style, x, y, stretch)

    layout.Pages, pages.Ink = Noting, NotingInk  # type: ignore[misc]
    try:
        letter.draw()
    finally:
        layout.Pages, pages.Ink = Pages, text.Ink  # type: ignore[misc]
    return laid[-1]


def runs(line: str, style: text.Style, x: float, y: float, stretch: float) -> list[Run]:
    """A line as pieces of one face each."""
    found, table, kinds = [], fonts.homes(style.face), fonts.character_kinds(style.face)
    for (name, wide), chars in groupby(line, kinds.__getitem__):
        piece, space = "".join(chars), style.track + stretch if wide else 0.0
        found.append((name, style.size, x, y, space, piece))
        x += (
            sum(table[c].width for c in piece) * style.size / 1000
            + space * len(piece)
            + (0 if wide else stretch)
        )
    return found


def bare(sheets: list[Sheet]) -> bytes:
    """The same pages by hand, with reportlab's own reading of the fonts: no wording, no line
    breaking, no checks."""
    buffer = BytesIO()
    canvas = Canvas(buffer, sheets[0].size, pageCompression=1, initialFontName="stock-Song")
    for sheet in sheets:
        drawn(canvas, sheet, "stock-")
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def bare_in_ours(sheets: list[Sheet]) -> bytes:
    """The same pages by hand, put into a file as ours are: what is left is what a letter costs
    before it is drawn."""
    canvas = blank_canvas(sheets[0].size)
    for sheet in sheets:
        drawn(canvas, sheet, "")
        canvas.showPage()
    return file_of(canvas, About("", "", "", date(2026, 11, 23)))


def drawn(canvas: Canvas, sheet: Sheet, prefix: str) -> None:
    """The runs and rules of one page."""
    for face, size, x, y, space, chars in sheet.runs:
        canvas.setFont(prefix + face, size)
        canvas.drawString(x, y, chars, charSpace=space)
    canvas.setLineWidth(RULE)
    canvas.lines(sheet.rules)


def stock_fonts() -> None:
    """The same files as reportlab loads them by itself, under names of their own."""
    fonts.load_faces()
    for face in fonts.Face:
        stock = ttfonts.TTFont("stock-" + face.value, str(fonts.FONT_DIR / f"{face.value}.ttf"))
        # else reportlab, which knows a face by its inner name, gives ours in its place
        stock.face.name += b"-stock"
        pdfmetrics.registerFont(stock)


def papers(rounds: int, html_times: dict[str, float]) -> list[list[Any]]:
    """One row a kind: papers a second against the bare canvas, and against one that writes our kind
    of file; size."""
    stock_fonts()
    rows = []
    for make in TEN:
        letter, name = make(), make.__name__
        sheets = noted(letter)
        rivals: dict[str, Callable[[], Any]] = {
            "ours": letter.draw,
            "bare": lambda s=sheets: bare(s),
            "in ours": lambda s=sheets: bare_in_ours(s),
        }
        times = {k: median(v) for k, v in interleaved(rivals, rounds).items()}
        size = len(letter.draw())
        html = html_times.get(name, 0) / times["ours"]
        shares = [times["bare"] / times["ours"], times["in ours"] / times["ours"], html or "—"]
        rows.append(
            [
                name,
                len(sheets),
                *shares,
                times["ours"] * 1000,
                f"{size / 1024:.0f}" + (" !" if size > MOST else ""),
            ]
        )
    return rows


# -- the list of many rows
def drawn_by_hand(firms: Sequence[DishonestFirm]) -> bytes:
    """A table with wrapped cells and repeated heads, as somebody in a hurry would write it on a
    canvas."""
    shares = (0.9, 3.2, 2.9, 3, 2, 4, 4, 2.6, 2.4)
    width, (paper_width, paper_height) = 694.0, (842.0, 595.0)
    columns = [width * s / sum(shares) for s in shares]
    size, leading, pad, left = 9.0, 13.05, 4.0, 74.0
    head = (
        "序号",
        "企业名称",
        "统一社会信用代码",
        "地址",
        "负责人",
        "统计违法行为",
        "依法处理情况",
        "认定文号",
        "公示日期",
    )
    buffer = BytesIO()
    canvas = Canvas(
        buffer, (paper_width, paper_height), pageCompression=1, initialFontName="stock-Song"
    )
    metrics = pdfmetrics.getFont("stock-Fang").face.charWidths

    def wrapped(text: str, room: float) -> list[str]:
        lines, line, used = [], "", 0.0
        for char in text:
            wide = metrics.get(ord(char), 1000) * size / 1000
            if used + wide > room:
                lines.append(line)
                line, used = "", 0.0
            line, used = line + char, used + wide
        return [*lines, line]

    def row(cells: tuple[str, ...], y: float) -> float:
        laid = [wrapped(text, room - 2 * pad) for text, room in zip(cells, columns, strict=True)]
        height = max(map(len, laid)) * leading + 2 * pad
        if y - height < 71:
            canvas.showPage()
            y = row(head, paper_height - 71)
        x, rules = left, [(left, y, left + width, y), (left, y - height, left + width, y - height)]
        canvas.setFont("stock-Fang", size)
        for lines, room in zip(laid, columns, strict=True):
            for i, line in enumerate(lines):
                canvas.drawString(x + pad, y - pad - size - i * leading, line)
            rules.append((x, y, x, y - height))
            x += room
        canvas.lines([*rules, (x, y, x, y - height)])
        return y - height

    y = row(head, paper_height - 120)
    for i, f in enumerate(firms, 1):
        shown = f"{f.shown_from} 至 {f.shown_until}"
        cells = (
            str(i),
            f.name,
            f.credit_code,
            f.address,
            f.representative,
            f.violation,
            f.handling,
            f.decision_number,
            shown,
        )
        y = row(cells, y)
    canvas.save()
    return buffer.getvalue()


def one_list(kind: str, count: int) -> dict[str, float]:
    """Draw it in this process: seconds, peak MB above what the loaded fonts take, MB of the
    file."""
    from time import thread_time

    stock_fonts()
    letter = samples.disclosure_list(count)
    samples.disclosure_list(1).draw()
    drawn_by_hand(letter.firms[:1])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = thread_time()
    data = letter.draw() if kind == "ours" else drawn_by_hand(letter.firms)
    took = thread_time() - began
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return {"seconds": took, "grown": grown, "size": len(data) / 1024 / 1024}


def long_list(count: int, rounds: int) -> list[list[Any]]:
    """Ours and the hand-drawn one, each time in a fresh process, in turn."""
    found: dict[str, list[dict[str, float]]] = {"ours": [], "canvas": []}
    for _ in range(rounds):
        for kind, results in found.items():
            words = [sys.executable, "-m", "bench.papers", "--one", kind, "--rows", str(count)]
            results.append(
                json.loads(subprocess.run(words, cwd=ROOT, check=True, capture_output=True).stdout)
            )
    middle = {
        kind: {key: median([r[key] for r in rs]) for key in rs[0]} for kind, rs in found.items()
    }
    base = middle["canvas"]["seconds"]
    return [
        [kind, f"{count:,}", m["seconds"] / base, m["seconds"], m["grown"], m["size"]]
        for kind, m in middle.items()
    ]


# -- WeasyPrint, where it can be had
_HTML = """
import json, sys, time, weasyprint
from weasyprint.text.fonts import FontConfiguration
pages, rounds = json.load(open(sys.argv[1])), int(sys.argv[2])
out = {}
for name, html in pages.items():
    times = []
    for _ in range(rounds):
        began = time.process_time(); weasyprint.HTML(string=html).write_pdf(); times.append(time.process_time() - began)
    out[name] = sorted(times)[len(times) // 2]
print(json.dumps(out))
"""  # noqa: E501


def weasyprint(rounds: int) -> dict[str, float]:
    """Seconds a paper as HTML with the same faces, in a virtual environment of its own; empty where
    that fails."""
    with scratch() as folder:
        subprocess.run([sys.executable, "-m", "venv", str(folder / "venv")], check=True)
        python = str(folder / "venv" / "bin" / "python")
        pages = {make.__name__: _as_html(make()) for make in TEN}
        (folder / "pages.json").write_text(json.dumps(pages))
        try:
            subprocess.run([python, "-m", "pip", "install", "-q", "weasyprint"], check=True)
            words = [python, "-c", _HTML, str(folder / "pages.json"), str(rounds)]
            return dict(json.loads(subprocess.run(words, check=True, capture_output=True).stdout))
        except subprocess.CalledProcessError as error:
            print(
                f"WeasyPrint could not be measured: {(error.stderr or b'').decode()[-200:]}",
                file=sys.stderr,
            )
            return {}


def _as_html(letter: Letter) -> str:
    faces = "".join(
        (
            f"@font-face {{ font-family: {f.value}; src: "
            f"url(file://{Path(fonts.FONT_DIR).resolve()}/{f.value}.ttf) }}"
        )
        for f in (fonts.Face.FANG, fonts.Face.SONG)
    )
    body = "".join(f"<p>{escape(text)}</p>" for text in letter.strings())
    return f"<style>@page {{ size: A4 }} {faces} body {{ font: 16pt Fang, Song }}</style>{body}"


def main() -> None:
    """Print the tables."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--rounds", type=int, default=15)
    words.add_argument("--rows", type=int, default=10_000)
    words.add_argument(
        "--weasyprint", action="store_true", help="install WeasyPrint aside and measure it too"
    )
    words.add_argument("--one", choices=("ours", "canvas"), help=argparse.SUPPRESS)
    asked = words.parse_args()
    if asked.one:
        print(json.dumps(one_list(asked.one, asked.rows)))
        return
    head = ("paper", "pages", "speed ÷ canvas", "÷ canvas, our file", "÷ WeasyPrint", "ms", "KiB")
    table("Papers", head, papers(asked.rounds, weasyprint(5) if asked.weasyprint else {}))
    lists = [row for count in (asked.rows // 10, asked.rows) for row in long_list(count, 3)]
    table(
        "Disclosure list",
        ("drawn by", "rows", "time ÷ canvas", "seconds", "MB grown", "MB of the file"),
        lists,
    )


if __name__ == "__main__":
    main()
