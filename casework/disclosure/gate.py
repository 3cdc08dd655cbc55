"""The only way from a stored entry to what anybody sees of it: pages and files alike take entries
from here.

It looks at what is stored, whenever and by whomever it was stored, and fails closed: a code that is
no code of a unit, or a doubtful one that nobody has confirmed, is not shown, and numbers and
addresses of human beings are blacked out in every word (个人信息保护法 §25).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from casework.disclosure.models import DisclosureEntry
from casework.procedure.codes import CodeState, unit_code, without_identity_numbers
from casework.procedure.personal import blacked_out


@dataclass(frozen=True)
class PublicEntry:
    """An entry as the public may see it; ``public()`` alone makes one."""

    id: int
    bureau_id: int
    kind: str
    name: str
    credit_code: str  # folded; "" where there is none that may be shown
    township: str
    fields: Mapping[str, Any]
    shown_from: date
    shown_until: date


@dataclass(frozen=True)
class Withdrawn:
    """What is said of an entry that was withdrawn (行政处罚法 §48): which decision, when and why;
    no name and no accusation."""

    id: int
    bureau_id: int
    kind: str
    number: str  # of the determination on the list of dishonesty, else of the penalty decision
    on: str  # ISO day; "" for those of before it was kept
    by: str  # whose doing: reconsideration · court · bureau
    result: str  # of the remedy: set_aside · redo · changed · unlawful
    reason: str  # the bureau's own, where it withdrew the entry itself


def withdrawn(entry: DisclosureEntry) -> Withdrawn:
    """What may be said of a withdrawn entry (行政处罚法 §48); nothing else of the row is read."""
    said = cleared(entry.fields.get("withdrawn") or {})
    number = cleared(str(entry.fields.get("determination") or entry.fields.get("decision") or ""))
    by, result = str(said.get("by") or ""), str(said.get("result") or "")
    reason = str(said.get("reason") or "") if by == "bureau" else ""
    return Withdrawn(
        entry.id, entry.bureau_id, entry.kind, number, str(said.get("on") or ""), by, result, reason
    )


def public(entry: DisclosureEntry) -> PublicEntry:
    """The entry as it may be seen, with personal numbers blacked out."""
    code = public_code(entry)
    hidden = "" if code else unit_code(entry.credit_code).text
    return PublicEntry(
        entry.id,
        entry.bureau_id,
        entry.kind,
        cleared(entry.name, code, hidden),
        code,
        entry.township,
        cleared(entry.fields, code, hidden),
        entry.shown_from,
        entry.shown_until,
    )


def public_code(entry: DisclosureEntry) -> str:
    """The credit code where it is good, or doubtful and confirmed by a person; else ""."""
    code = unit_code(entry.credit_code)
    sure = code.state is CodeState.GOOD or (
        code.state is CodeState.DOUBTFUL and entry.code_confirmed
    )
    return code.text if sure else ""


def cleared(value: Any, code: str = "", hidden: str = "") -> Any:
    """A value (text, or lists and mappings of it) with numbers of human beings blacked out.
    ``code``: the unit's own, which stays; ``hidden``: one that is not shown, which goes."""
    if isinstance(value, str):
        return blacked_out(without_identity_numbers(value, code, hidden), code)
    if isinstance(value, Mapping):
        return {k: cleared(v, code, hidden) for k, v in value.items()}
    if isinstance(value, list):
        return [cleared(v, code, hidden) for v in value]
    return value if value is None or isinstance(value, bool) or _small(value) else ""


def _small(value: Any) -> bool:
    """A sum or a count: fewer digits than any number of a human being."""
    return isinstance(value, int) and abs(value) < 10**14
