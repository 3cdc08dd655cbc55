"""Which answers a paper prints, as the fields that asked for them say (``forms.answers``), and who
may open it for that.

An answer that few see (``SeenBy``) reaches only the papers that its field names; whoever may not
see the answer does not open them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from wtforms import Form

from casework.people.may import may
from casework.people.models import Person
from casework.procedure.channels import all_fields
from casework.procedure.facts import ActFacts, Asked, Facts
from casework.procedure.load import procedure
from casework.procedure.model import Procedure
from casework.procedure.roles import registry, who_may
from forms.answers import (
    PrintedOn,
    fields_that_asked,
    form_fields,
    marked_fields,
    printed_on,
    row_form,
)
from forms.base import seen_by
from forms.registry import all_forms, form_class
from forms.tip import TipForm
from letters.answers import answer_text
from letters.base import Letter, PrintedAnswer
from letters.build import Issue, build
from letters.labels import coded_names, has_label
from letters.words import PLACEHOLDER, wording_of

NOTHING: tuple[Any, ...] = (None, "", [], {}, False)
ROWS = ("form", "record")  # layouts whose wordings are rows


# -- a paper
def build_paper(issue: Issue, facts: Facts, step: str, asked: Asked) -> Letter:
    """The paper of ``issue`` with the answers that fields have printed on it, and without
    those that few see and that their fields do not print there. Errors: as ``letters.build.build``
    has them."""
    acts = tuple(_reaching(a, issue.rule.id) for a in facts.acts)
    own = _for_paper(_fields(step, asked), asked, issue.rule.id)
    rows = _rows(facts, (*((a.step, a.asked) for a in acts if a.effective), (step, own)), issue)
    return build(replace(issue, answers=rows), replace(facts, acts=acts), step, own)


def _fields(step: str, asked: Asked) -> Mapping[str, Any]:
    """The unbound fields that asked for the answers of a step."""
    rule = procedure().steps.get(step)
    return fields_that_asked(form_class(rule.asks), asked) if rule and rule.asks else {}


def _reaching(act: ActFacts, paper: str) -> ActFacts:
    asked = _for_paper(_fields(act.step, act.asked), act.asked, paper)
    return act if asked is act.asked else replace(act, asked=asked)


def _for_paper(fields: Mapping[str, Any], asked: Asked, paper: str) -> Asked:
    """The answers that may reach a paper; the same object where that is all of them."""
    kept = {k for k in asked if k in fields and seen_by(fields[k]) and not _on(fields[k], paper)}
    return {k: v for k, v in asked.items() if k not in kept} if kept else asked


def _on(field: Any, paper: str) -> PrintedOn | None:
    """The mark by which a paper prints the answers of a field."""
    return next((mark for mark in printed_on(field) if mark.sheet == paper), None)


def _rows(facts: Facts, said: tuple[tuple[str, Asked], ...], issue: Issue) -> tuple[Any, ...]:
    """The rows of a paper: of each field the newest answer, in the order of the forms."""
    people = {i: p.name for i, p in facts.people.items()}
    found: dict[str, PrintedAnswer] = {}
    for step, asked in said:
        for key, field in _fields(step, asked).items():
            mark = _on(field, issue.rule.id)
            if mark and mark.words and asked.get(key) not in NOTHING:
                found[key] = PrintedAnswer(mark.words, _text(mark, key, asked[key], people))
    return tuple(found.values())


def _text(mark: PrintedOn, key: str, value: Any, people: Mapping[int, str]) -> str:
    """The answer in the words of the mark, else in those of all papers."""
    if isinstance(value, list) and not any(isinstance(one, dict) for one in value):
        return "、".join(_text(mark, key, one, people) for one in value)
    return mark.values.get(str(value)) or answer_text(key, value, people)


# -- who opens it
@dataclass(frozen=True)
class _Declared:
    """An answer that few see or a paper prints, with the form that asks for it."""

    form: type[Form]
    key: str
    field: Any

    @property
    def name(self) -> str:
        """As a fault names it."""
        return f"{self.form.__name__}.{self.key}"


def _declared() -> Iterator[_Declared]:
    """Every such answer of every form, the public one among them."""
    for form in (*all_forms().values(), TipForm):
        yield from (_Declared(form, key, field) for key, field in marked_fields(form))


def permissions_for(paper: str) -> frozenset[str]:
    """What it takes to open a paper beside «paper.open»: the permissions of the answers on it that
    few see."""
    return frozenset(permission for sheet, permission in _seen_by_few() if sheet == paper)


def _seen_by_few() -> Iterator[tuple[str, str]]:
    """Each paper that prints an answer which few see, with the permission to see it."""
    for d in _declared():
        if permission := seen_by(d.field):
            yield from ((mark.sheet, permission) for mark in printed_on(d.field))


def may_open_paper(person: Person, paper: str, day: date) -> bool:
    """Whether somebody may see all that a paper of that kind prints."""
    return all(may(person, permission, day) for permission in permissions_for(paper))


def may_open_all_papers(person: Person, day: date) -> bool:
    """Whether somebody may see all that any paper prints: a bound file holds them all."""
    return all(may(person, permission, day) for _sheet, permission in _seen_by_few())


# -- when the program starts
def answer_faults(p: Procedure) -> Iterator[str]:
    """What is wrong with the marks of fields: an unknown permission or paper, an answer without
    words, one that its paper has no place for, one within a table, or one that is printed by
    somebody who may not see it. Answers without words that papers print by themselves, too."""
    for d in _declared():
        yield from (f"field {d.name}: {what}" for what in _faults_of(p, d))
    for form in (*all_forms().values(), TipForm):
        yield from _marks_in_tables(form)
    yield from _choices_of_wordings(p)
    yield from (f"labels.toml: no label for «{k}»" for k in all_fields() if not has_label(k))


def _faults_of(p: Procedure, d: _Declared) -> Iterator[str]:
    permission = seen_by(d.field)
    if permission and permission not in registry().permissions:
        yield f"unknown permission «{permission}»"
        return
    for mark in printed_on(d.field):
        if mark.sheet not in p.papers:
            yield f"unknown paper «{mark.sheet}»"
            continue
        yield from _without_words(mark, d)
        yield from _without_place(p.papers[mark.sheet].letter, mark)
        if permission:
            blind = sorted(who_may("paper.print") - who_may(permission))
            yield from (f"role «{r}» prints it and may not «{permission}»" for r in blind)


def _without_words(mark: PrintedOn, d: _Declared) -> Iterator[str]:
    """Choices for which a row has no Chinese."""
    codes = _codes(d.field) if mark.words else set()
    for code in sorted(codes - {*mark.values, *coded_names(d.key)}):
        yield f"«{code}» has no words on paper {mark.sheet}"


def _without_place(letter: str, mark: PrintedOn) -> Iterator[str]:
    """A named place that the wording has not; rows on a paper that has none and no @answers."""
    wording = wording_of(letter)
    texts = [line.text for _section, line in wording.lines()]
    if mark.place and mark.place not in _placeholders(letter):
        yield f"the wording of paper {mark.sheet} has no {{{mark.place}}}"
    if mark.words and wording.head("layout") not in ROWS and "@answers" not in texts:
        yield f"the wording of paper {mark.sheet} has no @answers"


def _choices_of_wordings(p: Procedure) -> Iterator[str]:
    """Choices without Chinese where a step's own paper names the answer in its wording; what papers
    say of the respondent is made elsewhere."""
    printed = ((s, form_class(s.asks), b.to) for s in p.steps.values() if s.asks for b in s.prints)
    for step, form, paper in printed:
        asked = _placeholders(p.papers[paper].letter) & form_fields(form).keys()
        for key in sorted(k for k in asked if not k.startswith("party_")):
            for code in _codes(form_fields(form)[key]) - {*coded_names(key)}:
                yield f"labels.toml: step {step.id}: «{code}» of {key} has no words on {paper}"


def _placeholders(letter: str) -> set[str]:
    """The names that the shipped wording of a letter prints."""
    texts = (line.text for _section, line in wording_of(letter).lines())
    return {name for text in texts for name in PLACEHOLDER.findall(text)}


def _codes(field: Any) -> set[str]:
    """The codes of a field's choices, but for the empty one."""
    choices = getattr(field, "kwargs", {}).get("choices") or ()
    return {str(code) for code, _words in choices if code}


def _marks_in_tables(form: type[Form]) -> Iterator[str]:
    """Marks on the fields of a table's rows, which nothing reads."""
    for key in form_fields(form):
        row = row_form(form, key)
        for name, _field in marked_fields(row) if row else ():
            yield f"field {form.__name__}.{key}.{name}: the table bears the mark, not its rows"
