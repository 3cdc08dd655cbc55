"""A field says which papers print its answer, and under which words; whoever may not see the answer
opens none of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from wtforms import FieldList, Form, FormField, RadioField, StringField

from casework.acts import printed_answers
from casework.acts.intent import Intent
from casework.acts.perform import perform
from casework.acts.printed_answers import answer_faults, permissions_for
from casework.acts.startup_check import check_procedure
from casework.intake.receive import receive
from casework.people.models import Bureau
from casework.procedure.load import ProcedureError, procedure
from casework.procedure.roles import who_may
from casework.upkeep.walk import Team, Walk
from forms import answers
from forms.answers import PrintedOn
from forms.base import SeenBy
from forms.intake import Register
from forms.registry import form_class
from forms.tip import TipForm
from letters.format import WORDING_DIR
from tests.acts.roads import START, case_of, facts_of, tip
from tests.support.acts import text_of
from tests.support.desk import SignIn, code

HOW = [("work", "At work"), ("hearsay", "From others")]
IN_CHINESE = {"work": "工作中知悉", "hearsay": "听他人说起"}
SHEET = "registration_sheet"


def put(monkeypatch: pytest.MonkeyPatch, form: type[Form], name: str, field: Any) -> None:
    """One more field of a form, for a test."""
    monkeypatch.setattr(form, name, field, raising=False)
    monkeypatch.setattr(answers, "_FIELDS", {})


def test_a_question_of_the_public_form_is_printed_because_its_field_says_so(
    app: Flask, team: Team, bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing else is written for it: no builder, no wording, no label. No answer, no row."""
    how = RadioField("How you know", [PrintedOn(SHEET, "知情途径", values=IN_CHINESE)], choices=HOW)
    put(monkeypatch, TipForm, "how", how)
    put(monkeypatch, TipForm, "since", StringField("Since when", [PrintedOn(SHEET, "何时开始")]))
    put(monkeypatch, TipForm, "again", StringField("Told before", [PrintedOn(SHEET, "此前反映")]))
    told = {"how": "work", "since": "2025-03-01", "again": ""}
    sheet = text_of(app, tip(team, bureau, channel="web", **told), SHEET)
    assert "知情途径工作中知悉" in sheet
    assert "何时开始2025年3月1日" in sheet
    assert "此前反映" not in sheet
    assert sheet.index("何时开始") < sheet.index("反映事项")


def registered(team: Team, bureau: Bureau, **asked: str) -> Walk:
    """A telephone tip that was registered with those answers."""
    told = {"channel": "phone", "subject": "某厂", "narrative": "少报", "survey_by": "bureau"}
    walk = Walk(team, 0, START)
    walk.docket_id = receive(bureau, told, actor_id=team.clerk, on=START, now=walk.now).docket_id
    walk.take("register", asked)
    return walk


