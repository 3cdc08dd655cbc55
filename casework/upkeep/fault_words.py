"""Each fault that ``journal verify`` may find, as a sentence for the operator."""

from __future__ import annotations

from casework.docket.journal import Fault
from casework.people.lost_span import Loss
from casework.web.filters import local

_SAYS = {
    "broken": "{where}: entry {seq} is not what was written",
    "foreign": "{where}: entry {seq} was put in by somebody who has "
    "the database and not the key file",
    "missing": "{where}: entry {seq} is missing",
    "payload": "{where}: entry {seq} has other words than were written",
    "behind": "{where}: entries {seq} to {detail} are missing: a head was "
    "signed over them, and the database ends before. "
    "Where an older copy was brought back, «backup note» enters that; else they were cut off",
    "lost": "{where}: entry {seq}, which an anchor names, was lost when a "
    "copy was brought back: carry away a new one",
    "cut": "{where}: entry {seq} and what follows it are gone",
    "emptied": "{where}: the docket was emptied, and no destruction names it",
    "details": "{where}: entry {seq} has other details than were written",
    "entry": "{where}: entry {seq} stands for an entry that is gone or was changed",
    "unchained": "{where}: entry {seq} was put in beside the program",
    "signature": "{where}: entry {seq} is a head that this instance did not sign",
    "no head": "{where}: no signed head lies beside the database: heads.json is "
    "missing or damaged, or leaves this bureau out. "
    "Hold an anchor against the journal («journal verify --anchor»); "
    "then «journal sign-anew» signs it as it stands",
    "row": "{where}: entry {seq} and those before it made another row than stands there: {detail}",
    "row changed": "{where}: row {detail} is not what was entered last",
    "row overwritten": "{where}: row {detail} was not what was entered "
    "last when the program changed it",
    "row gone": "{where}: row {detail} is gone, and nothing was entered of that",
    "row put in": "{where}: row {detail} was put in beside the program",
    "unsealed": "{where}: row {seq}, or a role, card or key of it, is not what "
    "was sealed: whoever it is does not get in",
    "unplayable": "{where}: its {seq} entries cannot be played again: {detail}",
    "broke off": "{where}: the look at them broke off at something that nobody "
    "can read ({detail}), and goes no further",
    "file": "{where}: row {seq} names a sealed file that is missing or was changed: {detail}",
    "sums": "{where}: by its {seq} entries other sums are due than are kept: {detail}",
    "sums gone": "{where}: by its {seq} entries there are sums to be kept, and none are",
    "sums put in": "{where}: sums are kept that no entry gives",
    "number missing": "{where}: no entry took number {seq}, though later ones are taken",
    "number twice": "{where}: number {seq} was taken more than once",
    "number last": "{where}: the last number taken is {seq}, but the series stands at {detail}",
}


def fault_sentence(fault: Fault) -> str:
    """A sentence that says what does not hold, and where. Error: KeyError for a kind of fault that
    has no words."""
    return _SAYS[fault.what].format(where=fault.docket, seq=fault.seq, detail=fault.detail)


def loss(code: str, lost: Loss) -> str:
    """A sentence that says which entries a restored copy lacks. ``code``: the bureau's."""
    said = f"{code}: a copy of {local(lost.made)} was brought back on {local(lost.at)}: "
    if lost.known:
        return said + (
            f"entries {lost.place + 1} to {lost.known} are lost, the "
            f"last of them signed by {lost.known_at}"
        )
    return said + (
        f"what was entered between, from entry {lost.place + 1} on, "
        "is lost; how much that was is not known"
    )
