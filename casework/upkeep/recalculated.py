"""What is calculated from the journals once more and compared: the money of each case, and the
official numbers, which have no gaps."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.acts import fines
from casework.acts.facts import PENALTIES, gather
from casework.archive import destroy, handover
from casework.archive.records import Destruction, Handover
from casework.docket import journal
from casework.docket.journal import Fault
from casework.docket.models import Act, Docket, Fine, Outbox
from casework.papers.models import Series
from casework.people.models import Bureau
from casework.procedure.fines import account
from casework.procedure.load import procedure
from casework.store import table
from casework.vault.sealing import Vault

Key = tuple[int, str, int]  # bureau, series, year
_PRINTED = re.compile(r".*〔([0-9]{4})〕([0-9]+)号")


# -- money
def sums(session: Session, vault: Vault, only: Collection[int] | None = None) -> Iterator[Fault]:
    """Cases whose kept sums are not those of their journal. ``only``: the dockets to look at (ids);
    None for all."""
    kept = {row["docket_id"]: dict(row) for row in session.execute(select(table(Fine))).mappings()}
    waiting = select(Outbox.docket_id).where(Outbox.topic == fines.TOPIC, Outbox.done_at.is_(None))
    left_out = set(session.scalars(waiting))
    levying = Docket.kind == procedure().kind_of(PENALTIES[0])
    dockets = select(Docket).where(levying, Docket.data_key != b"").order_by(Docket.id)
    for docket in session.scalars(journal.among(dockets, only)).yield_per(100):
        found = kept.pop(docket.id, None)
        if docket.id not in left_out:
            yield from _sums_of(session, vault, docket, found)
    if only is None:
        yield from (Fault(str(number), 0, "sums put in") for number in sorted(kept))


def _differing(now: Mapping[str, Any], kept: Mapping[str, Any]) -> list[str]:
    return [name for name, value in now.items() if kept[name] != value]


def _sums_of(
    session: Session, vault: Vault, docket: Docket, kept: Mapping[str, Any] | None
) -> Iterator[Fault]:
    where = docket.number or docket.code
    try:
        found = account(gather(session, vault, docket))
    except Exception as error:  # whatever rows and entries that were meddled with may bring about
        yield Fault(where, docket.last_seq, "unplayable", type(error).__name__)
        return
    now = fines.account_row(docket, found) if found else None
    if now is not None and kept is not None:
        if changed := _differing(now, kept):
            yield Fault(where, docket.last_seq, "sums", ", ".join(changed))
    elif now is not kept:
        yield Fault(where, docket.last_seq, "sums put in" if kept else "sums gone")


# -- numbers
def numbers(session: Session) -> Iterator[Fault]:
    """Series in which a number is missing or was taken twice, or that do not stand at their last
    number."""
    prefixes = {b.id: b.prefix for b in session.scalars(select(Bureau))}
    last = {(r.bureau_id, r.name, r.year): r.last for r in session.scalars(select(Series))}
    taken = _taken(session)
    for key in sorted(taken.keys() | last.keys()):
        count, (bureau, series, year) = taken.get(key, Counter()), key
        where, end = f"{prefixes.get(bureau, '')}{series}〔{year}〕", max(count, default=0)
        yield from (Fault(where, no, "number missing") for no in range(1, end + 1) if not count[no])
        yield from (Fault(where, no, "number twice") for no in sorted(count) if count[no] > 1)
        if last.get(key, 0) != end:
            yield Fault(where, end, "number last", str(last.get(key, 0)))


def _taken(session: Session) -> dict[Key, Counter[int]]:
    """How often each number was taken: by entries of dockets, which stay when a docket is
    destroyed, and by the archive's lists."""
    taken: dict[Key, Counter[int]] = {}
    acts = select(Docket.bureau_id, Act.effects).join(Docket, Docket.id == Act.docket_id)
    for bureau, effects in session.execute(acts).yield_per(1000):
        for e in effects:
            # whatever somebody has put there beside the program
            if isinstance(e, dict) and e.get("series") and e.get("no"):
                taken.setdefault((bureau, e["series"], e.get("year", 0)), Counter())[e["no"]] += 1
    for model, series in ((Handover, handover.SERIES), (Destruction, destroy.SERIES)):
        for bureau, number in session.execute(select(model.bureau_id, model.number)):
            if printed := _PRINTED.fullmatch(number):
                taken.setdefault((bureau, series, int(printed[1])), Counter())[int(printed[2])] += 1
    return taken
