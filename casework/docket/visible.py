"""What a person may see, as SQL: every list, count, search, file, paper and act goes through
``visible_to``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select, true
from sqlalchemy.orm import aliased

from casework.docket.models import DESTROYED, Assignment, Docket, Link, Recusal, Track
from casework.people.may import Scope
from casework.people.models import Interest, Person
from casework.procedure.kinds import DocketKind, kinds
from casework.procedure.roles import NUMBER

DECIDED = ("serve", "effective", "closed", "archived")
PUBLIC_TRACKS = ("publication", "dishonesty")


def _tied(docket: type[Docket]) -> ColumnElement[bool]:
    """A declared tie and a docket are about the same unit, by its name or by its code."""
    return or_(
        and_(docket.folded_title != "", Interest.folded_name == docket.folded_title),
        and_(docket.unit_code != "", Interest.folded_code == docket.unit_code),
    )


_feeds = and_(Link.kind == "feeds", Link.until.is_(None))


@lru_cache(maxsize=256)
def visible_to(scope: Scope, by_number: bool = False) -> ColumnElement[bool]:
    """A condition on ``Docket``: those whose pages, words, files and papers the person may see;
    with ``by_number`` also those of which they see number, stage and deadline alone.

    Nobody sees another bureau's dockets, nor one they are recused from or whose respondent they
    declared a tie to, nor the tips behind such a case (who told of it is there, in whatever words
    they name the unit), nor a destroyed one."""
    recused = exists().where(Recusal.docket_id == Docket.id, Recusal.person_id == scope.person_id)
    mine = Interest.person_id == scope.person_id
    apart = and_(~exists().where(mine, _tied(Docket)), Docket.id.not_in(_behind_tied(mine)))
    free = or_(~exists().where(mine), apart)  # the first is asked once
    behind = select(Link.from_id).join(Recusal, Recusal.docket_id == Link.to_id)
    behind = behind.where(Recusal.person_id == scope.person_id, _feeds)
    of_kinds = or_(
        *(
            and_(
                Docket.kind == kind.id,
                true()
                if by_number and scope.level(kind.id) == NUMBER
                else SQL[scope.level(kind.id)](scope, kind),
                *([Docket.id.not_in(behind)] if kind.informant else []),
            )
            for kind in kinds().values()
        )
    )
    return and_(
        Docket.bureau_id == scope.bureau_id, of_kinds, Docket.stage != DESTROYED, ~recused, free
    )


def _behind_tied(mine: ColumnElement[bool]) -> Select[int]:
    """Ids of the tips that feed a case whose respondent the person declared a tie to."""
    case = aliased(Docket)
    fed = select(Link.from_id).join(case, case.id == Link.to_id)
    return fed.join(Interest, _tied(case)).where(mine, _feeds)


def _mine(scope: Scope) -> ColumnElement[bool]:
    return Assignment.person_id == scope.person_id


def _of_my_team(scope: Scope) -> ColumnElement[bool]:
    """Assigned to the person or to somebody of the same team; who is in none has no colleagues."""
    me, colleague = aliased(Person), aliased(Person)
    team = select(colleague.id).join(me, me.team == colleague.team)
    return or_(
        _mine(scope),
        Assignment.person_id.in_(team.where(me.id == scope.person_id, me.team != "")),
    )


def _in_hands(hands: ColumnElement[bool], kind: DocketKind) -> ColumnElement[bool]:
    """Dockets that are assigned to somebody; of a kind that feeds others, those that feed one that
    is."""
    held = (hands, Assignment.until.is_(None))
    if not kind.feeds:
        return exists().where(Assignment.docket_id == Docket.id, *held)
    case = aliased(Docket)
    return exists(
        select(Link.id)
        .join(case, case.id == Link.to_id)
        .join(Assignment, Assignment.docket_id == case.id)
        .where(Link.from_id == Docket.id, Link.kind == "feeds", Link.until.is_(None), *held)
    )


def _decided(_scope: Scope, _kind: DocketKind) -> ColumnElement[bool]:
    """Those that are decided."""
    shown = exists().where(
        Track.docket_id == Docket.id, Track.kind.in_(PUBLIC_TRACKS), Track.ended.is_(False)
    )
    # what is on the list has to leave it, wherever the case stands by now
    return or_(Docket.stage.in_(DECIDED), shown)


# what each level sees whole (procedure/roles.toml says what they mean)
SQL: Mapping[str, Callable[[Scope, DocketKind], ColumnElement[bool]]] = {
    "all": lambda _scope, _kind: true(),
    "team": lambda scope, kind: _in_hands(_of_my_team(scope), kind),
    "own": lambda scope, kind: _in_hands(_mine(scope), kind),
    "decided": _decided,
    NUMBER: lambda _scope, _kind: false(),
    "none": lambda _scope, _kind: false(),
}
