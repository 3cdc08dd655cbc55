"""Lists from other bodies, sent by page and by command."""

import csv
import io
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from flask.testing import FlaskClient

from casework.intake import sheets
from casework.intake.bulk import HandoverSource
from tests.conftest import ROOT
from tests.support.ports import PAUSE, TRIES

SignIn = Callable[[str], FlaskClient]


SOURCE = HandoverSource("清单.xlsx", "某县信访办", "丰信转〔2026〕3号", "2026-11-02")


HEADS = ["序号", "被举报对象", "对象类型", "问题类型", "反映内容", "所属时期", "收到日期"]


ROWS = [
    ["1", "汇锦机械有限公司", "企业", "虚报、代填代报", "多报产值", "2026年三季度", "2026-11-03"],
    ["2", "三合镇统计站", "机关", "指使", "要求企业按给定数字上报", "2026年", ""],
]


def table(
    rows: list[list[str]] = ROWS, heads: list[str] = HEADS, codec: str = "utf-8-sig"
) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([heads, *rows])
    return out.getvalue().encode(codec)


def words(found: list[sheets.ListSheet]) -> list[list[str]]:
    """The texts of the only sheet."""
    (sheet,) = found
    return [[cell.text for cell in line.cells] for line in sheet.lines]


# -- the command
def command(instance: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    import os

    asked = [sys.executable, "-m", "flask", "--app", "app", "tips", "import", *words]
    env = {**os.environ, "CASEWORK_INSTANCE": str(instance)}
    return subprocess.run(asked, cwd=ROOT, env=env, capture_output=True, text=True)


# -- the pages
def sent(client: FlaskClient, data: bytes, name: str = "清单.xlsx", **more: str) -> "object":
    fields = {"body": SOURCE.body, "number": SOURCE.number, "day_of_document": SOURCE.day, **more}
    fields["file"] = (io.BytesIO(data), name)  # type: ignore[assignment]
    return client.post("/desk/reports/import", data=fields, content_type="multipart/form-data")


def waited(client: FlaskClient, where: str) -> str:
    for _ in range(TRIES):
        page = client.get(where).text
        if 'http-equiv="refresh"' not in page:
            return page
        time.sleep(PAUSE)
    raise AssertionError("it never ended")
