"""Whether words that are typed for the public, or for a determination, say the same as the
decision. Pure.

Looked at are the things that a firm is harmed by when they are wrong: kinds of penalty, sums,
numbers of papers, days, which violation was found, and whether it was found serious (行政处罚法
§48; 国统字〔2023〕49号 §6).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation

from casework.procedure.facts import Asked, Facts
from casework.procedure.interference import offences, owed, proposals
from casework.procedure.penalties import penalties
from casework.procedure.personal import plain, texts

# What a penalty is called, and which kind the decision must then impose; «»: a statistics bureau
# imposes none such.
PENALTY_WORDS = {
    "警告": "warning",
    "罚款": "fine",
    "通报批评": "circular",
    "予以通报": "circular",
    "没收": "",
    "吊销": "",
    "停产停业": "",
    "降低资质": "",
    "行政拘留": "",
}
DISCIPLINE_WORDS = (
    "开除",
    "撤职",
    "免职",
    "降级",
    "记大过",
    "记过",
    "警告处分",
    "严重警告",
    "留党察看",
    "诫勉",
)
# to whom 移送; «» any of them
REFERRED = {"公安": "police", "检察": "procuracy", "司法机关": "", "监察": "supervision"}
SERIOUS_WORDS = ("情节严重", "情节特别严重", "情节较重")
_DIGITS = dict(
    zip("零一二三四五六七八九〇壹贰叁肆伍陆柒捌玖", [*range(10), *range(10)], strict=True)
) | {"两": 2}
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_BIG = {"万": 10**4, "亿": 10**8}
_NUMERAL = "".join([*_DIGITS, *_TENS])
_FIRST = "".join([*_DIGITS, "十拾"])  # «单位：千元» is no sum
_SUM = re.compile(
    r"(罚款|处罚|罚)?(?:人民币)?[¥￥]?(?:([\d,]+(?:\.\d+)?)([十百千万"
    rf"亿]*)|([{_FIRST}][{_NUMERAL}万亿]*))(?:圆|元)"
)
_RATE = re.compile(r"(\d+(?:\.\d+)?)[%％]")
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_PAPER = re.compile(r"[〔\[(【](\d{4})[〕\])】]第?(\d+)号")
_PASSED_ON = re.compile(rf"移[送交][^，。；]{{0,12}}?({'|'.join(REFERRED)})")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


def contradictions(facts: Facts, text: str) -> list[str]:
    """The parts of a text that the decision and the record of the case do not bear out, each
    once."""
    clear = plain(text)
    found = [
        *_penalties(facts, clear),
        *_found(facts, clear),
        *_sums(facts, clear),
        *_papers(facts, clear),
        *_days(facts, clear),
        *_discipline(facts, clear),
        *_referrals(facts, clear),
    ]
    return list(dict.fromkeys(found))


def decided_facts(facts: Facts) -> str:
    """The facts as the decision states them: what stands in the form for public words from the
    start."""
    known, rows = penalties().violations, offences(facts.violations)
    return "\n".join(f"{str(r['what']).rstrip('。')}，构成{known[r['code']].zh}。" for r in rows)


def found_serious(facts: Facts) -> str:
    """The ground of 条例 §50 on which the decision found the conduct serious; «»: it did not."""
    act = facts.last("decide_penalty", "on_the_spot")
    return str(act.asked.get("serious_ground") or "") if act else ""


def dishonesty_ground(facts: Facts, asked: Asked | None = None) -> str:
    """The ground of the assessment, which notice, determination and entry take over. `asked`: of
    the assessment itself."""
    assessed = facts.last("assess_dishonesty")
    kept = assessed.asked.get("ground") if assessed else ""
    return str((asked or {}).get("ground") or kept or "")


def _penalties(facts: Facts, text: str) -> Iterator[str]:
    """A kind that was not imposed; public criticism may be given by an article of interference too,
    and a warning be discipline, which :func:`_discipline` looks for."""
    act = facts.last("decide_penalty", "on_the_spot")
    imposed = {*(act.asked.get("kinds") or [] if act else []), *owed(facts)}
    plain_text = text.replace("警告处分", "").replace("严重警告", "")
    yield from (
        word for word, kind in PENALTY_WORDS.items() if word in plain_text and kind not in imposed
    )


def _discipline(facts: Facts, text: str) -> Iterator[str]:
    """Discipline that nobody answered to have given."""
    told = [plain(x) for a in facts.done("discipline_reply") for x in texts(a.asked)]
    for word in DISCIPLINE_WORDS:
        if word in text and not any(word in said for said in told):
            yield word


def _referrals(facts: Facts, text: str) -> Iterator[str]:
    """A referral that was not made or came back."""
    back = {t.label for t in facts.tracks if t.stage == "returned"}
    to = {str(a.asked.get("target")) for a in facts.done("send_prosecution") if a.track not in back}
    to |= {str(a.asked.get("body_kind")) for a in proposals(facts)}
    for match in _PASSED_ON.finditer(text):
        body = REFERRED[match[1]]
        if not (body in to if body else to):
            yield match[0]


def _found(facts: Facts, text: str) -> Iterator[str]:
    """A violation that was not found, and weight that was not given to it."""
    known = {r.get("code") for r in facts.violations}
    yield from (
        v.zh for code, v in penalties().violations.items() if v.zh in text and code not in known
    )
    if not found_serious(facts):
        yield from (word for word in SERIOUS_WORDS if word in text)


def _sums(facts: Facts, text: str) -> Iterator[str]:
    """A fine is that in force; any other sum, and any rate, stands in the record."""
    fine, known = facts.fine.yuan, {*_recorded(facts), facts.fine.yuan}
    for found in _SUM.finditer(text):
        value = _numeral(found[4]) if found[4] else _scaled(found[2], found[3])
        recorded = value in known or bool(found[2] and _number(found[2]) in known)
        if not (value == fine if found[1] else recorded):
            yield found[0]
    yield from (found[0] for found in _RATE.finditer(text) if _number(found[1]) not in known)


def _scaled(digits: str, scale: str) -> Decimal:
    value = _number(digits)
    for sign in scale:
        value *= _BIG.get(sign) or _TENS[sign]
    return value


def _number(typed: str) -> Decimal:
    try:
        return Decimal(typed.replace(",", "")).normalize()
    except InvalidOperation:
        return Decimal(-1)


def _numeral(written: str) -> Decimal:
    """«叁万» and «三万五千» as numbers."""
    total = section = digit = 0
    for sign in written:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
        elif sign in _TENS:
            section, digit = section + (digit or 1) * _TENS[sign], 0
        else:
            total, section, digit = (total + section + digit) * _BIG[sign], 0, 0
    return Decimal(total + section + digit)


def _recorded(facts: Facts) -> set[Decimal]:
    """Every number of the case: of its table, with the differences and rates that follow, and of
    what was written."""
    found = {_number(n) for said in _written(facts) for n in _NUMBER.findall(said)}
    for line in facts.figures:
        found |= {abs(x).normalize() for x in (line.reported, line.verified, line.difference)}
        rate = line.error_rate
        found |= (
            {round(rate * 100, places).normalize() for places in range(3)}
            if rate is not None
            else set()
        )
    return found


def _written(facts: Facts) -> Iterator[str]:
    """What was written on the main road of the case, up to the decision and after it."""
    for act in facts.done(track=facts.main.label):
        yield from map(plain, texts(act.asked))


def _papers(facts: Facts, text: str) -> Iterator[str]:
    """Numbers of papers, of whatever bureau: those of this case."""
    known = {found.groups() for said in _own_numbers(facts) for found in _PAPER.finditer(said)}
    yield from (found[0] for found in _PAPER.finditer(text) if found.groups() not in known)


def _own_numbers(facts: Facts) -> Iterator[str]:
    yield plain(facts.number)
    yield from (plain(p.number) for p in facts.papers if p.state != "withdrawn")


def _days(facts: Facts, text: str) -> Iterator[str]:
    """Whole days: those of acts, papers and services of the case, and those that its record speaks
    of."""
    known = {a.on for a in facts.done()} | {p.on for p in facts.papers}
    known |= {p.served.on for p in facts.papers if p.served}
    known |= {day for said in _written(facts) for _text, day in _days_in(said) if day}
    yield from (said for said, day in _days_in(text) if day not in known)


def _days_in(text: str) -> Iterator[tuple[str, date | None]]:
    for found in _DAY.finditer(text):
        try:
            yield found[0], date(*map(int, found.groups()))
        except ValueError:
            yield found[0], None
