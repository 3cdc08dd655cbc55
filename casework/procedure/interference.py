"""Interference with statistics by a government, a department or a leader (统计法 2024 §§40–42, 2009
§§37–39). Pure.

It is no offence of a survey subject and is never penalised. What the article gives is discipline
(处分), which the bureau proposes to whoever has that power (§46), for leaders and bodies public
criticism (通报), for bodies an order to correct (责令改正). The rows stand in ``penalties.toml``
under ``[interference.…]``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from casework.procedure.facts import ActFacts, Asked, Facts
from casework.procedure.load import procedure
from casework.procedure.penalties import penalties
from casework.procedure.terms import Party, SubjectKind
from casework.text import folded_name

Row = Mapping[str, Any]
# 条例 §49 names 乡、镇人民政府; a 街道办事处 is none
_TOWNSHIP = re.compile(r"[乡镇](?:人民)?政府$")


def offences(rows: Iterable[Row]) -> list[Row]:
    """The rows that are offences of a survey subject (§§44–47), which alone a penalty may rest
    on."""
    return [r for r in rows if penalties().is_offence(str(r.get("code")))]


def interfering(rows: Iterable[Row]) -> list[Row]:
    """The rows that are interference (§§40–42)."""
    return [
        r
        for r in rows
        if r.get("code") in penalties().violations and not penalties().is_offence(str(r["code"]))
    ]


def suspected(facts: Facts) -> list[Row]:
    """What the case is about: the rows of the newest report, before it the ground of the filing;
    before that the ground that the tip names, where it speaks of interference and of nothing
    else."""
    if facts.violations:
        return list(facts.violations)
    filed = facts.last("file")
    if filed and filed.asked.get("code"):
        return [filed.asked]
    only = all(said in penalties().interference.tip for said in facts.value("tip_said", ()))
    return [{"code": proposed_ground(facts)}] if only and proposed_ground(facts) else []


def alone(facts: Facts) -> bool:
    """Whether the case is about interference and nothing that could be penalised."""
    rows = suspected(facts)
    return bool(interfering(rows)) and not offences(rows)


def article_reaches(party: Party, code: str) -> bool:
    """Whether the article can reach a respondent of that kind; of a person §§41 and 42 reach staff
    alone (第二款)."""
    v = penalties().violations[code]
    norm = penalties().interference.norm[v.norm]
    of_staff = norm.staff.of if norm.staff and _is_staff(party) else [code]
    return party.kind.value in norm.who and code in of_staff


def known_then(code: str, conduct_end: date) -> bool:
    """Whether the law of that day knew the item: nobody answers for what was none (行政处罚法 §37
    by analogy)."""
    return penalties().law(conduct_end).id >= penalties().violations[code].since


def gives(party: Party, code: str) -> list[str]:
    """What the article gives: discipline · circular · correct."""
    norm = penalties().interference.norm[penalties().violations[code].norm]
    found = norm.staff if norm.staff and _is_staff(party) else norm
    return list(found.gives)


def item_in_words(code: str, conduct_end: date) -> str:
    """The item in the words of the law of that day."""
    return penalties().violations[code].under(penalties().law(conduct_end).id).zh


def article(party: Party, code: str, conduct_end: date) -> str:
    """The item as cited for that respondent; for staff with their paragraph, for a township with 条
    例 §49."""
    norm, cited = (
        penalties().interference.norm[penalties().violations[code].norm],
        [penalties().article(code, conduct_end)],
    )
    if norm.staff and _is_staff(party):
        cited.append(norm.staff.item)
    if norm.township and _TOWNSHIP.search(folded_name(party.name)):
        cited.append(norm.township)
    return "、".join(cited)


def says(party: Party, code: str, conduct_end: date) -> str:
    """What the article gives, in its own words."""
    v = penalties().violations[code]
    norm = penalties().interference.norm[v.norm]
    key = f"{v.norm}_staff" if norm.staff and _is_staff(party) else v.norm
    return penalties().interference.says[penalties().law(conduct_end).id][key]


def _is_staff(party: Party) -> bool:
    return party.kind is SubjectKind.PERSON


def owed(facts: Facts) -> frozenset[str]:
    """What the articles of the report give and the case has to do; nothing once the case left by a
    side exit."""
    stage = procedure().tracks[facts.main.kind].stages.get(facts.stage)
    if facts.party is None or (stage is not None and stage.exit):
        return frozenset()
    return frozenset(
        x for row in interfering(facts.violations) for x in gives(facts.party, row["code"])
    )


def articles(facts: Facts) -> list[str]:
    """The articles of the interference found, each once, as cited."""
    if facts.party is None:
        return []
    rows = interfering(facts.violations)
    return list(
        dict.fromkeys(
            article(facts.party, r["code"], date.fromisoformat(r["conduct_end"])) for r in rows
        )
    )


def told(facts: Facts) -> str:
    """The facts of the interference found, a line each: on which days, who, what."""
    name = facts.party.name if facts.party else ""
    return "\n".join(
        f"{_days(r)}，{name}{str(r['what']).rstrip('。')}。" for r in interfering(facts.violations)
    )


def _days(row: Row) -> str:
    """The days of the conduct, as a sentence names them."""
    found = [str(row[k]) for k in ("conduct_start", "conduct_end") if row.get(k)]
    days = dict.fromkeys(date.fromisoformat(day) for day in found)
    return "至".join(f"{d.year}年{d.month}月{d.day}日" for d in days)


def orders_correction(facts: Facts, asked: Asked) -> bool:
    """Whether an order to correct rests on the article of interference that gives one (§41): it
    names it."""
    rows = [
        r
        for r in interfering(facts.violations)
        if facts.party and "correct" in gives(facts.party, r["code"])
    ]
    named = str(asked.get("articles") or "")
    return any(
        penalties().number(r["code"], date.fromisoformat(r["conduct_end"])) in named for r in rows
    )


def disciplines(party: Party | None, rows: Iterable[Row]) -> bool:
    """Whether an article among the rows gives discipline for who answers for such a respondent."""
    return party is not None and any(
        "discipline" in gives(party, r["code"]) for r in interfering(rows)
    )


def responsible(facts: Facts) -> list[str]:
    """Whom the newest report found to answer for it (§§40–42: 负有责任的领导人员和直接责任人员), as
    compared; the respondent itself where it is a human being. Nobody in reports that were made
    before they were asked for it."""
    if (
        facts.party is not None
        and facts.party.kind is SubjectKind.PERSON
        and interfering(facts.violations)
    ):
        return [folded_name(facts.party.name)]
    return named_persons(str(facts.value("responsible") or ""))


def named_persons(lines: str) -> list[str]:
    """The names of «name, office», a line each, as compared."""
    names = (re.split(r"[,，、;；:：(（]", line)[0] for line in lines.splitlines())
    return [name for name in map(folded_name, names) if name]


def proposals(facts: Facts) -> list[ActFacts]:
    """The proposals of discipline that stand, oldest first: none that was withdrawn before it was
    sent."""
    gone = {a.track for a in facts.done("withdraw_discipline")}
    return [a for a in facts.done("propose_discipline") if a.track not in gone]


def proposed_ground(facts: Facts) -> str:
    """The ground that the tip's choices name for a respondent of that kind; «» where none does."""
    kind = facts.party.kind.value if facts.party else ""
    tip = penalties().interference.tip
    return next((tip[x][kind] for x in facts.value("tip_said", ()) if kind in tip.get(x, {})), "")


def rows_of(facts: Facts, asked: Asked) -> list[Row]:
    """The offences that are asked for, else those on record."""
    return offences(asked.get("violations") or facts.violations)
