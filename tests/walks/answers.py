"""What people type: for each field of a form something plausible of its kind, now and then with
nasty words behind it.

A field that is already filled mostly stays as it is. What is asked in more than one place agrees
(the day on which the conduct ended, the sum that was told), because people copy it, too.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from wtforms import StringField, TextAreaField

from casework.procedure.calendar import WorkCalendar
from casework.procedure.codes import credit_check
from casework.procedure.day_bounds import Lies
from casework.procedure.facts import Facts
from forms.base import DayField, Filled, HourField, NumberField, StepForm
from tests.support import words
from tests.upkeep.on_pages import CODES, _field, most
from tests.walks.page import Field, Form

Answers = dict[str, list[str]]
FIRMS = (
    "重庆汇锦机械制造有限公司",
    "重庆渝丰粮油有限公司",
    "重庆𬬻瀛建材有限公司",
    "丰都县龙河水泥粉磨厂",
    "重庆名山食品有限公司",
    "丰都县双路镇人民政府",
    "丰都县统计服务中心",
    "重庆雪玉商贸有限公司",
)
CALENDAR = WorkCalendar()
SAYS = (
    "经核对账簿和凭证，上报数与核实数不符，情况属实。",
    "已按规定办理，有关材料附后。",
    "具体情况见所附材料，理由充分，依法可以办理。",
    "承办人员两人到场，当事人在场并签字确认。",
)
SHORT = ("当事人住所", "财务科", "谭某", "丰都县有关部门", "第18号")
TOLD = {  # what a tip tells is in nobody else's mouth: no paper that leaves may repeat it
    "area": (
        "去年年报少报了四百多万，老板让财务照着手机里的数填。",
        "统计员说产值是估的，没有台账，问了几次都这样讲。",
    ),
    "text": ("某日报社", "来文〔2024〕3号", "抽查方案甲", "收发室"),
}
# Choices that lead on are taken more often; what is not named here counts one.
LIKELY: Mapping[str, Mapping[str, float]] = {
    "result": {"file": 6, "pass": 8, "agreed": 8, "executed": 3, "dropped": 1, "upheld": 2},
    "channel": {"phone": 2, "visit": 2, "letter": 2},
    "subject_kind": {"enterprise": 5},
    "party_kind": {"enterprise": 6},
    "kind": {"enterprise": 4},
    "vote": {"agree": 9, "": 0},
    "session": {"closed": 4},
    "survey_by": {"bureau": 9},
    "organ": {"no": 2},
    "code": {"V3": 60, "": 0},
    "corrected": {"yes": 3},
    "public_employee": {"yes": 4},
    "recusal": {"no": 4},
    "serious_ground": {"": 12},
    "census_law": {"": 12},
    "final": {"no": 2},
    "competence": {"survey_team": 2},
}
# how many rows of a table are filled
ROWS = {"figures": 2, "violations": 1, "voices": 3, "respondents": 1, "dialogue": 3}
PLAIN: Mapping[str, Sequence[str]] = {
    "indicator": ("应收账款", "固定资产原价"),
    "reported": ("646", "10409"),
    "verified": ("5087", "8398"),
    "unit": ("千元",),
    "form": ("B103-2",),
    "period": ("2024年报",),
    "days": ("15",),
    "sheets": ("3",),
    "time": ("9:00",),
    "taker": ("何静",),
    "present": ("当事人谭某，承办人员到场",),
    "person_name": ("王某",),
    "person_post": ("丰都县双路镇镇长",),
    "responsible": ("王某，丰都县双路镇镇长",),
    "representative": ("谭某",),
    "address": ("重庆市丰都县高家镇工业园2号",),
    "name": ("周明", "江涛", "傅敏"),
    "post": ("局领导",),
    "shelf": ("2025-1-1",),
    "body": ("丰都县人民法院", "国家统计局丰都调查队", "中共丰都县委组织部"),
    "bank": ("中国农业银行丰都支行，丰都县财政局，31-0000000000",),
    "cause": ("涉嫌提供不真实统计资料",),
    "number": ("丰组〔2025〕6号", "（2025）渝0230行初18号"),
    "slip": ("渝财0230第18号",),
    "numbers": ("13800000001",),
    "phone": ("023-70700000",),
    "refusal": ("",),
    "no_figures": ("",),
    "corrections": ("",),
    "who_name": ("",),
    "who_contact": ("",),
    "contact": ("向东平",),
    "earlier": ("",),
    "plan_name": ("", "抽查方案甲"),
    "opinion": SAYS,
    "what": ("上报的B103-2表应收账款、固定资产原价与检查核实数不符",),
    "sex_age": ("女，35岁",),
    "reply": SAYS,
    "departure_reason": ("当事人主动配合检查，违法行为危害后果轻微，裁量基准以外从轻。",),
    "document": ("当事人书面声明一份，存卷第12页",),
    "threat": ("",),
    "set_off": ("",),
    "code": ("",),
    "late_reason": ("案情复杂，向上级请示并等待协查回函，耽误了办案时间。",),
    "q": ("公司", "汇锦", "2025", "丰统核"),
}
BODIES = {  # who has the power that is asked for
    "appointing": "中共丰都县委组织部",
    "supervision": "丰都县监察委员会",
    "party": "中共丰都县纪律检查委员会",
    "police": "丰都县公安局",
    "procuracy": "丰都县人民检察院",
}
# words that the program itself reads or compares
NAMES = ("subject", "party_name", "name", "days", "sheets")


def code_of(firm: str) -> str:
    """A credit code of that firm, with a check digit that holds."""
    first = f"91500230MA{sum(map(ord, firm)) % 10_000_000:07d}"
    return first + credit_check(first)


class Hand:
    """Fills forms for one act. ``facts``: the docket the form is about, where it is about one."""

    def __init__(
        self,
        chance: random.Random,
        today: date,
        facts: Facts | None,
        asks: type[StepForm] | None,
        step: str,
    ) -> None:
        self.chance, self.today, self.facts, self.asks, self.step = chance, today, facts, asks, step
        self.careful = False  # after a refusal: nothing nasty, nothing left out
        self.nasty = chance.random() < 0.2

    def fill(self, form: Form) -> Answers:
        """An answer for every field that takes one; what stands there mostly stays."""
        found = form.standing()
        for field in form.fields.values():
            if field.kind not in ("hidden", "file") and not self._stays(field):
                found[field.name] = self._answer(field)
        self._agree(form, found)
        return {name: values for name, values in found.items() if values}

    def _stays(self, field: Field) -> bool:
        row = self._row(field.name)
        if row is not None and row[1] >= ROWS.get(row[0], 1):
            return True
        standing = [v for v in field.standing if v]
        if field.kind == "select" and field.name in ("act", "field"):
            return self.chance.random() < 0.5
        likely = 0.5 if field.kind in ("select", "radio") else 0.93
        return bool(standing) and self.chance.random() < likely

    def _answer(self, field: Field) -> list[str]:
        short = field.name.rpartition("-")[2]
        if field.kind in ("select", "radio"):
            return self._one_of(short, [o for o in field.options if o] or field.options)
        if field.kind == "checkbox":
            return self._ticked(short, field.options)
        kind = self._kind(field.name)
        if kind is not None and issubclass(kind, DayField):
            return [self._day(field.name)]
        if kind is not None and issubclass(kind, HourField):
            return ["09:20" if short in ("began", "call_began") else "10:40"]
        if short in CODES:
            return ["" if self.chance.random() < 0.3 else code_of(self._firm())]
        return [self._text(field, short, kind)]

    def _one_of(self, short: str, options: list[str]) -> list[str]:
        if not options:
            return []
        weights = [
            LIKELY.get(short, {}).get(o, 6.0 if short.startswith("point_") and o == "pass" else 1.0)
            for o in options
        ]
        return (
            self.chance.choices(options, weights) if any(weights) else [self.chance.choice(options)]
        )

    def _ticked(self, short: str, options: list[str]) -> list[str]:
        """One box is a yes; of several, some. Officers come in twos."""
        if short in ("assigned", "officers"):
            return self.chance.sample(options, min(2 + (self.chance.random() < 0.2), len(options)))
        if short == "agreed":
            return options
        if len(options) == 1:
            often = {
                "cards_shown": 0.97,
                "rights_told": 0.97,
                "told": 0.97,
                "census": 0.05,
                "threat": 0.1,
                "whole": 0.4,
            }
            return (
                options
                if self.chance.random() < often.get(short, 0.3) or (self.careful and short in often)
                else []
            )
        return [o for o in options if self.chance.random() < 0.5] or options[:1]

    # -- words
    def _text(self, field: Field, short: str, kind: Any) -> str:
        known = PLAIN.get(short)
        if short in ("subject", "party_name") or field.name.endswith("respondents-0-name"):
            plain = self._firm()
        elif short == "fine_fen":
            plain = f"{self._fine():.2f}" if self.chance.random() < 0.9 else "0.01"
        elif short.endswith("_fen"):
            plain = "1000.00"
        elif known:
            row = self._row(field.name)
            plain = known[row[1] % len(known)] if row else self.chance.choice(known)
        elif not self._filled(field.name) and not self.careful and self.chance.random() < 0.4:
            return ""
        elif self.step == "receive":
            plain = self.chance.choice(TOLD[field.kind])
        else:
            plain = self.chance.choice(SAYS if field.kind == "area" else SHORT)
        takes_any = kind in (None, StringField, TextAreaField) and short not in NAMES
        if self.nasty and not self.careful and takes_any and plain and self.chance.random() < 0.3:
            return self._with_bag(field, plain)
        return plain

    def _with_bag(self, field: Field, plain: str) -> str:
        room = 200
        if self.asks is not None and (asked := _field(self.asks, field.name)) is not None:
            room = most(asked)
        return words.typed(plain, room, field.kind == "area")

    def _firm(self) -> str:
        if self.facts is not None and self.facts.party is not None and self.facts.party.name:
            return self.facts.party.name
        return self.chance.choice(FIRMS)

    def _fine(self) -> int:
        return self.chance.choice([5_000, 8_000, 20_000, 60_000, 120_000])

    # -- days
    def _day(self, name: str) -> str:
        short = name.rpartition("-")[2]
        if short in ("conduct_end", "conduct_start"):
            ended = self._conduct()
            return (ended if short == "conduct_end" else ended - timedelta(9)).isoformat()
        if short == "hearing_on":
            return CALENDAR.add_workdays(self.today, 9 + self.chance.randrange(3)).isoformat()
        field = _field(self.asks, name) if self.asks else None
        lies = field.kwargs.get("lies") if field is not None else None
        if short == "on" or lies is Lies.DURING:
            back = self.chance.choice([0, 0, 0, 0, 1, 3])
            return (self.today - timedelta(back)).isoformat()
        if lies is Lies.ENTRY and self.chance.random() < 0.6:
            return ""
        if lies in (Lies.AHEAD, Lies.TERM):
            return CALENDAR.next_workday(
                self.today + timedelta(self.chance.choice([5, 15, 20, 40]))
            ).isoformat()
        return (self.today - timedelta(self.chance.choice([1, 2, 6, 40]))).isoformat()

    def _conduct(self) -> date:
        filed = self.facts.last("file") if self.facts is not None else None
        if filed is not None and filed.asked.get("conduct_end"):
            return date.fromisoformat(str(filed.asked["conduct_end"]))
        begun = self.facts.acts[0].on if self.facts is not None and self.facts.acts else self.today
        return begun - timedelta(90)

    # -- what fits together
    def _agree(self, form: Form, found: Answers) -> None:
        """Fields that people fill together."""
        if "kinds" in form.fields and "fine_fen" in form.fields:
            kinds = found.get("kinds") or ["warning"]
            if not form.fields["kinds"].standing:
                kinds = self.chance.choices(
                    [["warning", "fine"], ["warning"], ["warning", "circular", "fine"]], [5, 3, 2]
                )[0]
                kinds = [k for k in kinds if k in form.fields["kinds"].options]
            sums = found.get("fine_fen") or [""]
            found["kinds"] = kinds
            found["fine_fen"] = [(sums[0] or f"{self._fine():.2f}") if "fine" in kinds else ""]
        if "figures-0-indicator" in form.fields and "no_figures" in form.fields:
            found["no_figures"] = [""]
        points = [found.get(n, [""])[0] for n in form.fields if n.startswith("point_")]
        if points:
            found["result"] = ["pass" if set(points) == {"pass"} else "return"]
        votes = (
            [found.get(f"voices-{i}-vote", [""])[0] for i in range(3)]
            if "voices-0-vote" in form.fields
            else []
        )
        if votes:
            found["result"] = ["agreed" if votes.count("agree") >= 2 else "return"]
        if "body_kind" in form.fields or "target" in form.fields:
            named = (found.get("body_kind") or found.get("target") or [""])[0]
            found["body"] = [BODIES.get(named, "丰都县有关部门")]
        if self.step == "verification_report" and self.facts is not None and not self.facts.figures:
            found["no_figures"] = ["不涉及核对指标。"]

    # -- what the form's class says of a field
    def _kind(self, name: str) -> Any:
        field = _field(self.asks, name) if self.asks else None
        return getattr(field, "field_class", None)

    def _filled(self, name: str) -> bool:
        """Whether the field has to be filled."""
        field = _field(self.asks, name) if self.asks else None
        if field is None or field.field_class is NumberField:
            return True
        rules = field.args[1] if len(field.args) > 1 else field.kwargs.get("validators", ())
        return any(isinstance(r, Filled) for r in rules or ())

    def _row(self, name: str) -> tuple[str, int] | None:
        parts = name.split("-")
        return (parts[0], int(parts[1])) if len(parts) > 2 and parts[1].isdecimal() else None
