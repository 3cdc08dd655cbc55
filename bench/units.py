"""The unit register of a province: a million firms from a CSV, checked, against sqlite3's own
.import of the same file into the same table with the same indexes, unchecked; each in a process of
its own."""

from __future__ import annotations

import argparse
import random
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

from bench.common import ROOT, environment, flask, instance, median, scratch, table

_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def write(file: Path, firms: int) -> None:
    """Firms with names and credit codes as they look, townships and kinds."""
    chance = random.Random(7)
    towns, kinds = ("三合街道", "名山街道", "虎威镇", "高家镇"), ("企业", "事业单位", "个体工商户")
    with file.open("w", encoding="utf-8") as out:
        out.write("单位名称,统一社会信用代码,乡镇街道,单位类别\n")
        for n in range(firms):
            tail = "".join(chance.choice(_SIGNS) for _ in range(3))
            out.write(
                f"重庆市第{n}号机械制造有限公"
                f"司,91500230{n:07d}{tail},{towns[n % 4]},{kinds[n % 3]}\n"
            )


def run(words: list[str], env: dict[str, str] | None = None) -> tuple[float, float]:
    """Seconds of a command and the peak of its memory in MB."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, time.perf_counter()
    subprocess.run(words, cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)
    took, after = (
        time.perf_counter() - began,
        resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss,
    )
    return took, max(before, after) / 1024


def by_sqlite(folder: Path, file: Path) -> float:
    """The bare thing."""
    script = (
        "CREATE TABLE unit (name TEXT, credit_code TEXT, township "
        "TEXT, kind TEXT, UNIQUE (credit_code));"
        "CREATE INDEX ix_unit_name ON unit (name);"
    )
    database = folder / "bare.sqlite"
    database.unlink(missing_ok=True)
    words = [
        "sqlite3",
        str(database),
        "PRAGMA journal_mode=WAL;",
        "PRAGMA synchronous=FULL;",
        script,
        f".import --csv --skip 1 {file} unit",
    ]
    return run(words)[0]


def ours(folder: Path, mould: Path, file: Path) -> tuple[float, float]:
    """The program's own command over a fresh instance."""
    shutil.rmtree(folder / "ours", ignore_errors=True)
    shutil.copytree(mould, folder / "ours")
    return run(flask("units", "import", str(file)), environment(folder / "ours"))


def main() -> None:
    """Print the table."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--firms", type=int, nargs="+", default=[100_000, 1_000_000])
    words.add_argument("--turns", type=int, default=3)
    asked = words.parse_args()
    if not shutil.which("sqlite3"):
        sys.exit("bench: sqlite3 is missing (on Debian: apt-get install sqlite3)")
    with scratch() as folder:
        mould, rows = instance(folder / "mould", ("people", "first-admin")), []
        for firms in asked.firms:
            write(folder / "firms.csv", firms)
            file = folder / "firms.csv"
            turns = [
                (ours(folder, mould, file), by_sqlite(folder, file)) for _ in range(asked.turns)
            ]
            ratio = median([bare / mine for (mine, _peak), bare in turns])
            rows.append(
                [
                    firms,
                    ratio,
                    median([mine for (mine, _), _ in turns]),
                    max(peak for (_, peak), _ in turns),
                ]
            )
        table("The unit register", ("firms", "speed ÷ sqlite3 .import", "s", "peak MB"), rows)


if __name__ == "__main__":
    main()
