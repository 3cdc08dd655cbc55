"""A file written by hand in which all is as the law wants it: what tests change one thing of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from casework.reading import rule
from casework.reading.record import (
    Card,
    Entry,
    IssuedPaper,
    Office,
    Person,
    PublicRow,
    Record,
    Service,
)

CLERK, FIRST, SECOND, HEAD, LEGAL, LEADER, PUBLISHER, THIRD = range(1, 9)
OFFICERS = [FIRST, SECOND]
LONG = (date(2020, 1, 1), date(2030, 12, 31))
PARTY = {
    "name": "丰都县好工厂有限公司",
    "kind": "enterprise",
    "credit_code": "91500230MA5U7X1234",
    "address": "丰都县",
}
VIOLATION = {
    "code": "V3",
    "what": "应收账款少报",
    "conduct_start": "2025-12-20",
    "conduct_end": "2026-01-10",
    "census": False,
}
FINE = 60_000_00


def d(month: int, day: int) -> date:
    """A day of 2026."""
    return date(2026, month, day)


def person(number: int, name: str, role: str, card: str = "") -> Person:
    cards = (Card(card, *LONG),) if card else ()
    return Person(number, name, cards, (Office(role, LONG[0]),), qualified=role == "legal")


PEOPLE = {
    p.id: p
    for p in (
        person(CLERK, "何静", "clerk"),
        person(FIRST, "秦岚", "officer", "渝统执0219"),
        person(SECOND, "邓一川", "officer", "渝统执0220"),
        person(HEAD, "向东平", "head"),
        person(LEGAL, "谭韵", "legal"),
        person(LEADER, "周明", "leader"),
        person(PUBLISHER, "冉秋", "publisher"),
        person(THIRD, "罗松", "officer", "渝统执0221"),
    )
}


@dataclass
class File:
    """Entries and sheets as they come."""

    entries: list[Entry] = field(default_factory=list)
    sheets: list[IssuedPaper] = field(default_factory=list)

    def add(
        self,
        step: str,
        on: date,
        by: int | None,
        words: dict[str, Any] | None = None,
        *,
        track: str = "main",
        approve: Sequence[int] = (),
        papers: Sequence[str] = (),
        effects: Sequence[dict[str, Any]] = (),
        signed: bool = True,
        files: Sequence[dict[str, Any]] = (),
    ) -> int:
        """One act, with its proposal and approvals; answers the number of the entry that took
        effect."""
        words, seq = dict(words or {}), len(self.entries) + 1
        if approve:
            self.entries.append(Entry(seq, track, step, "propose", on, on, by, words))
            for judge in approve:
                last = judge == approve[-1]
                self.entries.append(
                    Entry(
                        len(self.entries) + 1,
                        track,
                        step,
                        "done" if last else "approve",
                        on,
                        on,
                        judge,
                        {},
                        tuple(effects) if last else (),
                        seq,
                    )
                )
        else:
            taken = Entry(seq, track, step, "take", on, on, by, words, tuple(effects))
            self.entries.append(replace(taken, files=tuple(files)))
        made = len(self.entries)
        for kind in papers:
            number = f"丰统{kind}〔2026〕{made}号"
            self.sheets.append(
                IssuedPaper(
                    len(self.sheets) + 1, kind, number, step, track, made, on, "issued", signed
                )
            )
        return made

    def serve(self, kind: str, on: date, **words: Any) -> int:
        """The newest sheet of a kind arrives."""
        sheet = [s for s in self.sheets if s.kind == kind][-1]
        asked = {
            "paper": sheet.id,
            "method": "direct",
            "signer": "收发室",
            "place": "当事人住所",
            **words,
        }
        effects = (
            [{"do": "open", "track": "execution", "label": "execution-1"}]
            if kind == "decision"
            else []
        )
        seq = self.add(
            "serve",
            on,
            FIRST,
            asked,
            track=sheet.track,
            papers=["service_receipt"],
            effects=effects,
        )
        served = replace(
            sheet,
            state="served",
            services=(*sheet.services, Service(on, str(asked["method"]), seq)),
        )
        self.sheets[self.sheets.index(sheet)] = served
        return seq


def told(**words: Any) -> dict[str, Any]:
    """What a notice and a decision say alike."""
    same = {
        "kinds": ["warning", "fine"],
        "fine_fen": FINE,
        "serious_ground": "",
        "evidence": "现场检查笔录",
    }
    return {**same, "discretion": "一般情节。", "officers": OFFICERS, **words}


def investigated(f: File) -> None:
    """From the opening to the report of the investigation."""
    f.add(
        "open_case",
        d(3, 2),
        None,
        {"party": PARTY, "found_on": "2026-03-02"},
        effects=[{"do": "open", "label": "main"}],
    )
    f.add("assign", d(3, 3), HEAD, {"assigned": OFFICERS})
    figures = [{"indicator": "应收账款", "reported": "646", "verified": "5087", "unit": "千元"}]
    f.add(
        "verify_figures",
        d(3, 9),
        FIRST,
        {"officers": OFFICERS, "cards_shown": True, "figures": figures},
    )
    f.add(
        "verification_report",
        d(3, 13),
        FIRST,
        {"officers": OFFICERS, "result": "file"},
        approve=[HEAD],
    )
    filing = {"code": "V3", "conduct_end": "2026-01-10", "facts": "少报。", "officers": OFFICERS}
    f.add("file", d(3, 16), FIRST, filing, approve=[LEADER], papers=["filing_approval"])
    f.add(
        "inspection_notice",
        d(3, 18),
        FIRST,
        {"place": "住所"},
        approve=[LEADER],
        papers=["inspection_notice"],
    )
    f.serve("inspection_notice", d(3, 18))
    record = {"officers": OFFICERS, "cards_shown": True, "findings": "少报。"}
    f.add("on_site_record", d(3, 23), FIRST, record, papers=["on_site_record"])
    f.add("interview", d(3, 23), FIRST, {**record, "person": "冉敏"}, papers=["interview"])
    report = {
        "violations": [VIOLATION],
        "serious_ground": "",
        "complex": False,
        "officers": OFFICERS,
        "discretion": "一般。",
    }
    f.add(
        "investigation_report",
        d(4, 1),
        FIRST,
        report,
        approve=[HEAD],
        papers=["investigation_report"],
    )


def heard(f: File) -> None:
    """From the prior notice to the end of the hearing."""
    f.add("prior_notice", d(4, 3), FIRST, told(), approve=[LEADER], papers=["prior_notice"])
    f.serve("prior_notice", d(4, 7))
    f.add("hearing_request", d(4, 9), CLERK, {"form": "written"})
    f.add(
        "defence_heard",
        d(4, 10),
        FIRST,
        {"officers": OFFICERS, "opinion": "系估计填报。"},
        papers=["defence_record"],
    )
    f.add(
        "defence_review",
        d(4, 16),
        FIRST,
        {"adopted": "rejected", "reason": "已经考虑。"},
        approve=[HEAD],
    )
    notice = {"hearing_on": "2026-05-06", "host": HEAD, "openness": "public"}
    f.add("hearing_notice", d(4, 17), HEAD, notice, approve=[LEADER], papers=["hearing_notice"])
    f.serve("hearing_notice", d(4, 20))
    f.add(
        "hearing_held",
        d(5, 6),
        HEAD,
        {"session": "closed", "record": "质证。"},
        papers=["hearing_record"],
    )
    f.add("hearing_report", d(5, 7), HEAD, {"opinion": "维持。"}, approve=[LEADER])


def decided(f: File) -> None:
    """Review, panel, decision and its service."""
    points = {
        f"point_{p}": "pass"
        for p in ("subject", "facts", "evidence", "basis", "procedure", "discretion")
    }
    f.add(
        "legal_review",
        d(5, 11),
        LEGAL,
        {**points, "opinion": "同意。", "result": "pass"},
        papers=["legal_review"],
    )
    voices = [{"name": n, "post": "局领导", "vote": "agree"} for n in ("周明", "江涛", "傅敏")]
    f.add(
        "panel", d(5, 12), LEADER, {"voices": voices, "result": "agreed"}, papers=["panel_record"]
    )
    words = told(defence="当事人陈述系估计填报，不予采纳。", bank="农行，财政局，31")
    f.add(
        "decide_penalty",
        d(5, 14),
        FIRST,
        words,
        approve=[LEADER],
        papers=["decision", "decision_approval"],
    )
    f.serve("decision", d(5, 18))


def carried_out(f: File) -> None:
    """Shown, proposed, paid, closed and put away."""
    opened = [{"do": "open", "track": "publication", "label": "publication-1"}]
    asked = {"summary": "提供不真实统计资料。"}
    f.add(
        "approve_publication",
        d(5, 20),
        PUBLISHER,
        asked,
        approve=[LEADER],
        track="publication-1",
        effects=opened,
    )
    f.add("publish", d(5, 20), PUBLISHER, {"note": ""}, track="publication-1")
    propose(f, "李某", "appointing", "丰都县某镇人民政府", 1)
    paid = {"paid_fen": FINE, "paid_on": "2026-06-01", "slip": "农行0117"}
    f.add(
        "pay",
        d(6, 1),
        CLERK,
        paid,
        track="execution-1",
        effects=[{"do": "end", "track": "execution-1"}],
    )
    f.add(
        "close", d(6, 8), FIRST, {"result": "已处罚。", "execution": "已缴清。"}, approve=[LEADER]
    )
    f.add("archive", d(6, 22), CLERK, {"term": "30"}, approve=[HEAD])


def propose(f: File, name: str, kind: str, body: str, number: int) -> None:
    """A proposal of discipline, sent and served."""
    track, asked = (
        f"discipline-{number}",
        {"person_name": name, "public_employee": "yes", "body_kind": kind, "body": body},
    )
    opened = [{"do": "open", "track": "discipline", "label": track}]
    sheets = ["discipline_proposal"]
    f.add(
        "propose_discipline",
        d(5, 25),
        FIRST,
        asked,
        approve=[LEADER],
        track=track,
        effects=opened,
        papers=sheets,
    )
    f.add(
        "send_discipline",
        d(5, 26),
        FIRST,
        {"contact": "向东平"},
        approve=[LEADER],
        track=track,
        papers=["discipline_cover"],
    )
    f.serve("discipline_cover", d(5, 27))
    f.add("discipline_reply", d(5, 29), CLERK, {"result": "已处分。"}, track=track)


ROAD: tuple[Callable[[File], None], ...] = (investigated, heard, decided, carried_out)


def built(*stages: Callable[[File], None]) -> File:
    """The road as far as it is named."""
    f = File()
    for stage in stages or ROAD:
        stage(f)
    return f


def recorded(f: File, **more: Any) -> Record:
    """The file as a record on the last day of June."""
    made = next((s for s in f.sheets if s.kind == "decision"), None)
    shown = ()
    if made and any(e.step == "publish" for e in f.entries):
        fields = {
            "decision": made.number,
            "decided_on": made.on.isoformat(),
            "kinds": ["warning", "fine"],
            "fine_fen": FINE,
            "facts": "提供不真实统计资料。",
        }
        until = date(2027, 5, 14)
        shown = (
            PublicRow(
                "publication-1",
                "penalty",
                "shown",
                PARTY["name"],
                PARTY["credit_code"],
                fields,
                d(5, 20),
                until,
            ),
        )
    same: dict[str, Any] = {
        "people": PEOPLE,
        "shown": shown,
        "today": d(6, 30),
        "workday": weekday,
        **more,
    }
    return Record(
        "丰统案〔2026〕1号", d(3, 2), entries=tuple(f.entries), sheets=tuple(f.sheets), **same
    )


def weekday(day: date) -> bool:
    """Monday to Friday: the tests' own calendar."""
    return day.weekday() < 5


