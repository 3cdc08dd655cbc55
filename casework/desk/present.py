"""Facts turned into what pages show: plain rows with words in the person's language. No queries here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import gettext as _

from casework.acts.perform import Done
from casework.desk.asked import asked_rows
from casework.procedure import clock_rules
from casework.procedure.checks.execution import owed, paid, surcharge_due
from casework.procedure.effects import plan
from casework.procedure.explain import explain
from casework.procedure.facts import ActFacts, ClockFacts, Facts, ProposalFacts, TrackFacts
from casework.procedure.load import procedure
from casework.procedure.model import Step
from casework.procedure.offers import NEW, Offer, Refused, offers
from casework.procedure.penalties import penalties
from casework.procedure.settings import Setting
from casework.procedure.terms import Unit
from casework.web.language import current
from letters.labels import words


def sentences(refused: Iterable[Refused]) -> list[str]:
    """The sentence of each refusal, in the person's language."""
    return [sentence(r) for r in refused]


def sentence(r: Refused) -> str:
    """One refusal as a sentence."""
    rule = procedure().checks[r.check]
    return rule.refuses.in_language(current()).format(**{"reason_en": "", **r.values})


def stage_name(kind: str, stage: str) -> str:
    """The name of a docket's stage."""
    track = procedure().tracks["report" if kind == "report" else "main"]
    return track.stages[stage].name.in_language(current()) if stage in track.stages else stage


def step_name(step: str) -> str:
    """The name of a step."""
    return procedure().steps[step].name.in_language(current())


def value_name(key: str, value: str) -> str:
    """The name of a coded value, as the papers have it."""
    return words(key).get(value, value)


def setting_value(s: Setting) -> str:
    """A number of the procedure with its unit in words: 15 个工作日, 3 个月, 100,000 元."""
    if not s.value:
        return "—"
    if s.kind == "period":
        amount, unit = s.value.split()
        return period_word(int(amount), Unit(unit))
    if s.kind == "yuan":
        return _("%(n)s yuan", n=f"{float(s.value):,.0f}")
    return f"{s.value} {s.unit}".strip() if current() == "zh" else s.value


def period_word(amount: int, unit: Unit) -> str:
    """A length of time in words."""
    if unit is Unit.WORKDAY:
        return _("%(n)s working days", n=amount)
    return _("%(n)s months", n=amount) if unit is Unit.MONTH else _("%(n)s days", n=amount)


# -- clocks
def clock_row(c: ClockFacts, facts: Facts) -> dict[str, Any]:
    """A clock with its word, state, date and sentence."""
    p = procedure()
    rule = p.clocks[c.rule]
    unit = facts.settings.period(rule.setting).unit if rule.setting else Unit.DAY
    left = clock_rules.left(c.due, facts.today, unit, facts.calendar)
    return {
        "name": rule.name.in_language(current()),
        "due": c.due,
        "state": "paused" if c.state == "paused" else state_of(left.kind, left.amount),
        "word": _("standing still") if c.state == "paused" else left_word(left.kind, left.amount, left.unit is Unit.WORKDAY),
        "why": explain(p, c, facts, current()),
        "basis": rule.basis,
        "owner": rule.owner,
        "track": c.track,
        "provisional": c.provisional,
    }


def state_of(kind: str, amount: int) -> str:
    """overdue · today · soon (three days) · fine."""
    return kind if kind in ("overdue", "today") else ("soon" if amount <= 3 else "fine")


def left_word(kind: str, amount: int, workdays: bool) -> str:
    """还剩 3 个工作日 / 今日到期 / 逾期 2 日."""
    if kind == "today":
        return _("due today")
    if kind == "overdue":
        return _("%(n)s working days overdue", n=amount) if workdays else _("%(n)s days overdue", n=amount)
    return _("%(n)s working days left", n=amount) if workdays else _("%(n)s days left", n=amount)


def due_word(due: date, today: date) -> dict[str, str]:
    """Word and state of a list's due column, in calendar days."""
    if due.year == 9999:
        return {"state": "", "word": ""}
    days = (due - today).days
    kind = "today" if days == 0 else ("left" if days > 0 else "overdue")
    word = due.isoformat() if days > 7 else left_word(kind, abs(days), False)
    return {"state": state_of(kind, abs(days)), "word": word}


