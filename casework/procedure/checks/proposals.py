"""What a proposal says in words: a fine with its sum, a benchmark with its name."""

from __future__ import annotations

import re
from datetime import date

from casework.procedure.benchmark import confirmed
from casework.procedure.checks.registry import Refusal, check, refused_unless
from casework.procedure.facts import Asked, Facts

FINES = re.compile("(?<!不予)(?<!不)罚款")
SUM = re.compile(
    "[0-9０-９][0-9０-９,，"
    ".]*(?:千|万)?元|[零一二三四五六七八九十百千万壹贰叁肆伍陆柒捌玖拾佰仟]+元|¥[0-9]"
)


@check
def proposal_names_sum(_facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """A report that proposes a fine says how much (处罚法 §57第一款: 种类和幅度 are what the head
    decides about)."""
    text = str(asked.get("proposal") or "")
    return refused_unless(not FINES.search(text) or bool(SUM.search(text)))


@check
def benchmark_named(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """Who invokes a discretion benchmark names it (处罚法 §34); one that the bureau has confirmed
    the paper names itself."""
    text = str(asked.get("discretion") or "")
    return refused_unless("裁量基准" not in text or confirmed(facts.settings) or "《" in text)
