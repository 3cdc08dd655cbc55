"""What the second reading found stands on the first page, is answered with a reason, and stays
visible as answered."""

from __future__ import annotations

import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update

from casework.acts.errors import Refused
from casework.acts.facts import gather
from casework.archive import second_reading
from casework.docket.models import Docket
from casework.people.may import today
from casework.people.models import Bureau
from casework.store import db, writing
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team, Walk
from casework.vault.sealing import vault
from tests.acts.roads import tip
from tests.archive.conftest import code
from tests.conftest import need
from tests.support.counted import counted
from tests.support.desk import SignIn
from tests.support.reading import FORGERIES, forced

FORCED = FORGERIES["circular_decided"]
SENTENCE = "通报之前已决定通报批评，决定仍然有效"


def last(walk: Walk) -> int:
    """The last entry that a page shows."""
    db.session.expire_all()
    return db.session.get_one(Docket, walk.docket_id).last_seq


def faults(walk: Walk) -> tuple[str, ...]:
    db.session.expire_all()
    return gather(db.session(), vault(), db.session.get_one(Docket, walk.docket_id)).faults


def test_a_fault_of_a_rule_that_is_gone_stands_nowhere(
    app: Flask, decided: Walk, sign_in: SignIn
) -> None:
    """What an earlier version found stays on the row until the night reads it again; no page is
    lost over it."""
    tick()
    seq = forced(decided, *FORCED)
    number = code(decided)
    with writing() as session:
        session.execute(
            update(Docket)
            .where(Docket.id == decided.docket_id)
            .values(faults="host_not_reviewer:3")
        )
    assert faults(decided) == ()
    for page in ("/desk/", "/desk/reading/", f"/desk/dockets/{number}"):
        answer = sign_in("leader").get(page)
        assert answer.status_code == 200, page
        assert "host_not_reviewer" not in answer.text
    both = f"host_not_reviewer:3 circular_decided:{seq}"
    with writing() as session:
        session.execute(update(Docket).where(Docket.id == decided.docket_id).values(faults=both))
    assert SENTENCE in sign_in("leader").get("/desk/").text
    form = sign_in("legal").get(f"/desk/dockets/{number}/main/answer_reading")
    assert form.status_code == 200
    assert "host_not_reviewer" not in form.text


def test_the_night_brings_a_fault_to_the_first_page(
    app: Flask, decided: Walk, sign_in: SignIn
) -> None:
    tick()
    assert faults(decided) == ()
    assert SENTENCE not in sign_in("head").get("/desk/").text
    seq = forced(decided, *FORCED)
    assert second_reading.read_due_dockets(today()) == 1
    assert faults(decided) == (f"circular_decided:{seq}",)
    for login in ("head", "leader", "auditor"):
        page = sign_in(login).get("/desk/").text
        assert SENTENCE in page, login
        assert f"/desk/casefile/{code(decided)}/review#reading" in page
    tick()
    page = sign_in("legal").get("/desk/").text  # whose work it is to answer it
    assert f'/desk/dockets/{code(decided)}/main/answer_reading">答复评查问题</a>' in page
    assert SENTENCE not in page
    assert SENTENCE not in sign_in("officer1").get("/desk/").text
    assert SENTENCE in sign_in("auditor").get("/desk/reading/").text
    assert sign_in("officer1").get("/desk/reading/").status_code == 403


def test_what_has_not_changed_is_not_read_again_on_the_same_day(app: Flask, decided: Walk) -> None:
    second_reading.read_due_dockets(today())
    assert second_reading.read_due_dockets(today()) == 0
    assert second_reading.read_due_dockets(today() + timedelta(1)) == 2  # the case and its tip
    with writing() as session:
        session.execute(update(Docket).values(stage="archived", tracks=""))
    quiet = [second_reading.read_due_dockets(today() + timedelta(n)) for n in range(2, 32)]
    assert sum(quiet) == 2  # each once in thirty days
    forced(decided, *FORCED)
    assert second_reading.read_due_dockets(today() + timedelta(31)) >= 1


