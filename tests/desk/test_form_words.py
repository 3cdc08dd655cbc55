"""What WTForms itself says stands in the person's language on every form of ours."""

import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale
from werkzeug.datastructures import MultiDict
from wtforms import Field, Form, FormField, SelectFieldBase, StringField
from wtforms.validators import Length

import forms
from casework.upkeep.walk import Team, Walk
from forms.spoken import Spoken
from tests.support.desk import SignIn, code
from tests.support.public import Person

CHINESE, LATIN = re.compile(r"[\u4e00-\u9fff]"), re.compile(r"[A-Za-z]{3}")


def family(of: type[Form]) -> Iterator[type[Form]]:
    for sub in of.__subclasses__():
        yield sub
        yield from family(sub)


def all_forms() -> list[type[Form]]:
    for module in pkgutil.iter_modules(forms.__path__):
        import_module(f"forms.{module.name}")
    return [f for f in family(Form) if f.__module__.startswith("forms.")]


def fields_of(form: type[Form]) -> Iterator[tuple[str, Any]]:
    """Unbound fields of a form, its rows' fields are those of their own form."""
    for name in dir(form):
        unbound = getattr(form, name, None)
        if hasattr(unbound, "field_class"):
            yield name, unbound


def kinds() -> dict[str, Any]:
    """One field of each kind whose class or validators of WTForms may speak."""
    found: dict[str, Any] = {}
    for form in all_forms():
        for _name, unbound in fields_of(form):
            if not unbound.kwargs.get("validate_choice", True):
                continue  # its form itself looks at the choice
            validators = next(
                (a for a in unbound.args[1:] if isinstance(a, list)),
                unbound.kwargs.get("validators") or [],
            )
            said = sorted(
                {type(v).__name__ for v in validators if type(v).__module__.startswith("wtforms")}
            )
            found.setdefault(f"{unbound.field_class.__name__} {' '.join(said)}".strip(), unbound)
    return found


def test_every_form_speaks() -> None:
    assert [f for f in all_forms() if f is not Spoken and not issubclass(f, Spoken)] == []
    assert len(kinds()) > 8


def bad(unbound: Any) -> list[str]:
    """Values that WTForms itself refuses."""
    kind = unbound.field_class
    if issubclass(kind, SelectFieldBase):
        return ["no such choice"]
    return ["x" * 30_000] if issubclass(kind, Field) and not issubclass(kind, FormField) else []


def errors(unbound: Any, value: str) -> list[str]:
    class One(Spoken):
        field = unbound

    form = One(MultiDict([("field", value)]))
    if isinstance(form.field, SelectFieldBase) and form.field.choices is None:
        form.field.choices = [("1", "a")]
    form.validate()
    return [
        str(e) for e in form.field.errors if isinstance(e, str) or not isinstance(e, list | dict)
    ]


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_what_a_field_refuses_is_said_in_the_language_of_the_page(app: Flask, kind: str) -> None:
    unbound = kinds()[kind]
    for value in bad(unbound):
        with app.test_request_context(), force_locale("zh_Hans_CN"):
            chinese = errors(unbound, value)
        with app.test_request_context(), force_locale("en"):
            english = errors(unbound, value)
        assert len(chinese) == len(english)
        if issubclass(unbound.field_class, SelectFieldBase) or "Length" in kind:
            assert chinese, kind
        for said in chinese:
            assert CHINESE.search(said), said
            assert not LATIN.search(said.replace(value, "")), said
        for said in english:
            assert not CHINESE.search(said), said


def test_length_names_its_limit(app: Flask) -> None:
    class One(Spoken):
        field = StringField(validators=[Length(max=5)])

    with app.test_request_context(), force_locale("zh_Hans_CN"):
        form = One(MultiDict({"field": "123456"}))
        assert not form.validate()
        assert form.field.errors == ["最多 5 个字。"]


@pytest.mark.parametrize(
    ("lang", "said"), [("zh", "请从列出的选项中选择。"), ("en", "Not a valid choice.")]
)
def test_a_forged_choice_on_a_page(
    docketed: tuple[Walk, Walk],
    sign_in: SignIn,
    lang: str,
    said: str,
) -> None:
    client = sign_in("officer1")
    path = f"/desk/dockets/{code(docketed[1])}/main/add_evidence?lang={lang}"
    answer = client.post(
        path, data={"kind": "no such kind", "title": "x", "source": "y", "proves": "z"}
    )
    assert answer.status_code in (409, 422)
    assert said in answer.text


@pytest.mark.parametrize(
    ("lang", "said"), [("zh", "请从列出的选项中选择。"), ("en", "Not a valid choice.")]
)
def test_a_forged_choice_on_the_public_form(
    team: Team, client: FlaskClient, lang: str, said: str
) -> None:
    status, page = Person(client).post("preview", subject_kind="no such kind", lang=lang)
    assert (status, said in page) == (422, True)


def test_two_officers_who_must_be_present_are_not_shown_as_optional(
    docketed: tuple[Walk, Walk],
    sign_in: SignIn,
) -> None:
    """A field that its form demands by a rule of its own says so as any other."""
    page = (
        sign_in("officer1")
        .get(f"/desk/dockets/{code(docketed[1])}/main/on_site_record?lang=zh")
        .text
    )
    legends = re.findall(r"<legend>(.*?)</legend>", page)
    assert [legend for legend in legends if "在场执法人员" in legend] == ["在场执法人员"]
