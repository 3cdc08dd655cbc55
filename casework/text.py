"""Text as people and machines send it. It is kept as it came; it is folded only to be compared,
checked or searched.

Every door (forms, lists, mail, commands, bulk) passes what it takes through `as_sent`. Whoever
compares two names or codes asks `folded_name` or `folded_code` and never writes a folding of their
own.
"""

from __future__ import annotations

import re
import unicodedata

UNREADABLE = "\ufffd"  # stands for half of a surrogate pair: no database can keep one

_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029\x85\x0b\x0c]")
_HALVES = re.compile("[\ud800-\udfff]")
_DOTS = re.compile("[·•・‧∙⋅●⸱ㆍ᛫]")
_DOT_IN_NAME = re.compile(r"(?<=[\u3400-\u9fff])\.(?=[\u3400-\u9fff])")  # 古丽.买买提
_BRACKETS = str.maketrans("[{<〔【﹝〈《「『｢〖]}>〕】﹞〉》」』｣〗", "(" * 12 + ")" * 12)
# most names: nothing of them is folded but capitals
_PLAIN_NAME = re.compile("[\u4e00-\u9fff0-9A-Za-z()]*")
_CHINESE = re.compile("[\u3400-\u9fff\U00020000-\U000323af]")
_DASHES = re.compile(r"[\-‐‑‒–—―−﹣－ー_]")
_BEFORE_NUMBER = re.compile("^(编号|文号|案号|核验码)")
# letters and marks by category that nobody sees
_FILLERS = "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0"


def as_sent(text: str) -> str:
    """The text to be kept: line ends as LF, U+0000 left out, half a surrogate pair as U+FFFD; else
    as it came.

    No normal form: it would change names that are registered otherwise.
    """
    whole = _HALVES.sub(UNREADABLE, text) if _HALVES.search(text) else text
    return whole.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def layout(text: str) -> str:
    """The text with every sign that ends a line put as LF: for printing, whatever was kept."""
    return _LINE_ENDS.sub("\n", text)


def invisible(char: str) -> bool:
    """Whether nobody sees the character though it is there: zero width, direction, variation,
    control, no character.

    Line ends and tabs are seen by what they do, so they are none.
    """
    if char in "\n\r\t":
        return False
    if (
        char in _FILLERS
        or is_no_character(char)
        or "\ufe00" <= char <= "\ufe0f"
        or "\U000e0100" <= char <= "\U000e01ef"
    ):
        return True
    return unicodedata.category(char) in ("Cc", "Cf")


def is_no_character(char: str) -> bool:
    """Whether Unicode says that this will never be a character (U+FFFE, U+FFFF and their like): XML
    forbids two of them."""
    return ord(char) & 0xFFFE == 0xFFFE or "\ufdd0" <= char <= "\ufdef"


def without_invisible(text: str) -> str:
    """The text without the characters that nobody sees."""
    return "".join(c for c in text if not invisible(c))


def file_name(text: str) -> str:
    """The name of a file as it can be shown and saved: one line, nothing in it that nobody sees."""
    return re.sub("[\n\t]", "", layout(without_invisible(as_sent(text))))


def is_blank(text: str) -> bool:
    """Whether nothing of the text can be seen."""
    return not without_invisible(text).strip()


def says_something(text: str) -> bool:
    """Whether a reason can be one: four Chinese characters or ten letters at least, three of them
    different. «无», «同上», «x» and «test» say nothing."""
    seen = without_invisible(text)
    chinese, letters = (
        _CHINESE.findall(seen),
        [c for c in seen.lower() if c.isascii() and c.isalpha()],
    )
    return (len(chinese) >= 4 and len(set(chinese)) >= 3) or (
        len(letters) >= 10 and len(set(letters)) >= 3
    )


def unless_blank(text: str | None) -> str:
    """What is kept of an answer: the text as it came, or nothing at all when nothing of it can be
    seen."""
    return text if text and not is_blank(text) else ""


def folded(text: str) -> str:
    """One form for searching: NFKC, small letters, all middle dots one dot, no invisible signs,
    white space as one space."""
    clear = without_invisible(unicodedata.normalize("NFKC", text)).casefold()
    return " ".join(_DOTS.sub("·", clear).split())


def folded_digits(text: str) -> str:
    """One form of a number, a day or an hour for reading it: NFKC, without blanks and invisible
    signs, every dash a hyphen, digits of every script as 0 to 9."""
    clear = "".join(without_invisible(unicodedata.normalize("NFKC", text)).split())
    plain = clear if clear.isascii() else "".join(str(unicodedata.decimal(c, c)) for c in clear)
    return _DASHES.sub("-", plain)


def folded_name(text: str) -> str:
    """One form of a name for comparing: all middle dots one dot, brackets one kind, no blanks, no
    invisible signs."""
    if _PLAIN_NAME.fullmatch(text):
        return text.lower()
    clear = "".join(folded(text).split()).translate(_BRACKETS)
    return _DOT_IN_NAME.sub("·", clear)


def folded_code(text: str) -> str:
    """One form of a code or number for comparing: NFKC, capitals, without blanks, dashes and
    invisible signs."""
    clear = "".join(without_invisible(unicodedata.normalize("NFKC", text)).split())
    return _DASHES.sub("", clear).upper()


def folded_number(text: str) -> str:
    """One form of a paper's or case's number for comparing: its letters and digits alone.

    Brackets of any kind, 号 and the words that stand before a number on paper (编号, 文号) are left
    out.
    """
    clear = "".join(c for c in folded_code(text) if c.isalnum())
    return _BEFORE_NUMBER.sub("", clear).replace("号", "").replace("第", "")
