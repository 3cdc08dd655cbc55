"""Who handles a tip: a proposal from 重庆市统计管理条例 §38 and 统计法 2024 §36; people decide."""

from __future__ import annotations

import re
from dataclasses import dataclass

from casework.procedure.model import Label


@dataclass(frozen=True)
class ProposedHandler:
    """Handler: ours · survey_team · up (to the superior bureau)."""

    handler: str
    reason: Label
    basis: str


# Who leads the government or the Party committee of the area: 县长、副县长、县委书记. «丰都县长…»
# may begin another name.
_LEADER = "(?:副?[县区市]长|长(?=$|[）)、，])|委(?:副?书记|常委))"
# 县委; its departments (县委宣传部) are none of it, nor is 政协 or 共青团
_COMMITTEE = "委(?:员会)?(?=$|[（(、，及和])"
_BEFORE = r"(?:^|[省市州委、，,；;和及（(]|中共|中国共产党)"
CHONGQING = "重庆市统计管理条例 §38"
LAW = "统计法（2024）§36"
_TABLE = {
    "up_self": ProposedHandler(
        "up",
        Label(
            "被反映的是本局，应报上一级统计机构办理。",
            "The tip is about this bureau: report it up.",
        ),
        CHONGQING,
    ),
    "up_government": ProposedHandler(
        "up",
        Label(
            "被反映的是县人民政府，应报上一级统计机构办理。",
            "The tip is about the county government: report it up.",
        ),
        CHONGQING,
    ),
    "survey_team": ProposedHandler(
        "survey_team",
        Label(
            "该项调查由国家调查队组织实施，应转调查队办理。",
            "The survey is run by a state survey team: transfer it.",
        ),
        LAW,
    ),
    "ours": ProposedHandler("ours", Label("属本局管辖。", "This bureau is competent."), CHONGQING),
}


def propose_handler(
    *, subject: str, bureau: str, government: str, survey_by: str = "bureau", person: bool = False
) -> ProposedHandler:
    """The table's proposal for a subject's name, the bureau's and its government's names and who
    runs the survey.

    `person`: the subject is a human being, with the office (:func:`with_office`): it may stand
    anywhere in the words."""
    name, area = "".join(subject.split()), government.removesuffix("人民政府").removesuffix("政府")
    own = bureau.removeprefix(area)
    if _is(name, area, own) or (person and area and area + own in name):
        return _TABLE["up_self"]
    if any(_is(name, area, body) for body in ("(?:人民)?政府", _LEADER, _COMMITTEE)) or (
        person and _leads(name, area)
    ):
        return _TABLE["up_government"]
    return _TABLE["survey_team" if survey_by == "survey_team" else "ours"]


def with_office(name: str, office: str) -> str:
    """A human being as the table reads it: the office stands in a field of its own, or beside the
    name."""
    return f"{name}、{office}"


def _leads(name: str, area: str) -> bool:
    """Whether a human being's words name an office that leads a county like this: the county
    handles none of those."""
    if not area:
        return False
    level = re.escape(area[-1])
    return (
        re.search(rf"{level}长(?!江|寿|办|助理|秘书)|{level}委(?:副?书记|常委)", name) is not None
    )


def _is(name: str, area: str, body: str) -> bool:
    """Whether the tip is about that body of the area or somebody in it, as people write it: «丰都县
    政府», «县委县政府», «重庆市丰都县人民政府», «县统计局局长». An office of the government (府办)
    is a department of its own."""
    if not area or not body:
        return False
    where = f"(?:{re.escape(area)}|{re.escape(area[-1])})"
    return re.search(rf"{_BEFORE}(?:本|我|副)?{where}{body}(?!办)", name) is not None
