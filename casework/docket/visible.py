"""What a person may see, as SQL: every list, count, search, file, paper and act goes through
``visible_to``."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true
from sqlalchemy.orm import aliased

from casework.docket.models import DESTROYED, Assignment, Docket, Link, Recusal, Track
from casework.people.may import Scope
from casework.people.models import Interest
from casework.procedure.kinds import ALL, NONE, kinds

DECIDED = ("serve", "effective", "closed", "archived")
PUBLIC_TRACKS = ("publication", "dishonesty")


_tied = or_(  # a declared tie and a docket are about the same unit, by its name or by its code
    and_(Docket.folded_title != "", Interest.folded_name == Docket.folded_title),
    and_(Docket.unit_code != "", Interest.folded_code == Docket.unit_code),
)


@lru_cache(maxsize=256)
def visible_to(scope: Scope) -> ColumnElement[bool]:
    """A condition on ``Docket``. Nobody sees another bureau's dockets, nor one they are recused
    from or whose respondent they declared a tie to, nor the tips behind a case they are recused
    from (who told of it is there), nor a destroyed one."""
    recused = exists().where(Recusal.docket_id == Docket.id, Recusal.person_id == scope.person_id)
    mine = Interest.person_id == scope.person_id
    free = or_(~exists().where(mine), ~exists().where(mine, _tied))  # the first is asked once
    behind = select(Link.from_id).join(Recusal, Recusal.docket_id == Link.to_id)
    behind = behind.where(
        Recusal.person_id == scope.person_id, Link.kind == "feeds", Link.until.is_(None)
    )
    of_kinds = or_(
        *(
            and_(
                Docket.kind == kind.id,
                _seen(scope, kind.id),
                *([Docket.id.not_in(behind)] if kind.informant else []),
            )
            for kind in kinds().values()
        )
    )
    return and_(
        Docket.bureau_id == scope.bureau_id, of_kinds, Docket.stage != DESTROYED, ~recused, free
    )


def _seen(scope: Scope, kind: str) -> ColumnElement[bool]:
    """What the person sees of a kind. KeyError for a sight without SQL: fail closed."""
    sight = scope.sight(kind)
    if sight == ALL:
        return true()
    if sight == NONE:
        return false()
    return SQL[(kind, sight)](scope)


def _linked(scope: Scope) -> ColumnElement[bool]:
    """Those that feed a case assigned to the person."""
    case = aliased(Docket)
    return exists(
        select(Link.id)
        .join(case, case.id == Link.to_id)
        .join(Assignment, Assignment.docket_id == case.id)
        .where(
            Link.from_id == Docket.id,
            Link.kind == "feeds",
            Link.until.is_(None),
            Assignment.person_id == scope.person_id,
            Assignment.until.is_(None),
        )
    )


def _assigned(scope: Scope) -> ColumnElement[bool]:
    """Those assigned to the person."""
    return exists().where(
        Assignment.docket_id == Docket.id,
        Assignment.person_id == scope.person_id,
        Assignment.until.is_(None),
    )


def _decided(_scope: Scope) -> ColumnElement[bool]:
    """Those that are decided."""
    shown = exists().where(
        Track.docket_id == Docket.id, Track.kind.in_(PUBLIC_TRACKS), Track.ended.is_(False)
    )
    # what is on the list has to leave it, wherever the case stands by now
    return or_(Docket.stage.in_(DECIDED), shown)


# each sight of each kind of docket, but all and none (kinds.toml)
SQL: dict[tuple[str, str], Callable[[Scope], ColumnElement[bool]]] = {
    ("report", "linked"): _linked,
    ("case", "assigned"): _assigned,
    ("case", "decided"): _decided,
}


def sight_faults() -> list[str]:
    """Sights that have no SQL, for the start-up check."""
    wanted = [(kind.id, s) for kind in kinds().values() for s in kind.sights]
    return [
        f"kind {kind}: no SQL for «{s}»"
        for kind, s in wanted
        if s not in (ALL, NONE) and (kind, s) not in SQL
    ]
