"""What an act will bring about, as plain effects, before anything is written. Pure: the same facts,
the same effects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any, Literal

from casework.procedure import effects
from casework.procedure.checks.execution import nothing_owed_any_more
from casework.procedure.checks.referral import judgment_of, taking_force
from casework.procedure.checks.registry import branch_taken
from casework.procedure.clock_rules import due, life, resumed
from casework.procedure.corrected_days import corrected
from casework.procedure.decision_state import DECISIONS
from casework.procedure.effects import Effect
from casework.procedure.facts import ActFacts, ClockFacts, Facts, PaperFacts, Taking
from casework.procedure.ids import ClockId, PaperId, StageId, StepId, TrackId
from casework.procedure.kinds import first_tracks
from casework.procedure.model import ANY, Branch, ClockRule, Follows, Procedure, Step
from casework.procedure.offers import NEW
from casework.procedure.payload import Asked
from casework.procedure.remedies import FORCE
from casework.procedure.terms import Period, Unit

# What a step takes back: of which step, and which of its effects on clocks.
GIVEN_BACK: dict[str, tuple[tuple[StepId, ...], type[effects.OfClock]]] = {
    "undo_absorb": (("absorb_case",), effects.ClockStopped),
    "take_back_decision": (DECISIONS, effects.ClockMet),
    "case_back": (("transfer_out", "report_up"), effects.ClockStopped),
}
NOTICE = "public_notice"  # the clock of a service by public notice
ENDS = (effects.ClockMet, effects.ClockStopped)  # effects after which a clock no longer runs
COUNTED = "count_pages"  # the effect that keeps how many pages the bound file has
ABOUT = ("about", "person_name")  # fields of a payload that say whom a track is about
# conditions of a service that were answered when the paper was made
SETTLED_BY_THE_PAPER = ("hearing_may_be_asked",)


def plan(
    p: Procedure, facts: Facts, step: Step, track: str, asked: Asked, on: date
) -> list[Effect]:
    """All effects of taking a step on a track instance («new» for one that opens its track)."""
    planned: list[Effect] = []
    facts = _taking(facts, track=track)
    if track == NEW:
        first = _opening(p, facts, step, asked)
        follows, label = _without_lead(step.follows), first.label
        planned.append(first)
    else:
        follows, label = step.follows, track
    if step.numbers:
        planned.append(effects.NumberWanted(step.numbers))
    for name in step.does:
        planned += _special(facts, name, asked)
    planned += list(_withdrawn(facts.seen_from(label), step))
    planned += list(_given_back(p, facts, step))
    planned += [
        effects.PaperWanted(b.to) for b in step.prints if branch_taken(b.when, facts, asked)
    ]
    planned += list(_periods_told(p, facts, step, asked))
    planned += list(_served_paper(p, facts, step, asked, on))
    planned += list(corrected(p, facts, step, asked))
    planned += list(_follow(p, facts, follows, label, asked, on))
    planned += list(moved_clocks(facts)) if "calendar" in step.does else []
    if track == NEW and p.stage(step.track, first.stage).final:
        planned.append(effects.TrackEnded(label))
    planned += list(_notices_in_vain(facts, step, asked, planned))
    return planned


def _taking(facts: Facts, **more: Any) -> Facts:
    """The facts, with more said of the act that is being taken."""
    return replace(facts, taking=replace(facts.taking, **more))


def _special(facts: Facts, name: str, asked: Asked) -> list[Effect]:
    """An effect that the step names, with what only the facts can say about it."""
    if name == COUNTED:
        return [effects.PagesCounted(facts.bound.pages if facts.bound else 0)]
    if name not in (FORCE, "remedy_result"):
        return [effects.Special(name)]
    judgment, end = judgment_of(facts, asked), taking_force(facts, asked)
    if name == FORCE and judgment is None:
        return []  # another right ended
    result, over = end.result if end else "", nothing_owed_any_more(facts, asked)
    return [
        effects.JudgmentInForce(result, over, judgment or 0)
        if name == FORCE
        else effects.RemedyEnded(result, over)
    ]


def _withdrawn(facts: Facts, step: Step) -> Iterator[Effect]:
    """Papers that never arrived, of the kinds that the step replaces."""
    for paper in facts.papers:
        if paper.kind in step.replaces and paper.state == "issued":
            yield effects.PaperWithdrawn(paper.id)


def _notices_in_vain(
    facts: Facts, step: Step, asked: Asked, planned: Iterable[Effect]
) -> list[Effect]:
    """Stops public notices that would run on after the act though their paper no longer waits for
    service (民事诉讼法 §95).

    The act withdraws the paper, or takes back the step that made it; or the paper was withdrawn or
    served while the notice stood still. ``planned``: all others of the act.
    """
    planned = list(planned)
    undone = _taken_back(facts, step, asked)
    running = _running_after(facts, undone, planned)
    gone = _papers_gone(facts, undone, planned)
    announced = {a.seq: int(a.asked.get("paper") or 0) for a in facts.done("serve_public")}
    notices = [c for c in facts.clocks if c.rule == NOTICE and c.id in running]
    return [effects.ClockStopped(c.id, c.rule) for c in notices if announced.get(c.seq) in gone]


def _taken_back(facts: Facts, step: Step, asked: Asked) -> ActFacts | None:
    """The entry that the act takes back; None where it takes back none."""
    if "annul" not in step.does:
        return None
    seq = int(asked.get("act") or 0)
    return next((a for a in facts.acts if a.seq == seq), None)


def _running_after(facts: Facts, undone: ActFacts | None, planned: Iterable[Effect]) -> set[int]:
    """Ids of the clocks that run once the act, which may take back another one, is done."""
    running = {c.id for c in facts.clocks if c.running}
    running -= {e.clock for e in planned if isinstance(e, ENDS)}
    running |= {e.clock for e in planned if isinstance(e, effects.ClockReopened)}
    if undone:
        running |= {e.clock for e in undone.effects if isinstance(e, ENDS)}
    return running


def _papers_gone(facts: Facts, undone: ActFacts | None, planned: Iterable[Effect]) -> set[int]:
    """Ids of the papers that wait for service no longer."""
    gone = {e.paper for e in planned if isinstance(e, effects.PaperWithdrawn)}
    gone |= {x.id for x in facts.papers if x.state != "issued"}
    if undone:
        gone |= {x.id for x in facts.papers if x.seq == undone.seq}
    return gone


def _periods_told(p: Procedure, facts: Facts, step: Step, asked: Asked) -> Iterator[Effect]:
    """The periods of others that a paper tells: they count from its service as it told them,
    whatever the bureau's settings are by then (处罚法 §44, §64: what was told is what the party may
    rely on)."""
    for branch in step.on_service.starts:
        rule = p.clocks[branch.to]
        said = branch.when not in SETTLED_BY_THE_PAPER or branch_taken(branch.when, facts, asked)
        if said and rule.setting and rule.owner != "bureau":
            period = facts.settings.period(rule.setting)
            yield effects.PeriodTold(rule.id, period.amount, period.unit.value)


def _given_back(p: Procedure, facts: Facts, step: Step) -> Iterator[Effect]:
    """What an absorption or a transfer stopped runs again, to its old last day: nothing was to be
    gained by it. The same of the days for the case, which a decision met that is taken back. A case
    that comes back to the investigation is told anew: the windows of its old notice stay closed, as
    when it is sent back."""
    for does, (taken, ended) in GIVEN_BACK.items():
        act = facts.last(*taken) if does in (step.id, *step.does) else None
        begins_anew = _begun_anew(p, step, does)
        for e in act.effects if act else ():
            if isinstance(e, ended) and e.rule not in begins_anew:
                yield effects.ClockReopened(e.clock, e.rule)


def _begun_anew(p: Procedure, step: Step, does: str) -> set[str]:
    """Clocks that the step starts itself, or that stay closed as when a case is sent back."""
    closed = p.steps["send_back"].follows.stops if does == "case_back" else ()
    return {*(b.to for b in step.follows.starts), *(b.to for b in closed)}


def _opening(p: Procedure, facts: Facts, step: Step, asked: Asked) -> effects.TrackOpened:
    """The effect that opens the step's own track, straight in the stage it leads to."""
    stage = _stage_led_to(facts, step.follows, asked)
    about = next((k for k in ABOUT if asked.get(k)), "")
    return replace(_open(p, facts, p.tracks[step.track].id, stage), about_field=about)


