"""Asking for, announcing and holding a hearing (处罚法 §§63–65)."""

from __future__ import annotations

from datetime import date, timedelta

from casework.procedure.checks.decision import hearing_may_be_asked
from casework.procedure.checks.heard import (
    USES,
    WAIVED,
    day_of,
    defences,
    gives_up,
    in_time,
    notice_told,
    since_notice,
    waiver_proved,
    window,
)
from casework.procedure.checks.registry import Refusal, check, condition, refused_unless
from casework.procedure.clock_rules import backward
from casework.procedure.facts import (
    NOTICES,
    ActFacts,
    Asked,
    Facts,
    PersonFacts,
    ServiceFacts,
)
from casework.procedure.ids import StepId
from casework.procedure.load import procedure
from casework.procedure.remedies import DECISIONS
from casework.text import is_blank

REPORTS: tuple[StepId, ...] = (
    "hearing_report",
    "hearing_report_instead",
)  # by the host, or in the host's place
# what ends a request, beside the party's waiver
ANSWERS: tuple[StepId, ...] = ("hearing_refuse", "hearing_given_up", *REPORTS)
# stages from which a request in time leads back to the hearing
AFTER_REVIEW = ("review", "panel", "decide")


def _since_notice(facts: Facts, *steps: str) -> ActFacts | None:
    """The newest act of some steps since the newest prior notice."""
    return next(reversed(since_notice(facts, *steps)), None)


def pending(facts: Facts) -> bool:
    """A hearing was asked for and neither held, refused nor given up: telling anew, or another
    round, answers no request."""
    asked = facts.last("hearing_request")
    answered = [a for step in ANSWERS for a in facts.done(step)]
    answered += [a for a in facts.done(WAIVED) if gives_up(a, "hearing")]
    return asked is not None and all(a.seq < asked.seq for a in answered)


@condition
def hearing_pending(facts: Facts, _asked: Asked) -> bool:
    """A hearing is still to be held."""
    return pending(facts)


@condition
def hearing_still_due(facts: Facts, asked: Asked) -> bool:
    """Asked for in time, and entered only after the defence was reviewed: what was posted on the
    last day."""
    return facts.stage in AFTER_REVIEW and in_time(facts, "hearing_request", day_of(facts))


