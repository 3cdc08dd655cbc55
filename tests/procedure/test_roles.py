"""One registry of roles and permissions: what is not whole is refused at the start, and nothing
beside it lists roles."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from casework.procedure.kinds import kinds
from casework.procedure.load import procedure
from casework.procedure.roles import (
    FILE,
    LEVELS,
    RolesError,
    guarded,
    held_roles,
    level,
    parse_roles,
    permissions_of,
    registry,
    roles,
    who_may,
)
from casework.reading import tips

ROOT = Path(__file__).parents[2]
TEXT = FILE.read_text("utf-8")
CODE = [p for room in ("casework", "forms", "letters") for p in (ROOT / room).rglob("*.py")]


# -- what is refused
def test_every_role_has_a_name_in_two_languages_and_a_level_of_each_kind() -> None:
    for role in roles().values():
        assert role.name.zh != role.name.en, role.id
    for kind in kinds():
        assert {level(frozenset({r}), kind) for r in roles()} <= set(LEVELS)
    assert level(frozenset({"officer", "clerk"}), "report") == "all"
    assert level(frozenset({"officer", "legal"}), "report") == "own"
    assert level(frozenset(), "case") == "none"


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('zh = "登记员"\n', "", "role clerk: Object missing required field `zh`"),
        ('en = "clerk"', 'en = ""', "role clerk en: Expected `str` of length >= 1"),
        ('en = "clerk"', "en = 3", "role clerk en: Expected `str`, got `int`"),
        ('en = "clerk"', 'en = "officer"', "role officer: named like clerk"),
        ('"case.review",', '"case.revue",', "role legal: unknown permission «case.revue»"),
        ('"case.review",', "", "permission case.review: no role has it"),
        ('"case.review",', '"desk.home",', "role legal: «desk.home» is everybody's"),
        ('case = "decided"', 'case = "some"', "role publisher: sees «some» of a case"),
        ('case = "decided"', 'matter = "all"', "role publisher: unknown kind of docket «matter»"),
        ("alone = true", "allone = true", "role admin: Object contains unknown field `allone`"),
        ("program = true\nmay = []", 'program = true\nmay = ["docket.see"]', "role system: the"),
        ("[role.leader]", "[role.boss]", "role leader: missing"),
        (', en = "open papers"', "", "permission paper.open: Object missing required field `en`"),
        (
            "two_persons = true\nalone",
            "alone",
            "role admin: Object missing required field `two_persons`",
        ),
        (
            "two_persons = true\nalone",
            "two_persons = false\nalone",
            "role admin: «admin.people» takes two_persons = true",
        ),
        (
            'may = ["docket.see", "identity.grant", "office.proposals"]',
            'may = ["identity.grant", "office.proposals"]',
            "role custodian: sees dockets, and may not «docket.see»",
        ),
        ("[permission]", "[[permission", "not TOML"),
        ("[permission]", "[rolls]\n[permission]", "Object contains unknown field `rolls`"),
    ],
)
def test_a_registry_that_is_not_whole_is_refused(old: str, new: str, fault: str) -> None:
    assert old in TEXT
    with pytest.raises(RolesError) as error:
        parse_roles(TEXT.replace(old, new, 1))
    assert any(f.startswith(fault) for f in error.value.faults), error.value.faults


def test_an_unknown_permission_is_an_error_never_a_no() -> None:
    with pytest.raises(KeyError):
        who_may("docket.sea")
    with pytest.raises(KeyError):
        level(frozenset({"clerk"}), "matter")


def test_what_roles_may_together() -> None:
    for permission in registry().permissions:
        for role in held_roles():
            may = permission in permissions_of(frozenset({role.id}))
            assert may == (role.id in who_may(permission))
    assert permissions_of(frozenset()) == permissions_of(frozenset({"system"})) == frozenset()


# -- what asks it
def test_steps_and_the_second_reading_name_known_roles_alone() -> None:
    approve = {r for s in procedure().steps.values() for r in s.approvals}
    assert approve <= guarded()
    assert set(tips.HEADS) | {r for rs in tips.WHO_APPROVES.values() for r in rs} <= approve


def asked_in_code() -> set[str]:
    """Permissions that code and pages ask for."""
    found = set[str]()
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) in ASKING:
                found |= {str(a.value) for a in node.args if isinstance(a, ast.Constant)}
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text("utf-8")
        found |= set(re.findall(r"'([a-z_.]+)' (?:not )?in can\b", text))
        found |= set(re.findall(r"\bmay\([^()]*'([a-z_.]+)'", text))
    return found


ASKING = {"SeenBy", "may", "require", "who_may", "holders", "Kind"}
# the demonstration's people are who they are: a walk sends its clerk, not whoever may
PLAYED = ("casework/upkeep/walk.py", "casework/upkeep/demo.py")


def _name(func: ast.expr) -> str:
    return func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")


def test_every_permission_that_is_asked_is_in_the_registry() -> None:
    """Beside words of other functions of the same names, which have no dot."""
    asked = {p for p in asked_in_code() if "." in p}
    assert asked
    assert asked <= set(registry().permissions)


def test_every_permission_is_asked_somewhere() -> None:
    text = "".join(p.read_text("utf-8") for p in [*CODE, *(ROOT / "templates").rglob("*.html")])
    text += (ROOT / "casework/procedure/settings.toml").read_text("utf-8")
    unasked = [
        p for p in registry().permissions if not re.search(f"[\"']{re.escape(p)}[\"']", text)
    ]
    assert unasked == []


def test_no_code_compares_roles_by_name() -> None:
    """Where a permission is meant the registry is asked; the second reading has a table of its own
    (decision 0045), held against the registry above."""
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in CODE
        if "reading" not in path.parts and not str(path).endswith(PLAYED)
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Compare | ast.BinOp) and _names_a_role(node)
    ]
    assert found == []


def _names_a_role(node: ast.expr) -> bool:
    words = {c.value for c in ast.walk(node) if isinstance(c, ast.Constant)}
    return bool(words & set(roles())) and "role" in ast.unparse(node).lower()


def test_no_page_compares_roles_by_name() -> None:
    assert list(_pages_that_name_roles()) == []


def _pages_that_name_roles() -> Iterator[str]:
    ids = "|".join(r.id for r in held_roles())
    for path in (ROOT / "templates").rglob("*.html"):
        for line in path.read_text("utf-8").splitlines():
            if "role" in line and re.search(rf"(?:==|\bin\b|\[|\{{)\s*['\"(]+(?:{ids})['\"]", line):
                yield f"{path.name}: {line[:80]}"
