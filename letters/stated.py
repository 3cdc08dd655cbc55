"""What a decision states of its case: how it was looked into, a sentence for each indicator, the
evidence by number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from casework.procedure.facts import ActFacts, Facts
from casework.procedure.ids import PaperId, StepId
from casework.procedure.load import procedure
from casework.procedure.terms import Figure
from letters.build import PaperSource
from letters.format import printed_date, rate, word

# papers that are evidence themselves → the step that makes them
RECORDS: Mapping[PaperId, StepId] = {
    "on_site_record": "on_site_record",
    "interview": "interview",
    "obstruction": "obstruction",
    "inquiry": "inquire",
}
_NUMBERED = re.compile(r"^\s*(?:[0-9]+|[一二三四五六七八九十]+)[.．、)）]\s*")
_DATED = re.compile(r"[0-9]{4}年[0-9]{1,2}月")
_SAYS_MORE = re.compile(r"证明|[0-9]{4}年|[0-9]{4}-[0-9]{2}")

# a piece of evidence on record: its name, its days, what it proves
Known = tuple[str, Sequence[date], str]


def figure_sentence(figure: Figure) -> str:
    """«2025年年报B103-2表“应收账款”：上报646千元，检查核实5,087千元，少报4,441千元，差错
    率87.3%。»"""
    form = f"{figure.form}表" if figure.form and not figure.form.endswith("表") else figure.form
    head = word("figure", period=figure.period, form=form, indicator=figure.indicator)
    unit = figure.unit
    told = word(
        "figure_told",
        reported=f"{figure.reported:,f}{unit}",
        verified=f"{figure.verified:,f}{unit}",
    )
    if not figure.difference:
        return f"{head}{told}，{word('figure_same')}。"
    way = word(
        "figure_over" if figure.difference > 0 else "figure_under",
        n=f"{abs(figure.difference):,f}{unit}",
    )
    return f"{head}{told}，{way}，{word('figure_rate', rate=rate(figure.error_rate))}。"


def figure_sentences(facts: Facts) -> tuple[str, ...]:
    """`figure_sentence` for each figure on record."""
    return tuple(figure_sentence(f) for f in facts.figures)


SUBJECTS = (
    "你单位",
    "该单位",
    "该公司",
    "该企业",
    "当事人",
    "你镇",
    "你乡",
    "你街道",
    "该镇",
    "该乡",
    "该街道",
)


def with_subject(facts: str, who: str, name: str) -> str:
    """The facts with whoever did it in front, unless they say so themselves."""
    begins = (*SUBJECTS, who, *([name] if name else []))
    return facts if facts.startswith(begins) else who + facts


def conduct(days: str, facts: str, who: str, name: str) -> str:
    """The facts with the days of the conduct and whoever did it in front, each unless they say so
    themselves."""
    if _DATED.match(facts):
        return facts
    said = with_subject(facts, who, name)
    return said if _DATED.search(facts) or not days else f"{days}，{said}"


def course(s: PaperSource) -> str:
    """How the case began and was looked into, with its days: filed, inspected, heard, concluded (行
    政处罚法 §§54–55). Nothing of a tip. "" before it is filed."""
    f = s.facts
    filed, concluded = f.last("file"), f.last("investigation_report")
    if filed is None:
        return ""
    cause = str(filed.asked.get("cause") or s.text("cause"))
    said = [word("course_filed", cause=cause, day=printed_date(filed.on), number=f.number)]
    said += [
        word(f"course_{kind}", days=_days(acts))
        for kind, step in RECORDS.items()
        if (acts := list(f.done(step)))
    ]
    if concluded is not None and concluded.seq > filed.seq:
        said.append(word("course_concluded", day=printed_date(concluded.on)))
    return "；".join(said) + "。"


def _days(acts: Iterable[ActFacts]) -> str:
    return word("join").join(dict.fromkeys(printed_date(a.on) for a in acts))


def known_evidence(facts: Facts) -> list[Known]:
    """What is on record as evidence: records of the case, each kind with all its days, then each
    piece that was entered."""
    papers, found = procedure().papers, list[Known]()
    for kind in RECORDS:
        days = [p.on for p in facts.papers if p.kind == kind and p.state != "withdrawn"]
        if days:
            found.append((papers[kind].name.zh, days, word(f"proves_{kind}")))
    entered = [
        (str(a.asked["title"]), [a.on], str(a.asked["proves"]).rstrip("。"))
        for a in facts.done("add_evidence")
    ]
    return found + entered


def dated_evidence(typed: str, known: Sequence[Known]) -> str:
    """A line of evidence with its days and what it proves, as they are on record; as typed where it
    says so itself, or nothing of that name is on record."""
    line = _NUMBERED.sub("", typed).rstrip("；。，、 ")
    if _SAYS_MORE.search(line):
        return line
    for name, days, proves in known:
        if name in line or line in name:
            return word(
                "evidence_line",
                name=line,
                days=word("join").join(printed_date(d) for d in days),
                proves=proves,
            )
    return line


def evidence_lines(s: PaperSource) -> tuple[str, ...]:
    """The evidence that was named, each with the days and the purpose on record (行政处罚法
    §59第二项)."""
    known = known_evidence(s.facts)
    return tuple(dated_evidence(line, known) for line in s.lines("evidence"))