@check
def hearing_pending_now(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """A hearing is still to be held."""
    return refused_unless(pending(facts))


@check
def defence_answered(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """What the party said within the days has been reviewed since (处罚法 §45), whether a hearing
    follows or not."""
    answered = _since_notice(facts, "defence_review")
    said = [a for a in defences(facts) if in_time(facts, "defence", a.on)]
    return refused_unless(not said or (answered is not None and answered.seq > said[-1].seq))


@check
def hearing_refusal_holds(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """The law leaves two grounds: it came after the days for asking (§64), or what is proposed
    opens no hearing (§63). Whoever was told of the right has it, whatever threshold the bureau sets
    afterwards."""
    request, clock = (
        facts.last("hearing_request"),
        window(facts, "hearing_request", notice_told(facts)),
    )
    entitled = clock is not None or hearing_may_be_asked(facts, {})
    late = (
        request is not None
        and clock is not None
        and request.on > clock.due
        and not _moved_by_a_word(facts, request)
    )
    holds = {"late": late, "not_entitled": not entitled}
    return refused_unless(
        holds.get(str(asked.get("ground")), False), day=clock.due.isoformat() if clock else "—"
    )


def _moved_by_a_word(facts: Facts, request: ActFacts) -> bool:
    """Whether the day of a request was corrected and nothing shows the right one: then nobody can
    say that it was late."""
    moved = [
        a
        for a in facts.done("correct_act")
        if int(a.asked["act"]) == request.seq and a.asked.get("corrected_on")
    ]
    return bool(moved) and is_blank(str(moved[-1].asked.get("proof") or ""))


@check
def right_not_taken_by_correction(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """A corrected day that takes a right from the party is shown by a document: a request that came
    in time is not made late, nor a window shorter by an earlier day of service, because somebody
    says so (处罚法 §45, §64)."""
    act = facts.entry_named(asked)
    day = str(asked.get("corrected_on") or "")
    if act is None or not day or not is_blank(str(asked.get("proof") or "")):
        return None
    right = date.fromisoformat(day)
    return refused_unless(not _made_late(facts, act, right) and not _shortened(facts, act, right))


def _made_late(facts: Facts, act: ActFacts, right: date) -> bool:
    """Whether what the party did in time would be late with the right day."""
    rule = next((rule for rule, step in USES.items() if step == act.step), "")
    told = window(facts, rule, notice_told(facts, act.seq)) if rule else None
    return told is not None and act.on <= told.due < right


def _shortened(facts: Facts, act: ActFacts, right: date) -> bool:
    """Whether the act is the service of the newest notice, and the right day is an earlier one."""
    notice = notice_told(facts)
    served = notice.served if notice else None
    return served is not None and served.seq == act.seq and right < act.on


@check
def partys_act_kept(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """A defence, or a request for a hearing, is the party's own: the entry is taken back only on a
    document that shows it was never made (处罚法 §45, §63)."""
    act = facts.entry_named(asked)
    own = act is not None and act.step in USES.values()
    return refused_unless(not own or not is_blank(str(asked.get("proof") or "")))


@check
def hearing_refusal_told(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """A refusal of the hearing has reached the party before it is decided (§63)."""
    paper = facts.paper("hearing_refusal")
    return refused_unless(paper is None or paper.state != "issued")


@condition
def at_the_hearing(facts: Facts, _asked: Asked) -> bool:
    """The case stands at the hearing."""
    return facts.stage == "hearing"


@check
def hearing_giving_up_proved(facts: Facts, asked: Asked, on: date) -> Refusal | None:
    """A hearing falls away by the party's own signed words, or because it stayed away on the day it
    was told (§64)."""
    day = _day_told(facts)
    if asked.get("how") == "absent":
        told = (
            hearing_notice_served(facts, asked, on) is None
            and told_in_time(facts, asked, on) is None
        )
        return refused_unless(bool(day) and told and on >= date.fromisoformat(day), day=day or "—")
    return refused_unless(
        waiver_proved(facts, {**asked, "rights": ["hearing"]}, on) is None, day=day or "—"
    )


@check
def hearing_not_yet_asked(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """Asked for once in a notice."""
    return refused_unless(_since_notice(facts, "hearing_request") is None)


@check
def seven_days_before(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """Seven whole working days lie between notice and hearing (§64)."""
    latest = _latest(facts, asked)
    return refused_unless(facts.today <= latest, latest=latest.isoformat())


def earliest(facts: Facts) -> date:
    """The first day for a hearing whose notice is served today."""
    day = facts.calendar.add_workdays(facts.today, facts.settings.period("hearing.notice").amount)
    while _latest(facts, {"hearing_on": day.isoformat()}) < facts.today:
        day = facts.calendar.next_workday(day + timedelta(days=1))
    return day


@check
def host_not_of_the_case(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """The host has a role that holds hearings, never investigated and is not recused (§64)."""
    host = facts.people.get(int(asked.get("host") or 0))
    return refused_unless(host is not None and host in hosts(facts))


def hosts(facts: Facts) -> list[PersonFacts]:
    """Who may hold a hearing of the case: of the roles of that step, or nobody could record it."""
    roles, own = set(procedure().steps["hearing_held"].roles), facts.investigators
    return [
        p for p in facts.people.values() if p.roles & roles and p.id not in own and not p.recused
    ]


@check
def hearing_notice_served(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """The party was told of the hearing by the newest notice."""
    newest = facts.paper("hearing_notice")
    return refused_unless(newest is not None and newest == facts.served("hearing_notice"))


@check
def told_in_time(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """The notice arrived seven whole working days before the day it names (§64)."""
    paper, notice = facts.served("hearing_notice"), facts.last("hearing_notice")
    if paper is None or paper.served is None or notice is None or paper.seq != notice.seq:
        return None  # not served at all: refused as such
    return refused_unless(
        paper.served.on <= _latest(facts, notice.asked), day=paper.served.on.isoformat()
    )


def _latest(facts: Facts, asked: Asked) -> date:
    """The latest day on which the party may be told of the hearing."""
    amount = facts.settings.period("hearing.notice").amount
    return backward(date.fromisoformat(asked["hearing_on"]), amount, facts.calendar).on


@check
def hearing_not_yet_held(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """Not held since the newest notice of a hearing, or not to its end."""
    called, session = facts.last("hearing_notice"), _since_notice(facts, "hearing_held")
    good = (
        session is None or adjourned(session) or (called is not None and session.seq < called.seq)
    )
    return refused_unless(good)


@check
def hearing_not_over(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """A hearing that was held to its end is reported, and not called again; one that was adjourned
    is."""
    session = _since_notice(facts, "hearing_held")
    return refused_unless(session is None or adjourned(session))


def adjourned(session: ActFacts) -> bool:
    """Whether a session of a hearing ended with its going on another day."""
    return session.asked.get("session") == "adjourned"


@check
def heard_after_due_notice(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """The hearing that was held since the newest prior notice, or given up by staying away, was
    told seven whole working days before, also by the day of service as it was set right (§64): else
    it was none, and the party is told anew."""
    session = _since_notice(facts, "hearing_held", "hearing_given_up")
    if session is None or session.asked.get("how") == "waived":
        return None
    calls = [a for a in facts.done("hearing_notice") if a.seq < session.seq]
    served = _call_served(facts, calls[-1]) if calls else None
    if served is None:
        return refused_unless(False, day="—")
    return refused_unless(served.on <= _latest(facts, calls[-1].asked), day=served.on.isoformat())


def _call_served(facts: Facts, call: ActFacts) -> ServiceFacts | None:
    """How the notice that calls a hearing arrived; None while it did not."""
    papers = [p for p in facts.papers if p.kind == "hearing_notice" and p.seq == call.seq]
    return papers[0].served if papers else None


@check
def on_the_day_told(facts: Facts, _asked: Asked, on: date) -> Refusal | None:
    """On the day that the newest notice names, neither before nor after: the party prepares for
    that day, and is told of another one seven working days before (§64)."""
    day = _day_told(facts)
    return refused_unless(not day or on == date.fromisoformat(day), day=day)


@check
def hearing_was_held(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """Held since the newest notice, and to its end."""
    session = _since_notice(facts, "hearing_held")
    return refused_unless(session is not None and not adjourned(session))


@check
def host_is_actor(facts: Facts, _asked: Asked, on: date) -> Refusal | None:
    """The host named in the notice records it; who was not of the case does, where the host is in
    office no more or was recused since: the hearing was held, and its record is the host's own
    (§64)."""
    actor, person = facts.actor, host_told(facts)
    gone = person is None or person.id not in {p.id for p in hosts(facts)}
    own = actor is not None and person is not None and actor.id == person.id
    instead = (
        actor is not None and gone and host_not_of_the_case(facts, {"host": actor.id}, on) is None
    )
    return refused_unless(own or instead, name=person.name if person else "—")


def host_told(facts: Facts) -> PersonFacts | None:
    """The host whom the newest notice of a hearing names."""
    notice = facts.last("hearing_notice")
    return facts.people.get(int(notice.asked.get("host") or 0)) if notice else None


def _may_report(facts: Facts) -> list[PersonFacts]:
    """Who could host the hearing, and has another leader who can approve the report on it."""
    leaders = [p.id for p in facts.people.values() if p.may("case.decide") and not p.recused]
    return [p for p in hosts(facts) if set(leaders) - facts.accounts_of(p.id)]


def _reporters(facts: Facts) -> list[PersonFacts]:
    """Who reports on the hearing: its host; where the host cannot, everybody else who may."""
    host, able = host_told(facts), _may_report(facts)
    return [host] if host is not None and host in able else able


@check
def host_reports(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """The host of the hearing writes the report on it: what was said there the host alone has heard
    and led (§64第八项). Who was not of the case does where the host has left, was recused, or is
    the only leader, who could not approve it."""
    host = host_told(facts)
    return refused_unless(facts.actor in _reporters(facts), name=host.name if host else "—")


@check
def stands_in_for_host(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """Somebody else who may report on the hearing, while its host is in office and cannot, such as
    by illness."""
    host = host_told(facts)
    others = [p for p in _may_report(facts) if p not in _reporters(facts)]
    return refused_unless(facts.actor in others, name=host.name if host else "—")


@check
def hearing_day_come(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """The day that the newest notice names has come: nobody records a hearing before it."""
    day = _day_told(facts)
    return refused_unless(not day or facts.today >= date.fromisoformat(day), day=day)


def _day_told(facts: Facts) -> str:
    """The day of the hearing by the newest notice; "" where there is none."""
    notice = facts.last("hearing_notice")
    return str(notice.asked.get("hearing_on") or "") if notice else ""


@condition
def hearing_to_be_called(facts: Facts, asked: Asked) -> bool:
    """A hearing is pending and no notice of one is under way to the party: none was made since it
    was asked for, the party was told too late, or the session was adjourned."""
    request, called = facts.last("hearing_request"), facts.last("hearing_notice")
    if request is None or called is None or called.seq < request.seq:
        return pending(facts)
    session = _since_notice(facts, "hearing_held")
    again = session is not None and session.seq > called.seq and adjourned(session)
    return pending(facts) and (again or told_in_time(facts, asked, facts.today) is not None)


@check
def hearing_done(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """No hearing is pending (§65)."""
    return refused_unless(not pending(facts))


def hearing_held(facts: Facts) -> ActFacts | None:
    """The hearing held since the newest notice."""
    return _since_notice(facts, "hearing_held")


def heard_this_round(facts: Facts) -> bool:
    """Whether the case went through a hearing since the decision before its newest notice: telling
    less afterwards, or sending the case back, does not undo that (处罚法 §58第二项)."""
    notice = facts.last(*NOTICES)
    before = [
        a.seq
        for a in facts.done()
        if a.step in DECISIONS and (notice is None or a.seq < notice.seq)
    ]
    return any(a.seq > max(before, default=0) for a in facts.done("hearing_held"))
