"""A copy that can be taken while people work, checked, and brought back; and what it refuses.

About SQLite itself: its file is what is copied. On PostgreSQL the command names pg_dump
(tests/postgres).
"""

import hashlib
import io
import json
import os
import shutil
import tarfile
from pathlib import Path

import pytest
from flask import Flask

from casework.store import db
from casework.upkeep.walk import Team
from tests.acts.roads import case_of
from tests.support.upkeep import run

pytestmark = pytest.mark.sqlite


@pytest.fixture
def copied(team: Team, bureau: object, app: Flask, tmp_path: Path) -> Path:
    case_of(team, bureau)  # type: ignore[arg-type]
    file = tmp_path / "copy.tar"
    code, output = run(app, "make", file)
    assert code == 0, output
    return file


def test_there_and_back(copied: Path, app: Flask, tmp_path: Path) -> None:
    assert run(app, "check", copied)[0] == 0
    folder = tmp_path / "elsewhere"
    code, output = run(app, "restore", copied, folder)
    assert code == 0, output
    assert "keys.json" in output
    db.session.remove()
    shutil.copy2(Path(app.instance_path) / "keys.json", folder)
    from app import create_app

    with create_app(str(folder)).app_context():
        from casework.docket import journal
        from casework.docket.models import Docket
        from casework.papers.models import Paper
        from casework.vault.sealing import vault

        assert db.session.query(Docket).count() == 2
        assert list(journal.verify_chains(db.session(), vault())) == []
        store = create_app(str(folder)).extensions["sealed_store"]
        for paper in db.session.query(Paper):
            assert store.read(paper.stored).startswith(b"%PDF")
        db.session.remove()


def test_wordings_that_the_bureau_has_changed_come_along(
    team: Team, app: Flask, tmp_path: Path
) -> None:
    mine = Path(app.instance_path) / "wording" / "decision.txt"
    mine.parent.mkdir()
    mine.write_text("本局自己的措辞", "utf-8")
    assert run(app, "make", tmp_path / "copy.tar")[0] == 0
    assert run(app, "restore", tmp_path / "copy.tar", tmp_path / "back")[0] == 0
    assert (tmp_path / "back" / "wording" / "decision.txt").read_text("utf-8") == "本局自己的措辞"


def test_keys_stay_out_unless_asked_for(copied: Path, app: Flask, tmp_path: Path) -> None:
    with tarfile.open(copied) as tar:
        assert "keys.json" not in tar.getnames()
    run(app, "make", tmp_path / "whole.tar", "--with-keys")
    with tarfile.open(tmp_path / "whole.tar") as tar:
        assert "keys.json" in tar.getnames()


def test_a_changed_copy_is_named(copied: Path, app: Flask, tmp_path: Path) -> None:
    raw = copied.read_bytes()
    at = raw.index(b"SQLite format 3") + 200
    (tmp_path / "bad.tar").write_bytes(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :])
    code, output = run(app, "check", tmp_path / "bad.tar")
    assert code == 1
    assert "casework.sqlite" in output
    assert run(app, "restore", tmp_path / "bad.tar", tmp_path / "x")[0] == 1
    assert not (tmp_path / "x").exists()


def test_a_full_folder_is_left_alone(copied: Path, app: Flask) -> None:
    code, output = run(app, "restore", copied, app.instance_path)
    assert code == 1
    assert "not empty" in output


def test_new_keys_are_never_made_beside_old_data(copied: Path, app: Flask, tmp_path: Path) -> None:
    folder = tmp_path / "keyless"
    run(app, "restore", copied, folder)
    from app import create_app

    with pytest.raises(SystemExit, match="put it back"):
        create_app(str(folder))


def test_a_file_that_goes_while_copying_is_left_out(tmp_path: Path) -> None:
    """A draft is given up, or a file destroyed, at any moment: the copy of everything else is made
    all the same."""
    from casework.upkeep import backup

    there = tmp_path / "there"
    there.write_bytes(b"x")
    sums: dict[str, str] = {}
    with tarfile.open(tmp_path / "copy.tar", "w") as tar:
        for path in (there, tmp_path / "gone"):
            backup._put(tar, path.name, path, sums)
    assert list(sums) == ["there"]


@pytest.mark.parametrize("how", ["altered", "cut", "gone"])
def test_a_sealed_file_that_was_lost_before_it_is_copied_is_told(
    copied: Path, app: Flask, tmp_path: Path, how: str
) -> None:
    """A copy of a damaged instance is made all the same, and nobody takes it for a good one."""
    sealed = next(p for p in (Path(app.instance_path) / "sealed").rglob("*") if p.is_file())
    raw = sealed.read_bytes()
    sealed.unlink()
    if how != "gone":
        sealed.write_bytes(raw[:-1] + (bytes([raw[-1] ^ 1]) if how == "altered" else b""))
    code, output = run(app, "make", tmp_path / "damaged.tar")
    assert (tmp_path / "damaged.tar").exists()
    if how == "gone":
        assert (code, "are gone: 1" in output, "journal verify" in output) == (1, True, True)
        return
    assert code == 0
    code, output = run(app, "check", tmp_path / "damaged.tar")
    assert (code, "does not open" in output, sealed.name in output) == (1, True, True)


