"""Reads a unit register (CSV or XLSX) a line at a time and judges each line; nothing is written
here."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

from casework.lists.cells import BLANK, Cell, of_text, plain_head
from casework.lists.foreign import kind_of
from casework.procedure.codes import CodeState, shaped_as_credit_code, unit_code
from casework.procedure.terms import SubjectKind
from casework.text import as_sent, folded, folded_name

if TYPE_CHECKING:
    from casework.lists.xlsx import XlsxSheet

HEADS = {
    "name": ("单位名称", "单位详细名称", "name"),
    "code": ("统一社会信用代码", "信用代码", "credit_code"),
    "organisation": ("组织机构代码", "organisation_code"),
    "registration": ("工商注册号", "注册号", "registration_number"),
    "township": ("乡镇街道", "所在乡镇", "township"),
    "kind": ("单位类别", "kind"),
    "address": ("单位地址", "详细地址", "地址", "住所", "address"),
    "representative": (
        "法定代表人",
        "法定代表人（单位负责人）",
        "单位负责人",
        "负责人",
        "representative",
    ),
}
FIELDS = tuple(HEADS)
CODES = ("code", "organisation", "registration")  # the first that a line fills is the unit's
KINDS = {
    "企业": "enterprise",
    "事业单位": "institution",
    "个体工商户": "sole_trader",
    "个体": "sole_trader",
    "机关": "state_organ",
    "国家机关": "state_organ",
    "": "enterprise",
    "社会团体": "organisation",
    "村民委员会": "organisation",
    "居民委员会": "organisation",
    "村委会": "organisation",
    "农民专业合作社": "organisation",
    "其他组织": "organisation",
    "其他": "organisation",
    **{k.value: k.value for k in SubjectKind},
}
XLSX = "xlsx"  # in the place of an encoding
HEADS_WITHIN = 15  # lines from the top in which the heads are looked for
NO_HEADS = "the headings 单位名称 and 统一社会信用代码 are needed"
MOST_ADDRESS, MOST_PERSON = 200, 60  # characters
FAULTS_NAMED = 1000
IDENTITY_LENGTH = 15  # signs of the shortest number of a human being
MOST_UNPACKED = 1024 * 1024 * 1024  # bytes of a workbook; it is read a row at a time
MOST_COLUMNS = 500
UTF8_MARK = b"\xef\xbb\xbf"
BOMS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
DAMAGED = {
    "digits": "is kept as a number of more than 15 digits; its last ones are lost",
    "power": "is the short form of a long number; its digits are lost",
    "formula": "is a formula, not its result",
    "no_value": "a formula whose result is not in the file",
    "error": "is an error message of the spreadsheet",
}

WITH_WORDS = {fault: f"«%(words)s» {why}" for fault, why in DAMAGED.items()}
NO_CODE_OF_UNIT = "«%(words)s» is not the code of a unit; leave it empty where there is none"
# what a reader says of hidden parts: asked about, and left out
HIDDEN_SHEET = (
    "the sheet «%(sheet)s» is hidden: say --hidden take or --hidden leave",
    "left out: the sheet «%(sheet)s» is hidden",
)
HIDDEN_ROW = (
    "row %(row)s of «%(sheet)s» is hidden: say --hidden take or --hidden leave",
    "left out: row %(row)s of «%(sheet)s» is hidden",
)
Rows = Iterator[tuple[int, list[Cell]]]
# line, name, code, township, kind, folded name, address, representative
Row = tuple[int, str, str | None, str, str, str, str, str]


@dataclass(frozen=True)
class Fault:
    """What is wrong, and where: a sentence with its slots, so that a page can say it in another
    language. ``line`` 0: the file as a whole."""

    why: str
    values: Mapping[str, str] = field(default_factory=dict)
    line: int = 0
    sheet: str = ""

    def __str__(self) -> str:
        """In English, as the command line says it."""
        where = f"line {self.line}" if self.line else ""
        parts = (f"«{self.sheet}»" if self.sheet else "", where)
        said = " ".join(part for part in parts if part)
        words = self.why % self.values
        return f"{said}: {words}" if said else words


class BadRegister(ValueError):
    """The file cannot be taken; `found` names line and reason."""

    def __init__(self, *found: Fault) -> None:
        super().__init__("\n".join(map(str, found)))
        self.found = found

    @property
    def faults(self) -> list[str]:
        """The faults in English."""
        return [str(fault) for fault in self.found]


@dataclass
class Faults:
    """What is wrong, line by line: the first thousand in words, the rest counted."""

    said: list[Fault] = field(default_factory=list)
    more: int = 0

    def add(self, line: UnitLine | int, why: str, **values: str) -> None:
        """One fault of one line."""
        if len(self.said) >= FAULTS_NAMED:
            self.more += 1
        elif isinstance(line, int):
            self.said.append(Fault(why, values, line))
        else:
            self.said.append(Fault(why, values, line.number, line.sheet))

    def __len__(self) -> int:
        return len(self.said) + self.more

    def all(self) -> list[Fault]:
        """All of them; empty when nothing is wrong."""
        more = Fault("and %(more)s more faults", {"more": str(self.more)})
        return [*self.said, more] if self.more else self.said


@dataclass(frozen=True)
class UnitLine:
    """A line below the heads: its sheet ("" in a CSV), its number, its fields in the order of
    `FIELDS`."""

    sheet: str
    number: int
    fields: list[str]


@dataclass
class Reader:
    """The lines of a file, read one after the other; `notes` says what was left out, `faults`
    which cells are damaged."""

    file: Path
    encoding: str
    faults: Faults
    hidden: str = ""  # take · leave: what becomes of hidden rows and sheets
    notes: list[Fault] = field(default_factory=list)

    def lines(self) -> Iterator[UnitLine]:
        """Every line below the heads. BadRegister where there are none, or something is hidden and
        nobody decided."""
        if self.encoding == XLSX:
            yield from self._of_sheets()
            return
        with _text(self.file, self.encoding) as text:
            rows = _csv(text)
            at = _heads((number, [Cell(word) for word in row]) for number, row in rows)
            if at is None:
                raise BadRegister(Fault(NO_HEADS, line=1))
            for number, row in rows:
                yield UnitLine("", number, [row[n] if n < len(row) else "" for n in at])

    def _of_sheets(self) -> Iterator[UnitLine]:
        from casework.lists import xlsx  # with the first workbook: it is large

        try:
            with self.file.open("rb") as stream:
                for sheet in xlsx.sheets(stream, MOST_UNPACKED, MOST_COLUMNS):
                    if not sheet.hidden or self._takes(*HIDDEN_SHEET, sheet=sheet.name):
                        yield from self._below_heads(sheet.name, self._rows(sheet))
        except xlsx.BadBook as error:
            why = Fault("the workbook cannot be read (%(why)s)", {"why": error.why})
            raise BadRegister(why) from error

    def _rows(self, sheet: XlsxSheet) -> Rows:
        for line in sheet:
            seen = not line.hidden or not any(c != BLANK for c in line.cells)
            if seen or self._takes(*HIDDEN_ROW, row=str(line.number), sheet=sheet.name):
                yield line.number, line.cells

    def _takes(self, asks: str, left: str, **values: str) -> bool:
        """Whether what is hidden is taken; BadRegister (``asks``) where nobody decided."""
        if not self.hidden:
            raise BadRegister(Fault(asks, values))
        if self.hidden == "leave":
            self.notes.append(Fault(left, values))
        return self.hidden == "take"

    def _below_heads(self, sheet: str, rows: Rows) -> Iterator[UnitLine]:
        at = _heads(rows)
        if at is None:
            said = "left out: the sheet «%(sheet)s» has not the headings of a register"
            self.notes.append(Fault(said, {"sheet": sheet}))
            return
        for number, row in rows:
            cells = [row[n] if n < len(row) else BLANK for n in at]
            line = UnitLine(sheet, number, [cell.text for cell in cells])
            damaged = next((cell for cell in cells if cell.fault), None)
            if damaged is None:
                yield line
            else:
                self.faults.add(line, _damage(damaged), words=damaged.text)


def detect_encoding(file: Path) -> tuple[str, int]:
    """How the file is encoded (or XLSX), and about how many lines it has; BadRegister when it is
    nothing that we know."""
    with file.open("rb") as stream:
        start = stream.read(4096)
    if kind_of(start):
        raise BadRegister(
            Fault("the file is no CSV and no XLSX: open it in Excel or WPS and save it as .xlsx")
        )
    if start.startswith(b"PK"):
        return XLSX, 0
    marked = [codec for mark, codec in BOMS.items() if start.startswith(mark)]
    for encoding in (*marked, "utf-8-sig", "gb18030"):
        try:
            with _text(file, encoding) as text:
                return encoding, sum(1 for _line in text)
        except UnicodeError:
            continue
    raise BadRegister(Fault("the file is neither UTF-8 nor GB 18030 nor UTF-16"))


def judged(line: UnitLine, towns: Mapping[str, str], faults: Faults) -> Row | None:
    """A line as it comes into the table, or None for an empty or a faulty one. A unit without a
    code is not wrong."""
    name, code, organisation, registration, town, kind, address, person = line.fields
    if not any(line.fields):
        return None
    before = len(faults)
    name, plain = name.strip(), folded_name(name)
    _check_name(line, name, plain, faults)
    if kind not in KINDS and folded(kind) not in KINDS:
        faults.add(line, "unknown kind «%(words)s»", words=kind)
    if town not in towns and folded_name(town) not in towns:
        faults.add(line, "unknown township «%(words)s»", words=town)
    _check_length(line, address, person, faults)
    found = _code(line, (code, organisation, registration), faults)
    if len(faults) > before:
        return None
    place = towns[town] if town in towns else towns[folded_name(town)]
    known = KINDS.get(kind) or KINDS[folded(kind)]
    return line.number, name, found, place, known, plain[:200], address.strip(), person.strip()


def _check_length(line: UnitLine, address: str, person: str, faults: Faults) -> None:
    """Address and person in charge fit into their columns."""
    if len(address) > MOST_ADDRESS or len(person) > MOST_PERSON:
        faults.add(line, "an address of more than 200 characters, or a person of more than 60")


def _check_name(line: UnitLine, name: str, plain: str, faults: Faults) -> None:
    """A name of ordinary length, and no formula. `plain`: the name folded."""
    if not plain or len(name) > 200:
        faults.add(line, "no name, or one longer than 200 characters")
    if name.startswith("="):
        faults.add(line, WITH_WORDS["formula"], words=name)


def _code(line: UnitLine, texts: Sequence[str], faults: Faults) -> str | None:
    """The first code of a line, in its own form; None where there is none, or where it is refused.

    With letters in it a code is nobody's identity number: most need not be looked at further.
    """
    for text in texts:
        if shaped_as_credit_code(text) and not text[:17].isdecimal():
            return text
        code = unit_code(text.strip().lstrip("'"))
        if code.state is CodeState.NONE:
            continue
        if code.state is CodeState.IDENTITY:
            faults.add(line, "the code is the identity number of a person")
        elif code.state is CodeState.WRONG:
            fault = of_text(text).fault
            faults.add(line, WITH_WORDS[fault] if fault else NO_CODE_OF_UNIT, words=_end_of(text))
        return code.text
    return None


def _end_of(text: str) -> str:
    """A refused code as it is said: of a long one its end alone, for it may be the number of a
    human being with a slip in it, and what is said is kept with the job."""
    return text if len(text) < IDENTITY_LENGTH else f"…{text[-4:]}"


def _damage(cell: Cell) -> str:
    return WITH_WORDS[cell.fault] if cell.text else DAMAGED[cell.fault]


def _heads(rows: Rows) -> list[int] | None:
    """Where each field stands, by the first row that has a name and a code; the rows up to it are
    read."""
    known = {plain_head(head): name for name, heads in HEADS.items() for head in heads}
    for _number, cells in islice(rows, HEADS_WITHIN):
        found = [known.get(plain_head(cell.text), "") for cell in cells]
        if "name" in found and any(code in found for code in CODES):
            return [found.index(name) if name in found else MOST_COLUMNS for name in FIELDS]
    return None


def _text(file: Path, encoding: str) -> io.TextIOWrapper:
    stream = file.open("rb")
    if (
        encoding != "gb18030" or stream.read(3) != UTF8_MARK
    ):  # GBK behind a mark of UTF-8 does occur
        stream.seek(0)
    return io.TextIOWrapper(stream, encoding, newline="")


def _csv(text: io.TextIOWrapper) -> Iterator[tuple[int, list[str]]]:
    """Rows with the number of their last line in the file."""
    start = text.readline()
    said = folded(start).startswith("sep=")
    delimiter = (folded(start)[4:5] or "\t") if said else max(",\t;", key=start.count)
    lines = text if said else chain([start], text)
    reader = csv.reader(map(as_sent, lines), delimiter=delimiter)
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error as error:
        why = Fault("not the line of a CSV (%(why)s)", {"why": str(error)}, reader.line_num)
        raise BadRegister(why) from error
