"""What a file must hold before it is closed and put away: signed sheets, readable files, all of it
bound."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from casework.procedure.checks.registry import Refusal, check, refused_unless
from casework.procedure.facts import ActFacts, Asked, Facts, PaperFacts
from casework.procedure.ids import StepId
from casework.procedure.load import procedure
from casework.text import is_blank

NOT_BACK: StepId = "no_signed_copy"  # the step that says why a sheet has no signed copy
MENDED: StepId = "replace_copy"  # the step that puts something readable in a file's place
RECEIPT = "service_receipt"
PROVED: StepId = (
    "service_proof"  # the step that attaches what proves a service which nobody signs for
)
# ways of service that a slip or a record proves, not a signature (民诉法 §§90–91)
SLIPS = ("mail", "electronic")
# ways in which the service itself says who signed
SIGNED_FOR = ("direct", "entrusted", "forwarded")
MAY_REFUSE = ("party", "receiver")  # who may refuse to sign; officers and a panel may not


def signed_by(paper: PaperFacts) -> str:
    """Whose signature a sheet must bear beside the officers'; «» where nobody signs it by hand. A
    decision on the spot bears those of the officers, and the party's for its receipt (行政处罚法
    §52)."""
    on_the_spot = (paper.kind, paper.step) == ("decision", "on_the_spot")
    return "party" if on_the_spot else procedure().papers[paper.kind].signed


def unsigned(facts: Facts) -> list[PaperFacts]:
    """Papers that stand, must be signed by hand, and neither came back signed nor have a reason why
    not."""
    explained = {int(a.asked.get("paper") or 0) for a in facts.done(NOT_BACK)}
    explained |= _proved(facts)
    missing = (
        p for p in facts.papers if signed_by(p) and not p.signed_back and p.state != "withdrawn"
    )
    return [p for p in missing if p.id not in explained]


def _service_of(facts: Facts, paper: PaperFacts) -> ActFacts | None:
    """The service that a receipt is about: both stand in the same entry, or in that which set its
    day right."""
    acts = {a.seq: a for a in facts.done() if a.step in ("serve", "correct_service")}
    entry = acts.get(paper.seq) if paper.kind == RECEIPT else None
    return (
        acts.get(int(entry.asked.get("act") or 0))
        if entry and entry.step == "correct_service"
        else entry
    )


def _proved(facts: Facts) -> set[int]:
    """Receipts of services whose proof came with them or later; it stays theirs when their day is
    set right."""
    receipts = [(p.id, of) for p in facts.papers if (of := _service_of(facts, p)) is not None]
    later = {int(a.asked.get("paper") or 0) for a in facts.done(PROVED)}
    good = {of.seq for i, of in receipts if i in later or _came_with_proof(of)}
    return {i for i, of in receipts if of.seq in good}


def _came_with_proof(service: ActFacts) -> bool:
    return service.asked.get("method") in SLIPS and _readable_file(service.files)


def _readable_file(came: tuple[Mapping[str, Any], ...]) -> bool:
    return bool(came) and not any(f.get("unbound") for f in came)


def without_proof(facts: Facts) -> list[tuple[PaperFacts, ActFacts]]:
    """Receipts of services by mail or electronically that nothing proves yet, each with its
    service."""
    found = ((p, _service_of(facts, p)) for p in unsigned(facts))
    return [
        (p, service)
        for p, service in found
        if service is not None and service.asked.get("method") in SLIPS
    ]


@check
def copy_attached(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """A copy comes as a file that can be read."""
    return refused_unless(_readable_file(facts.taking.files))


@check
def service_proof_wanting(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """There is such a receipt."""
    return refused_unless(bool(without_proof(facts)))


@check
def service_proof_given(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """It is one of them, and what proves the service comes with the step (民诉法 §§90–91)."""
    return refused_unless(
        int(asked.get("paper") or 0) in {p.id for p, _of in without_proof(facts)}
        and _readable_file(facts.taking.files)
    )


def paper_name(paper: PaperFacts) -> str:
    """A paper by its name, and its number where it has one."""
    return f"{procedure().papers[paper.kind].name.zh}{paper.number}"


@check
def signed_papers_back(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """Every sheet that must be signed came back, or somebody who is not of the case said why it did
    not (处罚法 §47, §55)."""
    missing = list(dict.fromkeys(paper_name(p) for p in unsigned(facts)))
    return refused_unless(not missing, paper="、".join(missing))


@check
def signed_copy_missing(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """There is a sheet whose absence could be explained."""
    return refused_unless(bool(unsigned(facts)))


@check
def paper_lacks_copy(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """The chosen paper is one of them."""
    wanted = int(asked.get("paper") or 0)
    return refused_unless(wanted in {p.id for p in unsigned(facts)})


@check
def absence_proved(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """A refusal is the party's, has a witness or a recording, and stands beside no service that
    says who signed for the paper; a loss has its reason."""
    paper = next((p for p in facts.papers if p.id == int(asked.get("paper") or 0)), None)
    if paper is None or asked.get("why_unsigned") != "refused":
        return None  # refused as such; the reason of a loss is asked by the form
    service = _service_of(facts, paper)
    # said at the service: it names the signer
    took = service is not None and service.asked.get("method") in SIGNED_FOR
    theirs = signed_by(paper) in MAY_REFUSE and not took
    return refused_unless(theirs and not is_blank(str(asked.get("witness") or "")))


# -- files that came with acts
def files(facts: Facts) -> list[tuple[ActFacts, Mapping[str, Any]]]:
    """Files that came with the acts of a case, each with its act: name, digests, and whether it
    could be read then."""
    found = ((a, f) for a in facts.done() if a.step != MENDED for f in a.files)
    return list(found)


def title_of(act: ActFacts, file: Mapping[str, Any]) -> str:
    """What a file is called: what the entry says it is, else its own name."""
    return str(act.asked.get("title") or file["title"])


def mends(facts: Facts) -> dict[str, ActFacts]:
    """The newest act that put something in a file's place, by the digest of the file."""
    return {str(a.asked.get("file")): a for a in facts.done(MENDED)}