def _open(
    p: Procedure, facts: Facts, kind: TrackId, stage: StageId | None = None
) -> effects.TrackOpened:
    number = sum(t.kind == kind for t in facts.tracks) + 1
    label = kind if kind in first_tracks() else f"{kind}-{number}"
    return effects.TrackOpened(kind, label, stage or next(iter(p.tracks[kind].stages.values())).id)


def _without_lead(f: Follows) -> Follows:
    return Follows((), f.opens, f.ends, f.starts, f.meets, f.stops, f.pauses, f.resumes, f.extends)


# -- what follows
def _follow(
    p: Procedure,
    facts: Facts,
    f: Follows,
    track: str,
    asked: Asked,
    on: date,
    paper: int | None = None,
) -> Iterator[Effect]:
    """Clocks first, then tracks, then the stage: the order in which a reader expects them."""
    facts = _taking(facts, on=on)  # whether something came in time hangs on its day
    yield from _clocks_ending(p, facts, f, track, asked)
    yield from _clocks_changing(p, facts, f, track, asked, on)
    yield from _clocks_starting(p, facts, f, track, asked, on, paper)
    for branch in f.opens:
        if branch_taken(branch.when, facts, asked):
            yield _open(p, facts, branch.to)
    for kind in f.ends:
        yield from (effects.TrackEnded(t.label) for t in facts.open_tracks(kind))
    yield from _move(p, facts, f, track, asked)


