"""One full paper of each kind, with invented firms and persons (characters above U+FFFF among
them)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from casework.procedure.terms import Figure, Money, Party, Period, SubjectKind, Unit
from letters.base import BureauHead, Letter
from letters.decision import Decision, Outcome, PriorNotice
from letters.disclosure import DisclosureList
from letters.inspection import FilingApproval, InspectionNotice, OnSiteRecord, Proposal
from letters.intake import AcceptanceNotice, Answer, PhoneRecord, RegistrationSheet
from letters.parts import DishonestFirm, Officer, Official, ServedPaper, Violation
from letters.referral import DisciplineProposal
from letters.registry import LETTERS
from letters.service import Method, ServiceReceipt
from letters.stated import figure_sentence

BUREAU = BureauHead(
    address="重庆市丰都县三合街道平都大道1号", phone="023-00000000", region="500230"
)
FIRM = Party(
    name="丰都县某某机械制造（集团）有限公司",
    kind=SubjectKind.ENTERPRISE,
    credit_code="91350100M000100Y43",
    address="重庆市丰都县高家镇工业园区2号",
    representative="谢䶮",
    phone="023-11111111",
)
OFFICERS = (Officer("王𬱟", "渝统执000123"), Officer("李某某", "渝统执000124"))
FIGURES = (
    Figure("应收账款", Decimal(646), Decimal(5087), "千元", "B103-2", "2014年"),
    Figure("固定资产原价", Decimal(10409), Decimal(8398), "千元", "B103-2", "2014年"),
    Figure("工业总产值（当年价格）", Decimal("1234.5"), Decimal(0), "万元", "B204-1", "2014年"),
)
FALSE_FIGURES = Violation(
    "你单位在2014年年报《工业企业成本费用》（B103-2表）中，"
    "应收账款指标上报数为646千元，检查核实数为5,087千元，"
    "差额4,441千元，差错率87.3%；"
    "固定资产原价指标上报数为10,409千元，检查核实数为8,398千元，"
    "差额2,011千元，"
    "差错率23.9%。",
    "《中华人民共和国统计法》（2009年修订）第七条",
    "《中华人民共和国统计法》（2009年修订）第四十一条第一款第二项、第二款",
)
EVIDENCE = ("现场检查笔录", "询问笔录", "2014年年报B103-2表", "总账和明细账复印件")
DAYS = {n: Period(n, Unit.WORKDAY) for n in (3, 5)}
REMEDY: dict[str, Any] = {
    "reconsider_body": "丰都县人民政府",
    "reconsider_period": Period(60, Unit.DAY),
    "court": "重庆市丰都县人民法院",
    "suit_period": Period(6, Unit.MONTH),
}
PAYMENT: dict[str, Any] = {
    "fine": Money.of_yuan(50000),
    "pay_period": Period(15, Unit.DAY),
    "bank": "重庆农村商业银行丰都支行",
    "account_name": "丰都县财政局",
    "account": "5002300001000200030",
}


def common(number: str, day: date = date(2026, 11, 23), **more: Any) -> dict[str, Any]:
    """Fields that every paper has."""
    return {"bureau": BUREAU, "number": number, "on": day, **more}


def registration_sheet(**changes: Any) -> RegistrationSheet:
    fields = {
        **common("丰统登〔2026〕7号"),
        "channel": "网络专栏",
        "received": datetime(2026, 11, 20, 9, 5),
        "real_name": False,
        "respondent": FIRM,
        "area": "高家镇",
        "survey_forms": "B103-2表、B204-1表",
        "survey_period": "2025年年报",
        "matter": "反映该公司2025年年报虚报工业总产值。据称上报数为12,345万元，实际不足8,000万元；"
        "财务账与统计台账不一致，相关材料存放在该公司财务室。",
        "attachments": ("照片3张", "报表复印件1份"),
        "proposal": "反映事项具体，属本局职责范围，建议受理。",
        "registrar": "陈某",
    }
    return RegistrationSheet(**{**fields, **changes})


def phone_record(**changes: Any) -> PhoneRecord:
    fields = {
        **common("丰统线〔2026〕7号"),
        "day": date(2026, 11, 20),
        "began": "09:05",
        "ended": "09:21",
        "taker": "陈某",
        "caller": "未显示",
        "read_back": True,
        "subject": "丰都县某某机械制造（集团）有限公司",
        "content": "来电反映该公司2025年年报上报的工业总产值与账面不符，账簿存放在财务室。",
    }
    return PhoneRecord(**{**fields, **changes})


def acceptance_notice(**changes: Any) -> AcceptanceNotice:
    fields = {
        **common("丰统受〔2026〕7号"),
        "report_number": "2026-000123",
        "received": date(2026, 11, 20),
        "subject": "某企业虚报2025年工业总产值",
        "answer": Answer.ACCEPTED,
        "answer_within": Period(60, Unit.DAY),
    }
    return AcceptanceNotice(**{**fields, **changes})


def filing_approval(**changes: Any) -> FilingApproval:
    fields = {
        **common("丰统立〔2026〕3号"),
        "cause": "丰都县某某机械制造（集团）有限公司涉嫌提供不真实统计资料案",
        "verified": date(2026, 11, 20),
        "respondent": FIRM,
        "facts": FALSE_FIGURES.facts.replace("你单位", "该单位")
        + "该行为涉嫌提供不真实统计资料，属本局管辖，"
        "未超过二年追责时效，符合立案条件。",
        "basis_articles": "《中华人民共和国行政处罚法》第五十四条",
        "proposal": Proposal.FILE,
        "proposed": date(2026, 11, 23),
        "officers": OFFICERS,
        "officer_opinion": "建议立案调查。",
        "leader_signed": "　　　　　　　　年　　月　　日",
    }
    return FilingApproval(**{**fields, **changes})


def inspection_notice(**changes: Any) -> InspectionNotice:
    fields = {
        **common(
            "丰统检〔2026〕4号",
            short_code="7K4M-Q2XD",
            check_url="https://example.gov.cn/check/7K4MQ2XD",
        ),
        "respondent": FIRM,
        "content": "2025年年报工业企业成本费用、工业总产值等统计指标的真实性、准确性、完整性。",
        "span": "2025年度",
        "begins": date(2026, 11, 30),
        "place": "你单位财务室",
        "materials": (
            "2025年度总账、明细账和会计报表",
            "统计台账、原始记录和凭证",
            "2025年年报统计调查表",
        ),
        "officers": OFFICERS,
    }
    return InspectionNotice(**{**fields, **changes})


def on_site_record(**changes: Any) -> OnSiteRecord:
    fields = {
        **common("丰统勘〔2026〕4号", date(2026, 11, 30), case_number="丰统立〔2026〕3号"),
        "cause": "涉嫌提供不真实统计资料",
        "respondent": FIRM,
        "place": "重庆市丰都县高家镇工业园区2号财务室",
        "began": datetime(2026, 11, 30, 9, 30),
        "ended": datetime(2026, 11, 30, 11, 45),
        "officers": OFFICERS,
        "recorder": "李某某",
        "present": "赵某",
        "present_post": "财务负责人",
        "findings": "检查人员查阅了该单位2014年总账、明细账和统计台账，"
        "并与上报的统计调查表逐项核对。\n"
        "经核对，上报数与账面数不一致的指标见下表。该单位财务负责人称，"
        "上报时使用了估计数，年度决算后未予更正。",
        "figures": FIGURES,
        "statement": "对核对结果没有异议。",
    }
    return OnSiteRecord(**{**fields, **changes})


def prior_notice(**changes: Any) -> PriorNotice:
    fields = {
        **common(
            "丰统罚告〔2026〕12号",
            short_code="7K4M-Q2XD",
            check_url="https://example.gov.cn/check/7K4MQ2XD",
        ),
        "addressee": FIRM,
        "violations": (FALSE_FIGURES,),
        "evidence": EVIDENCE,
        "discretion": "鉴于你单位积极配合检查，并在检查期间主动改正，"
        "参照统计行政处罚裁量基准，属于较重情形。",
        "penalties": ("警告", "通报"),
        "fine": Money.of_yuan(50000),
        "defence_period": DAYS[3],
        "hearing_period": DAYS[5],
        "figures": FIGURES[:2],
        "figure_facts": tuple(map(figure_sentence, FIGURES[:2])),
        "contact": "李某某",
    }
    return PriorNotice(**{**fields, **changes})


def decision(**changes: Any) -> Decision:
    fields = {
        **common(
            "丰统罚〔2026〕9号",
            short_code="7K4M-Q2XD",
            check_url="https://example.gov.cn/check/7K4MQ2XD",
        ),
        "outcome": Outcome.PENALTY,
        "respondent": FIRM,
        "violations": (FALSE_FIGURES,),
        "evidence": EVIDENCE,
        "notified": date(2026, 11, 10),
        "notice_number": "丰统罚告〔2026〕12号",
        "defence": "你单位在规定期限内未提出陈述、申辩意见，未要求听证。",
        "discretion": "鉴于你单位积极配合检查，并在检查期间主动改正，"
        "参照统计行政处罚裁量基准，属于较重情形。",
        "penalties": ("警告",),
        "figures": FIGURES[:2],
        "figure_facts": tuple(map(figure_sentence, FIGURES[:2])),
        **REMEDY,
        **PAYMENT,
    }
    return Decision(**{**fields, **changes})


def no_penalty(**changes: Any) -> Decision:
    ground = (
        "你单位的违法行为轻微并及时改正，没有造成危害后果。"
        "根据《中华人民共和国行政处罚法》第三十三条第一款的规定"
    )
    fields = {
        "outcome": Outcome.NO_PENALTY,
        "ground": ground,
        "penalties": (),
        "fine": None,
        "discretion": "",
    }
    return decision(**{**fields, **changes})


def on_the_spot(**changes: Any) -> Decision:
    fields = {
        "outcome": Outcome.ON_THE_SPOT,
        "fine": Money.of_yuan(3000),
        "at": datetime(2026, 11, 23, 10, 20),
        "place": "丰都县高家镇工业园区2号",
        "officers": OFFICERS,
        "defence": "你单位当场表示没有意见。",
        "discretion": "",
        "figures": (),
    }
    return decision(**{**fields, **changes})


def service_receipt(**changes: Any) -> ServiceReceipt:
    fields = {
        **common("丰统送〔2026〕15号", case_number="丰统立〔2026〕3号"),
        "cause": "提供不真实统计资料案",
        "recipient": FIRM.name,
        "address": FIRM.address,
        "method": Method.DIRECT,
        "papers": (ServedPaper("行政处罚事先告知书", "丰统罚告〔2026〕12号"),),
        "officers": OFFICERS,
    }
    return ServiceReceipt(**{**fields, **changes})


def discipline_proposal(**changes: Any) -> DisciplineProposal:
    fields = {
        **common("丰统处建〔2026〕2号"),
        "addressee": "中共丰都县纪律检查委员会、丰都县监察委员会",
        "appointing": False,
        "cause": "高家镇部分企业统计造假案",
        "officials": (
            Official("周某某", "高家镇人民政府副镇长"),
            Official("吴某", "高家镇人民政府统计办主任"),
        ),
        "facts": "2026年1月至3月，"
        "上述人员明示辖区内12家企业按照下达的数字填报工业总产值，"
        "违法数额占应报数额比例特别高。",
        "basis_articles": "《中华人民共和国统计法》第四十条、第四十六条，"
        "《中华人民共和国公职人员政务处分法》第三十九条。",
        "proposal": "建议对周某某、吴某依法给予处分。",
        "reply_period": Period(6, Unit.MONTH),
        "enclosures": ("案件调查报告", "证据材料清单", "处理结果反馈表"),
        "copies": "中共丰都县委组织部",
        "contact": "李某某",
    }
    return DisciplineProposal(**{**fields, **changes})


def firm(index: int) -> DishonestFirm:
    return DishonestFirm(
        name=f"丰都县第{index}某某建材有限责任公司",
        credit_code="91350100M000100Y43",
        address=f"重庆市丰都县三合街道滨江路{index}号",
        representative="谢䶮",
        violation="提供不真实统计资料，情节严重：2025年年报工业总产值虚报比例特别高",
        handling="警告，并处罚款人民币200,000元",
        decision_number=f"丰统失认〔2026〕{index}号",
        shown_from="2026-03-01",
        shown_until="2027-02-28",
    )


def disclosure_list(count: int = 3, **changes: Any) -> DisclosureList:
    fields = {**common("丰统失公〔2026〕1号"), "firms": tuple(firm(i) for i in range(1, count + 1))}
    return DisclosureList(**{**fields, **changes})


NOTICE_VALUES: dict[str, dict[str, Any]] = {
    "inquiry": {
        "values": {
            "addressee": FIRM.name,
            "answer_period": "十五日",
            "answer_how": "送交或者邮寄至本局",
        },
        "lists": {
            "questions": [
                {"text": "2025年工业总产值的计算依据。"},
                {"text": "统计台账的设置情况。"},
            ]
        },
    },
    "reminder": {
        "values": {"addressee": FIRM.name, "due": "2026年11月10日", "until": "2026年11月27日"},
        "lists": {
            "forms": [
                {"name": "工业产销总值及主要产品产量", "form": "B204-1", "period": "2026年10月"}
            ]
        },
    },
    "correction": {
        "values": {
            "addressee": FIRM.name,
            "facts": "你单位未按照国家有关规定设置统计台账。",
            "breaches": "《中华人民共和国统计法》第二十四条",
            "basis": "《中华人民共和国统计法》第四十五条",
            "until": "2026年12月23日",
            "reconsider_period": "六十日",
            "reconsider_body": "丰都县人民政府",
            "suit_period": "六个月",
            "court": "重庆市丰都县人民法院",
        },
        "lists": {"demands": [{"text": "设置并登记2026年统计台账。"}]},
    },
    "preserve": {
        "values": {"addressee": FIRM.name, "place": "丰都县统计局档案室", "manner": "封存"},
        "lists": {
            "items": [
                {"name": "2025年统计台账", "detail": "2025年1月至12月", "count": "2册", "note": ""}
            ]
        },
    },
    "hearing_notice": {
        "values": {
            "addressee": FIRM.name,
            "cause": "你单位涉嫌提供不真实统计资料一案",
            "hearing_at": "2026年12月10日9时30分",
            "place": "丰都县统计局三楼会议室",
            "manner": "公开",
            "host": "郑某",
        },
    },
    "demand": {
        "values": {
            "addressee": FIRM.name,
            "decided": "2026年4月1日",
            "decision_number": "丰统罚〔2026〕9号",
            "served": "2026年4月3日",
            "duty": "缴纳罚款人民币50,000元。",
            "fine_capitals": "伍万元整",
            "fine_figures": "50,000.00",
            "surcharge_capitals": "伍万元整",
            "surcharge_figures": "50,000.00",
            "surcharge_until": "2026年11月23日",
            "bank": "重庆农村商业银行丰都支行",
            "account_name": "丰都县财政局",
            "account": "5002300001000200030",
        },
    },
    "transfer": {
        "values": {
            "addressee": "丰都县公安局",
            "cause": "丰都县某某机械制造（集团）有限公司涉嫌犯罪案件",
            "facts": "本局在查处该公司提供不真实统计资料一案中，发现有关人员涉嫌伪造公司印章。",
            "basis": "《中华人民共和国行政处罚法》第二十七条",
        },
        "lists": {"materials": [{"name": "案件调查报告", "pages": "12", "note": "复印件"}]},
    },
    "dishonesty_notice": {
        "values": {
            "addressee": FIRM.name,
            "facts": "你单位提供不真实统计资料，情节严重。",
            "ground": "《统计严重失信企业信用管理办法》规定的统计严重失信行为",
            "reply_period": "五个工作日",
        },
    },
    "dishonesty_decision": {
        "values": {
            "addressee": FIRM.name,
            "credit_code": FIRM.credit_code,
            "address": FIRM.address,
            "facts": "你单位提供不真实统计资料，情节严重。",
            "notified": "2026年11月2日",
            "notice_number": "丰统失告〔2026〕1号",
            "defence": "你单位在规定期限内未提出陈述、申辩意见。",
            "ground": "《统计严重失信企业信用管理办法》规定的统计严重失信行为",
            "shown_period": "一年",
            "reconsider_period": "六十日",
            "reconsider_body": "丰都县人民政府",
            "suit_period": "六个月",
            "court": "重庆市丰都县人民法院",
        },
    },
    "listing_extension_notice": {
        "values": {
            "addressee": FIRM.name,
            "determined": "2025年11月2日",
            "decision_number": "丰统失认〔2025〕1号",
            "shown_from": "2025年11月20日",
            "due": "2026年11月20日",
            "until": "2027年11月19日",
            "reason": "公示期间再次提供不真实统计资料。",
            "reply_period": "五个工作日",
        },
    },
    "listing_extension": {
        "values": {
            "addressee": FIRM.name,
            "determined": "2025年11月2日",
            "decision_number": "丰统失认〔2025〕1号",
            "shown_from": "2025年11月20日",
            "due": "2026年11月20日",
            "until": "2027年11月19日",
            "reason": "公示期间再次提供不真实统计资料。",
            "notified": "2026年10月8日",
            "notice_number": "丰统失延告〔2026〕1号",
            "defence": "你单位在规定期限内未提出陈述、申辩意见。",
            "reconsider_period": "六十日",
            "reconsider_body": "丰都县人民政府",
            "suit_period": "六个月",
            "court": "重庆市丰都县人民法院",
        },
    },
    "delisting": {
        "values": {
            "addressee": FIRM.name,
            "determined": "2025年11月2日",
            "decision_number": "丰统失认〔2025〕1号",
            "shown_from": "2025年11月20日",
            "reason": "公示期已经届满，你单位已按要求改正。",
            "removed": "2026年11月20日",
        },
    },
    "reply": {
        "values": {
            "report_number": "2026-000123",
            "received": "2026年1月20日",
            "result": "经核查，你反映的问题部分属实，本局已依法作出处理。",
        },
    },
    "extension": {
        "values": {
            "addressee": FIRM.name,
            "cause": "你单位涉嫌提供不真实统计资料一案",
            "filing_number": "丰统立〔2026〕3号",
            "filed": "2026年9月1日",
            "reason": "需要进一步核实有关数据",
            "extended_by": "三个月",
            "until": "2027年3月1日",
        },
    },
}


def notice(kind: str, **changes: Any) -> Letter:
    fields = {**common("丰统〔2026〕5号"), **NOTICE_VALUES[kind]}
    return LETTERS[kind](**{**fields, **changes})
