"""Registration, acceptance, links, officers."""

from __future__ import annotations

from datetime import date

from casework.procedure.channels import channels
from casework.procedure.checks.registry import Refusal, check, condition, refused_unless
from casework.procedure.clock_rules import due
from casework.procedure.facts import Asked, Facts, LinkFacts
from casework.procedure.interference import interfering
from casework.procedure.jurisdiction import ProposedHandler, propose_handler, with_office
from casework.procedure.terms import SubjectKind
from casework.procedure.time_bar import time_bar_on
from casework.text import folded_name, is_blank

TRANSFERRED_IN = ("department", "higher", "petition")


@check
def registered(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """The tip stands in the register."""
    return refused_unless(facts.did("register"))


@check
def subject_identified(_facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """There is a respondent, and each has a name: a case is opened for every row."""
    rows = asked.get("respondents") or []
    return refused_unless(bool(rows) and all(not is_blank(str(r.get("name") or "")) for r in rows))


@check
def ours_to_handle(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """The jurisdiction table says this bureau, for every respondent (重庆市统计管理条例 §38)."""
    for row in asked.get("respondents") or []:
        found = _handler(facts, row, str(facts.value("survey_by") or "bureau"))
        if found.handler != "ours":
            return {"reason": found.reason.zh, "reason_en": found.reason.en}
    return None


@check
def bureau_competent(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """Whoever the respondent turned out to be, and whoever is proposed for discipline: nobody of
    the own government or of this bureau (条例 §38)."""
    official = {
        "kind": "person",
        "name": asked.get("person_name"),
        "representative": asked.get("person_post"),
    }
    for row in (
        facts.value("party"),
        asked.get("party"),
        official if asked.get("person_name") else None,
    ):
        found = _handler(facts, row) if row else None
        if found is not None and found.handler != "ours":
            return {"reason": found.reason.zh, "reason_en": found.reason.en}
    return None


def _handler(facts: Facts, row: Asked, survey_by: str = "bureau") -> ProposedHandler:
    """Who handles a respondent as written down; of a human being the office stands where others
    name who represents them."""
    person = row.get("kind") == SubjectKind.PERSON.value
    name, office = str(row.get("name") or ""), str(row.get("representative") or "")
    return propose_handler(
        subject=with_office(name, office) if person else name,
        bureau=facts.bureau.name,
        government=facts.bureau.government,
        survey_by=survey_by,
        person=person,
    )


@check
def not_to_the_accused(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """Material never goes to the body that is accused, however it is written (信访工作条例 §30)."""
    body = folded_name(str(asked.get("body") or ""))
    accused = folded_name(str(facts.value("subject") or facts.title or ""))
    return refused_unless(not body or not accused or (body not in accused and accused not in body))


@check
def destination_named(_facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """Whose matter is none of statistics is told where to turn to (信访工作条例 §23)."""
    elsewhere = asked.get("ground") == "not_statistics"
    return refused_unless(not elsewhere or not is_blank(str(asked.get("destination") or "")))


@check
def came_by_transfer(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """Another body handed the tip over."""
    return refused_unless(facts.value("channel") in TRANSFERRED_IN)


@check
def objection_in_time(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """Within five working days of receipt (信访工作条例 §23)."""
    last = due(facts.opened_on, facts.settings.period("transfer.objection"), facts.calendar).on
    return refused_unless(facts.today <= last, day=last.isoformat())


@check
def open_case_there(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """The bureau has another open case to link to."""
    return refused_unless(bool(facts.open_cases))


@check
def something_linked(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """The report feeds a case."""
    return refused_unless(bool(facts.links))


RESULTS = (
    "serve",
    "effective",
    "closed",
    "archived",
    "not_filed",
    "withdrawn",
    "terminated",
    "transferred",
    "absorbed",
)


def _without_result(facts: Facts) -> list[LinkFacts]:
    """Cases that the report fed and that have no result yet."""
    return [x for x in facts.links if x.stage not in RESULTS]


@check
def final_answer_possible(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """A final answer waits until every case it fed has a result."""
    open_ = _without_result(facts)
    return refused_unless(
        asked.get("final") != "yes" or not open_, number="、".join(x.number for x in open_)
    )


@condition
def final_answer_now(facts: Facts, _asked: Asked) -> bool:
    """Every case that the report fed has a result: the informant is owed an answer."""
    return not _without_result(facts)


@check
def somebody_sent_it(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """A leader, or another body, sent the tip or set a deadline."""
    return refused_unless(
        bool(facts.value("source_body")) or facts.clock("instruction") is not None
    )


@check
def sender_has_reply(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """The last answer ends the track, and with it the clock of the sender's reply: that comes
    first."""
    waiting = [c for c in facts.clocks if c.rule in ("instruction", "handover") and c.running]
    return refused_unless(asked.get("final") != "yes" or not waiting)


@check
def two_fit_officers(facts: Facts, asked: Asked, on: date) -> Refusal | None:
    """Two persons with the role, a card valid today and no recusal (统计法 §38; 处罚法 §43)."""
    chosen = [facts.people[int(i)] for i in asked.get("assigned") or [] if int(i) in facts.people]
    for person in chosen:
        if person.recused or not person.inspects_on(on):
            return {"name": person.name}
    return refused_unless(facts.humans(chosen) >= 2, name="—")


@check
def not_time_barred(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """Found in time after the end of the conduct (处罚法 §36), which bars a penalty and no
    discipline."""
    end = asked.get("conduct_end")
    if not end or interfering([asked]):
        return None
    last = time_bar_on(facts, date.fromisoformat(end))
    return refused_unless(facts.found_on <= last, day=last.isoformat())


@check
def same_respondent(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """Data of the respondent change, never who it is (处罚法 §44: whoever is penalised was
    told)."""
    was, now = facts.value("party") or {}, asked.get("party") or {}
    return refused_unless(all(now.get(key) == was.get(key) for key in ("name", "kind")))


@check
def party_changes(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """Something of it is another than it was."""
    was, now = facts.value("party") or {}, asked.get("party") or {}
    return refused_unless(any((now.get(key) or "") != (was.get(key) or "") for key in {*was, *now}))


@condition
def informant_named(facts: Facts, _asked: Asked) -> bool:
    """A real-name informant stands behind the report."""
    return bool(facts.value("named"))


@condition
def informant_anonymous(facts: Facts, _asked: Asked) -> bool:
    """Nobody has to be told in writing."""
    return not facts.value("named")


@condition
def somebody_to_tell(_facts: Facts, asked: Asked) -> bool:
    """An informant stands behind a tip of this channel; nobody does behind an order or a finding of
    our own."""
    found = channels().get(str(asked.get("channel") or ""))
    return found is None or found.informant


@condition
def instruction_with_deadline(_facts: Facts, asked: Asked) -> bool:
    """A leader or a higher body said until when; where a reply is wanted too, one clock does for
    both."""
    return bool(asked.get("deadline")) and not asked.get("needs_reply")


@condition
def deadline_given(_facts: Facts, asked: Asked) -> bool:
    """A last day was named."""
    return bool(asked.get("deadline"))


@condition
def reply_wanted(_facts: Facts, asked: Asked) -> bool:
    """The sending body wants to hear of it."""
    return bool(asked.get("needs_reply"))


@condition
def by_telephone(facts: Facts, _asked: Asked) -> bool:
    """It came by telephone."""
    return facts.value("channel") == "phone"


@condition
def only_linked(facts: Facts, asked: Asked) -> bool:
    """The tip was taken up by this link alone: never accepted itself, and nothing else is
    linked."""
    return not facts.did("accept") and {x.id for x in facts.links} <= {int(asked.get("case") or 0)}


@condition
def acceptance_notice_arrived(facts: Facts, _asked: Asked) -> bool:
    """Of the papers of an act that one arrived which tells the informant of the acceptance."""
    return facts.taking.served == "acceptance_notice"
