"""An informant with a browser: a tip, its files, its code."""

import io
import re
from datetime import date

import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from casework.people.models import BureauSetting
from casework.store import writing
from casework.upkeep.walk import Team

TIP = {
    "subject": "重庆汇锦机械制造有限公司",
    "subject_kind": "enterprise",
    "narrative": "应收账款少报四百多万元",
    "identity": "anonymous",
}


def picture() -> bytes:
    """A JPEG with a camera's name and place in it."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "SECRETCAM"
    Image.new("RGB", (40, 30), "white").save(out, "JPEG", exif=exif)
    return out.getvalue()


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


def setting(team: Team, key: str, value: object) -> None:
    """The bureau's own value of a setting."""
    with writing() as session:
        session.add(
            BureauSetting(
                bureau_id=team.bureau_id, key=key, value=str(value), from_day=date(2020, 1, 1)
            )
        )


class Person:
    """Somebody filling in the form."""

    def __init__(self, client: FlaskClient, fixed: dict[str, str] | None = None) -> None:
        self.client, page = client, "" if fixed else client.get("/report").text
        self.fixed = fixed or {"token": hidden(page, "token"), "draft": hidden(page, "draft")}

    def post(
        self, action: str, files: list[tuple[bytes, str]] | None = None, **more: object
    ) -> tuple[int, str]:
        data = {**TIP, **self.fixed, "action": action, **more}
        data["files"] = [(io.BytesIO(content), name) for content, name in files or []]
        answer = self.client.post("/report", data=data, content_type="multipart/form-data")
        return self.looked_at(answer)

    def send(self) -> tuple[int, str]:
        return self.looked_at(self.client.post("/report/send", data=self.fixed))

    def looked_at(self, answer: TestResponse) -> tuple[int, str]:
        """What came; a preview's proof is sent along by the next button."""
        if 'name="seen"' in answer.text:
            self.fixed["seen"] = hidden(answer.text, "seen")
        return answer.status_code, answer.text


@pytest.fixture
def person(team: Team, client: FlaskClient) -> Person:
    return Person(client)


def code_of(page: str) -> str:
    found = re.search(r'id="code">([\d ]+)<', page)
    assert found
    return found[1]
