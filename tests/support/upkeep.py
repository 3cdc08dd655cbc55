"""Commands and days for tests of upkeep."""

from flask import Flask


def run(app: Flask, *words: object) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["backup", *map(str, words)])
    return result.exit_code, result.output


TIP = {
    "channel": "web",
    "subject": "某某商行",
    "subject_kind": "enterprise",
    "narrative": "产值多报了一倍。",
    "survey_by": "bureau",
    "period": "2025年报",
    "township": "",
}
