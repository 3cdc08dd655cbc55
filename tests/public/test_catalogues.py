"""A fresh clone has no compiled words: the server compiles them as it starts, or says in one line
why it does not start."""

from __future__ import annotations

import gettext
import os
import shutil
from pathlib import Path

import pytest
from flask import Flask

from casework.mail import cli as mail_cli
from casework.upkeep import nightly, tick
from casework.web import catalogues, server
from tests.conftest import ROOT


@pytest.fixture
def clone(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program whose words are not compiled, and whose server ends as soon as it has started."""
    folder = tmp_path / "translations" / "zh_Hans_CN" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "translations" / "zh_Hans_CN" / "LC_MESSAGES" / "messages.po", folder)
    monkeypatch.setattr(app, "root_path", str(tmp_path))
    monkeypatch.setattr(tick, "run_in_background", lambda _app: None)
    monkeypatch.setattr(nightly, "run_in_background", lambda _app: None)
    monkeypatch.setattr(mail_cli, "run_in_background", lambda _app: None)
    monkeypatch.setattr(server, "serve", lambda *_a: None)
    return folder


def words(folder: Path) -> gettext.GNUTranslations:
    with (folder / "messages.mo").open("rb") as file:
        return gettext.GNUTranslations(file)


def test_the_server_compiles_the_words_of_a_fresh_clone(app: Flask, clone: Path) -> None:
    result = app.test_cli_runner().invoke(args=["serve"])
    assert result.exit_code == 0, result.output
    assert words(clone).gettext("Receipt code") == "查询码"
    assert [f.name for f in sorted(clone.iterdir())] == ["messages.mo", "messages.po"]


def test_words_that_are_older_than_their_source_are_compiled_anew_and_others_left(
    app: Flask, clone: Path
) -> None:
    app.test_cli_runner().invoke(args=["serve"])
    assert catalogues.compile_missing(clone.parents[1]) == []
    later = (clone / "messages.mo").stat().st_mtime + 5
    os.utime(clone / "messages.po", (later, later))
    assert catalogues.compile_missing(clone.parents[1]) == [clone / "messages.po"]


def test_where_they_cannot_be_written_the_server_refuses_in_one_line(
    app: Flask, clone: Path
) -> None:
    (clone / "messages.mo").mkdir()
    os.utime(clone / "messages.mo", (1, 1))
    result = app.test_cli_runner().invoke(args=["serve"])
    assert result.exit_code == 1
    assert len(result.output.strip().splitlines()) == 1
    assert "./run" in result.output
    assert [f.name for f in sorted(clone.iterdir())] == ["messages.mo", "messages.po"]