def _move(p: Procedure, facts: Facts, f: Follows, track: str, asked: Asked) -> Iterator[Effect]:
    """The first branch that holds; a final stage ends its track."""
    to = _stage_led_to(facts, f, asked)
    instance = facts.track(track)
    if not to or instance is None or to not in p.tracks[instance.kind].stages:
        return
    # an archived case that a court sends back
    if instance.ended and not p.stage(instance.kind, to).final:
        yield effects.TrackReopened(track, to)
    if to != instance.stage:
        yield effects.StageReached(track, to)
    if p.stage(instance.kind, to).final and not instance.ended:
        yield effects.TrackEnded(track)


def _stage_led_to(facts: Facts, f: Follows, asked: Asked) -> StageId | None:
    """The stage of the first branch that holds; None where none does."""
    return next((b.to for b in f.leads_to if branch_taken(b.when, facts, asked)), None)


def _named(facts: Facts, rule: str, track: str, ends: Iterable[TrackId] = ()) -> list[ClockFacts]:
    """Running clocks of a rule, never those of the track's siblings; «*»: all of the track and of
    tracks that end with it."""
    if rule == ANY:
        ending = [t.label for kind in ends for t in facts.open_tracks(kind)]
        return _running_on(facts, {track, *ending})
    siblings = facts.siblings(track)
    own = _running_on(facts, {c.track for c in facts.clocks} - siblings)
    return [c for c in own if c.rule == rule]


def _running_on(facts: Facts, tracks: set[str]) -> list[ClockFacts]:
    """Running clocks of some track instances."""
    return [c for c in facts.clocks if c.running and c.track in tracks]


def _clocks_ending(
    p: Procedure, facts: Facts, f: Follows, track: str, asked: Asked
) -> Iterator[Effect]:
    seen: set[int] = set()
    for ends, branches in ((effects.ClockMet, f.meets), (effects.ClockStopped, f.stops)):
        for branch in branches:
            if not branch_taken(branch.when, facts, asked):
                continue
            rule = p.clocks.get(branch.to)
            for clock in _named(facts, branch.to, track, f.ends):
                if clock.id not in seen and (rule is None or _meant(rule, clock, asked)):
                    seen.add(clock.id)
                    yield ends(clock.id, clock.rule)


def _meant(rule: ClockRule, clock: ClockFacts, asked: Asked) -> bool:
    """Whether a step that names an entry or a paper means this clock; one that names none means all
    of its rule."""
    entry = int(asked.get(rule.entry) or 0) if rule.entry else 0
    paper = int(asked.get("paper") or 0) if rule.of_paper else 0
    return entry in (0, clock.seq) and paper in (0, clock.paper)


def _clocks_changing(
    p: Procedure, facts: Facts, f: Follows, track: str, asked: Asked, on: date
) -> Iterator[Effect]:
    for rule in f.pauses:
        for c in _named(facts, rule, track):
            if c.state == "open":
                yield effects.ClockPaused(c.id, c.rule)
    for rule in f.resumes:
        for c in _named(facts, rule, track):
            if c.state == "paused":
                yield _resumed(p, facts, c, on)
    clock = facts.clock(f.extends, track) if f.extends else None
    if clock and clock.running:
        yield _extended(facts, clock, asked)


def _unit(p: Procedure, facts: Facts, rule: str) -> Unit:
    setting = p.clocks[rule].setting
    return facts.settings.period(setting).unit if setting else Unit.DAY


def _resumed(p: Procedure, facts: Facts, clock: ClockFacts, on: date) -> Effect:
    """Its whole life anew, so that a last day off moves once; where a paper fixed the last day,
    from that day."""
    pauses = (*clock.pauses[:-1], (clock.pauses[-1][0], on))
    if clock.period is not None:
        found = life(clock.start, clock.period, pauses, clock.extensions, facts.calendar)
    else:
        found = resumed(clock.due, pauses[-1][0], on, _unit(p, facts, clock.rule), facts.calendar)
    return effects.ClockResumed(clock.id, clock.rule, found.on, clock.due, found.provisional)


def _extended(facts: Facts, clock: ClockFacts, asked: Asked) -> Effect:
    """To the day that was asked for («until»), else by the period of the setting that was asked
    («by»)."""
    if asked.get("until"):
        last = date.fromisoformat(asked["until"])
        return effects.ClockExtended(clock.id, clock.rule, last, clock.due)
    period = facts.settings.period(asked["by"])
    found = due(clock.due, period, facts.calendar)
    return effects.ClockExtended(
        clock.id,
        clock.rule,
        found.on,
        clock.due,
        period.amount,
        period.unit.value,
        found.provisional,
    )


