"""The public side under kill -9: tips, and files that are sent in pieces."""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections import Counter
from datetime import date
from typing import Any

from flask import current_app
from sqlalchemy import select

from bench.kills.ground import heads_kept
from bench.kills.served import Served, Visitor
from bench.kills.work import LOST
from casework.docket import journal
from casework.docket.models import Docket
from casework.evidence.models import Attachment
from casework.informants import codes
from casework.intake import drafts
from casework.people.models import BureauSetting
from casework.store import db, writing
from casework.upkeep import demo

CLIENTS = 4
NARRATIVE = (
    "该公司2025年年报应收账款少报四百多万元，产值按镇里给的数填报，财务账与统计台账对不上。" * 8
)
TIP = {
    "subject": "重庆汇锦机械制造有限公司",
    "subject_kind": "enterprise",
    "identity": "anonymous",
    "kinds": "false_data",
    "website": "",
}
PIECE, PIECES, TITLE = 24 * 1024, 12, "台账.txt"
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
_CODE, _NUMBER = re.compile(r'id="code">([\d ]+)<'), re.compile(r"〔\d{4}〕\d+号")
# limits against floods would answer a crowd of one machine with waiting
LIMITS = (
    "flood.busy",
    "flood.tips",
    "flood.tips_one",
    "flood.drafts",
    "flood.drafts_kept",
    "flood.draft_bytes",
    "upload.day_total",
    "upload.day_one",
)


def open_to_crowds() -> None:
    """A bureau whose own settings lift the limits."""
    bureau, _team = demo.people()
    number = bureau.id
    with writing() as session:
        session.add_all(
            BureauSetting(bureau_id=number, key=key, value="100000000", from_day=date(2020, 1, 1))
            for key in LIMITS
        )
    heads_kept()