def test_a_question_of_a_step_is_printed_on_its_paper(
    app: Flask, team: Team, bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In lines as they were typed; at the end, where the bureau's wording has no place for it."""
    put(monkeypatch, Register, "urgency", StringField("Urgency", [PrintedOn(SHEET, "紧急程度")]))
    edited(app, SHEET, lambda shipped: shipped.replace("@answers\n", ""))
    asked = {"proposal": "拟受理", "urgency": "特急\r\n立即办理"}
    sheet = text_of(app, registered(team, bureau, **asked), SHEET)
    assert "紧急程度特急立即办理" in sheet
    assert sheet.index("紧急程度") > sheet.index("审批意见")


def edited(app: Flask, paper: str, change: Callable[[str], str]) -> None:
    """The bureau's own wording of a paper."""
    folder = Path(app.instance_path) / "wording"
    folder.mkdir()
    shipped = (WORDING_DIR / f"{paper}.txt").read_text("utf-8")
    (folder / f"{paper}.txt").write_text(change(shipped), "utf-8")


def test_an_answer_without_a_name_in_the_labels_is_in_the_row_of_its_wording(
    app: Flask, team: Team, bureau: Bureau
) -> None:
    """What a wording asks for is printed; no list of names has to know it."""
    case = case_of(team, bureau)
    case.take("assign", {"assigned": list(team.officers)})
    row = "?transport | 交通方式 | {transport}\n"
    edited(app, "verification_plan", lambda shipped: shipped + row)
    plan = {"whom": "某厂", "how": "现场核查", "when": case.day.isoformat(), "transport": "公务车"}
    case.take("plan_verification", plan)
    assert "交通方式公务车" in text_of(app, case, "verification_plan")


def test_an_answer_that_few_see_reaches_no_paper_unless_its_field_says_so(
    app: Flask, team: Team, bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even a wording and a builder that ask for it get nothing."""
    put(monkeypatch, Register, "proposal", StringField("Proposal", [SeenBy("audit.see")]))
    new = registered(team, bureau, proposal="拟受理此件")
    assert "拟受理此件" not in text_of(app, new, SHEET)


def test_whoever_may_not_see_an_answer_opens_no_paper_with_it(
    app: Flask, team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    """The answer to an informant is neither opened as a draft nor as a paper."""
    assert permissions_for("reply") == {"message.see"}
    assert "auditor" in who_may("paper.open") - who_may("message.see")
    case = case_of(team, bureau)
    walk = Walk(team, facts_of(case).links[0].id, case.day)
    asked = {"text": "你反映的事项正在核查。", "final": "no", "internal": ""}
    answering = Intent(
        walk.docket_id, "answer_informant", team.clerk, walk.day, "report", "take", asked
    )
    perform(answering, walk.now)
    draft = f"/desk/dockets/{code(walk)}/proposals/{facts_of(walk).proposals[0].seq}/draft.pdf"
    for login, status in (("head", 200), ("auditor", 403)):
        assert sign_in(login).get(draft).status_code == status
    perform(replace(answering, actor_id=team.head, verb="approve", answers={}), walk.now)
    paper = walk.paper("reply")
    for login, status in (("clerk", 200), ("head", 200), ("auditor", 403)):
        assert sign_in(login).get(f"/desk/papers/{paper.id}.pdf").status_code == status, login
    # sees no tips: there is none
    assert sign_in("legal").get(f"/desk/papers/{paper.id}.pdf").status_code == 404
    other = walk.paper(SHEET)
    assert sign_in("auditor").get(f"/desk/papers/{other.id}.pdf").status_code == 200


def test_a_draft_of_a_step_shows_nobody_an_answer_that_they_may_not_see(
    team: Team, bureau: Bureau, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever takes a step may look at its paper before; not at one with what few see."""
    walk = tip(team, bureau)
    address = f"/desk/dockets/{code(walk)}/report/instruct_report"
    asked = {"on": walk.day.isoformat(), "leader_instruction": "请核查。", "action": "preview"}
    leader = sign_in("leader")
    assert leader.post(address, data=asked).mimetype == "application/pdf"
    field = StringField("Proposal", [SeenBy("audit.see"), PrintedOn(SHEET, "拟办")])
    put(monkeypatch, Register, "proposal", field)
    assert leader.post(address, data=asked).status_code == 403


FAULTS: tuple[tuple[Any, str], ...] = (
    (StringField("x", [PrintedOn("no_such_paper", "某项")]), "unknown paper «no_such_paper»"),
    (StringField("x", [PrintedOn(SHEET, place="nowhere")]), "has no {nowhere}"),
    (StringField("x", [PrintedOn("reply", "某项")]), "has no @answers"),
    (RadioField("x", [PrintedOn(SHEET, "某项")], choices=HOW), "«work» has no words"),
    (StringField("x", [SeenBy("no.such")]), "unknown permission «no.such»"),
    (
        StringField("x", [SeenBy("audit.see"), PrintedOn(SHEET, "某项")]),
        "role «clerk» prints it and may not «audit.see»",
    ),
)


@pytest.mark.parametrize(("field", "fault"), FAULTS, ids=[fault for _field, fault in FAULTS])
def test_the_program_does_not_start_with_a_mark_that_is_in_vain(
    monkeypatch: pytest.MonkeyPatch, field: Any, fault: str
) -> None:
    put(monkeypatch, Register, "urgency", field)
    with pytest.raises(ProcedureError, match=r"field Register\.urgency: ") as told:
        check_procedure(procedure())
    assert fault in str(told.value)


def test_the_program_does_not_start_while_a_code_on_a_paper_has_no_chinese(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The wording of the review prints the answer of its form."""
    grounds = RadioField("Adopted", choices=[("adopted", "Adopted"), ("later", "Later")])
    put(monkeypatch, form_class(procedure().steps["defence_review"].asks or ""), "adopted", grounds)
    assert list(answer_faults(procedure())) == [
        "labels.toml: step defence_review: «later» of adopted has no words on defence_review"
    ]


def test_a_mark_within_the_rows_of_a_table_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    class Line(Form):
        secret = StringField("x", [SeenBy("audit.see")])

    put(monkeypatch, Register, "lines", FieldList(FormField(Line), "Lines"))
    assert list(answer_faults(procedure())) == [
        "field Register.lines.secret: the table bears the mark, not its rows"
    ]


def test_a_printed_answer_has_either_words_or_a_place() -> None:
    for words, place in (("", ""), (" ", ""), ("某项", "result")):
        with pytest.raises(ValueError, match="prints has words of its own, or a place"):
            PrintedOn(SHEET, words, place=place)


def test_papers_of_steps_are_built_by_one_function() -> None:
    """Whoever built them past it would print what few see."""
    sources = [p for p in Path("casework").rglob("*.py") if "letters.build import" in p.read_text()]
    builders = [p.name for p in sources if re.search(r"\bbuild\b", imported(p))]
    assert builders == [Path(printed_answers.__file__).name]


def imported(path: Path) -> str:
    """What a module takes from ``letters.build``."""
    found = re.finditer(r"from letters\.build import (\([^)]*\)|.*)", path.read_text("utf-8"))
    return " ".join(m[1] for m in found)