def test_a_file_that_cannot_be_read_is_a_fault_and_holds_up_no_other(
    app: Flask, decided: Walk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(second_reading, "record_of", lambda *_a: 1 / 0)
    assert second_reading.read_due_dockets(today()) == 2
    assert f"docket {decided.docket_id} cannot be read again" in caplog.text
    assert faults(decided) == ("can_be_read:0",)
    run = app.test_cli_runner().invoke(args=["journal", "review"])
    assert run.exit_code == 1
    assert "can_be_read" in run.output


def test_the_legal_reviewer_answers_and_it_stays_visible(
    app: Flask, decided: Walk, sign_in: SignIn
) -> None:
    seq = forced(decided, *FORCED)
    address, fault = f"/desk/casefile/{code(decided)}/review", f"circular_decided:{seq}"
    legal = sign_in("legal")
    page = legal.get(address).text
    assert SENTENCE in page
    assert "问题：1项" in page
    assert "answer_reading" not in page  # nothing is kept yet: it is kept first
    assert legal.post(f"/desk/reading/{code(decided)}").status_code == 302
    assert "answer_reading" in legal.get(address).text
    step = f"/desk/dockets/{code(decided)}/main/answer_reading"
    assert "统计法 §44" in legal.get(step).text
    data = {"fault": fault, "reason": "通报文稿系误发，已经收回并致函更正。", "seen": seq}
    assert legal.post(step, data=data).status_code == 302
    tick()
    assert faults(decided) == ()
    assert SENTENCE not in sign_in("head").get("/desk/").text
    page = sign_in("head").get(address).text
    for words in (SENTENCE, "未做到，已答复", "误发，已经收回并致函更正", "谭韵"):
        assert words in page, words
    sheet = sign_in("auditor").get(f"/desk/reading/{code(decided)}.pdf")
    assert sheet.status_code == 200
    need("pdftotext", Path("/usr/bin/pdftotext").exists())
    read = subprocess.run(
        ["pdftotext", "-", "-"], input=sheet.data, capture_output=True, check=True
    ).stdout
    printed = "".join(read.decode().split())
    for words in ("案卷评查表", "未做到，已答复", "问题0项，已答复1项", "行政处罚法§44、§62"):
        assert words in printed, words
    run = app.test_cli_runner().invoke(args=["journal", "review"])
    assert run.exit_code == 0
    assert "(answered)" in run.output


def test_nothing_is_answered_that_was_not_found(app: Flask, decided: Walk) -> None:
    answer = {"fault": "circular_decided:99", "reason": "通报文稿系误发，已经收回。"}
    with pytest.raises(Refused) as refused:
        decided.at(today()).take("answer_reading", answer)
    assert {r.check for r in refused.value.refusals} == {"faults_found"}
    seq = forced(decided, *FORCED)
    second_reading.read_due_dockets(today())
    with pytest.raises(Refused) as refused:
        decided.take("answer_reading", answer)
    assert {r.check for r in refused.value.refusals} == {"fault_stands"}
    with pytest.raises(Refused) as refused:
        decided.take("answer_reading", {"fault": f"circular_decided:{seq}", "reason": "无"})
    assert {r.check for r in refused.value.refusals} == {"says_something"}


def test_the_page_of_a_file_costs_no_more_for_a_longer_journal(
    app: Flask, decided: Walk, sign_in: SignIn
) -> None:
    legal, address, numbers = sign_in("legal"), f"/desk/casefile/{code(decided)}/review", []
    for _times in range(2):
        legal.get(address)
        with counted() as statements:
            legal.get(address)
        numbers.append(len(statements))
        forced(decided, *FORCED)
    assert numbers[0] == numbers[1]


LATE_TIP = "收到之日起十五日内决定受理与否"


def test_a_tip_that_nobody_dealt_with_is_found_and_answered(
    app: Flask, team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    """The page of a tip says what the reading finds; a case's closing has no place there."""
    walk = tip(team, bureau)
    second_reading.read_due_dockets(today())
    seq = next(
        int(x.rpartition(":")[2]) for x in faults(walk) if x.startswith("tip_judged_in_time")
    )
    assert LATE_TIP in sign_in("head").get("/desk/").text
    address = f"/desk/casefile/{code(walk)}/review"
    assert address in sign_in("leader").get(f"/desk/dockets/{code(walk)}").text
    page = sign_in("leader").get(address).text
    assert LATE_TIP in page
    assert "为什么不能结案" not in page
    assert sign_in("head").get(f"/desk/reading/{code(walk)}.pdf").status_code == 200
    step = f"/desk/dockets/{code(walk)}/report/answer_tip_reading"
    data = {
        "fault": f"tip_judged_in_time:{seq}",
        "reason": "来件字迹不清，经多次联系举报人核实后办理。",
        "seen": last(walk),
    }
    assert sign_in("leader").post(step, data=data).status_code == 302
    tick()
    assert not [x for x in faults(walk) if x.startswith("tip_judged_in_time")]
    assert "未做到，已答复" in sign_in("head").get(address).text
