"""What stands in clear in the journals: codes, days, law and official numbers. Never a name, never
what somebody wrote."""

import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from casework.acts.facts import gather
from casework.docket.models import Act, Docket
from casework.people.models import Bureau
from casework.procedure.load import procedure
from casework.store import db
from casework.vault.sealing import vault

# ids, days, names of files, short codes
CODE = re.compile(r"[a-z0-9_.-]*|\d{4}-\d\d-\d\d|[0-9a-f]{32}|[2-9A-HJ-NP-Z]{8}")
NAMES = ("name", "person_name", "about", "subject", "contact", "representative")


def words(thing: Any) -> Iterator[str]:
    """Every text in a JSON value, keys too."""
    if isinstance(thing, dict):
        yield from thing
        thing = list(thing.values())
    if isinstance(thing, (list, tuple)):
        for part in thing:
            yield from words(part)
    elif isinstance(thing, str):
        yield thing


def no_name_and_no_free_text() -> None:
    """Every effect of every act at hand; and, as a second look, no name of a payload stands in what
    is in clear."""
    p = procedure()
    prefixes = "|".join(db.session.scalars(select(Bureau.prefix)))
    series = "|".join(
        {s.numbers for s in p.steps.values() if s.numbers}
        | {x.series for x in p.papers.values() if x.series}
    )
    number = re.compile(rf"({prefixes})({series})〔\d{{4}}〕\d+号")
    law = {c.basis for c in p.clocks.values()} | set(series.split("|"))
    for act in db.session.scalars(select(Act)):
        for word in words(act.effects):
            assert CODE.fullmatch(word) or number.fullmatch(word) or word in law, (act.step, word)
        assert re.fullmatch(r"[a-z0-9_-]+", f"{act.track}{act.step}{act.verb}"), act.step
    for docket in db.session.scalars(select(Docket)).all():
        clear = " ".join(w for a in docket_acts(docket) for w in words(a.effects))
        for name in names(docket):
            assert name not in clear, (docket.code, name)


def docket_acts(docket: Docket) -> list[Act]:
    return list(db.session.scalars(select(Act).where(Act.docket_id == docket.id)))


def names(docket: Docket) -> set[str]:
    """Names of persons and firms anywhere in the payloads."""
    found: set[str] = set()

    def look(thing: Any) -> None:
        if isinstance(thing, dict):
            found.update(str(thing[k]) for k in NAMES if isinstance(thing.get(k), str))
            for part in thing.values():
                look(part)
        elif isinstance(thing, list):
            for part in thing:
                look(part)

    for act in gather(db.session(), vault(), docket).acts:
        look(dict(act.asked))
    return {n for n in found if len(n) > 1}
