"""案卷评查: the points of ``review.toml``, each a pure function of the facts. True good, False missing, None does not apply."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from casework.procedure.checks.disclosure import publication_answered, publication_asked
from casework.procedure.checks.heard import WAIVED, heard_too_short
from casework.procedure.checks.hearing import pending
from casework.procedure.checks.review import discussed, due_for_panel, due_for_review, passed
from casework.procedure.checks.service import unserved
from casework.procedure.checks.signed import file_bound, files, signed_by, unreadable, unsigned
from casework.procedure.code_check import respondent_code, unsettled
from casework.procedure.facts import ActFacts, Facts
from casework.procedure.force import DECISIONS
from casework.procedure.interference import offences
from casework.procedure.load import procedure
from casework.procedure.model import Label
from casework.procedure.penalties import penalties, time_barred
from casework.procedure.terms import SubjectKind

FILE = Path(__file__).with_name("review.toml")
Test = Callable[[Facts], bool | None]
TESTS: dict[str, Test] = {}
EVIDENCE = ("verify_figures", "on_site_record", "interview", "add_evidence", "obstruction")
WITH_TWO = ("on_site_record", "interview", "verify_figures", "preserve", "obstruction")


@dataclass(frozen=True)
class Point:
    """One point: what must be so, its article, and where to look or what to do when it is not."""

    test: str
    area: str
    name: Label
    basis: str
    cure: str = ""
    at: str = ""
    lacking: Label | None = None  # what is so where it is not good; else «missing»


@dataclass(frozen=True)
class Verdict:
    """A point with its answer for one case."""

    point: Point
    good: bool | None


@cache
def points() -> tuple[Point, ...]:
    """All points in the order of the file; KeyError for one that names an unknown test, area or step."""
    raw = tomllib.loads(FILE.read_text("utf-8"))
    made = tuple(
        Point(
            r["test"], r["area"], Label(r["zh"], r["en"]), r["basis"], r.get("cure", ""), r.get("at", ""),
            Label(**r["lacking"]) if "lacking" in r else None,
        )
        for r in raw["point"]
    )  # fmt: skip
    for p in made:
        TESTS[p.test], raw["area"][p.area], procedure().steps[p.cure or "close"]
    return made


@cache
def areas() -> dict[str, Label]:
    """Names of the seven areas."""
    return {k: Label(v["zh"], v["en"]) for k, v in tomllib.loads(FILE.read_text("utf-8"))["area"].items()}


def review(facts: Facts) -> list[Verdict]:
    """Every point of one case."""
    return [Verdict(p, TESTS[p.test](facts)) for p in points()]


def score(verdicts: list[Verdict]) -> int:
    """Per cent of the points that apply and are good; 100 when none applies."""
    applying = [v for v in verdicts if v.good is not None]
    return round(100 * sum(bool(v.good) for v in applying) / len(applying)) if applying else 100


def point(fn: Test) -> Test:
    """Register a test under the function's own name."""
    TESTS[fn.__name__] = fn
    return fn


def _decision(facts: Facts) -> ActFacts | None:
    return facts.last(*DECISIONS)


def _penalty(facts: Facts) -> ActFacts | None:
    """The decision of the ordinary procedure that imposes a penalty."""
    return facts.last("decide_penalty")


# -- subject
@point
def respondent_identified(facts: Facts) -> bool | None:
    """Name and address; a code for everybody but persons and state organs."""
    party = facts.party
    if party is None:
        return False
    needs_code = party.kind not in (SubjectKind.PERSON, SubjectKind.STATE_ORGAN)
    return bool(party.name and party.address and (respondent_code(facts).text or not needs_code))


@point
def code_right(facts: Facts) -> bool | None:
    """What stands as the respondent's code is one, or a person confirmed it; asked where there is any."""
    code = respondent_code(facts)
    return not unsettled(facts, code) if code.text else None


@point
def competent_officers(facts: Facts) -> bool | None:
    """Two officers are assigned, none recused."""
    return len([p for p in facts.officers if not p.recused and p.cards]) >= 2


# -- facts
@point
def facts_recorded(facts: Facts) -> bool | None:
    """A table of figures, or the reason for none."""
    return bool(facts.figures or facts.value("no_figures"))


@point
def evidence_of_two_kinds(facts: Facts) -> bool | None:
    """Acts of at least two kinds that bring evidence; asked once something was decided to be penalised."""
    if _penalty(facts) is None:
        return None
    return len({a.step for a in facts.done() if a.step in EVIDENCE}) >= 2


@point
def conclusion_reached(facts: Facts) -> bool | None:
    """An investigation report whose violations say what and when."""
    if not facts.did("file"):
        return None
    return facts.did("investigation_report") and all(v.get("what") and v.get("conduct_end") for v in facts.violations)


# -- basis
@point
def articles_in_force(facts: Facts) -> bool | None:
    """Each violation is one that the law knew on the day it ended."""
    if _penalty(facts) is None:
        return None
    known = penalties().violations
    return bool(facts.violations) and all(v.get("code") in known for v in facts.violations)


@point
def within_time_bar(facts: Facts) -> bool | None:
    """Found within two years of the end of the conduct."""
    rows = offences(facts.violations)
    if _penalty(facts) is None or not rows:
        return None
    ends = (date.fromisoformat(v["conduct_end"]) for v in rows)
    return not any(time_barred(end, facts.found_on) for end in ends)


