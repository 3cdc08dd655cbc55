"""Lists as spreadsheets write them, and what the reader says of each row."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

from flask_babel import force_locale
from openpyxl import Workbook

from casework.intake import bulk
from casework.intake.bulk import judge
from casework.people.models import Bureau
from tests.support.intake import SOURCE

HERE = Path(__file__).parent / "lists"
HEADS = ["被举报单位", "统一社会信用代码", "反映内容", "收到日期", "报告期"]
GOOD_CODE = "91500230MA5YQ12345"  # shaped as one; its check digit does not fit


def case(name: str) -> bytes:
    return (HERE / name).read_bytes()


def book(*rows: list[object], heads: list[str] = HEADS) -> Workbook:
    made = Workbook()
    for row in [heads, *rows]:
        made.active.append(row)
    return made


def saved(made: Workbook) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def tip(
    name: str, code: object = None, day: object = "2026-11-20", words: object = "虚报产值"
) -> list[object]:
    return [name, code, words, day, "2026年10月"]


def judged_in(language: str, bureau: Bureau, data: bytes, **choice: str) -> bulk.Judged:
    with force_locale(language):
        return judge(bureau.id, None, data, SOURCE, choice)


def in_english(bureau: Bureau, data: bytes, **choice: str) -> bulk.Judged:
    return judged_in("en", bureau, data, **choice)


def only_error(judged: bulk.Judged) -> tuple[str, str]:
    """Where and why, of the one row that has one fault."""
    (row,) = judged.rows
    assert row.fate == "wrong"
    ((where, why),) = row.errors
    return where, why


def payload(row: bulk.Row) -> dict[str, object]:
    assert row.asked is not None
    return dict(row.asked.payload)


def patched(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """A workbook in which one part is written otherwise, as another program would have."""
    source, out = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            held = source.read(name)
            changed = change(held) if name == part else held
            assert name != part or changed != held
            target.writestr(name, changed)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
