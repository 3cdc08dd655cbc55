"""Each step says in two sentences what it is for and what happens then."""

import re
from dataclasses import replace

import msgspec
import pytest
from flask import Flask

from casework.acts.startup_check import check_procedure
from casework.people.models import Bureau
from casework.procedure.help import help_faults, step_help
from casework.procedure.load import ProcedureError, procedure
from casework.procedure.model import Label
from casework.upkeep.walk import Team
from tests.acts.roads import case_of
from tests.support.desk import SignIn, code

SENTENCES = [
    (f"{step}.{key}", sentence)
    for step, row in step_help().items()
    for key, sentence in (("purpose", row.purpose), ("then", row.then))
]


def test_every_step_has_help_and_all_help_has_a_step() -> None:
    assert set(step_help()) == set(procedure().steps)


def test_the_program_does_not_start_while_a_step_has_no_help() -> None:
    shipped = procedure()
    new = msgspec.structs.replace(shipped.steps["register"], id="weigh", line=7)
    more = replace(shipped, steps={**shipped.steps, "weigh": new})
    with pytest.raises(ProcedureError, match="line 7: step weigh: no help"):
        check_procedure(more)


def test_help_without_a_step_is_a_fault() -> None:
    less = {k: s for k, s in procedure().steps.items() if k != "add_standing"}
    found = list(help_faults(replace(procedure(), steps=less)))
    assert found == ["help.toml: unknown step «add_standing»"]


@pytest.mark.parametrize(("name", "said"), SENTENCES, ids=[n for n, _ in SENTENCES])
def test_help_is_one_sentence_in_each_language(name: str, said: Label) -> None:
    assert re.fullmatch(r"[^。！？]+。", said.zh), name
    assert re.fullmatch(r"[^.!?]+\.", said.en), name
    assert len(said.zh) <= 80
    assert not re.search(r"[A-Za-z]|[“”](?=[“”])| ", said.zh), name


def test_a_steps_page_says_what_it_is_for_above_the_form(
    app: Flask, team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    case = case_of(team, bureau)
    page = sign_in("head").get(f"/desk/dockets/{code(case)}/main/assign").text
    said, step = step_help()["assign"], procedure().steps["assign"]
    above = page.split('enctype="multipart/form-data"')[0]
    assert said.purpose.zh in above
    assert said.then.zh in above
    assert step.basis in above
    assert page.count(step.basis) == 1


def test_the_table_of_the_procedure_says_what_each_step_is_for(team: Team, sign_in: SignIn) -> None:
    page = sign_in("clerk").get("/desk/procedure").text
    assert [n for n, row in step_help().items() if row.purpose.zh not in page] == []
    english = sign_in("clerk").get("/desk/procedure?lang=en").text
    assert step_help()["register"].then.en in english
