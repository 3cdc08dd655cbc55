"""What leaves tells neither that somebody reported nor how, when, or in which words (统计法实施条例
§38)."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pikepdf
import pytest
from flask import Flask

from casework.acts.errors import Refused
from casework.archive import redact
from casework.archive.terms_to_hide import Hidden
from casework.intake.receive import receive
from casework.papers.leaks import text_of
from casework.papers.models import Paper
from casework.people.models import Bureau
from casework.procedure.channels import channels
from casework.procedure.load import procedure
from casework.procedure.traces_of_tips import passages, telling_places, telling_words, written_days
from casework.store import db
from casework.upkeep import road
from casework.upkeep.walk import Team, Walk
from letters.labels import coded_names as label_words
from tests.acts.roads import END, FIRM, drive
from tests.archive.bound import read
from tests.support.archive import everything, outgoing, paper, squeezed

CAME = date(2025, 10, 27)
TOLD = f"{FIRM['name']}的账有两本，真的那本放在成品库门后的铁皮柜里，年报照假的那本填"
FILLED = {
    "call_began": "09:12",
    "call_ended": "09:30",
    "number_shown": "withheld",
    "read_back": "yes",
    "postmark": "2025-10-27",
    "envelope": "ordinary",
    "sheets": 2,
    "source_day": "2025-10-27",
    "source_body": "丰都县委督查办公室",
    "source_number": "督转〔2025〕87号",
    "instruction": "请统计局查明。",
    "plan_name": "年度计划",
    "found_by": "核查人员",
    "indicators": "应收账款",
    "deadline": "2025-12-30",
}


def filed(team: Team, bureau: Bureau, channel: str) -> Walk:
    """The case of a tip that came by a channel, filed a month later."""
    kind = channels()[channel]
    asked = {name: FILLED[name] for name in kind.asks if name in FILLED} | (
        {"taker": team.clerk} if kind.asks else {}
    )
    payload = {
        "channel": channel,
        "subject": FIRM["name"],
        "subject_kind": "enterprise",
        "narrative": TOLD,
        "survey_by": "bureau",
        "township": FIRM["township"],
        **asked,
    }
    walk = Walk(team, 0, CAME)
    actor = None if channel == "web" else team.clerk
    walk.docket_id = receive(bureau, payload, actor_id=actor, on=CAME, now=walk.now).docket_id
    road.register(walk)
    walk.at(CAME + timedelta(2)).take(
        "accept", {"respondents": [FIRM], "cause": "涉嫌提供不真实统计资料", "opinion": "受理"}
    )
    case = walk.case()
    road.PARTY[case.docket_id] = FIRM
    return drive(case, "file")


@pytest.mark.parametrize("channel", sorted(channels()))
def test_the_outgoing_file_tells_neither_channel_nor_day(
    app: Flask, team: Team, bureau: Bureau, tmp_path: Path, channel: str
) -> None:
    case = filed(team, bureau, channel)
    data = read(app, outgoing(app, case))
    text, inside = squeezed(data, tmp_path), everything(data)
    with pikepdf.open(tmp_path / "out.pdf") as pdf, pdf.open_outline() as outline:
        text += "".join(str(value) for value in pdf.docinfo.values())
        text += "".join(mark.title for volume in outline.root for mark in volume.children)
    assert "案件来源线索核查" in text
    assert "发现日期" not in text
    day = written_days([CAME])
    assert day
    assert not day.search(text)
    assert telling_words(text) == ()
    name = label_words("channel")[channel]
    assert not re.search(rf"来源[^。]{{0,4}}{name}", text)
    for told in (FILLED["source_body"], FILLED["source_number"], *passages(TOLD, [FIRM["name"]])):
        assert told not in text
    assert FIRM["name"] in text, "a tip that names the firm blacks out no firm"
    assert CAME.isoformat().encode() not in inside


def test_no_paper_of_a_decided_case_tells_of_it(app: Flask, team: Team, bureau: Bureau) -> None:
    """Not the outgoing file alone: what is served, passed on or shown at all, as it was drawn."""
    case = filed(team, bureau, "phone")
    store, rules = app.extensions["sealed_store"], procedure().papers
    day = written_days([CAME])
    assert day
    seen = set()
    for row in db.session.query(Paper).filter(Paper.docket_id == case.docket_id):
        if rules[row.kind].volume != "main":
            continue
        text = "".join(text_of(store.read(row.stored)).split())
        assert not day.search(text), row.kind
        assert telling_words(text) == (), row.kind
        seen.add(row.kind)
    assert "filing_approval" in seen


def test_a_sheet_of_before_is_black_where_it_told_of_it() -> None:
    typed = "2025.10.27，本局收到群众反映，10月27日核实。"
    old = paper("案件来源　电话　发现日期　2025年10月27日　案由", typed, "联系电话另附")
    words = Hidden(days=written_days([CAME]))
    assert redact.touches(old, words)
    text = "案件来源电话发现日期2025年10月27日案由某案联系电话2025年10月28日"
    shown = words.masked(text)
    assert shown == "案件来源■■发现日期■■■■■■■■■■■案由某案联系电话2025年10月28日"


def test_a_sheet_of_now_is_left_as_it_is() -> None:
    assert (
        list(
            telling_places(
                "案件来源线索核查核查日期2025年11月10日案由涉嫌提供不真实统计资料联系电话023"
            )
        )
        == []
    )


@pytest.mark.parametrize(
    "told",
    [
        "2025年10月27日",
        "2025年10月27号",
        "2025-10-27",
        "2025.10.27",
        "2025/10/27",
        "20251027",
        "10月27日",
        "二〇二五年十月二十七日",
        "十月二十七日",
    ],
)
def test_the_day_is_found_in_every_form(told: str) -> None:
    day = written_days([CAME])
    assert day
    assert day.search(f"于{told}收悉")


@pytest.mark.parametrize(
    "other",
    [
        "2024年10月27日",
        "2025年10月2日",
        "2025-10-271",
        "120251027",
        "二〇二四年十月二十七日",
        "10月2日",
    ],
)
def test_another_day_is_left(other: str) -> None:
    day = written_days([CAME])
    assert day
    assert not day.search(f"于{other}收悉")


@pytest.mark.parametrize(
    "words",
    [
        "2025年10月27日接群众举报，该单位上报数不实。",
        "本局收到反映该单位的线索后核查。",
        "根据领导批示核查。",
        "据匿名来信，该单位上报数不实。",
        "该单位真的那本放在成品库门后的铁皮柜里，上报数不实。",
    ],
)
def test_a_paper_that_leaves_is_refused_when_its_words_tell_of_the_tip(
    team: Team, bureau: Bureau, words: str
) -> None:
    """The rightful way: what was found, in words of one's own."""
    case = Walk(team, filed_until(team, bureau).docket_id, CAME + timedelta(40))
    with pytest.raises(Refused) as refused:
        case.propose("file", {**road.filing(END), "facts": words})
    assert [r.check for r in refused.value.refusals] == ["tip_on_paper"]
    case.take("file", road.filing(END))


