"""What holds after whatever people did: somebody can go on, the journals give the same rows, the
public sees what they say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from sqlalchemy import select

from casework.acts.facts import gather
from casework.disclosure.models import DisclosureEntry
from casework.docket.models import Docket
from casework.procedure.checks.intake import RESULTS
from casework.procedure.decision_state import in_force, stayed
from casework.procedure.facts import Facts
from casework.procedure.load import procedure
from casework.procedure.offers import Offer, offers
from casework.procedure.ordinary import carries_on
from casework.store import db
from casework.vault.sealing import vault

OVER = {"answered", "declined", "archived", "destroyed"}  # of first tracks: nothing more is owed
# no way on
MENDING = {
    "correct_act",
    "correct_service",
    "annul_step",
    "change_party",
    "terminate",
    "replace_copy",
}
# lead back to the road
OPENING = {"resume", "send_back", "transfer_back", "case_back", "undo_absorb"}
# Rules of the second reading about what people did too late: the program tells them, and does not
# do it for them.
LATE = {
    "decided_in_time",
    "time_for_verification",
    "preserved_disposed_in_time",
    "archived_in_time",
    "shown_in_time",
    "served_in_time",
    "court_in_time",
    "spot_filed",
    "replies_awaited",
    "tip_judged_in_time",
    "informant_told",
}
# track → stage and clock of an entry on show
SHOWN = {"publication": ("shown", "show"), "dishonesty": ("listed", "listing")}


def standing_still(facts: Facts, others: Iterable[Facts] = ()) -> str:
    """Why nobody can carry the docket on, or one of its tracks; empty where somebody can. To end
    it, to annul and to correct is no way on. ``others``: the dockets it is linked with."""
    found = [o for p in facts.people.values() for o in offers(procedure(), facts, p)]
    for track in facts.tracks:
        over = track.stage in OVER if track.label == facts.main.label else track.ended
        if not over and not any(_ways(facts, track.label, found, others)):
            refused = {
                o.step.id: [r.check for r in o.refusals]
                for o in found
                if o.track == track.label and carries_on(o)
            }
            return f"{track.label} {track.stage} {refused}"
    return ""


def _ways(facts: Facts, label: str, found: list[Offer], others: Iterable[Facts]) -> Iterator[str]:
    """Steps that somebody can take, what waits for a day, what waits for another docket, a
    proposal."""
    p, main = procedure(), label == facts.main.label
    possible = {o.step.id for o in found if o.possible} - MENDING
    # officers may be two and unable: by a recusal, or a card that ran out
    officers_wanted = facts.humans(facts.officers) < 2 or any(
        p.checks[o.refusals[0].check].cure == "assign" for o in found if o.refusals
    )
    for o in found:
        here = o.track == label or (main and "serve" in o.step.does)
        another = _all_recused(facts, o)  # the office has to give the role to somebody else
        first = p.checks[o.refusals[0].check] if o.refusals and (o.mine or another) else None
        leads = carries_on(o) or o.step.id in OPENING or (o.step.id == "assign" and officers_wanted)
        free = o.possible or (another and not o.refusals)
        if (
            here
            and leads
            and (free or (first is not None and (first.page or first.cure in possible)))
        ):
            yield o.step.id
    for c in facts.clocks:
        waited_for = p.clocks[c.rule].owner != "bureau" or c.rule == "hearing_day"
        if (
            c.state == "open"
            and c.due >= facts.today
            and waited_for
            and c.track in (label, facts.main.label)
        ):
            yield c.rule
    yield from (f"proposal {x.step}" for x in facts.proposals if x.track == label)
    if facts.kind == "report":
        yield from (other.stage for other in others if other.stage not in RESULTS)
    elif main and any(
        r.check == "informants_answered" for o in found if o.mine for r in o.refusals
    ):
        # the tip's informant is answered there
        yield from (other.number for other in others if other.stage not in OVER)
    elif not main and facts.open_tracks("remedy"):
        yield "remedy"


def _all_recused(facts: Facts, o: Offer) -> bool:
    """Whoever has the role of a step is recused: somebody else gets it, on a page of the office (行
    政处罚法 §43)."""
    holders = [p for p in facts.people.values() if p.roles & set(o.step.roles)]
    return bool(holders) and all(p.recused for p in holders)


def linked(facts: Facts) -> list[Facts]:
    """The dockets that a docket is linked with, as they stand."""
    rows = [db.session.get_one(Docket, x.id) for x in facts.links]
    return [gather(db.session(), vault(), row) for row in rows if row.data_key]


def public_differs(today: date) -> list[str]:
    """Where the public list is not what the journals say it is. Asked after a round of time, which
    passes on what acts told."""
    db.session.rollback()
    db.session.expire_all()
    there = {
        (e.docket_id, e.track)
        for e in db.session.scalars(select(DisclosureEntry).where(DisclosureEntry.state == "shown"))
        if e.shown_from <= today <= e.shown_until
    }
    said = set()
    for docket in db.session.scalars(
        select(Docket).where(Docket.kind == "case", Docket.data_key != b"")
    ):
        if any(kind in docket.tracks for kind in SHOWN) or any(
            x == docket.id for x, _track in there
        ):
            facts = gather(db.session(), vault(), docket)
            said |= {(docket.id, t.label) for t in facts.tracks if _on_show(facts, t.label, today)}
    return [
        *(f"shown and not said: {x}" for x in sorted(there - said)),
        *(f"not shown: {x}" for x in sorted(said - there)),
    ]


def _on_show(facts: Facts, label: str, today: date) -> bool:
    """Whether the journal says that an entry of this track is on show."""
    track = facts.track(label)
    if (
        track is None
        or track.kind not in SHOWN
        or track.ended
        or not in_force(facts)
        or stayed(facts)
    ):
        return False
    stage, rule = SHOWN[track.kind]
    return track.stage == stage and any(
        c.rule == rule and c.track == label and c.due >= today for c in facts.clocks
    )
