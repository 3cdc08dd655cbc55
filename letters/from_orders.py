"""Orders to correct (责令改正): what was found, who did it and when, by which articles correction
is ordered. Pure."""

from __future__ import annotations

from datetime import date

from casework.procedure.interference import articles, interfering, orders_correction, suspected
from casework.procedure.penalties import penalties
from letters import pieces
from letters.base import Letter
from letters.build import PaperSource, builder
from letters.format import printed_date, word
from letters.pieces import Parts
from letters.said import addressed, cited
from letters.stated import conduct


@builder("correction")
def _correction(s: PaperSource) -> Letter:
    of_office = "1" if orders_correction(s.facts, s.asked) else ""
    visited, act = s.facts.last("on_site_record"), s.text("act").rstrip("。") + "。"
    found = (
        word("correction_found", day=printed_date(visited.on))
        if visited and not of_office
        else word("found")
    )
    values = {
        "found": found,
        "facts": _wrong_done(s, act),
        "breaches": cited(s.text("articles")),
        **pieces.remedies(s),
    }
    values["order_basis"] = _order_basis(s, values["breaches"])
    values |= {"interference": of_office, "basis": "；".join(articles(s.facts))}
    until = Parts(dates={"until": date.fromisoformat(s.asked["due"])})
    return pieces.notice(s, values, until, demands=pieces.items(s.lines("demand")))


def _wrong_done(s: PaperSource, act: str) -> str:
    """What is to be corrected, to the party's face; of interference with its days, from the report
    or the filing."""
    party, you = pieces.party(s), word("your_unit")
    rows = interfering(suspected(s.facts))
    days = pieces.days_of(rows[0]) if rows and rows[0].get("conduct_end") else ""
    return conduct(days, addressed(act).replace(party.name, you), you, "")


def _order_basis(s: PaperSource, breached: str) -> str:
    """By which articles correction is ordered: that of the item whose duty was breached, and that
    of every penalty."""
    filed, general = s.facts.last("file"), word("basis_order")
    end = (
        date.fromisoformat(filed.asked["conduct_end"])
        if filed and filed.asked.get("conduct_end")
        else s.issue.on
    )
    suspected = str(filed.asked.get("code")) if filed else ""
    for code in (suspected, LEDGERS) if penalties().is_offence(suspected) else (LEDGERS,):
        if _article_alone(penalties().duty(code, end).article) in breached:
            return word("both", first=penalties().article(code, end), second=general)
    return general


LEDGERS = "V11"  # what most orders are about besides the offence itself


def _article_alone(cited: str) -> str:
    """«第二十四条» of «《…》（2024年修正）第二十四条第一款»."""
    return cited.rpartition("）")[2].partition("条")[0] + "条"
