"""Service of papers (民事诉讼法 §§87–95)."""

from __future__ import annotations

from datetime import date

from casework.procedure.checks.registry import Refusal, check, refused_unless
from casework.procedure.facts import ActFacts, Asked, Facts, PaperFacts
from casework.procedure.load import procedure
from casework.text import is_blank

PROOFS = {  # what a method of service is proved by, as its step asks it
    "direct": ("signer",),
    "left": ("refused_reason", "witness"),
    "mail": ("tracking_no",),
    "electronic": ("consent",),
    "entrusted": ("signer",),
    "forwarded": ("signer",),
}


def unserved(facts: Facts) -> list[PaperFacts]:
    """Issued papers that have to be served and have not arrived."""
    rules = procedure().papers
    return [p for p in facts.papers if p.state == "issued" and rules[p.kind].served]


def chosen_paper(facts: Facts, asked: Asked) -> PaperFacts | None:
    """The paper that was asked for."""
    wanted = int(asked.get("paper") or 0)
    return next((p for p in facts.papers if p.id == wanted), None)


def services(facts: Facts) -> list[tuple[ActFacts, PaperFacts]]:
    """Services that somebody entered and that hold, newest first: the entry and its paper."""
    found = ((a, chosen_paper(facts, a.asked)) for a in facts.done("serve"))
    return [
        (a, p)
        for a, p in reversed(list(found))
        if p is not None and p.served is not None and p.served.seq == a.seq
    ]


def service_of(facts: Facts, asked: Asked) -> tuple[ActFacts, PaperFacts] | None:
    """The service that a correction names."""
    return next(((a, p) for a, p in services(facts) if a.seq == int(asked.get("act") or 0)), None)


@check
def something_served(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """A service was entered, so that its day can be wrong; what time itself deemed served follows
    its public notice."""
    return refused_unless(bool(services(facts)))


@check
def service_named(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """The entry named is such a service."""
    return refused_unless(service_of(facts, asked) is not None)


@check
def right_day_of_service(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """Another day than the one entered, not before the paper was made and not to come."""
    found, right = service_of(facts, asked), str(asked.get("corrected_on") or "")
    if found is None:
        return None  # refused as such
    act, paper = found
    good = (
        bool(right)
        and paper.on <= date.fromisoformat(right) <= facts.today
        and right != act.on.isoformat()
    )
    return refused_unless(good, day=paper.on.isoformat())


@check
def something_to_serve(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """A paper waits for service."""
    return refused_unless(bool(unserved(facts)))


@check
def paper_unserved(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """The chosen paper waits for service."""
    return refused_unless(chosen_paper(facts, asked) in unserved(facts))


@check
def service_after_issue(facts: Facts, asked: Asked, on: date) -> Refusal | None:
    """Not before the day the paper was made."""
    paper = chosen_paper(facts, asked)
    return refused_unless(
        paper is None or on >= paper.on, day=paper.on.isoformat() if paper else ""
    )


@check
def method_proved(_facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """Each method has its proof: consent for electronic, reason and witness of a paper left behind,
    a number by mail."""
    lacking = [
        p
        for p in PROOFS.get(str(asked.get("method")), ("signer",))
        if is_blank(str(asked.get(p) or ""))
    ]
    return refused_unless(not lacking, proof=lacking[0] if lacking else "")


@check
def service_tried(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """Public notice only when other ways have failed to reach the party (民事诉讼法 §95)."""
    return refused_unless(any(_for_the_party(p) and _tried(facts, p) for p in unserved(facts)))


@check
def this_paper_tried(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """This very paper could not be brought to the party; what failed before it was made says
    nothing of it (§95)."""
    paper = chosen_paper(facts, asked)
    return refused_unless(paper is None or not _for_the_party(paper) or _tried(facts, paper))


def _tried(facts: Facts, paper: PaperFacts) -> bool:
    """A service of that paper failed, or one of another paper of the party since that one was made,
    where it is now."""
    kinds = {p.id: _for_the_party(p) for p in facts.papers}
    failed = ((a, int(a.asked.get("paper") or 0)) for a in facts.done("serve_failed"))
    tries = [a for a, of in failed if of == paper.id or (kinds.get(of) and a.seq > paper.seq)]
    return any(_address(facts, a.seq) == _address(facts) for a in tries)


def _address(facts: Facts, before: int | None = None) -> str:
    """The respondent's address on record, now or when an entry was made."""
    known = [
        a.asked["party"]
        for a in facts.done()
        if a.asked.get("party") and (before is None or a.seq < before)
    ]
    return str(known[-1].get("address") or "") if known else ""


@check
def partys_paper(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """What goes to an informant or another body is never announced to the public."""
    paper = chosen_paper(facts, asked)
    return refused_unless(paper is not None and _for_the_party(paper))


def _for_the_party(paper: PaperFacts) -> bool:
    """Papers for the party lie in the main volume of the file."""
    return procedure().papers[paper.kind].volume == "main"


@check
def window_runs(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """Time closes a window once, whoever else noticed it."""
    return refused_unless(
        any(c.id == int(asked.get("clock") or 0) and c.running for c in facts.clocks)
    )