def red(record: Record) -> set[str]:
    """Rules that found a fault."""
    return {name for name, _seq in rule.reading_faults(rule.read_file(record))}


def seq(f: File, step: str, nth: int = -1) -> int:
    """The entry that took effect."""
    return [e.seq for e in f.entries if e.step == step and e.verb in ("take", "done")][nth]


def change(f: File, step: str, **words: Any) -> None:
    """Other words in the entries of a step: its proposal, or what was taken at once."""
    for n, e in enumerate(f.entries):
        if e.step == step and e.verb in ("take", "propose"):
            f.entries[n] = replace(e, words={**e.words, **words})


def moved(f: File, step: str, on: date) -> None:
    """Another day for the entries of a step, and for the sheets that they made."""
    seqs = {e.seq for e in f.entries if e.step == step}
    f.entries = [replace(e, on=on, at=max(on, e.at)) if e.seq in seqs else e for e in f.entries]
    f.sheets = [replace(s, on=on) if s.seq in seqs else s for s in f.sheets]


def without(f: File, *steps: str) -> None:
    """Nothing of some steps was ever entered, and their sheets were never served."""
    gone = {e.seq for e in f.entries if e.step in steps}
    sheets = {s.id for s in f.sheets if s.seq in gone}
    gone |= {e.seq for e in f.entries if e.step == "serve" and e.words["paper"] in sheets}
    f.sheets = [s for s in f.sheets if s.seq not in gone]
    f.sheets = [
        replace(s, services=tuple(x for x in s.services if x.seq not in gone)) for s in f.sheets
    ]
    f.entries = [e for e in f.entries if e.seq not in gone]
    _number(f, {e.seq: n for n, e in enumerate(f.entries, 1)})