# -- the journal
def act_row(facts: Facts, a: ActFacts) -> dict[str, Any]:
    """One journal entry: day, step, verb, who, papers, remarks."""
    p = procedure()
    step = p.steps.get(a.step)
    person = facts.people.get(a.actor) if a.actor else None
    papers = [e for e in a.effects if e["do"] == "paper"]
    return {
        "seq": a.seq,
        "on": a.on,
        "at": a.at,
        "late": a.at.astimezone().date() != a.on,
        "name": step.name.in_language(current()) if step else a.step,
        "verb": _("disagreed") if a.said.get("refused") else verb_word(a.verb),
        "who": person.name if person else _("the system"),
        "papers": [{"name": p.papers[e["kind"]].name.in_language(current()), "number": e.get("number", "")} for e in papers],
        "says": _says(a),
        "annulled": a.annulled,
    }


def verb_word(verb: str) -> str:
    """The word of a verb."""
    return {
        "take": "", "propose": _("proposed"), "approve": _("approved, goes on"), "done": _("approved"),
        "return": _("returned"), "withdraw": _("withdrawn"), "note": _("noted"),
    }[verb]  # fmt: skip


def _says(a: ActFacts) -> str:
    """The one text of the payload that tells most; of a judgement the judge's own words alone."""
    if a.verb in ("approve", "done", "return", "withdraw"):
        return str(a.said.get("opinion") or "")[:160]
    for key in ("opinion", "reason", "note", "text", "findings", "facts", "conclusion", "result"):
        value = a.asked.get(key)
        if isinstance(value, str) and value:
            return value_name(key, value)[:160]
    return ""


# -- stage bar and tracks
def stage_bar(facts: Facts) -> list[dict[str, Any]]:
    """The stages of the first track, done ones with their day."""
    track = procedure().tracks[facts.main.kind]
    days = {
        e.get("to") or e.get("stage"): a.on
        for a in facts.done()
        for e in a.effects
        if e["do"] in ("move", "open") and (e.get("track") == facts.main.label or e.get("label") == facts.main.label)
    }
    order = [s for s in track.stages.values() if not s.exit or s.id == facts.stage]
    order = [s for s in order if s.id in days or s.id == facts.stage or s.id not in ("hearing", "panel")]
    at = next((i for i, s in enumerate(order) if s.id == facts.stage), 0)
    return [
        {
            "name": s.name.in_language(current()),
            "day": days.get(s.id),
            "state": "done" if i < at and s.id in days else ("current" if i == at else ("skipped" if i < at else "later")),
        }
        for i, s in enumerate(order)
    ]


def side_tracks(facts: Facts) -> list[dict[str, Any]]:
    """Side tracks as short lines."""
    p = procedure()
    return [
        {
            "name": p.tracks[t.kind].name.in_language(current()),
            "about": t.about,
            "stage": p.stage(t.kind, t.stage).name.in_language(current()),
            "ended": t.ended,
        }
        for t in facts.tracks[1:]
    ]


# -- the docket page
def docket_page(facts: Facts) -> dict[str, Any]:
    """All sections of the docket page."""
    found = offers(procedure(), facts, facts.actor) if facts.actor else []
    return {
        "stages": stage_bar(facts),
        "tracks": side_tracks(facts),
        "next": [offer_row(facts, o) for o in found if o.possible],
        "blocked": [blocked_row(o) for o in found if o.mine and not o.possible],
        "others": [other_row(o) for o in found if carries_on(o) and not o.mine and not o.refusals],
        "proposals": [proposal_row(facts, p) for p in facts.proposals],
        "clocks": [clock_row(c, facts) for c in sorted(facts.clocks, key=lambda c: c.due) if c.running],
        "figures": facts.figures,
        "violations": [violation_row(facts, v) for v in facts.violations],
        "money": money(facts),
        "journal": [act_row(facts, a) for a in reversed(facts.acts)],
        "papers": [paper_row(facts, p) for p in reversed(facts.papers)],
        "evidence": [a.asked for a in facts.done("add_evidence")],
        "came_with": {a.seq: f"{a.on} {step_name(a.step)}" for a in facts.acts if a.step in procedure().steps},
    }