# -- clocks
def _clocks_starting(
    p: Procedure, facts: Facts, f: Follows, track: str, asked: Asked, on: date, paper: int | None
) -> Iterator[Effect]:
    """Each from the day of the act, or from the last day of the running clock that its rule comes
    ``after``."""
    # time dates its act a day after the end it notes
    on = facts.taking.counts_from or on
    running: dict[str, date] = {c.rule: c.due for c in facts.clocks if c.running}
    for branch in f.starts:
        if _begins(branch, facts, asked):
            rule = p.clocks[branch.to]
            begins = max(_issued(facts, rule.counts_from) or on, running.get(rule.after, date.min))
            started = _start(facts, rule, rule.track or track, asked, begins, paper)
            running[branch.to] = started.due
            yield started


def _begins(branch: Branch[ClockId], facts: Facts, asked: Asked) -> bool:
    """Whether a clock begins; what its paper has told or not told is not asked anew when it
    arrives."""
    told = facts.taking.told
    return (
        branch.to in told
        if told and branch.when in SETTLED_BY_THE_PAPER
        else branch_taken(branch.when, facts, asked)
    )


def _start(
    facts: Facts, rule: ClockRule, track: str, asked: Asked, on: date, paper: int | None
) -> effects.ClockStarted:
    """A clock that starts on ``on``: by its setting's period, or with the last day that was asked
    for."""
    version = facts.calendar.version
    fixed = asked.get(rule.asked) if rule.asked else None
    if isinstance(fixed, str) and "-" in fixed:
        last = date.fromisoformat(fixed)
        return effects.ClockStarted(rule.id, track, on, last, rule.basis, version, paper)
    told = facts.taking.told.get(rule.id)
    period = Period(int(fixed), Unit.DAY) if fixed else told or facts.settings.period(rule.setting)
    found = due(on, period, facts.calendar)
    return effects.ClockStarted(
        rule.id,
        track,
        on,
        found.on,
        rule.basis,
        version,
        paper,
        period.amount,
        period.unit.value,
        found.provisional,
    )


def moved_clocks(facts: Facts) -> Iterator[Effect]:
    """What today's calendar makes of the running clocks: those whose last day it moves, or makes
    certain or doubtful."""
    for clock in facts.clocks:
        if not clock.running or clock.period is None:
            continue
        found = life(clock.start, clock.period, clock.pauses, clock.extensions, facts.calendar)
        if (found.on, found.provisional) != (clock.due, clock.provisional):
            version = facts.calendar.version
            yield effects.ClockMoved(
                clock.id, clock.rule, found.on, clock.due, found.provisional, version
            )


def _issued(facts: Facts, kind: PaperId | Literal[""]) -> date | None:
    """The day of the newest paper of a kind."""
    paper = facts.paper(kind) if kind else None
    return paper.on if paper else None


# -- service
def _served_paper(
    p: Procedure, facts: Facts, step: Step, asked: Asked, on: date
) -> Iterator[Effect]:
    """What the step that issued a paper says shall follow from its service."""
    if "serve" not in step.does:
        return
    paper = next((x for x in facts.papers if x.id == int(asked.get("paper") or 0)), None)
    if paper is not None:
        yield from _notices_met(facts, paper)
        yield from plan_service(p, facts, paper, on)


def _notices_met(facts: Facts, paper: PaperFacts) -> Iterator[Effect]:
    """Public notices of that paper, and of no other, are over: it has arrived, or is deemed to."""
    begun = {
        a.seq for a in facts.done("serve_public") if int(a.asked.get("paper") or 0) == paper.id
    }
    ended = (c for c in facts.clocks if c.running and c.rule == NOTICE and c.seq in begun)
    yield from (effects.ClockMet(c.id, c.rule) for c in ended)


def plan_service(p: Procedure, facts: Facts, paper: PaperFacts, on: date) -> list[Effect]:
    """Effects of a paper's arrival, on the paper's own track, with what its issuing act asked."""
    issuing = p.steps[paper.step]
    act = next((a for a in facts.acts if a.seq == paper.seq), None)
    asked: Asked = act.asked if act else {}
    told = {
        e.rule: Period(e.amount, Unit(e.unit))
        for e in (act.effects if act else ())
        if isinstance(e, effects.PeriodTold)
    }
    # of several papers of an act: which one arrived
    facts = replace(facts, taking=Taking(served=paper.kind, told=told))
    return list(_follow(p, facts, issuing.on_service, paper.track, asked, on, paper.id))
