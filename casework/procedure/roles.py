"""Roles and permissions as data (``roles.toml``): the one list of who may do what, who sees which
dockets, and which role takes two persons."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from casework.procedure.kinds import NONE, kinds
from casework.procedure.model import Label

FILE = Path(__file__).with_name("roles.toml")
# of a bureau's first administrator and first leader, whom the command line makes
FIRST_ADMIN, FIRST_LEADER = "admin", "leader"
SYSTEM = "system"  # what time itself does


class RolesError(ValueError):
    """The file cannot be used; each string of ``faults`` names a role or permission and what is
    wrong with it."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Permission:
    """One thing that somebody may do (the keys: see the file)."""

    id: str
    name: Label
    everybody: bool = False
    two_persons: bool = False


@dataclass(frozen=True)
class Role:
    """One role (the keys: see the file)."""

    id: str
    name: Label
    may: frozenset[str]
    sees: Mapping[str, str]
    two_persons: bool
    alone: bool = False
    program: bool = False


@dataclass(frozen=True)
class Registry:
    """All roles and permissions, in the order of the file."""

    roles: Mapping[str, Role]
    permissions: Mapping[str, Permission]


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
def who_may(permission: str) -> frozenset[str]:
    """Ids of the roles that have a permission. KeyError for an unknown one: fail closed."""
    rule = registry().permissions[permission]
    return frozenset(r.id for r in held_roles() if rule.everybody or permission in r.may)


@cache
def permissions_of(held: frozenset[str]) -> frozenset[str]:
    """What these roles may do together."""
    return frozenset(p for p in registry().permissions if held & who_may(p))


@cache
def sight(held: frozenset[str], kind: str) -> str:
    """The widest of what these roles see of a kind of docket. KeyError for an unknown kind."""
    wide = kinds()[kind].sights
    found = (roles()[r].sees.get(kind, NONE) for r in held if r in roles())
    return min(found, key=wide.index, default=NONE)


@cache
def guarded() -> frozenset[str]:
    """Ids of the roles that two persons give, and so the passwords of whoever bears one."""
    return frozenset(r.id for r in held_roles() if r.two_persons)


# -- reading the file
_KEYS: Mapping[str, Mapping[str, type]] = {
    "permission": {"zh": str, "en": str, "everybody": bool, "two_persons": bool},
    "role": {
        "zh": str,
        "en": str,
        "may": list,
        "sees": dict,
        "two_persons": bool,
        "alone": bool,
        "program": bool,
    },
}
_NEEDED: Mapping[str, tuple[str, ...]] = {
    "permission": ("zh", "en"),
    "role": ("zh", "en", "may", "sees", "two_persons"),
}


def parse_roles(text: str) -> Registry:
    """The file as a registry. RolesError naming every role and permission that is not whole."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RolesError([f"not TOML: {error}"]) from error
    if faults := list(_shapes(raw)):
        raise RolesError(faults)
    found = Registry(
        roles={key: _role(key, row) for key, row in raw.get("role", {}).items()},
        permissions={key: _permission(key, row) for key, row in raw.get("permission", {}).items()},
    )
    if faults := [*_faults_of_roles(found), *_faults_of_permissions(found)]:
        raise RolesError(faults)
    return found


def _shapes(raw: Mapping[str, Any]) -> Iterator[str]:
    """Unknown tables, and rows that are not whole."""
    yield from (f"unknown table «{table}»" for table in raw if table not in _KEYS)
    for table in _KEYS:
        for key, row in raw.get(table, {}).items():
            yield from (f"{table} {key}: {what}" for what in _shape_faults(table, row))


def _shape_faults(table: str, row: Mapping[str, Any]) -> Iterator[str]:
    """Keys that lack in a row, that it has beside its own, and values of another type."""
    yield from (f"no {key}" for key in _NEEDED[table] if row.get(key, "") == "")
    for key, value in row.items():
        kind = _KEYS[table].get(key)
        if kind is None:
            yield f"unknown key «{key}»"
        elif not isinstance(value, kind):
            yield f"«{key}» is no {kind.__name__}"


def _role(key: str, row: Mapping[str, Any]) -> Role:
    return Role(
        id=key,
        name=Label(zh=row["zh"], en=row["en"]),
        may=frozenset(row["may"]),
        sees=row["sees"],
        two_persons=row["two_persons"],
        alone=row.get("alone", False),
        program=row.get("program", False),
    )


def _permission(key: str, row: Mapping[str, Any]) -> Permission:
    return Permission(
        id=key,
        name=Label(zh=row["zh"], en=row["en"]),
        everybody=row.get("everybody", False),
        two_persons=row.get("two_persons", False),
    )


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
        elif what not in kinds()[kind].sights:
            yield f"sees «{what}» of a {kind}"
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
