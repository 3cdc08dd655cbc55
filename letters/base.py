"""What all papers have in common; a kind of paper is a subclass with its fields, and a wording
file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date, datetime
from operator import attrgetter
from pathlib import Path
from typing import ClassVar

from casework.text import is_blank
from letters import statutory, words
from letters.blocks import Block, Closing, Title
from letters.compose import check_placeholders, compose, foot_lines
from letters.drawable import as_drawn, changed
from letters.format import Lists, Values, false_sum, flatten, printed_date, word
from letters.layout import lay
from letters.pages import LANDSCAPE, PORTRAIT, Furniture

NEVER_PRINTED = frozenset({"wording", "check_url", "people"})


class MissingField(ValueError):
    """A field that the law or the form asks for is empty; `field` is its name, e.g.
    ``party.address``."""

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__(f"{field} is missing")


class WrongOrder(ValueError):
    """Two dates or times of a paper contradict each other; `earlier` should not lie after
    `later`."""

    def __init__(self, earlier: str, later: str) -> None:
        self.earlier, self.later = earlier, later
        super().__init__(f"{earlier} lies after {later}")


class FalseSum(ValueError):
    """A sum in capitals and in figures that are not the same; `field` is where both stand, or
    «wording»."""

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__(f"{field} names a sum in capitals and another in figures")


Composed = tuple[list[Block], Furniture, str]


@dataclass(frozen=True)
class PrintedAnswer:
    """An answer in a row of its own, which the field that asked for it has a paper print:
    what it is called, and the answer in words."""

    words: str
    text: str


@dataclass(frozen=True)
class BureauHead:
    """The bureau as its papers name it; `region` is its six-digit code (GB/T 2260)."""

    name: str = "丰都县统计局"
    head_name: str = "丰都县统计局"  # as the head of a paper prints it
    address: str = ""
    phone: str = ""
    region: str = ""  # code, e.g. "500230"


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A paper. Pure: the same fields and wording give the same bytes.

    Fields without a default must not be empty; `needs` names more, with dots into their parts;
    `two` names lists of at least two. `order` names pairs of dates of which the first may not lie
    after the second. `wording` is a directory with the bureau's edited wording files. `short_code`
    and `check_url` print the means to check the paper.
    """

    kind: ClassVar[str] = ""
    title: ClassVar[str] = ""
    series: ClassVar[str] = ""  # of the number, e.g. "罚告" in 丰统罚告〔2026〕12号
    form_no: ClassVar[str] = ""  # number in the catalogue of forms
    volume: ClassVar[str] = ""  # "main" 正卷 or "side" 副卷 of the case file
    basis: ClassVar[str] = ""
    needs: ClassVar[tuple[str, ...]] = ()
    order: ClassVar[tuple[tuple[str, str], ...]] = ()
    numbered: ClassVar[bool] = True  # its pages carry their number
    two: ClassVar[tuple[str, ...]] = ()  # lists of at least two, e.g. officers (行政处罚法 §42)

    bureau: BureauHead
    number: str
    on: date
    short_code: str = ""
    check_url: str = ""
    case_number: str = ""  # printed small at the foot of every page
    wording: Path | None = None
    people: tuple[str, ...] = ()  # whose names no line parts
    answers: tuple[PrintedAnswer, ...] = ()

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "kind" in vars(cls):
            wording = words.wording_of(cls.kind)
            head = wording.head
            cls.title, cls.series, cls.form_no = wording.title, head("series"), head("form")
            cls.volume, cls.basis = head("volume"), head("basis")

    def placeholders(self) -> tuple[Values, Lists]:
        """Values and lists for the wording: every field by the rule of `flatten`. A kind overrides
        it where a value is made from several fields."""
        return flatten(self, NEVER_PRINTED)

    def needed(self) -> tuple[str, ...]:
        """Names of fields that may not be empty although they have a default; a variant may ask for
        more."""
        return self.needs

    def check(self, draft: bool = False) -> None:
        """Refuse the paper before anything is drawn.

        Errors: `MissingField`, `WrongOrder`, `FalseSum`, `WordingError`, `MissingElement`.
        A draft may lack its number.
        """
        self._checked(draft)

    def strings(self, draft: bool = False) -> Iterator[str]:
        """Every string as it will be printed, in order: the search for leaks reads them
        (统计法实施条例 §38). Error: WordingError."""
        yield from _printed(*self._composed(draft)[:2])

    def draw(self, draft: bool = False) -> bytes:
        """The paper as PDF. A draft carries a watermark and no code. Errors: as `check`."""
        blocks, around, layout = self._checked(draft)
        return lay(
            blocks, LANDSCAPE if layout == "list" else PORTRAIT, around, fit=layout == "form"
        )

    def blocks(self, source: words.FilledWording) -> list[Block]:
        """What is placed on the pages, from the wording with its fields filled in."""
        return compose(source, self._title(source), self._closing())

    def load_wording(self) -> words.Wording:
        """The bureau's wording of this kind, or the shipped one. Error: WordingError where the file
        cannot be read as wording."""
        return words.wording_of(self.kind, self.wording)

    def _checked(self, draft: bool) -> Composed:
        self._check_fields(draft)
        self._check_order()
        _check_sums(texts(self))
        composed = self._composed(draft)
        _check_sums(("wording", text) for text in _printed(*composed[:2]))
        self._check_law(composed)
        return composed

    def _check_law(self, composed: Composed) -> None:
        """Refuse wording that leaves out what the law wants on this kind of paper."""
        text = "".join(_printed(*composed[:2]))
        statutory.require_statutory_parts(
            self.kind, text, self._source(), "".join(self._closing().strings())
        )

    def _closing(self) -> Closing:
        return Closing(self.bureau.name, printed_date(self.on), word("seal"))

    def changed(self) -> dict[str, str]:
        """Signs of its fields that are drawn otherwise than they were written: as written → as
        drawn."""
        return {sign: drawn for _name, text in texts(self) for sign, drawn in changed(text).items()}

    def _composed(self, draft: bool) -> Composed:
        source = self._source()
        check_placeholders(source)
        return self.blocks(source), self._around(source, draft), source.layout

    def _source(self) -> words.FilledWording:
        values, lists = self.placeholders()
        rows = {name: [_as_drawn(row) for row in found] for name, found in lists.items()}
        return words.FilledWording(self.load_wording(), _as_drawn(values), rows)

    def _around(self, source: words.FilledWording, draft: bool) -> Furniture:
        title = source.wording.head("title", source.values).replace("/", "")
        return Furniture(
            title=f"{title} {self.number}".strip(),
            author=self.bureau.name,
            subject=self.number,
            on=self.on,
            draft=draft,
            short_code=self.short_code,
            check_url=self.check_url,
            phone=self.bureau.phone,
            case_number=self.case_number,
            names=self.people,
            foot=foot_lines(source),
            numbered=self.numbered,
            letterhead=source.wording.head("head", source.values) == "letter",
        )

    def _title(self, source: words.FilledWording) -> Title:
        head = source.wording.head
        small = source.layout != "letter"
        number = self.number or word("unnumbered")
        form_no, look = head("form", source.values), head("head", source.values)
        return Title(
            lines=tuple(head("title", source.values).split("/")),
            bureau="" if head("bureau") == "no" else self.bureau.head_name,
            red=look == "red",
            letterhead=look == "letter",
            signer=word("signer", name=source.values["issued_by"])
            if source.values.get("issued_by") and look == "red"
            else "",
            number=""
            if source.layout == "poster"
            else word("number_label", n=number)
            if small
            else number,
            form_no=word("form_no", n=form_no) if form_no and small else "",
            small=small,
        )

    def _check_fields(self, draft: bool) -> None:
        excused = "number" if draft else ""
        for path in (*_without_default(type(self)), *self.needed()):
            if path != excused and _empty(attrgetter(path)(self)):
                raise MissingField(path)
        for name in self.two:
            if len(getattr(self, name)) < 2:
                raise MissingField(name)

    def _check_order(self) -> None:
        for earlier, later in self.order:
            first: date | None = attrgetter(earlier)(self)
            second: date | None = attrgetter(later)(self)
            if first and second and _comparable(first, second) > _comparable(second, first):
                raise WrongOrder(earlier, later)


