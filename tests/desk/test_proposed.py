"""What the record knows stands in the forms of later steps, right and with its source, from the
telephone to the archive; and nothing in them was an informant's word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
import time_machine
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Form, RadioField
from wtforms.fields.core import UnboundField

from casework.procedure.load import procedure
from forms.base import marks
from forms.proposed import Known, Proposed
from forms.registry import all_forms, form_class
from tests.conftest import Mould
from tests.desk import test_whole_cases as walk
from tests.desk.by_hand import Desk
from tests.desk.test_whole_cases import BEGINS, CONDUCT, mould  # noqa: F401
from tests.upkeep.on_pages import sheet

pytestmark = pytest.mark.long


def marked_fields(form: type[Form]) -> Iterator[tuple[str, UnboundField[Any], Proposed]]:
    """Fields of a form for which the record may propose something."""
    for name in dir(form):
        found = getattr(form, name)
        for mark in marks(found) if isinstance(found, UnboundField) else ():
            if isinstance(mark, Proposed):
                yield name, found, mark


@dataclass
class Watching(Desk):
    """A desk that notes what stands in each form before anybody types, and what its page says of
    where that was taken from."""

    values: dict[str, list[Mapping[str, Any]]] = field(default_factory=dict)
    sources: dict[str, list[Mapping[str, str]]] = field(default_factory=dict)
    secret: str = ""  # words that no form may propose

    def fill(self, login: str, address: str, typed: Mapping[str, Any]) -> Any:
        step, page = address.split("?")[0].rsplit("/", 1)[1], self.see(login, address)
        standing = sheet(page).standing
        self.values.setdefault(step, []).append({k: "\n".join(v) for k, v in standing.items()})
        said = re.findall(r'id="([^"]+)-proposal">\s*(.*?)\s*</p>', page, re.S)
        self.sources.setdefault(step, []).append({k: unescape(v) for k, v in said})
        self.no_secret()
        return super().fill(login, address, typed)

    def no_secret(self) -> None:
        """No source of any form proposes a secret word for this docket as it stands."""
        if not self.secret:
            return
        facts = self.facts()
        for name, form in all_forms().items():
            for key, _asked, mark in marked_fields(form):
                known = mark.source(facts) or Known("")
                assert self.secret not in str(known.value), f"{name}.{key} proposes {known.value}"


@pytest.fixture
def desk(app: Flask, mould: Mould) -> Iterator[Watching]:  # noqa: F811
    with time_machine.travel(datetime(2025, 9, 1, 6, 30, tzinfo=UTC), tick=False) as clock:
        yield Watching(app, clock, BEGINS)


FOUND = (
    "报送的2025年年报B103-2表中，少报应收账款4,441千元，差错率87.3%；"
    "多报固定资产原价2,011千元，差错率23.9%"
)
DECIDED = (
    "报送的2024年年报《成本费用》（B103-2表）中，应收账款、固定资产原价与会计账簿记载的数额不符，"
    "构成提供不真实统计资料。"
)
HOME = "重庆市丰都县高家镇工业园2号"
# step, which time it was taken, field: what stood there, and from where
FIRM_CASE = {
    ("accept", 0, "cause"): ("涉嫌提供不真实统计资料", "9月1日“收到线索”"),
    ("accept", 0, "respondents-0-name"): (walk.FIRM, "9月1日“收到线索”"),
    ("accept", 0, "respondents-0-township"): (walk.TOWN, "9月1日“收到线索”"),
    ("verify_figures", 0, "figures-0-form"): ("B103-2", "线索"),
    ("verify_figures", 0, "figures-2-period"): ("2024年报", "线索"),
    ("verification_report", 0, "party_name"): (walk.FIRM, "9月2日“由线索立核查件”"),
    ("verification_report", 0, "party_kind"): ("enterprise", "9月2日“由线索立核查件”"),
    ("verification_report", 0, "address"): (HOME, "9月2日“由线索立核查件”"),
    ("verification_report", 0, "representative"): ("谭某", "9月2日“由线索立核查件”"),
    ("verification_report", 0, "findings"): (f"{FOUND}。", "9月8日“核对数据”"),
    ("file", 0, "cause"): ("涉嫌提供不真实统计资料", "9月2日“由线索立核查件”"),
    ("file", 0, "facts"): (f"{FOUND}。", "9月8日“核对数据”"),
    ("inspection_notice", 0, "content"): (
        "2025年年报B103-2表中的应收账款、固定资产原价",
        "9月8日“核对数据”",
    ),
    ("inspection_notice", 0, "span"): ("2025年年报", "9月8日“核对数据”"),
    ("inspection_notice", 0, "place"): (HOME, "9月10日“提交核查报告”"),
    ("serve", 0, "place"): (HOME, "9月10日“提交核查报告”"),
    ("serve", 1, "place"): ("当事人住所", "9月11日“送达”"),
    ("serve", 1, "signer"): ("办公室收件人谭某", "9月11日“送达”"),
    ("on_site_record", 0, "place"): ("当事人住所", "9月11日“制发检查通知书”"),
    ("interview", 0, "place"): ("当事人财务室", "9月15日“现场检查笔录”"),
    ("investigation_report", 0, "violations-0-code"): ("V3", "9月10日“立案”、9月8日“核对数据”"),
    ("investigation_report", 0, "violations-0-what"): (FOUND, "9月10日“立案”、9月8日“核对数据”"),
    ("investigation_report", 0, "violations-0-conduct_end"): (
        CONDUCT.isoformat(),
        "9月10日“立案”、9月8日“核对数据”",
    ),
    ("investigation_report", 0, "course"): (
        "2025年9月10日，立案；2025年9月11日，制发检查通知书；2025年9月15日，现场检查笔录；"
        "2025年9月15日，询问笔录；2025年9月15日，登记证据。",
        "办理记录",
    ),
    ("prior_notice", 0, "evidence"): (
        "现场检查笔录（2025年9月15日），证明检查的经过和账簿、报表的核对结果\n"
        "询问笔录（2025年9月15日），证明有关人员对填报经过的陈述\n"
        "应收账款明细账.png（2025年9月15日），证明应收账款实为5087千元",
        "已登记的证据",
    ),
    ("prior_notice", 0, "discretion"): ("差错率较大，一般情节。", "9月22日“调查终结报告”"),
    ("prior_notice", 0, "contact"): ("秦岚 023-0000 0000", "承办人员和本局电话"),
    ("decide_penalty", 0, "kinds"): ("warning\nfine", "9月24日“制发处罚事先告知书”"),
    ("decide_penalty", 0, "fine_fen"): ("60000.00", "9月24日“制发处罚事先告知书”"),
    ("decide_penalty", 0, "evidence"): (
        "现场检查笔录\n询问笔录\n应收账款明细账",
        "9月24日“制发处罚事先告知书”",
    ),
    ("decide_penalty", 0, "discretion"): (
        "差错率较大，未主动纠正。",
        "9月24日“制发处罚事先告知书”",
    ),
    ("decide_penalty", 0, "defence"): (
        "当事人于2025年9月28日提出：系估计填报，愿意改正，请求从轻。"
        "经复核，不予采纳：不影响违法事实的认定。",
        "9月28日“记录陈述申辩”、9月30日“复核陈述申辩”",
    ),
    ("decide_penalty", 0, "bank"): (
        "中国农业银行丰都支行，丰都县财政局，31-0000000000",
        "本局资料",
    ),
    ("pay", 0, "paid_fen"): ("60000.00", "今日应缴余额"),
    ("approve_publication", 0, "summary"): (DECIDED, "10月24日“作出处罚决定”"),
    ("close", 0, "result"): (
        "《行政处罚决定书》（丰统罚〔2025〕1号）：警告，并处罚款人民币陆万元整（¥60,000.00）。",
        "10月24日“作出处罚决定”",
    ),
    ("close", 0, "execution"): (
        "罚款已缴清，共60,000元，最后一笔于2025年11月3日缴纳。",
        "11月3日“登记缴款”",
    ),
    ("close", 0, "publication"): ("处罚信息已于2025年11月4日公示。", "11月4日“发布公示”"),
}


def stood(desk: Watching, step: str, time: int, name: str) -> tuple[str, str]:
    """What stood in a field, and what the page said of where it was taken from."""
    value = desk.values[step][time][name].replace("\r\n", "\n").removeprefix("\n")
    said = desk.sources[step][time]
    return value, said.get(name) or said.get(name.split("-")[0], "")


def test_what_is_known_of_a_firm_is_never_asked_again(desk: Watching) -> None:
    walk.told(desk)
    desk.open_case()
    walk.investigated(desk)
    walk.heard(desk)
    walk.decided(desk)
    desk.scan_back()
    desk.take("close")
    found = {key: stood(desk, *key) for key in FIRM_CASE}
    right = {key: (value, f"取自{source}，请核对") for key, (value, source) in FIRM_CASE.items()}
    assert found == right
    shown = {
        (step, name) for step, times in desk.sources.items() for said in times for name in said
    }
    tried = {(step, name.split("-")[0]) for step, _time, name in FIRM_CASE}
    assert shown - tried <= {("decide_penalty", "contact"), ("verification_report", "credit_code")}


def test_no_form_proposes_a_word_of_the_informant(desk: Watching) -> None:
    """Whatever a tip says in words of its own, the rest of the case never proposes it anywhere."""
    desk.secret = "暗记"
    mark = desk.secret
    desk.receive(
        "letter",
        subject=walk.FIRM,
        subject_kind="enterprise",
        township=walk.TOWN,
        kinds=["false_data"],
        form=f"{mark}表",
        period=f"{mark}2024年报",
        narrative=f"{mark}一：账在库房。",
        postmark=f"{mark}二",
        earlier=f"{mark}三",
        original_at=f"{mark}四",
        envelope="ordinary",
    )
    desk.take("register", proposal="线索具体，建议受理核查。")
    desk.take("instruct_report", leader_instruction="请执法大队依法核查。")
    desk.take(
        "accept",
        respondents=[{"name": walk.FIRM, "kind": "enterprise", "address": HOME}],
        opinion="属本局管辖，建议受理。",
    )
    desk.open_case()
    walk.investigated(desk)
    walk.heard(desk)
    walk.decided(desk)
    assert desk.values["verify_figures"][0]["figures-0-form"] == ""
    every = [v for times in desk.values.values() for one in times for v in one.values()]
    assert [v for v in every if mark in v] == []


def test_nothing_that_a_person_says_or_chooses_alone_is_proposed() -> None:
    """No tick, no single choice, and no word that the informant will read."""
    wrong = [
        f"{name}.{key}"
        for name, form in all_forms().items()
        for key, asked, _mark in marked_fields(form)
        if issubclass(asked.field_class, BooleanField | RadioField) or key == form.informant_reads
    ]
    assert wrong == []


def test_what_was_typed_is_never_replaced_by_a_proposal(desk: Watching) -> None:
    walk.told(desk)
    desk.open_case()
    desk.later(1).take("assign", assigned=desk.ids("officer1", "officer2"))
    facts = desk.facts()
    form = form_class(procedure().steps["verification_report"].asks)
    with desk.app.test_request_context():
        sent = form(facts, MultiDict({"party_name": "", "address": "别处", "findings": ""}))
    assert (sent.party_name.data, sent.address.data, sent.findings.data) == ("", "别处", "")
    assert not sent.address.flags.proposal
