"""The journal of a docket by kind of entry: everything, papers, decisions on proposals, what time
did."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask_babel import gettext as _

from casework.procedure.effects import PaperMade, StageReached, TrackEnded, TrackOpened
from casework.procedure.facts import ActFacts

JUDGED = frozenset({"propose", "approve", "done", "return", "withdraw"})
_KINDS: dict[str, Callable[[ActFacts], bool]] = {
    "papers": lambda a: any(isinstance(e, PaperMade) for e in a.effects),
    "approvals": lambda a: a.verb in JUDGED,
    "stages": lambda a: any(
        isinstance(e, (StageReached, TrackOpened, TrackEnded)) for e in a.effects
    ),
    "system": lambda a: a.actor is None,
}


def of_kind(acts: Sequence[ActFacts], kind: str) -> list[ActFacts]:
    """The entries of a kind, oldest first; all of them for a word that is none."""
    wanted = _KINDS.get(kind)
    return [a for a in acts if wanted(a)] if wanted else list(acts)


def kinds_of_entries(acts: Sequence[ActFacts]) -> list[tuple[str, str, int]]:
    """Each kind that there is something of: its id, name and number of entries."""
    names = {
        "": _("all"),
        "papers": _("with papers"),
        "approvals": _("proposals and approvals"),
        "stages": _("changes of stage"),
        "system": _("by time itself"),
    }
    return [(k, name, n) for k, name in names.items() if (n := len(of_kind(acts, k)))]
