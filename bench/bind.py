"""Binding 200 and 2,000 papers against a bare pikepdf merge that writes numbers: ratio of times,
and peak memory.

Run from the top of the repository: ``python bench/bind.py``. Each measurement runs in a process of
its own.
"""

from __future__ import annotations

import io
import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
SIZES = (200, 2000)
ROUNDS = 3
ON = date(2026, 11, 25)


def paper(no: int) -> bytes:
    """A paper of ours of five pages, with its fonts."""
    from letters.base import BureauHead
    from letters.casefile import FileIndex

    row = {
        "doc_number": f"丰统罚〔2026〕{no}号",
        "author": "丰都县统计局",
        "title": "行政处罚事先告知书" * 3,
    }
    row |= {"day": "2026-11-25", "span": "1-2", "note": ""}
    return FileIndex(
        bureau=BureauHead(),
        number=str(no),
        on=ON,
        volume_name="正卷",
        case_name="某案",
        entries=(row,) * 44,
    ).draw()


def ours(folder: Path, count: int) -> None:
    """The binder, documents read one after the other."""
    from casework.papers.bind import Item, Volume, bind, private

    def read(path: Path):
        return lambda: path.read_bytes()

    items = [Item(f"文书{i}", ON, read(folder / f"{i % 200}.pdf")) for i in range(count)]
    front = (folder / "0.pdf").read_bytes()
    with tempfile.TemporaryDirectory(dir=folder) as work, private(Path(work) / "out.pdf") as out:
        bind(
            [Volume("正卷", items, lambda _e, _p: [front], lambda _e, _p: [])],
            "案卷",
            out,
            lambda _n: None,
        )


def bare(folder: Path, count: int) -> None:
    """What anybody would write first: open, extend, a number on every page, save."""
    import pikepdf

    out = pikepdf.new()
    kept = []
    for i in range(count):
        source = (
            pikepdf.open(folder / f"{i % 200}.pdf")
            if count <= 200
            else pikepdf.open(io.BytesIO((folder / f"{i % 200}.pdf").read_bytes()))
        )
        kept.append(source)
        out.pages.extend(source.pages)
    font = out.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
    )
    for number, page in enumerate(out.pages, 1):
        page.contents_add(out.make_stream(b"q\n"), prepend=True)
        page.contents_add(out.make_stream(f"\nQ BT /N 12 Tf 540 800 Td ({number}) Tj ET".encode()))
        page.resources.Font["/N"] = font
    with tempfile.TemporaryFile(dir=folder) as target:
        out.save(target)


def measure(what: str, folder: Path, count: int) -> dict[str, float]:
    """Seconds and MiB of one run, in a process of its own."""
    code = [sys.executable, __file__, what, str(folder), str(count)]
    return json.loads(subprocess.run(code, check=True, capture_output=True, text=True).stdout)


def main() -> None:
    """Both ways, the first one changing from round to round; the best of some rounds each."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for i in range(200):
            (folder / f"{i}.pdf").write_bytes(paper(i))
        for count in SIZES:
            runs: dict[str, list[dict[str, float]]] = {"bare": [], "ours": []}
            for turn in range(ROUNDS):
                for what in ("bare", "ours") if turn % 2 else ("ours", "bare"):
                    runs[what].append(measure(what, folder, count))
            best = {what: min(r["seconds"] for r in rs) for what, rs in runs.items()}
            peak = {what: max(r["mib"] for r in rs) for what, rs in runs.items()}
            added = {what: max(r["mib"] - r["loaded"] for r in rs) for what, rs in runs.items()}
            print(
                f"bind {count}: {best['ours'] / best['bare']:.2f} × bare merge "
                f"({best['ours']:.2f} s : {best['bare']:.2f} s), "
                f"target 2; peak {peak['ours']:.0f} MiB, "
                f"{added['ours']:.0f} above the loaded program "
                f"(bare {peak['bare']:.0f}, {added['bare']:.0f})"
            )


def peak() -> float:
    """Most memory that this process has taken so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    if len(sys.argv) == 4:
        # what a server has loaded long before: libraries and fonts
        import casework.papers.bind  # noqa: F401

        paper(0)
        loaded, begin = peak(), time.perf_counter()
        {"ours": ours, "bare": bare}[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))
        print(json.dumps({"seconds": time.perf_counter() - begin, "mib": peak(), "loaded": loaded}))
    else:
        main()
