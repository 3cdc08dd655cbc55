"""What an entry of the public lists says, made from the record of its case. Pure.

The same words are searched when they are proposed and when they are published, and then shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from casework.procedure.as_decided import dishonesty_ground
from casework.procedure.checks.decision import law_amounts_chosen
from casework.procedure.codes import without_identity_numbers
from casework.procedure.decision_state import lost_by
from casework.procedure.facts import Asked, Facts, TrackFacts
from casework.procedure.interference import offences
from casework.procedure.model import Step
from casework.procedure.penalties import penalties
from casework.procedure.personal import personal, plain, texts

# tracks and the list that they lead to
KINDS = {"publication": "penalty", "dishonesty": "dishonesty"}
# effects after which an entry says something new
SHOWS = frozenset({"publish_entry", "list_entry", "mend_entry"})
# 统计法实施条例 §38: nothing says that anybody reported
OF_A_TIP = ("举报", "检举", "揭发", "投诉", "线索", "信访")


def entry_fields(facts: Facts, kind: str, track: str, asked: Asked | None = None) -> dict[str, Any]:
    """The public fields, and nothing else (国统字〔2023〕49号 §6; 国统字〔2019〕33号 §14).

    `kind`: "penalty" or "dishonesty"; the typed words are those of `track`. `asked`: of an act
    about to be taken.
    """
    decision, party = facts.paper("decision"), facts.party
    act = facts.last("decide_penalty", "on_the_spot")
    decided = act.asked if act else {}
    kept = not law_amounts_chosen(facts)
    articles = (
        [penalties().basis(party.kind, v, decided, kept) for v in offences(facts.violations)]
        if party
        else []
    )
    found = {
        "address": party.address if party else "",
        "representative": party.representative if party else "",
        "decision": decision.number if decision else "",
        "decided_on": decision.on.isoformat() if decision else "",
        "facts": summary_of(facts, track, asked),
        "basis": "、".join(dict.fromkeys(articles)),
        "kinds": list(decided.get("kinds") or []),
        "fine_fen": facts.fine.fen,
        "bureau": facts.bureau.name,
        "list": kind,
    }
    return found | _determination(facts, track) if kind == "dishonesty" else found


def _determination(facts: Facts, track: str) -> dict[str, str]:
    """What an entry of dishonesty says of its own determination: number, day, ground, and when
    repair may be asked for."""
    made = [
        p
        for p in facts.papers
        if p.kind == "dishonesty_decision" and p.track == track and p.state != "withdrawn"
    ]
    earliest = facts.clock("listing_earliest", track)
    return {
        "determination": made[-1].number if made else "",
        "determined_on": made[-1].on.isoformat() if made else "",
        "ground": dishonesty_ground(facts),
        "repair_from": earliest.due.isoformat() if earliest else "",
    }


def summary_of(facts: Facts, track: str, asked: Asked | None = None) -> str:
    """The facts as shown: the newest words of the track; an objection that changed nothing gives
    none."""
    said = [*(a.asked for a in facts.done(track=track)), asked or {}]
    found = [
        str(words["summary"])
        for words in said
        if words.get("summary") and words.get("result") != "kept"
    ]
    return found[-1] if found else ""


def words_for_all(facts: Facts, step: Step, track: str, asked: Asked) -> list[str]:
    """Every text that everybody may read once the step has taken effect; none where it leads to no
    public page."""
    own = list(texts([asked.get(name) for name in step.public]))
    if (
        step.track not in KINDS
        or not (step.public or SHOWS & set(step.does))
        or "withdraw_entry" in step.does
    ):
        return own  # a withdrawal shows no word of the entry any more
    party = facts.party
    name = [party.name] if party else []
    return [*own, *name, *texts(entry_fields(facts, KINDS[step.track], track, asked))]


def taken_off(facts: Facts, track: TrackFacts) -> bool:
    """The decision was taken away after the entry was shown: the public sees it no more, whatever
    was recorded since."""
    first = max(
        (a.seq for a in facts.done(track=track.label) if a.step in ("publish", "list_entry")),
        default=0,
    )
    end = lost_by(facts)
    return end is not None and end.seq > first


def numbers_in(strings: list[str], code: str) -> frozenset[str]:
    """Numbers and addresses of human beings in public words; `code` is the unit's own, which
    stays."""
    found: set[str] = set()
    for text in strings:
        found |= personal(text) - {code}
        if without_identity_numbers(text, code) != text:
            found |= set(re.findall(r"[\dXx]{15,18}", plain(text))) or {"…"}
    return frozenset(found)


def named_in(facts: Facts, typed: list[str]) -> Iterator[str]:
    """Staff whose names stand in typed words; a firm's own name or its representative's may be the
    same."""
    party = facts.party
    own = plain(f"{party.name} {party.representative}") if party else ""
    said = plain(" ".join(typed))
    for person in facts.people.values():
        name = plain(person.name)
        if len(name) > 1 and name in said and name not in own:
            yield person.name
