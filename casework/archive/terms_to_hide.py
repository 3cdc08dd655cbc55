"""What an outgoing file must not show: third parties, numbers by which a person is found, and
whatever tells of the tip."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from casework.acts.tips import behind
from casework.procedure.facts import Asked, Facts
from casework.procedure.interference import named_persons
from casework.procedure.personal import personal, places, plain
from casework.procedure.traces_of_tips import TELLING, telling_places, written_days
from casework.vault.sealing import Vault

# keys that name people
NAMED = ("person", "present", "signer", "witness", "person_name", "about", "objector")
_HAN = r"[\u3400-\u9fff\U00020000-\U0003ffff·]"
_NAME = re.compile(rf"{_HAN}{{2,15}}|[A-Za-z][A-Za-z.'\-]+(?: [A-Za-z][A-Za-z.'\-]+)*")
_SPACED = re.compile(rf"(?<!{_HAN})({_HAN})\s+({_HAN})(?!{_HAN})")  # 冉　敏
_POSTS = re.compile(
    r"^(?:单位|公司|企业)?(?:法定代表人|负责人|财务负责人|财务主管|财务科长|统计负责"
    r"人|统计员|主管会计|会计|出纳|厂长|总经理|副总经理|经理|主任|科长|"
    r"局长|镇长|副镇长|代理人|员工|职工|门卫|见证人|同住家属|收发室)|(?:女"
    r"士|先生|同志|会计|经理|主任|科长|镇长|副镇长)$"
)
_NO_NAMES = frozenset(
    {
        "当事人",
        "本人",
        "单位",
        "公司",
        "收发室",
        "录像",
        "见证人",
        "法定代表人",
        "负责人",
        "财务负责人",
    }
)


@dataclass(frozen=True)
class Hidden:
    """Words and passages of a tip (TELLING characters each) and its days, to be blacked out; the
    bureau's own numbers, which may stand. Words that say how a case came in are hidden in every
    file, whether there was a tip or not."""

    words: frozenset[str] = frozenset()
    passages: frozenset[str] = frozenset()
    allowed: frozenset[str] = frozenset()
    days: re.Pattern[str] | None = None

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where something of it stands in a text (half width, without white space, or with it)."""
        for word in self.words:
            begin = text.find(word)
            while begin >= 0:
                yield begin, begin + len(word)
                begin = text.find(word, begin + 1)
        if self.passages:
            yield from (
                (i, i + TELLING)
                for i in range(len(text) - TELLING + 1)
                if text[i : i + TELLING] in self.passages
            )
        yield from telling_places(text)
        if self.days:
            yield from (found.span() for found in self.days.finditer(text))
        for number in places(text):
            if number.value not in self.allowed:
                yield number.begin, number.end

    def masked(self, text: str) -> str:
        """A title with every such place put as ■."""
        clear = list(text)
        for number in places(text):  # here too: some are found by the blanks between their parts
            if number.value not in self.allowed:
                clear[number.begin : number.end] = "■" * (number.end - number.begin)
        shown = list(plain("".join(clear)))
        for begin, end in list(self.spans("".join(shown))):
            shown[begin:end] = "■" * (end - begin)
        return "".join(shown) if "■" in shown else text


def hidden(session: Session, vault: Vault, facts: Facts, more: Iterable[str] = ()) -> Hidden:
    """For a case: third parties that its journal names, passages of its tips, and the words that an
    officer adds."""
    tips = behind(session, vault, facts)
    words = tips.numbers | _third_parties(facts) | {plain(w) for w in more}
    bureau = facts.bureau
    own = personal(f"{bureau.phone}\n{bureau.address}")
    kept = frozenset(w for w in words if len(w) > 1)
    return Hidden(kept, tips.passages(), own, written_days(tips.days))


def _third_parties(facts: Facts) -> set[str]:
    """Names of people that are neither the respondent nor staff."""
    party = facts.party
    known = {plain(p.name) for p in facts.people.values()}
    if party:
        known.add(plain(party.representative))
    firm = plain(party.name) if party else ""
    words = {name for act in facts.acts for name in _people_named(act.asked)}
    return {name for name in words if name not in known and name not in firm}


def _people_named(asked: Asked) -> set[str]:
    """Names of people in what was asked."""
    found = {name for key in NAMED for name in names(str(asked.get(key) or ""))}
    # «name, office»: the office is no name
    return found.union(named_persons(str(asked.get("responsible") or "")))


def names(text: str) -> set[str]:
    """«财务负责人王某、李某（会计）» → 王某, 李某 and each as it was written; a post alone is no
    name."""
    found: set[str] = set()
    for part in _NAME.findall(_SPACED.sub(r"\1\2", unicodedata.normalize("NFKC", text))):
        short = plain(_POSTS.sub("", _POSTS.sub("", part)))
        if len(short) > 1 and short not in _NO_NAMES:
            found.add(short)
    return found