# -- procedure
@point
def filed_first(facts: Facts) -> bool | None:
    """Filing comes before the end of the investigation."""
    ended, filed = facts.last("investigation_report"), facts.last("file")
    if ended is None:
        return None
    return filed is not None and filed.verb == "done" and any(a.seq < ended.seq for a in facts.done("file"))


@point
def cards_on_each_day(facts: Facts) -> bool | None:
    """Two officers present at each, with cards valid that day."""
    acts = [a for a in facts.done() if a.step in WITH_TWO]
    return all(_two_cards(facts, a) for a in acts) if acts else None


def _two_cards(facts: Facts, act: ActFacts) -> bool:
    present = [facts.people[int(i)] for i in act.asked.get("officers") or [] if int(i) in facts.people]
    return len([p for p in present if p.card_on(act.on)]) >= 2


@point
def told_before(facts: Facts) -> bool | None:
    """A prior notice was served no later than the decision was made."""
    decided = _penalty(facts)
    if decided is None:
        return None
    served = [p.served for p in facts.papers if p.kind == "prior_notice" and p.served and not p.served.failed]
    return any(s.seq < decided.seq for s in served)


@point
def heard(facts: Facts) -> bool | None:
    """The defence was heard, given up or its days ran out before the decision, and no hearing is still to come."""
    if _penalty(facts) is None:
        return None
    said = facts.did("defence_heard", "defence_waived", WAIVED)
    return said and not pending(facts) and heard_too_short(facts) is None and not _cut_short(facts)


def _cut_short(facts: Facts) -> bool:
    """The days for the defence were noted as over while they still ran: its notice arrived later than was entered."""
    noted, clock = facts.last("defence_waived"), facts.clock("defence")
    return bool(noted and clock and clock.seq < noted.seq and noted.on <= clock.due)


@point
def reviewed(facts: Facts) -> bool | None:
    """A due legal review has passed."""
    return passed(facts) if _penalty(facts) is not None and due_for_review(facts) else None


@point
def discussed_where_due(facts: Facts) -> bool | None:
    """A due panel has agreed."""
    return discussed(facts) if _penalty(facts) is not None and due_for_panel(facts) else None


@point
def served_in_time(facts: Facts) -> bool | None:
    """The clock of service was met by its last day."""
    clock = facts.clock("serve")
    if _decision(facts) is None or clock is None:
        return None
    return clock.met_on is not None and clock.met_on <= clock.due


@point
def publication_settled(facts: Facts) -> bool | None:
    """Somebody has decided whether the penalty is shown."""
    return publication_answered(facts) if publication_asked(facts) else None


@point
def no_limit_missed(facts: Facts) -> bool | None:
    """None of the bureau's own clocks ran out or was met too late."""
    rules = procedure().clocks
    own = [c for c in facts.clocks if rules[c.rule].owner == "bureau"]
    late = [c for c in own if c.missed(facts.today) or (c.state == "met" and c.met_on is not None and c.met_on > c.due)]
    return not late


# -- papers
@point
def papers_complete(facts: Facts) -> bool | None:
    """Every act that makes papers has left one that stands, numbered where its kind has numbers."""
    if not facts.did("file"):
        return None
    rules = procedure().papers
    standing = [p for p in facts.papers if p.state != "withdrawn"]
    numbered = all(p.number or not rules[p.kind].series for p in standing)
    must = {"filing_approval"} | ({"investigation_report", "prior_notice", "decision"} if _penalty(facts) else set())
    return numbered and must <= {p.kind for p in standing}


@point
def all_served(facts: Facts) -> bool | None:
    """Nothing waits for service."""
    return not unserved(facts)


@point
def sheets_signed(facts: Facts) -> bool | None:
    """Every sheet that must be signed came back signed, or it was said why not; asked once there is one."""
    asked = any(signed_by(p) for p in facts.papers if p.state != "withdrawn")
    return not unsigned(facts) if asked else None


# -- discretion
@point
def discretion_reasoned(facts: Facts) -> bool | None:
    """Reasons stand in the report or the decision."""
    return bool(str(facts.value("discretion") or "").strip()) if _penalty(facts) is not None else None


@point
def sum_lawful(facts: Facts) -> bool | None:
    """At most the ceiling of the violations, and at most what the notice told."""
    if _penalty(facts) is None or facts.party is None:
        return None
    ceiling = penalties().ceiling_of(facts.party.kind, facts.violations, str(facts.value("serious_ground") or ""))
    return facts.fine.fen <= min(facts.proposed_fine.fen, ceiling.fen if ceiling else 0)


# -- filing
@point
def bound_whole(facts: Facts) -> bool | None:
    """The whole file was bound as it stands. One that nobody has bound is not."""
    return file_bound(facts, {}, facts.today) is None


@point
def evidence_readable(facts: Facts) -> bool | None:
    """What came with the case can be read, as binding it has shown; asked once something came."""
    if not files(facts):
        return None
    return facts.bound is not None and facts.bound.fresh and not unreadable(facts)


@point
def proposal_and_decision_apart(facts: Facts) -> bool | None:
    """Every step with approvals was approved by somebody else."""
    done = [a for a in facts.done() if a.verb == "done"]
    return all(a.actor != a.asked["_proposer"] for a in done) if done else None


@point
def informants_told(facts: Facts) -> bool | None:
    """No real-name informant still waits."""
    named = [x for x in facts.links if x.kind == "report" and x.named]
    return all(x.stage == "answered" for x in named) if named else None
