"""What a person may see, as SQL: every list, count, search, file, paper and act goes through
``visible_to``."""

from __future__ import annotations

from functools import lru_cache

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true
from sqlalchemy.orm import aliased

from casework.docket.models import DESTROYED, Assignment, Docket, Link, Recusal, Track
from casework.people.may import Scope
from casework.people.models import Interest

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
    kinds = or_(
        and_(Docket.kind == "report", _reports(scope), Docket.id.not_in(behind)),
        and_(Docket.kind == "case", _cases(scope)),
    )
    return and_(
        Docket.bureau_id == scope.bureau_id, kinds, Docket.stage != DESTROYED, ~recused, free
    )


def _reports(scope: Scope) -> ColumnElement[bool]:
    """All, none, or those that feed a case assigned to the person."""
    if scope.reports == "all":
        return true()
    if scope.reports != "linked":
        return false()
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


def _cases(scope: Scope) -> ColumnElement[bool]:
    """All, none, those assigned, or those that are decided."""
    if scope.cases == "all":
        return true()
    if scope.cases == "assigned":
        return exists().where(
            Assignment.docket_id == Docket.id,
            Assignment.person_id == scope.person_id,
            Assignment.until.is_(None),
        )
    if scope.cases != "decided":
        return false()
    shown = exists().where(
        Track.docket_id == Docket.id, Track.kind.in_(PUBLIC_TRACKS), Track.ended.is_(False)
    )
    # what is on the list has to leave it, wherever the case stands by now
    return or_(Docket.stage.in_(DECIDED), shown)
