"""A copy that can be taken while people work, checked, and brought back; and what it refuses.

About SQLite itself: its file is what is copied. On PostgreSQL the command names pg_dump (tests/postgres).
"""

import shutil
import tarfile
from pathlib import Path

import pytest
from flask import Flask

from casework.store import db
from casework.upkeep.walk import Team
from tests.acts.roads import case_of

pytestmark = pytest.mark.sqlite


def run(app: Flask, *words: object) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["backup", *map(str, words)])
    return result.exit_code, result.output


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
        from casework.acts.perform import vault
        from casework.docket import journal
        from casework.docket.models import Docket
        from casework.papers.models import Paper

        assert db.session.query(Docket).count() == 2
        assert list(journal.verify(db.session(), vault())) == []
        store = create_app(str(folder)).extensions["sealed_store"]
        for paper in db.session.query(Paper):
            assert store.read(paper.stored).startswith(b"%PDF")
        db.session.remove()


def test_wordings_that_the_bureau_has_changed_come_along(team: Team, app: Flask, tmp_path: Path) -> None:
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
    """A draft is given up, or a file destroyed, at any moment: the copy of everything else is made all the same."""
    from casework.upkeep import backup

    there = tmp_path / "there"
    there.write_bytes(b"x")
    sums: dict[str, str] = {}
    with tarfile.open(tmp_path / "copy.tar", "w") as tar:
        for path in (there, tmp_path / "gone"):
            backup._put(tar, path.name, path, sums)
    assert list(sums) == ["there"]


def test_nobody_else_reads_a_copy_or_the_instance(copied: Path, app: Flask, tmp_path: Path) -> None:
    """Names of firms and people stand in the database in clear: other users of the machine see neither it nor its copies."""
    assert copied.stat().st_mode & 0o077 == 0
    assert sorted(p.name for p in tmp_path.iterdir() if p.name.startswith((".copying", "copy"))) == ["copy.tar"]
    assert run(app, "restore", copied, tmp_path / "back")[0] == 0
    assert (tmp_path / "back").stat().st_mode & 0o077 == 0
    folder = Path(app.instance_path)
    folder.chmod(0o755)
    from app import create_app

    create_app(str(folder))
    assert folder.stat().st_mode & 0o777 == 0o750