def test_nobody_else_reads_a_copy_or_the_instance(copied: Path, app: Flask, tmp_path: Path) -> None:
    """Names of firms and people stand in the database in clear: other users of the machine see
    neither it nor its copies."""
    assert copied.stat().st_mode & 0o077 == 0
    assert sorted(
        p.name for p in tmp_path.iterdir() if p.name.startswith((".copying", "copy"))
    ) == ["copy.tar"]
    assert run(app, "restore", copied, tmp_path / "back")[0] == 0
    assert (tmp_path / "back").stat().st_mode & 0o077 == 0
    folder = Path(app.instance_path)
    folder.chmod(0o755)
    from app import create_app

    create_app(str(folder))
    assert folder.stat().st_mode & 0o777 == 0o750


def test_a_copy_says_of_sealed_files_no_more_than_their_day(
    copied: Path, app: Flask, tmp_path: Path
) -> None:
    """In the copy and after its way back: no hour and no order in which they came."""
    with tarfile.open(copied) as tar:
        times = {m.name: m.mtime for m in tar if m.name.startswith("sealed/")}
    assert len(times) > 1
    assert {(t + 8 * 3600) % 86400 for t in times.values()} == {0}
    run(app, "restore", copied, tmp_path / "elsewhere")
    for name, then in times.items():
        assert (tmp_path / "elsewhere" / name).stat().st_mtime == then


@pytest.mark.parametrize("share", [0, 0.002, 0.3, 0.9])
def test_a_copy_that_was_cut_off_is_a_sentence(
    share: float, copied: Path, app: Flask, tmp_path: Path
) -> None:
    raw = copied.read_bytes()
    (tmp_path / "cut.tar").write_bytes(raw[: int(len(raw) * share)] or b"no tar")
    for words in (("check",), ("restore",)):
        code, output = run(
            app, *words, tmp_path / "cut.tar", *([tmp_path / "x"] if words == ("restore",) else [])
        )
        assert code == 1
        assert output.startswith("Error: this is not a copy of an instance, or it was cut off")
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("odd", ["../outside", "/outside", "sealed/../../outside", "link"])
def test_a_refused_path_leaves_nothing_unpacked(
    odd: str, copied: Path, app: Flask, tmp_path: Path
) -> None:
    """Whether the folder was there before or not."""
    entry = tarfile.TarInfo(odd)
    if odd == "link":
        entry.type, entry.linkname = tarfile.SYMTYPE, "../../outside"
    with tarfile.open(copied, "a") as tar:
        tar.addfile(entry)
    (tmp_path / "there").mkdir()
    for folder in ("new", "there"):
        code, output = run(app, "restore", copied, tmp_path / folder)
        assert code == 1
        assert output.startswith("Error: ")
        assert "nothing was written" in output
    assert not (tmp_path / "new").exists()
    assert list((tmp_path / "there").iterdir()) == []
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_a_copy_whose_list_was_made_anew_is_refused(
    copied: Path, app: Flask, tmp_path: Path
) -> None:
    """Somebody changes the database in a copy and computes its list again: he has no key for the
    seal."""
    changed = tmp_path / "changed.tar"
    with tarfile.open(copied) as old, tarfile.open(changed, "w") as new:
        contents = json.loads(old.extractfile("contents.json").read())  # type: ignore[union-attr]
        for entry in old.getmembers():
            data = old.extractfile(entry).read()  # type: ignore[union-attr]
            if entry.name == "casework.sqlite":
                data += b"x"
                contents["sha256"][entry.name] = hashlib.sha256(data).hexdigest()
            if entry.name == "contents.json":
                data = json.dumps(contents).encode()
            entry.size = len(data)
            new.addfile(entry, io.BytesIO(data))
    code, output = run(app, "check", changed)
    assert code == 1
    assert "the list was changed" in output


def test_a_file_that_was_damaged_before_is_named(copied: Path, app: Flask, tmp_path: Path) -> None:
    store = app.extensions["sealed_store"]
    name = next(n for n in store.names() if not n.startswith("."))
    path = store._path(name)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert run(app, "make", tmp_path / "later.tar")[0] == 0
    code, output = run(app, "check", tmp_path / "later.tar")
    assert (code, name in output) == (1, True)
    assert run(app, "check", copied)[0] == 0


def test_what_a_killed_copy_left_is_gone_with_the_next(
    copied: Path, app: Flask, tmp_path: Path
) -> None:
    left = tmp_path / ".copying-abc"
    left.mkdir()
    (left / "casework.sqlite").write_bytes(b"bare")
    assert run(app, "make", tmp_path / "next.tar")[0] == 0
    assert not left.exists()


def test_what_a_killed_copy_left_goes_whatever_the_next_is_called(
    copied: Path, app: Flask, tmp_path: Path
) -> None:
    """Copies have names with days in them: a half one under yesterday's name would lie there for
    ever, in clear."""
    from casework.upkeep import backup

    child = os.fork()
    if child == 0:  # dies before the copy has its list
        backup._add_list = lambda *_words: os._exit(9)
        run(app, "make", tmp_path / "monday.tar")
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert [p for p in tmp_path.iterdir() if p.name.startswith(".copying-")]
    assert run(app, "make", tmp_path / "tuesday.tar")[0] == 0
    assert sorted(p.name for p in tmp_path.glob("*.tar*")) == ["copy.tar", "tuesday.tar"]
    assert [p for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_two_copies_at_once_leave_each_other_alone(
    copied: Path, app: Flask, tmp_path: Path
) -> None:
    from casework.upkeep import backup

    with backup._scratch(tmp_path, ".copying-") as other:
        (other / "casework.sqlite").write_bytes(b"half")
        assert run(app, "make", tmp_path / "next.tar")[0] == 0
        assert (other / "casework.sqlite").exists()
    assert not other.exists()