def _number(f: File, place: dict[int, int]) -> None:
    """Entries are numbered anew, wherever one is named."""
    for n, e in enumerate(f.entries):
        words = {**e.words, "act": place[e.words["act"]]} if "act" in e.words else e.words
        proposal = place[e.proposal] if e.proposal else 0
        f.entries[n] = replace(e, seq=place[e.seq], words=words, proposal=proposal)
    for n, sheet in enumerate(f.sheets):
        services = tuple(replace(x, seq=place[x.seq]) for x in sheet.services)
        f.sheets[n] = replace(sheet, seq=place[sheet.seq], services=services)


def before(f: File, step: str, add: Callable[[File], Any]) -> None:
    """Something more is entered before the first entry of a step: later entries move back in
    number."""
    place, last = next(e.seq for e in f.entries if e.step == step), len(f.entries)
    more = File(f.entries[: place - 1], list(f.sheets))
    add(more)
    by = len(more.entries) - (place - 1)
    added = more.entries[place - 1 :]
    # what was added has numbers that the tail has still: first the tail moves, then what was added
    # comes in
    old = File(f.entries, list(f.sheets))
    _number(old, {n: n + by if n >= place else n for n in range(1, last + 1)})
    sheets = []
    for n, sheet in enumerate(more.sheets):
        was = old.sheets[n] if n < len(old.sheets) else None
        new = sheet.services[len(was.services) :] if was else sheet.services
        sheets.append(replace(sheet, seq=was.seq, services=(*was.services, *new)) if was else sheet)
    f.entries = [*old.entries[: place - 1], *added, *old.entries[place - 1 :]]
    f.sheets = sheets
