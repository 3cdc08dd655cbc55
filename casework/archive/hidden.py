"""What an outgoing file must not show: third parties, numbers by which a person is found, and whatever tells of the tip."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from casework.acts.facts import gather
from casework.docket.models import Docket
from casework.procedure.facts import Facts
from casework.procedure.personal import plain
from casework.vault.sealing import Vault

TELLING = 12  # characters: a passage of the tip this long betrays it
NAMED = ("person", "present", "signer", "witness", "person_name", "about", "objector")  # keys that name people
_NUMBERS = re.compile(
    r"(?<![\dA-Za-z])[1-8]\d{16}[\dXx](?![\dA-Za-z])"  # identity card, also with a mistake in it
    r"|(?<!\d)(?:\+?86-?)?1[3-9]\d-?\d{4}-?\d{4}(?!\d)"
    r"|(?<![\dA-Za-z-])\(?0\d{2,3}\)?-?\d{7,8}(?!\d)"
    r"|[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+"
)
_HAN = r"[\u3400-\u9fff\U00020000-\U0003ffff·]"
_NAME = re.compile(rf"{_HAN}{{2,15}}|[A-Za-z][A-Za-z.'\-]+(?: [A-Za-z][A-Za-z.'\-]+)*")
_SPACED = re.compile(rf"(?<!{_HAN})({_HAN})\s+({_HAN})(?!{_HAN})")  # 冉　敏
_POSTS = re.compile(
    r"^(?:单位|公司|企业)?(?:法定代表人|负责人|财务负责人|财务主管|财务科长|统计负责人|统计员|主管会计|会计|出纳|厂长|总经理|副总经理|经理|主任|科长|"
    r"局长|镇长|副镇长|代理人|员工|职工|门卫|见证人|同住家属|收发室)|(?:女士|先生|同志|会计|经理|主任|科长|镇长|副镇长)$"
)
_NO_NAMES = frozenset({"当事人", "本人", "单位", "公司", "收发室", "录像", "见证人", "法定代表人", "负责人", "财务负责人"})


@dataclass(frozen=True)
class Hidden:
    """Words and passages of a tip (TELLING characters each) to be blacked out; the bureau's own numbers, which may stand."""

    words: frozenset[str] = frozenset()
    passages: frozenset[str] = frozenset()
    allowed: frozenset[str] = frozenset()

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where something of it stands in a text (half width, without white space, or with it)."""
        for word in self.words:
            begin = text.find(word)
            while begin >= 0:
                yield begin, begin + len(word)
                begin = text.find(word, begin + 1)
        if self.passages:
            yield from ((i, i + TELLING) for i in range(len(text) - TELLING + 1) if text[i : i + TELLING] in self.passages)
        for found in _NUMBERS.finditer(text):
            if _digits(found[0]) not in self.allowed:
                yield found.span()

    def masked(self, text: str) -> str:
        """A title with every such place put as ■."""
        shown = list(plain(text))
        places = list(self.spans("".join(shown)))
        if not places:
            return text
        for begin, end in places:
            shown[begin:end] = "■" * (end - begin)
        return "".join(shown)


def hidden(session: Session, vault: Vault, facts: Facts, more: Iterable[str] = ()) -> Hidden:
    """For a case: third parties that its journal names, passages of its tips, and the words that an officer adds."""
    words, passages = _tips(session, vault, facts)
    words |= _third_parties(facts) | {plain(w) for w in more}
    bureau = facts.bureau
    own = {_digits(m[0]) for text in (bureau.phone, bureau.address) for m in _NUMBERS.finditer(plain(text))}
    return Hidden(frozenset(w for w in words if len(w) > 1), frozenset(passages), frozenset(own))


def _third_parties(facts: Facts) -> set[str]:
    """Names of people that are neither the respondent nor staff."""
    party = facts.party
    known = {plain(p.name) for p in facts.people.values()} | ({plain(party.representative)} if party else set())
    firm = plain(party.name) if party else ""
    words: set[str] = set()
    for asked in (act.asked for act in facts.acts):
        for key in NAMED:
            words |= {n for n in names(str(asked.get(key) or "")) if n not in known and n not in firm}
    return words


def names(text: str) -> set[str]:
    """«财务负责人王某、李某（会计）» → 王某, 李某 and each as it was written; a post alone is no name."""
    found: set[str] = set()
    for part in _NAME.findall(_SPACED.sub(r"\1\2", unicodedata.normalize("NFKC", text))):
        short = plain(_POSTS.sub("", _POSTS.sub("", part)))
        if len(short) > 1 and short not in _NO_NAMES:
            found.add(short)
    return found


def _tips(session: Session, vault: Vault, facts: Facts) -> tuple[set[str], set[str]]:
    """Numbers of the linked reports, and every passage of what was written there."""
    numbers: set[str] = set()
    passages: set[str] = set()
    for link in facts.links:
        report = gather(session, vault, session.get_one(Docket, link.id))
        numbers |= {plain(link.number), plain(str(report.value("source_number") or ""))}
        told = plain(str(report.value("narrative") or ""))
        passages |= {told[i : i + TELLING] for i in range(max(len(told) - TELLING + 1, 0))}
    return numbers, passages


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isalnum()).lower()
