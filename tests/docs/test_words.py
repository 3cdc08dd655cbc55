"""The catalogue: every message has Chinese words, those with a plural too, and keeps its
placeholders."""

import re
import subprocess
import sys
from pathlib import Path

from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "translations/zh_Hans_CN/LC_MESSAGES/messages.po"
SCRIPT = ROOT / "scripts/words.sh"


def test_every_message_has_words_and_its_placeholders() -> None:
    with CATALOGUE.open("rb") as file:
        messages = [m for m in read_po(file, locale="zh_Hans_CN") if m.id]
    assert len(messages) > 500
    assert any(isinstance(m.id, tuple) for m in messages)
    for m in messages:
        ids = m.id if isinstance(m.id, tuple) else (m.id,)
        for said in m.string if isinstance(m.string, tuple) else (m.string,):
            assert said, m.id
            assert set(re.findall(r"%\((\w+)\)", said)) <= set(
                re.findall(r"%\((\w+)\)", " ".join(ids))
            ), m.id


def test_the_script_names_a_plural_without_words(tmp_path: Path) -> None:
    part = re.search(r"<<'PY'\n(.*?)^PY$", SCRIPT.read_text("utf-8"), re.S | re.M)
    assert part
    folder = tmp_path / "translations/zh_Hans_CN/LC_MESSAGES"
    folder.mkdir(parents=True)
    text = CATALOGUE.read_text("utf-8")
    broken = re.sub(
        r'(msgid "%\(num\)s tip"\nmsgid_plural "[^"]+"\nmsgstr\[0\] )"[^"]+"', r'\1""', text
    )
    assert broken != text
    (folder / "messages.po").write_text(broken, "utf-8")

    said = subprocess.run(
        [sys.executable, "-c", part[1]], cwd=tmp_path, check=True, capture_output=True, text=True
    ).stdout
    assert said.strip() == "without words: ('%(num)s tip', '%(num)s tips')"
