"""The next lawful steps as buttons, those not yet possible with their reason, those that wait for somebody else."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask_babel import gettext as _

from casework.desk.naming import role_word, sentence, step_name
from casework.procedure.facts import Facts, TrackFacts
from casework.procedure.load import procedure
from casework.procedure.model import Step
from casework.procedure.offers import NEW, Offer
from casework.web.language import current


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
        "ahead": carries_on(o),
    }


def carries_on(o: Offer) -> bool:
    """The step moves its track towards its end, or serves a paper: what a docket waits for, unlike housekeeping and exits."""
    track = procedure().tracks.get(o.step.track)
    ahead = track and any(not track.stages[b.to].exit for b in o.step.follows.leads_to)
    return (bool(ahead) and o.track != NEW) or "serve" in o.step.does


def waited_for(found: Iterable[Offer]) -> frozenset[str]:
    """Steps taken once in a docket without which others that carry it on cannot be taken: a tip is registered before it is
    accepted, refused, handed on, and before somebody links it to a case."""
    checks, steps = procedure().checks, procedure().steps
    cures = {checks[r.check].cure for o in found if o.mine and carries_on(o) for r in o.refusals}
    return frozenset(step for step in cures if step in steps and steps[step].once)


def other_row(o: Offer) -> dict[str, str]:
    """A step that waits for somebody of another role."""
    return names_of(o.step)


def names_of(step: Step) -> dict[str, str]:
    """A step's name, and who takes it."""
    return {"name": step_name(step.id), "who": "、".join(role_word(r) for r in step.roles)}


def _track_name(track: TrackFacts) -> str:
    """«执行», with whom it is about where there are several."""
    name = procedure().tracks[track.kind].name.in_language(current())
    return f"{name} {track.about}".strip()


def brings(step: Step, approvals: bool = True) -> str:
    """One line: papers, approval, clocks, stage; or the step's own note. Without the approval where the page names it apart."""
    p = procedure()
    if step.note:
        return step.note.in_language(current())
    parts = []
    if step.prints:
        papers = _listed((f"《{p.papers[b.to].name.in_language(current())}》", b.when) for b in step.prints)
        parts.append(_("makes %(papers)s", papers=papers))
    if step.approvals and approvals:
        parts.append(_("needs the approval of: %(roles)s", roles="、".join(role_word(r) for r in step.approvals)))
    clocks = [*step.follows.starts, *step.on_service.starts]
    if clocks:
        starts = _listed((p.clocks[b.to].name.in_language(current()), b.when) for b in clocks)
        parts.append(_("starts: %(clocks)s", clocks=starts))
    if ahead := [b for b in step.follows.leads_to if not b.when and len(step.follows.leads_to) == 1]:
        parts.append(_("the stage becomes «%(stage)s»", stage=p.stage(step.track, ahead[0].to).name.in_language(current())))
    return "；".join(parts)


def _listed(named: Iterable[tuple[str, str]]) -> str:
    """Names one after the other; what comes only in some cases says so."""
    return "、".join(_("%(name)s (where it applies)", name=name) if when else name for name, when in named)


def blocked_row(o: Offer, found: list[Offer]) -> dict[str, Any]:
    """A step of my role that cannot be taken yet: why, and the step that would mend it."""
    reason = o.refusals[0]
    return {
        "name": o.step.name.in_language(current()),
        "check": reason.check,
        "why": "；".join(sentence(r).rstrip("。") for r in o.refusals[:2]),
        "cure": cure_row(reason.check, found),
    }


_PAGES: dict[str, Callable[[], str]] = {"printing": lambda: _("Print and scan back"), "casefile": lambda: _("Case file")}


def cure_row(check: str, found: list[Offer]) -> dict[str, str] | None:
    """What would mend a refusal: a step, its name, who takes it, and its track where I can take it now; or a page."""
    if page := procedure().checks[check].page:
        return {"name": _PAGES[page](), "page": page, "track": ""}
    cure = procedure().steps.get(procedure().checks[check].cure)
    if cure is None:
        return None
    mine = next((o for o in found if o.step.id == cure.id and o.possible), None)
    return {**names_of(cure), "page": "", "step": cure.id, "track": mine.track if mine else ""}
