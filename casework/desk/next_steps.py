"""The next lawful steps as buttons, those not yet possible with their reason, those that wait for
somebody else."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask_babel import gettext as _

from casework.desk.clock_rows import clock_row
from casework.desk.naming import refusal_sentence, role_word, step_name
from casework.desk.now import who_takes
from casework.procedure.checks.registry import branch_taken
from casework.procedure.facts import Facts, TrackFacts
from casework.procedure.kinds import first_tracks
from casework.procedure.load import procedure
from casework.procedure.model import DEADLINE, NEVER, Step
from casework.procedure.offers import NEW, Offer
from casework.web.language import current

# Refusals that speak of who looks: the step itself waits to be taken, by somebody else.
OF_THE_PERSON = frozenset(
    {
        "host_is_actor",
        "host_reports",
        "stands_in_for_host",
        "reviewer_not_of_the_case",
        "reviewer_qualified",
        "own_judgement",
        "not_your_case",
    }
)
# Terms that run beside a docket; nothing waits until they are over.
BESIDE = frozenset(
    {
        "show",
        "listing",
        "listing_earliest",
        "reconsider",
        "suit",
        "suit_after",
        "appeal",
        "discipline_hard",
    }
)


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
        "ahead": urged(facts, o),
    }


def deadline_of(facts: Facts, step: Step) -> dict[str, Any] | None:
    """The running deadline that the step meets, the first of several, as a row; None without."""
    own = {b.to for b in step.follows.meets}
    running = [c for c in facts.clocks if c.running and c.rule in own]
    return clock_row(min(running, key=lambda c: c.due), facts) if running else None


def carries_on(o: Offer) -> bool:
    """The step moves its track towards its end, or serves a paper: what a docket waits for, unlike
    housekeeping and exits."""
    track = procedure().tracks.get(o.step.track)
    ahead = track and any(not track.stages[b.to].exit for b in o.step.follows.leads_to)
    return (bool(ahead) and o.track != NEW) or "serve" in o.step.does


def urged(facts: Facts, o: Offer) -> bool:
    """The step is what the docket waits for: a blue button for whoever can take it. What the party
    or another body does is waited for and never urged on those who only record it; nor is what
    leaves the ordinary course. What a stage's course names comes before the step that leads on."""
    named = _named_by_course(facts, o)
    if named is not None:
        return named
    when = o.step.urged
    if when == NEVER:
        return False
    if when == DEADLINE:
        own = {b.to for b in o.step.follows.meets}
        return any(c.running and c.rule in own for c in facts.clocks)
    return branch_taken(when, facts, {}) if when else carries_on(o)


def _named_by_course(facts: Facts, o: Offer) -> bool | None:
    """Whether the step is the next of the present stage's course; None where the course does not
    speak of it."""
    undone = undone_before(facts)
    if not undone or o.track != facts.main.label:
        return None
    if o.step.id == undone[0]:
        return True
    return False if carries_on(o) and "serve" not in o.step.does else None


def undone_before(facts: Facts) -> list[str]:
    """Steps of the present stage's course that nobody took yet, in their order; none once a step
    after them was taken."""
    course = procedure().stage(facts.main.kind, facts.stage).before
    steps = [b.to for b in course if branch_taken(b.when, facts, {})]
    done = [i for i, step in enumerate(steps) if facts.did(step)]
    return [str(step) for step in steps[max(done, default=-1) + 1 :]]


def waited_for(facts: Facts, found: Iterable[Offer]) -> frozenset[str]:
    """Steps without which those that carry the docket on cannot be taken, by whomever: a tip is
    registered before it is accepted, refused or handed on; officers are assigned before they
    verify."""
    checks, steps = procedure().checks, procedure().steps
    refused = (
        r.check
        for o in found
        if urged(facts, o)
        for r in o.refusals
        if r.check not in OF_THE_PERSON
    )
    cures = {checks[check].cure for check in refused}
    return frozenset(step for step in cures if step in steps and steps[step].urged != NEVER)


def waits(facts: Facts, offered: Iterable[Offer]) -> list[dict[str, Any]]:
    """What nobody here does: days that run for the party or another body, and the day of the
    hearing, each with the step that comes then (``then``, "" where none is to come). A right that
    has run out is waited for no more; what somebody owes is, until it comes."""
    p, found = procedure(), list[dict[str, Any]]()
    for c in sorted(facts.clocks, key=lambda c: c.due):
        rule = p.clocks[c.rule]
        over = c.due < facts.today and rule.owner not in ("party", "other")
        if (
            c.state != "open"
            or over
            or c.rule in BESIDE
            or (rule.owner == "bureau" and c.rule != "hearing_day")
        ):
            continue
        found.append(
            {
                "name": rule.name.in_language(current()),
                "who": _OWNERS[rule.owner](),
                "due": c.due,
                "then": _after(offered, c.track),
            }
        )
    return found


def _after(offered: Iterable[Offer], track: str) -> str:
    """The step that carries that track on and cannot be taken yet, whoever takes it."""
    ahead = (
        o
        for o in offered
        if o.track == track and carries_on(o) and o.step.urged != NEVER and o.refusals
    )
    return next((o.step.name.in_language(current()) for o in ahead), "")


_OWNERS: dict[str, Callable[[], str]] = {
    "party": lambda: _("the party"),
    "window": lambda: _("the party"),
    "other": lambda: _("another body"),
    "bureau": lambda: _("the bureau"),
}


def for_others(facts: Facts, found: Iterable[Offer], first: frozenset[str]) -> list[dict[str, str]]:
    """Steps that wait for somebody else: of another role, or of another person of mine; also for
    what they do on another page before, such as binding the file."""
    checks = procedure().checks

    def theirs(o: Offer) -> bool:
        return all(
            r.check in OF_THE_PERSON or (not o.mine and bool(checks[r.check].page))
            for r in o.refusals
        )

    return [
        {**names_of(o.step), "who": who_takes(facts, o.step), "since": _since(facts, o.track)}
        for o in found
        if (urged(facts, o) or o.step.id in first) and not o.possible and theirs(o)
    ]


def _since(facts: Facts, track: str) -> str:
    """The day of the newest entry of a track, or of the docket for one that is to be opened."""
    days = [a.on for a in facts.done("", track)] or [a.on for a in facts.done()]
    return days[-1].isoformat() if days else ""


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