def offer_row(facts: Facts, o: Offer) -> dict[str, Any]:
    """A step that can be taken, with what it brings about."""
    label = facts.track(o.track)
    return {
        "step": o.step.id,
        "track": o.track,
        "name": o.step.name.in_language(current()),
        "about": _track_name(label) if label and label.label not in ("main", "report") else "",
        "brings": brings(o.step),
        "approval": bool(o.step.approvals),
    }


def carries_on(o: Offer) -> bool:
    """The step moves its track towards its end, or serves a paper: what a docket waits for, unlike housekeeping and exits."""
    track = procedure().tracks.get(o.step.track)
    ahead = track and any(not track.stages[b.to].exit for b in o.step.follows.leads_to)
    return (bool(ahead) and o.track != NEW) or "serve" in o.step.does


def other_row(o: Offer) -> dict[str, str]:
    """A step that waits for somebody of another role."""
    return {"name": step_name(o.step.id), "who": "、".join(role_word(r) for r in o.step.roles)}


def _track_name(track: TrackFacts) -> str:
    """«执行», with whom it is about where there are several."""
    name = procedure().tracks[track.kind].name.in_language(current())
    return f"{name} {track.about}".strip()


def brings(step: Step) -> str:
    """One line: papers, approval, clocks; or the step's own note."""
    p = procedure()
    if step.note:
        return step.note.in_language(current())
    parts = []
    if step.prints:
        names = "、".join(f"《{p.papers[b.to].name.in_language(current())}》" for b in step.prints)
        parts.append(_("makes %(papers)s", papers=names))
    if step.approvals:
        parts.append(_("needs the approval of: %(roles)s", roles="、".join(role_word(r) for r in step.approvals)))
    clocks = [*step.follows.starts, *step.on_service.starts]
    if clocks:
        parts.append(_("starts: %(clocks)s", clocks="、".join(p.clocks[b.to].name.in_language(current()) for b in clocks)))
    return "；".join(parts)


def role_word(role: str) -> str:
    """The name of a role."""
    return {
        "clerk": _("clerk"), "officer": _("officer"), "head": _("head of enforcement"), "legal": _("legal reviewer"),
        "leader": _("bureau leader"), "publisher": _("publisher"), "custodian": _("identity custodian"),
        "auditor": _("auditor"), "admin": _("administrator"), "system": _("the system"),
    }[role]  # fmt: skip


def blocked_row(o: Offer) -> dict[str, Any]:
    """A step of my role that cannot be taken yet: why, and the step that would mend it."""
    p = procedure()
    reason = o.refusals[0]
    cure = p.checks[reason.check].cure
    return {
        "name": o.step.name.in_language(current()),
        "why": "；".join(sentence(r).rstrip("。") for r in o.refusals[:2]),
        "cure": cure,
        "cure_name": p.steps[cure].name.in_language(current()) if cure else "",
    }


def proposal_row(facts: Facts, p: ProposalFacts) -> dict[str, Any]:
    """A waiting proposal: who waits for whom, and whether it waits for me."""
    mine = facts.actor is not None and p.waits_for in facts.actor.roles and facts.actor.id != p.proposer
    mine = mine and facts.actor is not None and facts.actor.id not in p.approved_by and not facts.actor.recused
    return {
        "seq": p.seq,
        "step": p.step,
        "name": procedure().steps[p.step].name.in_language(current()),
        "role": role_word(p.waits_for),
        "proposer": facts.people[p.proposer].name if p.proposer in facts.people else "",
        "mine": mine,
        "own": facts.actor is not None and facts.actor.id == p.proposer,
    }


def violation_row(facts: Facts, v: Any) -> dict[str, Any]:
    """A violation with its article and ceiling."""
    end = date.fromisoformat(v["conduct_end"])
    known = penalties().violations[v["code"]]
    kind = facts.party.kind if facts.party else None
    return {
        **v,
        "name": known.en if current().startswith("en") else known.zh,
        "article": penalties().article(v["code"], end),
        "ceiling": penalties().ceiling(kind, v["code"], end, False, bool(v.get("census"))) if kind else None,
        "upper": penalties().ceiling(kind, v["code"], end, True, bool(v.get("census"))) if kind else None,
    }


def money(facts: Facts) -> dict[str, Any] | None:
    """Fine, surcharge, paid and owed, once there is a fine in a decision."""
    if not facts.fine.fen:
        return None
    return {"fine": facts.fine, "surcharge": surcharge_due(facts), "paid": paid(facts), "owed": owed(facts)}


