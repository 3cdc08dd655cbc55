"""What people typed, as it stands in a sentence of a paper: laws by full names, nothing said twice,
the party addressed."""

from __future__ import annotations

import re

from letters.format import shared_words

_CHAPTER = "(?=(?:（[^）]*）)?第[一二三四五六七八九十百0-9])"  # an article follows
_MARKS = re.compile(r"[，。；、：\s“”]")
_SURVEY_FORM = re.compile(r"[A-Z]{1,2}[0-9]{3}(?:-[0-9A-Z]+)?表?")
_PERIOD = re.compile(r"[0-9]{4}年?.*(?:年|季|月|报|度|期).*|.*(?:年报|季报|月报|年度)")


def cited(text: str) -> str:
    """Laws named in short before an article, by their full names: 统计法第八条 → 《中华人民共和国统
    计法》第八条."""
    for short, full in shared_words()["laws"].items():
        text = re.sub(f"《{short}》", f"《{full}》", text)
        text = re.sub(f"(?<!《)(?<!国)(?:中华人民共和国)?{short}{_CHAPTER}", f"《{full}》", text)
    return text


def adds(sentence: str, said: str) -> str:
    """What was said as a sentence of its own; "" when the sentence says all of it already."""
    bare = _MARKS.sub("", said)
    return "" if not bare or bare in _MARKS.sub("", sentence) else said.rstrip("。") + "。"


def addressed(text: str) -> str:
    """A text in a letter to the party: it is «你单位» there, not «当事人»."""
    you = shared_words()["print"]["your_unit"]
    return re.sub("(?<!其他)(?<!双方)(?<!各方)(?<!案外)(?<!另案)当事人", you, text)


def survey_form(text: str) -> dict[str, str]:
    """Name, number and period of a form that is owed, «财务状况，B103-2，2025年年报», in whatever
    order they were typed."""
    found = {"name": "", "form": "", "period": ""}
    for part in (p.strip() for p in re.split("[，,、；;]", text)):
        key = (
            "form"
            if _SURVEY_FORM.fullmatch(part)
            else "period"
            if _PERIOD.fullmatch(part)
            else "name"
        )
        found[key] = f"{found[key]}，{part}" if found[key] else part
    return {key: value or shared_words()["print"]["dash"] for key, value in found.items()}
