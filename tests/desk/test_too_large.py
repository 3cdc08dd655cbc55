"""On the desk too: what is too large for one request costs its files, not the record that was
typed."""

import io

from flask import Flask
from flask.testing import FlaskClient

from casework.upkeep.walk import Team
from tests.support.desk import SignIn


def test_a_long_record_is_not_lost_with_a_large_file(
    app: Flask, team: Team, client: FlaskClient, sign_in: SignIn
) -> None:
    client = sign_in("clerk")
    app.config["MAX_CONTENT_LENGTH"] = 1 << 20
    words = {
        "channel": "phone",
        "subject": "某公司",
        "narrative": "很长的电话记录",
        "action": "take",
    }
    answer = client.post(
        "/desk/reports/new", data={**words, "files": (io.BytesIO(bytes(2 << 20)), "录像.mp4")}
    )
    assert answer.status_code == 422
    assert "很长的电话记录" in answer.text
    assert answer.text.count("一次最多上传 1 MB") == 1
    assert "空文件" not in answer.text
