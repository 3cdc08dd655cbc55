"""Roles and permissions as data (``roles.toml``): the one list of who may do what, who sees which
dockets, and which role takes two persons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

from casework.procedure.ids import RoleId
from casework.procedure.kinds import kinds
from casework.procedure.model import Named
from casework.toml_file import Row, TomlError, toml_tables, typed, with_ids

FILE = Path(__file__).with_name("roles.toml")
# of a bureau's first administrator and first leader, whom the command line makes
FIRST_ADMIN, FIRST_LEADER = "admin", "leader"
SYSTEM = "system"  # what time itself does
NUMBER = "number"
# what somebody sees of a docket, the widest first: see the file
LEVELS = ("all", "team", "own", "decided", NUMBER, "none")


class RolesError(ValueError):
    """The file cannot be used; each string of ``faults`` names a role or permission and what is
    wrong with it."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class Permission(Named, frozen=True):
    """One thing that somebody may do (the keys: see the file)."""

    everybody: bool = False
    two_persons: bool = False
    id: str = ""


class Role(Named, frozen=True):
    """One role (the keys: see the file)."""

    may: frozenset[str]
    sees: dict[str, str]
    two_persons: bool
    alone: bool = False
    program: bool = False
    id: RoleId = cast("RoleId", "")


class _Tables(Row, frozen=True):
    role: dict[str, Role]
    permission: dict[str, Permission]


@dataclass(frozen=True)
class Registry:
    """All roles and permissions, in the order of the file."""

    roles: Mapping[str, Role]
    permissions: Mapping[str, Permission]


SEE = "docket.see"  # who sees any docket at all opens its page


@cache
def registry() -> Registry:
    """What ships with this release. RolesError when it is not whole."""
    return parse_roles(FILE.read_text("utf-8"))


def roles() -> Mapping[str, Role]:
    """Every role by its id, that of the program among them."""
    return registry().roles


@cache
def held_roles() -> tuple[Role, ...]:
    """Roles that people hold."""
    return tuple(r for r in roles().values() if not r.program)


@cache
def who_may(permission: str) -> frozenset[RoleId]:
    """Ids of the roles that have a permission. KeyError for an unknown one: fail closed."""
    rule = registry().permissions[permission]
    return frozenset(r.id for r in held_roles() if rule.everybody or permission in r.may)


@cache
def permissions_of(held: frozenset[str]) -> frozenset[str]:
    """What these roles may do together."""
    return frozenset(p for p in registry().permissions if held & who_may(p))


@cache
def level(held: frozenset[str], kind: str) -> str:
    """The widest level at which these roles see a kind of docket. KeyError for an unknown kind."""
    of = kinds()[kind].id
    found = (roles()[r].sees.get(of, LEVELS[-1]) for r in held if r in roles())
    return min(found, key=LEVELS.index, default=LEVELS[-1])


@cache
def guarded() -> frozenset[RoleId]:
    """Ids of the roles that two persons give, and so the passwords of whoever bears one."""
    return frozenset(r.id for r in held_roles() if r.two_persons)


# -- reading the file
def parse_roles(text: str) -> Registry:
    """The file as a registry. RolesError naming every role and permission that is not whole."""
    try:
        tables = typed(toml_tables(text), _Tables)
    except TomlError as error:
        raise RolesError(error.faults) from error
    found = Registry(with_ids(tables.role), with_ids(tables.permission))
    if faults := [*_faults_of_roles(found), *_faults_of_permissions(found)]:
        raise RolesError(faults)
    return found


def _faults_of_roles(r: Registry) -> Iterator[str]:
    for wanted in (FIRST_ADMIN, FIRST_LEADER, SYSTEM):
        if wanted not in r.roles:
            yield f"role {wanted}: missing"
    names: dict[str, str] = {}
    for role in r.roles.values():
        yield from (f"role {role.id}: {what}" for what in _faults_of_role(role, r.permissions))
        for name in (role.name.zh, role.name.en):
            if names.setdefault(name, role.id) != role.id:
                yield f"role {role.id}: named like {names[name]}"


def _faults_of_role(role: Role, known: Mapping[str, Permission]) -> Iterator[str]:
    yield from _faults_of_rights(role, known)
    for kind, what in role.sees.items():
        if kind not in kinds():
            yield f"unknown kind of docket «{kind}»"
        elif what not in LEVELS:
            yield f"sees «{what}» of a {kind}"
    if set(role.sees.values()) - {LEVELS[-1]} and SEE not in role.may:
        yield f"sees dockets, and may not «{SEE}»"
    if role.program and (role.may or role.sees):
        yield "the program's own, and yet with rights"


def _faults_of_rights(role: Role, known: Mapping[str, Permission]) -> Iterator[str]:
    for p in sorted(role.may):
        if p not in known:
            yield f"unknown permission «{p}»"
        elif known[p].everybody:
            yield f"«{p}» is everybody's"
        elif known[p].two_persons and not role.two_persons:
            yield f"«{p}» takes two_persons = true"


def _faults_of_permissions(r: Registry) -> Iterator[str]:
    named = {p for role in r.roles.values() for p in role.may}
    for p in r.permissions.values():
        if p.everybody and p.two_persons:
            yield f"permission {p.id}: everybody's, and yet for two persons"
        if not p.everybody and p.id not in named:
            yield f"permission {p.id}: no role has it"
