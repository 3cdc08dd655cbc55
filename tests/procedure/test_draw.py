"""The picture of the procedure: nothing that the program can do is missing from it."""

import re
from html import unescape

import pytest

from casework.procedure.draw import picture
from casework.procedure.load import procedure
from casework.procedure.model import Label


def drawn(language: str) -> str:
    """All words of the picture; a name broken over lines is whole again."""
    words = [
        unescape(w)
        for w in re.findall(r"<text[^>]*>([^<]*)</text>", picture(procedure(), language))
    ]
    return "\n".join(words).replace("\n\u3000", "").replace("\n\u2003", " ")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_track_stage_and_step_stands_in_the_picture(language: str) -> None:
    p, lines = procedure(), set(drawn(language).split("\n"))

    def there(name: Label) -> bool:
        said = name.in_language(language)
        return any(line == said or line.startswith(f"{said} ⇒ ") for line in lines)

    stages = [stage for track in p.tracks.values() for stage in track.stages.values()]
    missing = [
        n.name.in_language(language)
        for n in (*p.tracks.values(), *stages, *p.steps.values())
        if not there(n.name)
    ]
    assert missing == []


def test_a_step_that_opens_a_track_says_so() -> None:
    assert re.search(r"^作出处罚决定.* ⇒ .*执行", drawn("zh"), re.M)
