"""Every command in the documents works as written, every link leads somewhere, and ./run does what
the README says."""

import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import ROOT, Mould
from tests.support.ports import answered, free_port

DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def blocks(document: Path) -> list[str]:
    return re.findall(r"```sh\n(.*?)```", document.read_text("utf-8"), re.DOTALL)


def commands(document: Path) -> list[str]:
    """Its lines; over PostgreSQL without those of ``backup``, which copies SQLite only, as
    operators are told, and those that work in the folder of a copy that was brought back."""
    lines = [line for block in blocks(document) for line in block.splitlines()]
    of_copies = (" app backup ", 'CASEWORK_INSTANCE="$PWD/back"')
    return [
        line
        for line in lines
        if "DATABASE_URL" not in os.environ or not any(words in line for words in of_copies)
    ]


WITH_COMMANDS = [d for d in DOCUMENTS if blocks(d)]


def environment(instance: Path) -> dict[str, str]:
    binaries = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {
        **os.environ,
        "CASEWORK_INSTANCE": str(instance),
        "PATH": binaries,
        "PYTHONPATH": str(ROOT),
    }


@pytest.mark.long
@pytest.mark.parametrize("document", WITH_COMMANDS, ids=lambda d: d.name)
def test_every_command_works(document: Path, instance: Path, tmp_path: Path) -> None:
    """All of a document's commands, in its order, in an empty instance."""
    script = "set -e\n" + "\n".join(commands(document))
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        env=environment(instance),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_command_and_every_variable_is_told_to_operators(app: Flask) -> None:
    """A command, a variable of the environment or a file of the instance that no document names is
    one nobody finds."""
    told = "\n".join(d.read_text("utf-8") for d in DOCUMENTS)
    there = []
    for name, command in app.cli.commands.items():
        inside = getattr(command, "commands", None)
        there += [f"{name} {sub}" for sub in inside] if inside and name != "db" else [name]
    ours = [c for c in there if c not in ("db", "routes", "run", "shell")]
    assert len(ours) > 20
    assert [c for c in ours if c not in told] == []
    code = "\n".join(
        f.read_text("utf-8")
        for f in [ROOT / "app.py", ROOT / "run", *(ROOT / "casework").rglob("*.py")]
    )
    variables = {
        v for v in re.findall(r"CASEWORK_[A-Z]+(?:_[A-Z]+)*", code) if not v.endswith("_MAIL")
    }
    assert len(variables) > 5
    assert sorted(v for v in variables if v not in told) == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: d.name)
def test_every_link_leads_somewhere(document: Path) -> None:
    text = document.read_text("utf-8")
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (document.parent / target).exists(), target
    assert not re.search(r"(?<![\w.])/(?:home|root|tmp|work|usr)/", text)


def test_run_serves_an_empty_instance_and_can_be_repeated(tmp_path: Path, fresh: Mould) -> None:
    port = free_port()
    env = {**environment(tmp_path / "new folder"), "PORT": str(port)}
    for turn in range(2):
        log = tmp_path / f"log{turn}"
        with log.open("w") as out:
            process = subprocess.Popen(
                ["./run"], cwd=ROOT, env=env, stdout=out, stderr=out, start_new_session=True
            )
        try:
            answered(port, process)
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60) as answer:
                assert "举报" in answer.read().decode()
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(60)
        printed = log.read_text()
        assert ("one-time password" in printed) == (turn == 0), printed


def test_run_says_in_one_line_what_it_does_not_know() -> None:
    done = subprocess.run(["./run", "--dmeo"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
