"""The next lawful steps as buttons, those not yet possible with their reason, those that wait for
somebody else."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask_babel import gettext as _

from casework.acts.turns import TO_TAKE, Turn
from casework.desk.clock_rows import clock_row
from casework.desk.naming import refusal_sentence, role_word, step_name, turn_words
from casework.desk.now import who_takes
from casework.procedure.checks.hearing import host_told
from casework.procedure.facts import ClockFacts, Facts, TrackFacts
from casework.procedure.kinds import first_tracks
from casework.procedure.load import procedure
from casework.procedure.model import PAGES, Step
from casework.procedure.offers import Offer
from casework.procedure.ordinary import urged, waits
from casework.web.language import current


def offer_row(facts: Facts, o: Offer) -> dict[str, Any]:
    """A step that can be taken, with what it brings about."""
    label = facts.track(o.track)
    return {
        "step": o.step.id,
        "track": o.track,
        "name": o.step.name.in_language(current()),
        "about": _track_name(label) if label and label.label not in first_tracks() else "",
        "brings": brings(o.step),
        "approval": bool(o.step.approvals),
        "group": o.step.group,
        "due": deadline_of(facts, o.step),
    }


def deadline_of(facts: Facts, step: Step) -> dict[str, Any] | None:
    """The running deadline that the step meets, the first of several, as a row; None without."""
    own = {b.to for b in step.follows.meets}
    running = [c for c in facts.clocks if c.running and c.rule in own]
    return clock_row(min(running, key=lambda c: c.due), facts) if running else None


def wait_rows(facts: Facts, offered: Iterable[Offer]) -> list[dict[str, Any]]:
    """What nobody here does: days that run for the party or another body, and the day of the
    hearing, each with the step that comes then (``then``, "" where none is to come)."""
    return [
        {
            "name": _on_its_track(
                facts, w.clock.track, procedure().clocks[w.clock.rule].name.in_language(current())
            ),
            "who": _waited_for(facts, w.clock),
            "due": w.clock.due,
            "then": step_name(w.then) if w.then else "",
        }
        for w in waits(facts, offered)
    ]


def _waited_for(facts: Facts, c: ClockFacts) -> str:
    """Whose day it is; of a hearing its host, by name."""
    host = host_told(facts) if c.rule == "hearing_day" else None
    return host.name if host else owner_word(c.rule)


def owner_word(rule: str) -> str:
    """Who has to act before a deadline of that rule is over."""
    return _OWNERS[procedure().clocks[rule].owner]()


def _on_its_track(facts: Facts, label: str, what: str) -> str:
    """What waits, with the name of a track beside the first one."""
    track = facts.track(label)
    if track is None or label in first_tracks():
        return what
    return _("%(track)s: %(what)s", track=_track_name(track), what=what)


_OWNERS: dict[str, Callable[[], str]] = {
    "party": lambda: _("the party"),
    "window": lambda: _("the party"),
    "other": lambda: _("another body"),
    "bureau": lambda: _("the bureau"),
}


def for_others(facts: Facts, turns: Iterable[Turn]) -> list[dict[str, str]]:
    """Steps that wait for somebody else: which, who takes them, and since when."""
    me, waiting = facts.actor.id if facts.actor else 0, dict[tuple[str, str], list[Turn]]()
    for t in turns:
        if t.kind in TO_TAKE and t.from_day <= facts.today:
            waiting.setdefault((t.step, t.track), []).append(t)
    return [
        {
            "name": _on_its_track(facts, track, _to_do(some[0].kind, step)),
            "who": who_takes(facts, some),
            "since": max(t.since for t in some).isoformat(),
        }
        for (step, track), some in waiting.items()
        if not any(me in t.people for t in some)
    ]


def _to_do(kind: str, step: str) -> str:
    """A step that somebody else takes; what is done on another page before it by its own words."""
    return turn_words(kind, step_name(step)) if kind in PAGES else step_name(step)


def names_of(step: Step) -> dict[str, str]:
    """A step's name, and who takes it."""
    return {"name": step_name(step.id), "who": "、".join(role_word(r) for r in step.roles)}


def _track_name(track: TrackFacts) -> str:
    """«执行», with whom it is about where there are several."""
    name = procedure().tracks[track.kind].name.in_language(current())
    return f"{name} {track.about}".strip()


def brings(step: Step, approvals: bool = True) -> str:
    """One line: papers, approval, clocks, stage; or the step's own note and the approval. Without
    the approval where the page names it apart."""
    asked = [
        _("needs the approval of: %(roles)s", roles="、".join(role_word(r) for r in step.approvals))
    ]
    asked = asked if step.approvals and approvals else []
    if step.note:
        note = step.note.in_language(current())
        return "；".join([note.rstrip("。."), *asked]) if asked else note
    return "；".join([*_papers_made(step), *asked, *_started(step)])


def _papers_made(step: Step) -> list[str]:
    papers = procedure().papers
    named = _listed(
        (f"《{papers[b.to].name.in_language(current())}》", b.when) for b in step.prints
    )
    return [_("makes %(papers)s", papers=named)] if step.prints else []


def _started(step: Step) -> list[str]:
    """Clocks, also of its service, and the stage where there is only one."""
    p, parts = procedure(), list[str]()
    clocks = [*step.follows.starts, *step.on_service.starts]
    if clocks:
        starts = _listed((p.clocks[b.to].name.in_language(current()), b.when) for b in clocks)
        parts.append(_("starts: %(clocks)s", clocks=starts))
    if ahead := [
        b for b in step.follows.leads_to if not b.when and len(step.follows.leads_to) == 1
    ]:
        parts.append(
            _(
                "the stage becomes «%(stage)s»",
                stage=p.stage(step.track, ahead[0].to).name.in_language(current()),
            )
        )
    return parts


def _listed(named: Iterable[tuple[str, str]]) -> str:
    """Names one after the other; what comes only in some cases says so."""
    return "、".join(
        _("%(name)s (where it applies)", name=name) if when else name for name, when in named
    )


def blocked_row(facts: Facts, o: Offer, found: list[Offer]) -> dict[str, Any]:
    """A step of my role that cannot be taken yet: why, and the step that would mend it."""
    reason = o.refusals[0]
    return {
        "ahead": urged(facts, o),
        "name": o.step.name.in_language(current()),
        "check": reason.check,
        "why": "；".join(refusal_sentence(r).rstrip("。") for r in o.refusals[:2]),
        "cure": cure_row(reason.check, found),
    }


_PAGES: dict[str, Callable[[], str]] = {
    "printing": lambda: _("Print and scan back"),
    "casefile": lambda: _("Case file"),
}


def cure_row(check: str, found: list[Offer]) -> dict[str, str] | None:
    """What would mend a refusal: a step, its name, who takes it, and its track where I can take it
    now; or a page."""
    if page := procedure().checks[check].page:
        return {"name": _PAGES[page](), "page": page, "track": ""}
    cure = procedure().steps.get(procedure().checks[check].cure)
    if cure is None:
        return None
    mine = next((o for o in found if o.step.id == cure.id and o.possible), None)
    return {**names_of(cure), "page": "", "step": cure.id, "track": mine.track if mine else ""}
