"""A bag of nasty words: what people, telephones, mail programs and attackers put into a field, as
one text.

It holds what no face has (emoji, families joined by U+200D), what looks like another character
(radicals, GBK's private area, a middle dot of another script, an accent apart), rare characters of
names (extensions B to F), signs that nobody sees and that turn the order of others round, quotes of
templates, HTML, SQL, a control character, a NUL.
"""

from __future__ import annotations

from casework.text import as_sent

EMOJI = "😋👨\u200d👩\u200d👧☑❗\ufe0f✅"
LIKE = "⻓⽅\ue863・e\u0301"  # drawn as 长方䶮・é
RARE = "\U0002aed0\U0002a700\U0002b740\U0002b820\U0002ceb0"
UNSEEN = "\u200b\ufeff\u202eעב\u202c\x01\0"
QUOTES = "{{7*7}}{%x%}${9}%s<b>&amp;\"';--"
LINE = f"{EMOJI}{LIKE}{RARE}{UNSEEN}{QUOTES}=1+1"
BAG = f"{LINE}\t格\u2009子\r\n第二行\r\n"  # with the line ends that browsers send
# nothing of them can be seen
BLANKS = ["   ", "\r\n\t", "\u3000", "\u200b\ufeff", "\u202e\u202c", "\u3164"]
HALF = "\ud83d"  # half a surrogate pair


def typed(plain: str, most: int, lines: bool) -> str:
    """What is sent for a field of at most ``most`` characters: the plain answer and the bag behind
    it, as far as it fits."""
    room = most - len(plain)
    return plain + (BAG if lines else LINE)[: max(room, 0)]


def kept(sent: str) -> str:
    """What the program keeps of it."""
    return as_sent(sent)