def paper_word(state: str) -> str:
    """The word of a paper's state."""
    words_ = {"issued": _("made"), "served": _("served"), "withdrawn": _("withdrawn"), "returned": _("signed copy back")}
    return words_[state]


def paper_row(facts: Facts, p: Any) -> dict[str, Any]:
    """A paper and its state."""
    rule = procedure().papers[p.kind]
    waiting = rule.served and p.state == "issued"
    return {
        "id": p.id,
        "name": rule.name.in_language(current()),
        "number": p.number,
        "on": p.on,
        "state": "waiting" if waiting else p.state,
        "word": _("waits for service") if waiting else paper_word(p.state),
        "served": p.served.on if p.served and not p.served.failed else None,
        "track": p.track,
    }  # fmt: skip


# -- step and proposal pages
def step_page(facts: Facts, step: Step, track: str) -> dict[str, Any]:
    """What stands beside the form: the article, what follows, who approves."""
    return {
        "name": step.name.in_language(current()),
        "basis": step.basis,
        "brings": brings(step),
        "papers": [procedure().papers[b.to].name.in_language(current()) for b in step.prints],
        "approvals": [role_word(r) for r in step.approvals],
        "clocks": [c for c in (clock_row(c, facts) for c in facts.clocks if c.running)][:4],
        "button": _("Submit for approval: %(step)s", step=step.name.in_language(current()))
        if step.approvals
        else step.name.in_language(current()),
    }


def proposal_page(facts: Facts, p: ProposalFacts) -> dict[str, Any]:
    """The proposal's own words, its effects, and earlier opinions."""
    step = procedure().steps[p.step]
    act = next(a for a in facts.acts if a.seq == p.seq)
    opinions = [a for a in facts.acts if a.verb == "approve" and a.asked.get("_proposal") == p.seq]
    return {
        **proposal_row(facts, p),
        "asked": asked_rows(facts, step, act.asked),
        "basis": step.basis,
        "brings": brings(step),
        "effects": effect_rows(facts, step, p.track, act.asked),
        "opinions": [act_row(facts, a) for a in opinions],
        "prints": bool(step.prints),
        "step": step.id,
        "on": act.on,
    }


def effect_rows(facts: Facts, step: Step, track: str, asked: Any) -> list[str]:
    """What the approval brings about, in words: the diff of the docket."""
    p = procedure()
    rows = []
    for e in plan(p, facts, step, track, asked, facts.today):
        if e["do"] == "move":
            kind = facts.track(e["track"])
            name = p.stage(kind.kind, e["to"]).name.in_language(current()) if kind else e["to"]
            rows.append(_("the stage becomes «%(stage)s»", stage=name))
        elif e["do"] == "print":
            rows.append(_("%(paper)s is numbered and made", paper=p.papers[e["paper"]].name.in_language(current())))
        elif e["do"] == "clock.start":
            rows.append(
                _("«%(clock)s» runs until %(due)s", clock=p.clocks[e["rule"]].name.in_language(current()), due=e["due"])
            )
        elif e["do"] == "open":
            rows.append(_("«%(track)s» begins", track=p.tracks[e["track"]].name.in_language(current())))
        elif e["do"] == "clock.extend":
            rows.append(_("«%(clock)s» moves to %(due)s", clock=p.clocks[e["rule"]].name.in_language(current()), due=e["due"]))
    return rows


def done_sentence(step: Step, done: Done) -> str:
    """What just happened."""
    name = step.name.in_language(current())
    if done.verb == "propose":
        return _("«%(step)s» is submitted and waits for: %(role)s.", step=name, role=role_word(step.approvals[0]))
    numbers = [e["number"] for e in done.effects if e["do"] == "paper" and e.get("number")]
    if numbers:
        return _("«%(step)s» is recorded. Made: %(numbers)s.", step=name, numbers="、".join(numbers))
    return _("«%(step)s» is recorded.", step=name)


def judged_sentence(step: Step, verb: str) -> str:
    """What was decided about a proposal."""
    name = step.name.in_language(current())
    return {
        "approve": _("«%(step)s» is approved.", step=name),
        "return": _("«%(step)s» is returned to its proposer.", step=name),
        "refuse": _("«%(step)s» is not approved; its proposer can read why.", step=name),
        "withdraw": _("The proposal «%(step)s» is withdrawn.", step=name),
    }[verb]
