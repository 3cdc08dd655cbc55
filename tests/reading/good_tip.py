"""Tips written by hand in which all is as the law wants it: what tests change one thing of."""

from __future__ import annotations

from datetime import date
from typing import Any

from casework.reading.record import Record
from tests.reading.good import CLERK, HEAD, LEADER, PARTY, PEOPLE, File, d, weekday

CAME = {
    "channel": "letter",
    "subject": PARTY["name"],
    "subject_kind": "enterprise",
    "survey_by": "bureau",
    "named": True,
    "narrative": "年报数据不实。",
}
ACCEPTED = {
    "respondents": [PARTY],
    "cause": "涉嫌提供不真实统计资料",
    "opinion": "属本局管辖，受理。",
    "reply": "已受理。",
}
DECLINED = {
    "ground": "not_statistics",
    "destination": "丰都县市场监督管理局",
    "opinion": "反映的是年报公示不实。",
    "reply": "请向市监局反映。",
}
HANDED_ON = {
    "competence": "other_body",
    "body": "国家统计局丰都调查队",
    "reason": "由调查队组织实施。",
    "material": "摘要。",
}
REPORT = [{"do": "open", "track": "report", "label": "report"}]
NOTICE = ("acceptance_approval", "acceptance_notice")


def came(**words: Any) -> File:
    """A tip that was received on Monday, 2 March, and registered the day after."""
    f = File()
    f.add("receive", d(3, 2), CLERK, {**CAME, **words}, track="report", effects=REPORT)
    f.add(
        "register",
        d(3, 3),
        CLERK,
        {"opinion": "拟受理。"},
        track="report",
        papers=["registration_sheet"],
    )
    return f


def accepted(**words: Any) -> File:
    """Accepted, the informant told, and answered in the end."""
    f = came(**words)
    f.add("accept", d(3, 5), CLERK, ACCEPTED, track="report", approve=[HEAD], papers=NOTICE)
    f.serve("acceptance_notice", d(3, 9))
    answer = {"text": "已依法处理。", "final": "yes"}
    f.add(
        "answer_informant",
        d(6, 10),
        CLERK,
        answer,
        track="report",
        approve=[HEAD],
        papers=["reply"],
    )
    return f


def declined(**words: Any) -> File:
    """None of statistics."""
    f = came(**words)
    f.add("decline", d(3, 6), CLERK, DECLINED, track="report", approve=[LEADER], papers=NOTICE)
    f.serve("acceptance_notice", d(3, 9))
    return f


def handed_on(**words: Any) -> File:
    """To another body, back from there, and accepted after all."""
    f = came(**words)
    papers = [*NOTICE, "transfer", "material_list"]
    f.add(
        "transfer_report",
        d(3, 6),
        CLERK,
        HANDED_ON,
        track="report",
        approve=[LEADER],
        papers=papers,
    )
    f.serve("acceptance_notice", d(3, 9))
    f.add("transfer_back", d(3, 20), CLERK, {"letter": "退函", "reason": "退回。"}, track="report")
    f.add("accept", d(3, 23), CLERK, ACCEPTED, track="report", approve=[HEAD], papers=NOTICE)
    return f


def objected(**words: Any) -> File:
    """Sent to us by another body, and sent back within five working days."""
    f = came(channel="department", source_body="丰都县市场监督管理局", **words)
    f.add(
        "object_transfer",
        d(3, 9),
        CLERK,
        {"reason": "不属统计事项。"},
        track="report",
        approve=[LEADER],
    )
    return f


def linked(**words: Any) -> File:
    """Put to a case, taken off it again, and put to two others."""
    f = came(**words)
    f.add(
        "link_report",
        d(3, 5),
        CLERK,
        {"case": 8, "reason": "同一事项。"},
        track="report",
        approve=[HEAD],
    )
    f.add(
        "unlink_report",
        d(3, 6),
        CLERK,
        {"case": 8, "reason": "误关联。"},
        track="report",
        approve=[HEAD],
    )
    for case in (7, 9):
        f.add(
            "link_report",
            d(3, 9),
            CLERK,
            {"case": case, "reason": "同一事项。"},
            track="report",
            approve=[HEAD],
        )
    answer = {"text": "已并入在办案件。", "final": "no"}
    f.add(
        "answer_informant",
        d(3, 16),
        CLERK,
        answer,
        track="report",
        approve=[HEAD],
        papers=["reply"],
    )
    return f


def accepted_after_a_link(**words: Any) -> File:
    """Put twice to the same case, which is one link; taken off it, a lead again, and accepted."""
    f = came(**words)
    for _ in range(2):
        f.add(
            "link_report",
            d(3, 5),
            CLERK,
            {"case": 8, "reason": "同一事项。"},
            track="report",
            approve=[HEAD],
        )
    f.add(
        "unlink_report",
        d(3, 6),
        CLERK,
        {"case": 8, "reason": "误关联。"},
        track="report",
        approve=[HEAD],
    )
    f.add("accept", d(3, 9), CLERK, ACCEPTED, track="report", approve=[HEAD], papers=NOTICE)
    f.serve("acceptance_notice", d(3, 10))
    return f


ALL = (accepted, declined, handed_on, objected, linked, accepted_after_a_link)


def recorded(f: File, today: date | None = None, **more: Any) -> Record:
    """The tip as a record on that day, else on the last of June."""
    same: dict[str, Any] = {
        "people": PEOPLE,
        "today": today or d(6, 30),
        "workday": weekday,
        "kind": "report",
        **more,
    }
    return Record(
        "丰统线〔2026〕1号", d(3, 2), entries=tuple(f.entries), sheets=tuple(f.sheets), **same
    )