def _without_default(kind: type[Letter]) -> tuple[str, ...]:
    missing = (f.name for f in fields(kind) if f.default is f.default_factory is MISSING)
    return tuple(missing)


def _check_sums(named: Iterable[tuple[str, str]]) -> None:
    for name, text in named:
        if false_sum(text):
            raise FalseSum(name)


def _as_drawn(values: Values) -> Values:
    return {name: as_drawn(text) for name, text in values.items()}


def _printed(blocks: list[Block], around: Furniture) -> Iterator[str]:
    for block in blocks:
        yield from map(as_drawn, block.strings())
    yield from map(as_drawn, around.strings())


def texts(thing: object, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a letter's fields with its dotted name, for errors that name the field."""
    for name, value in _named(thing):
        if name in NEVER_PRINTED:
            continue
        if isinstance(value, str):
            yield prefix + name, value
        elif is_dataclass(value) or isinstance(value, (tuple, list, Mapping)):
            yield from texts(value, f"{prefix}{name}.")


def _named(thing: object) -> Iterator[tuple[str, object]]:
    if is_dataclass(thing):
        return ((f.name, getattr(thing, f.name)) for f in fields(thing))
    if isinstance(thing, Mapping):
        return ((str(k), v) for k, v in thing.items())
    items = thing if isinstance(thing, (tuple, list)) else ()
    return ((str(i), v) for i, v in enumerate(items, 1))


def _empty(value: object) -> bool:
    """Nothing typed; a part that names something (a party) is empty when its name is."""
    if is_dataclass(value):
        return _empty(getattr(value, "name", "-"))
    if isinstance(value, str):
        return is_blank(value)
    return value is None or (isinstance(value, (tuple, Mapping)) and not value)


def _comparable(day: date, other: date) -> date:
    """A moment as its day where the other is only a day."""
    return day.date() if isinstance(day, datetime) and not isinstance(other, datetime) else day
