"""The unit register is brought up to date on a page: all of a file or nothing, and every line that
is wrong is named in the language of the page."""

from __future__ import annotations

import io
import threading
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook
from sqlalchemy import select

from casework.docket.jobs import Job
from casework.people import unit_lines, units
from casework.people.models import Bureau, OfficeEntry, Unit
from casework.store import db
from casework.upkeep.walk import Team
from tests.support.desk import SignIn

HEAD = ("单位名称", "统一社会信用代码", "乡镇街道", "单位类别", "单位地址", "法定代表人")
ROWS = (
    ("重庆汇锦机械制造有限公司", "91500230MA5U0AB01F", "高家镇", "企业", "工业园2号", "谭某"),
    ("丰都县虎威镇中心小学", "", "", "事业单位", "", ""),
)
PAGE = "/desk/office/units"


def csv(*rows: tuple[str, ...], encoding: str = "gb18030") -> bytes:
    """A file as Excel saves it here: GB 18030, CRLF."""
    return "".join(",".join(row) + "\r\n" for row in (HEAD, *rows)).encode(encoding)


def sent(client: FlaskClient, data: bytes, name: str = "名录.csv", hidden: str = "") -> str:
    """The page on which a file ends after it was sent."""
    files = {"file": (io.BytesIO(data), name), "hidden": hidden}
    answer = client.post(PAGE, data=files, content_type="multipart/form-data")
    assert answer.status_code == 302, answer.text
    for thread in threading.enumerate():
        if thread.name.startswith("job "):
            thread.join()
    db.session.rollback()
    db.session.expire_all()
    return client.get(answer.location).text


def known() -> dict[str, Unit]:
    return {unit.name: unit for unit in db.session.scalars(select(Unit))}


def test_a_file_is_taken_in_and_the_office_is_told(
    team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    page = sent(sign_in("admin"), csv(*ROWS))
    assert "新增2家单位，更新0家单位" in page
    unit = known()[ROWS[0][0]]
    assert (unit.address, unit.representative, unit.township) == ("工业园2号", "谭某", "500230109")
    entry = db.session.scalars(select(OfficeEntry).where(OfficeEntry.what == "units")).one()
    assert entry.details == {"added": 2, "changed": 0}
    assert "名录中现有2家单位" in sign_in("head").get(PAGE).text
    assert "更新单位名录" in sign_in("auditor").get("/desk/office/audit").text


def test_what_a_later_file_does_not_say_stays(team: Team, bureau: Bureau, sign_in: SignIn) -> None:
    admin = sign_in("admin")
    sent(admin, csv(*ROWS))
    assert "新增0家单位，更新1家单位" in sent(admin, csv((*ROWS[0][:4], "", "陈某")))
    unit = known()[ROWS[0][0]]
    assert (unit.address, unit.representative) == ("工业园2号", "陈某")


def test_a_workbook_is_read_too(team: Team, bureau: Bureau, sign_in: SignIn) -> None:
    book, out = Workbook(), io.BytesIO()
    for row in (HEAD, *ROWS):
        book.active.append(row)
    book.save(out)
    assert "新增2家单位" in sent(sign_in("head"), out.getvalue(), "名录.xlsx")


def test_every_line_that_is_wrong_is_named_and_nothing_is_changed(
    team: Team, bureau: Bureau, sign_in: SignIn, app: Flask
) -> None:
    wrong = (
        ("", "91500230MA5U0AB01F", "", "", "", ""),
        ("甲<b>厂", "9.15E+17", "外县某镇", "外星", "", ""),
        ("乙厂", "91500230MA5U0AB02Y", "", "", "", ""),
        ("丙厂", "91500230MA5U0AB02Y", "", "", "", ""),
    )
    page = sent(sign_in("admin"), csv(ROWS[0], *wrong[:2]))
    for says in (
        "没有单位名称",
        "乡镇街道“外县某镇”不认识",
        "单位类别“外星”不认识",
        "原数字已丢失",
    ):
        assert says in page, says
    assert "<b>" not in page.split('id="faults"')[1].split("</table>")[0]
    page = sent(sign_in("admin"), csv(*wrong[2:]))
    assert "代码与第2行重复" in page
    assert known() == {}
    job = db.session.scalars(select(Job).order_by(Job.id)).first()
    assert job is not None
    assert (job.state, job.stored) == ("failed", "")


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"\xff\xfe\x00", "没有表头\r\n".encode()])
def test_what_is_no_register_is_said(
    team: Team, bureau: Bureau, sign_in: SignIn, data: bytes
) -> None:
    assert 'id="faults"' in sent(sign_in("admin"), data)


def test_hidden_rows_are_asked_about_before_anything_is_taken(
    team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    book, out = Workbook(), io.BytesIO()
    for row in (HEAD, *ROWS):
        book.active.append(row)
    book.active.row_dimensions[3].hidden = True
    book.save(out)
    admin, data = sign_in("admin"), out.getvalue()
    assert "已隐藏：请选择" in sent(admin, data, "名录.xlsx")
    assert "已略过：工作表" in sent(admin, data, "名录.xlsx", "leave")
    assert list(known()) == [ROWS[0][0]]


def test_nothing_chosen_is_said_and_others_are_refused(
    team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    answer = sign_in("admin").post(PAGE, data={}, content_type="multipart/form-data")
    assert (answer.status_code, "请选择名录文件" in answer.text) == (422, True)
    for login in ("clerk", "officer1", "publisher"):
        assert sign_in(login).get(PAGE).status_code == 403


def test_each_sentence_of_the_reader_has_its_words() -> None:
    """What `unit_lines` and `units` say is among what is collected for translation."""
    from casework.desk.register_import import SENTENCES

    collected = {str(s._args[0]) for s in SENTENCES}
    said = {*unit_lines.DAMAGED.values(), *unit_lines.WITH_WORDS.values(), unit_lines.NO_HEADS}
    said |= {*unit_lines.HIDDEN_ROW, *unit_lines.HIDDEN_SHEET, unit_lines.NO_CODE_OF_UNIT}
    said |= {units.TWICE, units.TWICE_WITHOUT_CODE}
    source = Path(unit_lines.__file__).read_text("utf-8")
    assert said <= collected
    assert {words for words in collected - said if words not in source} == set()