class Informant(Visitor):
    """Form, preview, sending, receipt; a page whose answer was lost is sent again. Told: code and
    words of each receipt."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name, self.sent, self.opened = name, 0, 0
        self.waits: tuple[str, dict[str, str]] | None = None  # the page that is to be sent
        self.words = ""

    def step(self) -> bool:
        if self.opened < len(self.told):
            self._open(*self.told[self.opened])
        elif self.waits:
            self._send(*self.waits)
        elif self.ending:
            return False
        else:
            self._begin()
        return True

    def _begin(self) -> None:
        """A blank form, filled."""
        status, form = self.line.get("/report")
        assert status == 200, f"the form: {status}"
        self.sent += 1
        self.words = f"{self.name} 第{self.sent}件：{NARRATIVE}"
        self.waits = (
            "/report",
            {**TIP, "narrative": self.words, "action": "preview", **dict(_HIDDEN.findall(form))},
        )

    def _send(self, path: str, fields: dict[str, str]) -> None:
        status, answer, _head = self.line.post(path, fields)
        page = answer.decode()
        assert status == 200, f"{path}: {status}"
        if path == "/report":
            self.waits = ("/report/send", dict(_HIDDEN.findall(page)))
            return
        found = _CODE.search(page)
        assert found, "no receipt"
        self.told.append(["".join(found[1].split()), self.words])
        self.waits = None

    def _open(self, code: str, _words: str) -> None:
        """The receipt opens."""
        _status, form = self.line.get("/progress")
        status, page, _head = self.line.post(
            "/progress", {**dict(_HIDDEN.findall(form)), "code": code}
        )
        if status != 200 or not _NUMBER.search(page.decode()):
            self.faults.append(f"{LOST}a receipt does not open: {status}")
        self.opened += 1


class Tips(Served):
    """Several informants at once."""

    name, mould = "tips over HTTP", "crowds"

    def prepare(self) -> None:
        self.ground.make("crowds", "empty", open_to_crowds)

    def visitors(self, dice: random.Random) -> list[Any]:
        return [Informant(f"线索{dice.randrange(10**6)}-{n}") for n in range(CLIENTS)]

    def after(self, visitors: list[Any]) -> list[str]:
        """Each acknowledged receipt leads to its words, and no words are there twice."""
        there = _words()
        faults = [
            f"{n} tips of one page" for _words_, n in Counter(there.values()).items() if n > 1
        ]
        for code, words in (told for v in visitors for told in v.told):
            docket = codes.docket_of(code)
            if docket is None or there.get(docket) != words:
                faults.append(f"{LOST}the words of a receipt")
        return faults

    def at_end(self, visitors: list[Any]) -> list[str]:
        told, there = sum(len(v.told) for v in visitors), len(_words())
        return [
            *self.after(visitors),
            *([] if told == there else [f"{told} receipts, {there} tips"]),
        ]


def _words() -> dict[int, str]:
    """Docket → what its tip says."""
    numbers = list(db.session.scalars(select(Docket.id)))
    first = journal.first(db.session(), current_app.extensions["vault"], numbers)
    return {number: str(payload.get("narrative")) for number, payload in first.items()}


class Sender(Informant):
    """Sends a file in pieces, then the tip with it. Told: code and words of each receipt; pieces
    are counted beside."""

    def __init__(self, name: str, dice: random.Random) -> None:
        super().__init__(name)
        self.dice, self.file, self.got, self.fixed = dice, b"", 0, dict[str, str]()
        self.sums: dict[str, str] = {}  # words of a tip → SHA-256 of its file

    def step(self) -> bool:
        if self.file and self.got < len(self.file):
            self._piece()
            return True
        return super().step()

    def _begin(self) -> None:
        super()._begin()
        assert self.waits
        self.fixed = {k: v for k, v in self.waits[1].items() if k in ("token", "draft")}
        line = f"{self.words[:12]} 第%d行：{self.dice.random()}，应收账款五百零八万七千元。\n"
        self.file = "".join(line % n for n in range(PIECE * PIECES // len(line.encode()))).encode()
        self.got = 0
        self.sums[self.words] = hashlib.sha256(self.file).hexdigest()

    def _piece(self) -> None:
        fields = {**self.fixed, "name": TITLE, "size": str(len(self.file)), "offset": str(self.got)}
        status, answer, _head = self.line.post(
            "/report/piece", fields, self.file[self.got : self.got + PIECE]
        )
        assert status == 200, f"a piece: {status} {answer[:200]!r}"
        got = json.loads(answer)["got"]
        if got < self.got:
            self.faults.append(f"{LOST}{self.got} bytes were acknowledged, {got} are there")
        self.got = got
        self.pieces += 1

    def _send(self, path: str, fields: dict[str, str]) -> None:
        before = len(self.told)
        super()._send(path, fields)
        if len(self.told) > before:
            self.file = b""


class Pieces(Tips):
    """Several senders of files."""

    name = "files in pieces"

    def visitors(self, dice: random.Random) -> list[Any]:
        return [
            Sender(f"附件{dice.randrange(10**6)}-{n}", random.Random(dice.random()))
            for n in range(CLIENTS - 1)
        ]

    def after(self, visitors: list[Any]) -> list[str]:
        return [*super().after(visitors), *self._held(visitors), *self._files(visitors)]

    def _held(self, visitors: list[Any]) -> list[str]:
        """Acknowledged bytes of a file whose tip was not acknowledged yet are in the draft, or in a
        tip that came about."""
        faults, there = [], {words: docket for docket, words in _words().items()}
        for v in (v for v in visitors if v.file and v.got):
            files = (
                self._of_tip(there[v.words])
                if v.words in there
                else self._of_draft(v.fixed["draft"], len(v.file))
            )
            found = b"".join(self._store().read(name) for name in files)
            if len(found) < v.got or not v.file.startswith(found):
                faults.append(f"{LOST}{v.got} bytes were acknowledged, {len(found)} are there")
        return faults

    def _of_tip(self, docket: int) -> list[str]:
        return list(
            db.session.scalars(select(Attachment.stored).where(Attachment.docket_id == docket))
        )

    def _of_draft(self, key: str, size: int) -> list[str]:
        """The whole file, or the pieces that came."""
        content = drafts.load_draft(key) or {}
        part = content.get("partial", {}).get(f"{TITLE}:{size}", {"pieces": []})
        return [f["stored"] for f in content.get("files", [])] or list(part["pieces"])

    def _files(self, visitors: list[Any]) -> list[str]:
        """The file of a tip is what was sent. That it opens and has the digest of its row says
        ``journal verify``."""
        faults = []
        for visitor in visitors:
            for code, words in visitor.told:
                rows = db.session.scalars(
                    select(Attachment).where(Attachment.docket_id == codes.docket_of(code))
                ).all()
                if [row.sha256 for row in rows] != [visitor.sums[words]]:
                    faults.append(f"{LOST}the file of a receipt: {len(rows)} there")
        return faults

    def _store(self) -> Any:
        return current_app.extensions["sealed_store"]
