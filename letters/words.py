"""Wording of a paper as a text file that the bureau may edit.

::

    title: 行政处罚事先告知书          header: key, colon, value
    # a remark, with the article
    [body]
    >{party_name}：                   flush left
    经查，你单位……                    a paragraph
    ?hearing_period 你单位有权……      printed only when the value is there (?! when it is not)
    | 案由 | {cause} | 来源 | {source}  a row of a ruled form: label, value, label, value
    |5| 处理意见 | {opinion} // 签名：  at least five lines high; after // at the foot of the cell
    @figures                          the table described in [table figures]
    @each violations                  [each violations] once for every violation
    @answers                          rows of answers that fields have printed (forms/answers.py)
    @closing                          name of the bureau, date, place of the seal

A placeholder nobody fills is refused with file and line, before anything is drawn.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from letters.format import WORDING_DIR, Lists, Values

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
CONDITION = re.compile(r"\?(!?)([a-z][a-z0-9_]*)\s+")
SECTION = re.compile(r"\[([a-z][a-z0-9_ ]*)\]$")
HEADER = re.compile(r"([a-z]+):\s*(.*)$")


class WordingError(ValueError):
    """A wording file cannot be used as it stands; the message names file and line."""

    def __init__(self, path: Path, line: int, why: str) -> None:
        self.path, self.line, self.why = path, line, why
        super().__init__(f"{path.name}:{line}: {why}")


@dataclass(frozen=True)
class WordingLine:
    """One line of wording: its conditions as (name, wanted), its text, and where it stands."""

    path: Path
    number: int
    text: str
    conditions: tuple[tuple[str, bool], ...] = ()

    def holds(self, values: Mapping[str, str]) -> bool:
        """Whether all its conditions are met by the values: ?name where there is one, ?!name where
        there is none."""
        return all(bool(values.get(name)) is wanted for name, wanted in self.conditions)

    def check(self, known: Collection[str]) -> None:
        """Error: WordingError (file, line) for a placeholder or condition that is not among the
        known names, or a brace without its other half."""
        used = [*PLACEHOLDER.findall(self.text), *(name for name, _ in self.conditions)]
        for name in used:
            if name not in known:
                raise WordingError(self.path, self.number, f"unknown placeholder {{{name}}}")
        if "{" in PLACEHOLDER.sub("", self.text) or "}" in PLACEHOLDER.sub("", self.text):
            raise WordingError(self.path, self.number, "a brace without its other half")


@dataclass(frozen=True)
class Wording:
    """A parsed wording file: header lines by key, sections by name."""

    path: Path
    header: dict[str, list[WordingLine]] = field(default_factory=dict)
    sections: dict[str, list[WordingLine]] = field(default_factory=dict)

    def head(self, key: str, values: Mapping[str, str] | None = None) -> str:
        """The header value whose conditions hold; without values, the unconditional one, unfilled;
        else ""."""
        for line in self.header.get(key, ()):
            if values is None and not line.conditions:
                return line.text
            if values is not None and line.holds(values):
                return fill(line.text, values)
        return ""

    @property
    def title(self) -> str:
        """What this kind of paper is called in lists: ``name`` where the title itself has
        placeholders."""
        return (self.head("name") or self.head("title")).replace("/", "")

    def section(self, name: str) -> list[WordingLine]:
        """Lines of a section; a section that is not there is empty."""
        return self.sections.get(name, [])

    def lines(self) -> Iterable[tuple[str, WordingLine]]:
        """Every line with the name of its section (header lines under their key)."""
        for part in (self.header, self.sections):
            for name, lines in part.items():
                for line in lines:
                    yield name, line


@dataclass(frozen=True)
class FilledWording:
    """A wording with the fields of one paper, as placeholders and lists."""

    wording: Wording
    values: Values
    lists: Lists

    @property
    def layout(self) -> str:
        """letter, form, record, list or poster."""
        return self.wording.head("layout", self.values) or "letter"


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with placeholders filled once: what a value contains is never read as wording.
    Error: KeyError for one without value."""
    return PLACEHOLDER.sub(lambda m: values[m[1]], text)


def wording_of(kind: str, override: Path | None = None) -> Wording:
    """The wording of a kind of paper: the bureau's edited file when there is one, else the shipped
    one.

    Errors: `WordingError` for a malformed line, `FileNotFoundError` for an unknown kind.
    """
    path = WORDING_DIR / f"{kind}.txt"
    if override is not None and (override / path.name).is_file():
        path = override / path.name
    stamp = path.stat().st_mtime_ns
    kept = _parsed.get(path)
    if kept is None or kept[0] != stamp:
        kept = _parsed[path] = (stamp, parse(path))
    return kept[1]


_parsed: dict[Path, tuple[int, Wording]] = {}


def parse(path: Path) -> Wording:
    """The wording of a file. Error: WordingError for a line that is none."""
    wording, section = Wording(path), ""
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        text = raw.strip(" \t")
        if not text or text.startswith("#"):
            continue
        if named := SECTION.match(text):
            section = named[1]
            wording.sections.setdefault(section, [])
            continue
        line = _line(path, number, text)
        if section:
            wording.sections[section].append(line)
        else:
            _header(wording, line)
    return wording


def _line(path: Path, number: int, text: str) -> WordingLine:
    conditions = []
    while found := CONDITION.match(text):
        conditions.append((found[2], not found[1]))
        text = text[found.end() :]
    if text.startswith("?"):
        raise WordingError(path, number, "a condition needs a name and a text after it")
    return WordingLine(path, number, text, tuple(conditions))


def _header(wording: Wording, line: WordingLine) -> None:
    found = HEADER.match(line.text)
    if not found:
        raise WordingError(
            line.path, line.number, "expected «key: value» before the first [section]"
        )
    kept = WordingLine(line.path, line.number, found[2], line.conditions)
    wording.header.setdefault(found[1], []).append(kept)
