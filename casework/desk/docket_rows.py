"""Facts turned into what pages show: the docket page and the step page, of plain rows. No queries
here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _

from casework.acts.perform import Done
from casework.acts.turns import Turn, whose_turn
from casework.desk.clock_rows import clock_row
from casework.desk.journal_rows import act_row
from casework.desk.naming import role_word, step_name
from casework.desk.next_steps import blocked_row, brings, for_others, offer_row, wait_rows
from casework.desk.now import folded
from casework.desk.proposals import proposal_row
from casework.desk.summary import summary
from casework.desk.unit_codes import code_row
from casework.desk.violation_rows import money, violation_row
from casework.procedure.checks.common import is_suspended
from casework.procedure.checks.signed import signed_by, unsigned
from casework.procedure.decision_state import stayed
from casework.procedure.effects import PaperMade, StageReached, TrackOpened
from casework.procedure.facts import CORRECTIONS, Facts, TrackFacts
from casework.procedure.help import step_help
from casework.procedure.load import procedure
from casework.procedure.model import Stage, Step
from casework.procedure.offers import Offer, offers
from casework.procedure.public_entry import taken_off
from casework.web.language import current
from forms.registry import form_class


def stage_bar(facts: Facts) -> list[dict[str, Any]]:
    """The stages of the first track, done ones with their day."""
    days = _days_of_stages(facts)
    order = _stages_shown(facts, days)
    at = next((i for i, s in enumerate(order) if s.id == facts.stage), 0)
    return [
        {
            "name": s.name.in_language(current()),
            "day": days.get(s.id),
            "halted": i == at and is_suspended(facts),
            "state": _state(i, at, s.id in days),
        }
        for i, s in enumerate(order)
    ]


def _days_of_stages(facts: Facts) -> dict[str, date]:
    """The newest day on which the first track came to each of its stages."""
    days: dict[str, date] = {}
    for act in facts.done():
        for effect in act.effects:
            if isinstance(effect, StageReached) and effect.track == facts.main.label:
                days[effect.to] = act.on
            elif isinstance(effect, TrackOpened) and effect.label == facts.main.label:
                days[effect.stage] = act.on
    return days


def _stages_shown(facts: Facts, days: Mapping[str, date]) -> list[Stage]:
    """The stages of the ordinary road, hearing and panel where there was one, and where the docket
    is."""
    shown = []
    for stage in procedure().tracks[facts.main.kind].stages.values():
        left_out = stage.exit or (stage.id in ("hearing", "panel") and stage.id not in days)
        if stage.id == facts.stage or not left_out:
            shown.append(stage)
    return shown


def _state(place: int, at: int, reached: bool) -> str:
    """How a stage is shown, by its place and that where the docket is."""
    if place < at:
        return "done" if reached else "skipped"
    return "current" if place == at else "later"


def _stage_of(facts: Facts, track: TrackFacts) -> str:
    """Where it stands; what the public no longer sees is not said to be on show."""
    if track.stage in ("shown", "listed") and taken_off(facts, track):
        return _("taken off the public site; its withdrawal is still to be recorded")
    stage = procedure().stage(track.kind, track.stage)
    if track.ended and not stage.final:
        return _("ended with the case")
    if track.stage in ("shown", "listed") and stayed(facts):
        return _("not shown while the decision is stayed")
    return stage.name.in_language(current())


def side_tracks(facts: Facts) -> list[dict[str, Any]]:
    """Side tracks as short lines."""
    p = procedure()
    return [
        {
            "name": p.tracks[t.kind].name.in_language(current()),
            "about": t.about,
            "stage": _stage_of(facts, t),
            "ended": t.ended,
        }
        for t in facts.tracks[1:]
    ]


def docket_page(facts: Facts) -> dict[str, Any]:
    """All sections of the docket page."""
    found = offers(procedure(), facts, facts.actor) if facts.actor else []
    turns = whose_turn(facts)
    return {
        **_to_take(facts, found, turns),
        "summary": summary(facts),
        "stages": stage_bar(facts),
        "tracks": side_tracks(facts),
        "blocked": _blocked(facts, found),
        "mends": {o.step.id: o.track for o in found if o.possible and o.step.id in CORRECTIONS},
        "others": for_others(facts, turns),
        "waits": wait_rows(facts, found),
        "proposals": [proposal_row(facts, p) for p in facts.proposals],
        "ignored": ignored(facts),
        "suspended": suspended_since(facts),
        "back": _sent_back(facts),
        "clocks": _running(facts),
        "code": code_row(facts),
        "figures": facts.figures,
        "violations": [violation_row(facts, v) for v in facts.violations],
        "money": money(facts),
        "papers": [paper_row(facts, p) for p in reversed(facts.papers)],
        "evidence": [a.asked for a in facts.done("add_evidence")],
        "came_with": _named_entries(facts),
    }


def act_now(facts: Facts) -> dict[str, Any] | None:
    """The act that the docket waits for from the person who looks, as a row; None where there is
    none."""
    found = offers(procedure(), facts, facts.actor) if facts.actor else []
    row: dict[str, Any] | None = _to_take(facts, found, whose_turn(facts))["now"]
    return row


def _to_take(facts: Facts, found: list[Offer], turns: Iterable[Turn]) -> dict[str, Any]:
    """Steps that can be taken: all of them (``possible``), the one that carries the docket on
    (``now``) and the others in their groups."""
    possible = _next(facts, found, turns)
    blue = [row for row in possible[:1] if row["ahead"]]
    return {
        "possible": possible,
        "now": blue[0] if blue else None,
        "groups": list(folded(row for row in possible if row not in blue)),
        "can_serve": any("serve" in o.step.does for o in found if o.possible),
    }


def _next(facts: Facts, found: list[Offer], turns: Iterable[Turn]) -> list[dict[str, Any]]:
    """The steps that can be taken: those that the docket waits for, then the rest."""
    mine, last = _my_turns(facts, turns), len(found)
    rows = [
        {**offer_row(facts, o), "ahead": (o.step.id, o.track) in mine} for o in found if o.possible
    ]
    return sorted(rows, key=lambda row: mine.get((row["step"], row["track"]), last))


def _my_turns(facts: Facts, turns: Iterable[Turn]) -> dict[tuple[str, str], int]:
    """Step and track of what waits for the person who looks, in its order."""
    me = facts.actor.id if facts.actor else 0
    own = [t for t in turns if t.kind in ("step", "returned") and me in t.people]
    return {(t.step, t.track): place for place, t in enumerate(own)}


def _blocked(facts: Facts, found: list[Offer]) -> list[dict[str, Any]]:
    """My steps that cannot be taken yet, each with the reason."""
    mine = [o for o in found if o.mine and not o.possible]
    return [blocked_row(facts, o, found) for o in mine if not _done_with(o)]


def _sent_back(facts: Facts) -> dict[str, Any] | None:
    """The entry by which a proposal came back, while nothing follows it."""
    newest = facts.acts[-1] if facts.acts else None
    return act_row(facts, newest) if newest and newest.verb == "return" else None


def _running(facts: Facts) -> list[dict[str, Any]]:
    """Running clocks, the next due first."""
    clocks = sorted((c for c in facts.clocks if c.running), key=lambda c: c.due)
    return [clock_row(c, facts) for c in clocks]


def _named_entries(facts: Facts) -> dict[int, str]:
    """Day and step of each entry, by its number: what a file came with."""
    known = [a for a in facts.acts if a.step in procedure().steps]
    return {a.seq: f"{a.on} {step_name(a.step)}" for a in known}


def suspended_since(facts: Facts) -> date | None:
    """The day from which the case stands still; None while it goes on."""
    last = facts.last("suspend")
    return last.on if last and is_suspended(facts) else None


def ignored(facts: Facts) -> list[dict[str, int]]:
    """Corrections that could not be applied, and that no later one of the same entry has
    replaced."""
    found = {int(a.asked.get("act") or 0): a for a in facts.done() if a.step in CORRECTIONS}
    return [{"seq": a.seq, "act": act} for act, a in found.items() if a.ignored]


def _done_with(o: Offer) -> bool:
    """It is taken once, and was, or only where a code is in doubt: nothing that is still to
    come."""
    return o.refusals[0].check in ("only_once", "code_in_doubt")


_STATES: dict[str, Callable[[], str]] = {
    "issued": lambda: _("made"),
    "served": lambda: _("served"),
    "withdrawn": lambda: _("withdrawn"),
    "returned": lambda: _("signed copy back"),
}


def paper_word(state: str) -> str:
    """The word of a paper's state."""
    return _STATES[state]()


