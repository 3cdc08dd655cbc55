"""Service of papers (民事诉讼法 §§87–95)."""

from __future__ import annotations

from datetime import date

from casework.procedure.checks.common import refused_unless
from casework.procedure.checks.registry import Refusal, check
from casework.procedure.facts import Asked, Facts, PaperFacts
from casework.procedure.load import procedure

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


def chosen(facts: Facts, asked: Asked) -> PaperFacts | None:
    """The paper that was asked for."""
    wanted = int(asked.get("paper") or 0)
    return next((p for p in facts.papers if p.id == wanted), None)


@check
def something_to_serve(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """A paper waits for service."""
    return refused_unless(bool(unserved(facts)))


@check
def paper_unserved(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """The chosen paper waits for service."""
    return refused_unless(chosen(facts, asked) in unserved(facts))


@check
def service_after_issue(facts: Facts, asked: Asked, on: date) -> Refusal | None:
    """Not before the day the paper was made."""
    paper = chosen(facts, asked)
    return refused_unless(paper is None or on >= paper.on, day=paper.on.isoformat() if paper else "")


@check
def method_proved(_facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """Each method has its proof: consent for electronic, reason and witness of a paper left behind, a number by mail."""
    lacking = [p for p in PROOFS.get(str(asked.get("method")), ("signer",)) if not str(asked.get(p) or "").strip()]
    return refused_unless(not lacking, proof=lacking[0] if lacking else "")


@check
def service_tried(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """Public notice only when other ways have failed to reach the party (民事诉讼法 §95)."""
    tried = {int(a.asked.get("paper") or 0) for a in facts.done("serve_failed")}
    return refused_unless(any(p.id in tried and _for_the_party(p) for p in facts.papers))


@check
def partys_paper(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """What goes to an informant or another body is never announced to the public."""
    paper = chosen(facts, asked)
    return refused_unless(paper is not None and _for_the_party(paper))


def _for_the_party(paper: PaperFacts) -> bool:
    """Papers for the party lie in the main volume of the file."""
    return procedure().papers[paper.kind].volume == "main"


@check
def window_runs(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """Time closes a window once, whoever else noticed it."""
    return refused_unless(any(c.id == int(asked.get("clock") or 0) and c.running for c in facts.clocks))