def filed_until(team: Team, bureau: Bureau) -> Walk:
    """A verified case of a tip by letter, about to be filed."""
    walk = Walk(team, 0, CAME)
    payload = {
        "channel": "web",
        "subject": FIRM["name"],
        "subject_kind": "enterprise",
        "narrative": TOLD,
    }
    payload["survey_by"] = "bureau"
    walk.docket_id = receive(bureau, payload, on=CAME, now=walk.now).docket_id
    road.register(walk)
    walk.at(CAME + timedelta(2)).take(
        "accept", {"respondents": [FIRM], "cause": "涉嫌提供不真实统计资料", "opinion": "受理"}
    )
    case = walk.case()
    road.PARTY[case.docket_id] = FIRM
    return drive(case, "report")


def test_what_a_party_says_is_written_down_as_it_was_said(team: Team, bureau: Bureau) -> None:
    """A record is no place for other words; the file that leaves is black there."""
    case = filed(team, bureau, "web")
    case.at(road.later(case.day, 3)).take("inspection_notice", road.inspection(case))
    case.serve("inspection_notice")
    case.at(road.later(case.day, 4)).take("on_site_record", road.ON_SITE)
    said = [{"question": "还有什么要说明？", "reply": "肯定是竞争对手举报我们。"}]
    case.take("interview", {**road.INTERVIEW, "dialogue": said})
    assert case.paper("interview").docket_id == case.docket_id
    assert Hidden().masked("肯定是竞争对手举报我们。") == "肯定是竞争对手■■我们。"


def test_the_cover_of_an_outgoing_file_is_searched_too(
    app: Flask, team: Team, bureau: Bureau, tmp_path: Path
) -> None:
    """Its words are typed by people when the case is closed."""
    case = filed_until(team, bureau)
    case.at(road.later(case.day, 1)).take(
        "not_file", {"cause": "涉嫌提供不真实统计资料", "facts": "未发现违法事实。"}
    )
    case.scanned().take(
        "close", {"result": "举报不实，不予立案。", "execution": "无。", "publication": ""}
    )
    text = squeezed(read(app, outgoing(app, case)), tmp_path)
    assert "举报不实" not in text
    assert "■■不实,不予立案" in text