def paper_row(facts: Facts, p: Any) -> dict[str, Any]:
    """A paper and its state; ``signed``: back · wanted · "" (neither)."""
    missing = unsigned(facts) if signed_by(p) else []
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
        "signed": "back" if p.signed_back else ("wanted" if p in missing else ""),
    }


def step_page(facts: Facts, step: Step, track: str) -> dict[str, Any]:
    """What stands above and beside the form: what it is for, the article, what follows, who
    approves."""
    said = step_help()[step.id]
    return {
        "name": step.name.in_language(current()),
        "purpose": said.purpose.in_language(current()),
        "then": said.then.in_language(current()),
        "basis": step.basis,
        "brings": brings(step, approvals=False),
        "papers": [procedure().papers[b.to].name.in_language(current()) for b in step.prints],
        "violations": [violation_row(facts, v) for v in facts.violations]
        if hasattr(form_class(step.asks), "fine_fen")
        else [],
        "approvals": [role_word(r) for r in step.approvals],
        "clocks": [c for c in (clock_row(c, facts) for c in facts.clocks if c.running)][:4],
        "button": _("Submit for approval: %(step)s", step=step.name.in_language(current()))
        if step.approvals
        else step.name.in_language(current()),
    }


def done_sentence(step: Step, done: Done) -> str:
    """What just happened."""
    name = step.name.in_language(current())
    if done.verb == "propose":
        return _(
            "«%(step)s» is submitted and waits for: %(role)s.",
            step=name,
            role=role_word(step.approvals[0]),
        )
    numbers = [e.number for e in done.effects if isinstance(e, PaperMade) and e.number]
    if numbers:
        return _(
            "«%(step)s» is recorded. Made: %(numbers)s.", step=name, numbers="、".join(numbers)
        )
    return _("«%(step)s» is recorded.", step=name)
