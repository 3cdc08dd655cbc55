"""A kind of docket is a row of ``kinds.toml`` with its tracks: no line of Python knows of it. What
the law says of tips or of cases alone names them, in the places listed here and in no other."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

from casework.procedure.kinds import kinds
from casework.upkeep.walk import Team

ROOT = Path(__file__).parents[2]
# Where a word is the id of a kind, or reads like one: how often, and why. A new place asks the
# kind's declaration instead (casework/procedure/kinds.toml).
PLAYED = "the demonstration plays tips and cases"
READ = "the second reading has laws for tips and laws for cases (decision 0045)"
PAYLOAD = "no kind: a key of answers, of data or of an address that names a docket or a paper"
NAMED = {
    "casework/acts/case_opening.py": (3, PAYLOAD),
    "casework/archive/certificate.py": (1, PAYLOAD),
    "casework/archive/retention_rows.py": (1, "no kind: the reason why something is kept"),
    "casework/desk/archive.py": (1, PAYLOAD),
    "casework/desk/form_answers.py": (1, PAYLOAD),
    "casework/desk/identity.py": (1, PAYLOAD),
    "casework/desk/triage.py": (4, PAYLOAD),
    "casework/intake/incoming.py": (2, PAYLOAD),
    "casework/mail/replies_due.py": (1, PAYLOAD),
    "casework/procedure/checks/intake.py": (1, PAYLOAD),
    "casework/procedure/ids.py": (1, "no kind: the track of tips, among the names of tracks"),
    "casework/procedure/retention.py": (1, "no kind: the reason why something is kept"),
    "casework/public/report_page.py": (1, "no kind: the name of a page that is kept drawn"),
    "casework/reading/record.py": (1, READ),
    "casework/reading/rule.py": (2, READ),
    "casework/reading/tips.py": (2, PAYLOAD),
    "casework/upkeep/archive_samples.py": (1, PAYLOAD),
    "casework/upkeep/casefile.py": (1, "no kind: the argument of a command"),
    "casework/upkeep/road.py": (1, "no kind: a stop of the road"),
    "casework/upkeep/scenes/filing.py": (3, PLAYED),
    "casework/upkeep/scenes/interference.py": (1, PLAYED),
    "casework/upkeep/scenes/reading.py": (1, PLAYED),
    "casework/upkeep/scenes/tips.py": (2, PLAYED),
    "casework/upkeep/scenes/waiting.py": (2, PLAYED),
    "casework/upkeep/walk.py": (3, PLAYED),
    "letters/labels.py": (1, PAYLOAD),
}


def named() -> Counter[str]:
    """How often each file of the program has a word that is the id of a kind."""
    found = Counter[str]()
    for room in ("casework", "forms", "letters"):
        for path in (ROOT / room).rglob("*.py"):
            words = [
                n.value
                for n in ast.walk(ast.parse(path.read_text("utf-8")))
                if isinstance(n, ast.Constant)
            ]
            found[str(path.relative_to(ROOT))] += sum(w in kinds() for w in words if w)
    return +found


def test_no_new_place_names_a_kind() -> None:
    known = Counter({path: n for path, (n, _why) in NAMED.items()})
    assert named() - known == Counter()
    assert set(known) == set(named())


def test_no_page_compares_a_kind() -> None:
    ids = "|".join(kinds())
    compared = re.compile(rf"kind\s*(?:==|!=|in)\s*['\"(\[]+(?:{ids})\b")
    pages = (ROOT / "templates").rglob("*.html")
    assert [p.name for p in pages if compared.search(p.read_text("utf-8"))] == []


def test_a_third_kind_is_opened_listed_found_shown_and_acted_on(
    team: Team, instance: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    told = subprocess.run(
        [sys.executable, "-m", "tests.support.third_kind", str(instance), str(data)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stdout + told.stderr