def unreadable_titles(facts: Facts) -> list[str]:
    """Titles of what cannot be bound: seen when it came in, or when the file was last bound; not
    what was mended since."""
    mended = mends(facts)
    seen = [
        title_of(a, f) for a, f in files(facts) if f.get("unbound") and f["sha256"] not in mended
    ]
    found = facts.bound.faults if facts.bound and facts.bound.fresh else ()
    return list(dict.fromkeys([*seen, *found]))


def to_mend(facts: Facts) -> list[tuple[str, str]]:
    """Digest and title of each file that cannot be bound. Where a binding names only a title that
    two files have, the one that was unreadable when it came in is meant."""
    mended, there = (
        mends(facts),
        [(str(f["sha256"]), title_of(a, f), bool(f.get("unbound"))) for a, f in files(facts)],
    )
    bad = [(digest, title) for digest, title, unbound in there if unbound and digest not in mended]
    left = set(unreadable_titles(facts)) - {title for _digest, title in bad}
    named = [
        (digest, title)
        for digest, title, _unbound in there
        if _meant(title, left, digest in mended)
    ]
    return list(dict.fromkeys([*bad, *named]))


def _meant(title: str, faults: set[str], mended: bool) -> bool:
    """By its title; the copy that mended a file bears the file's title and a word behind it."""
    return title in faults or (mended and any(fault.startswith(title) for fault in faults))


@check
def copy_wanting(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """Something that came with the case cannot be bound."""
    return refused_unless(bool(to_mend(facts)))


@check
def copy_given(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """The file is one that cannot be read: nobody takes a good one out of the file. A readable copy
    comes with the step, or it is said where the original is kept."""
    there = asked.get("file") in {digest for digest, _title in to_mend(facts)}
    good = (
        _readable_file(facts.taking.files)
        if asked.get("way") == "copy"
        else not is_blank(str(asked.get("kept_at") or ""))
    )
    return refused_unless(there and good)


# -- the bound file
@check
def file_readable(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """Nothing of it is known to be unreadable."""
    return refused_unless(
        not unreadable_titles(facts), found="、".join(f"《{t}》" for t in unreadable_titles(facts))
    )


@check
def file_bound(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """The whole file was bound, and nothing came to it since: its pages are counted (档案法实施条例
    §19)."""
    return refused_unless(facts.bound is not None and facts.bound.fresh and not facts.bound.failed)
