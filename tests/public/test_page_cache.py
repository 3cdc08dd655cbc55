"""The blank form is drawn once and handed to everybody: with a key of their own, and never older
than the bureau."""

import re

from flask.testing import FlaskClient

from casework.people.models import Bureau, Township
from casework.store import writing
from casework.upkeep.walk import Team


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found, name
    return found[1]


def test_everybody_gets_a_draft_key_of_their_own(team: Team, client: FlaskClient) -> None:
    keys = {hidden(client.get("/report").text, "draft") for _ in range(3)}
    assert len(keys) == 3
    assert not any("slot" in key for key in keys)


def test_the_token_of_a_drawn_form_is_good(team: Team, client: FlaskClient) -> None:
    client.get("/report")
    page = client.get("/report").text
    fields = {
        "token": hidden(page, "token"),
        "draft": hidden(page, "draft"),
        "subject": "某某公司",
        "narrative": "少报",
    }
    assert (
        client.post(
            "/report", data={**fields, "subject_kind": "enterprise", "action": "save"}
        ).status_code
        == 200
    )


def test_a_changed_bureau_is_seen_at_once(team: Team, bureau: Bureau, client: FlaskClient) -> None:
    before = client.get("/report").text
    with writing() as session:
        session.get_one(Bureau, bureau.id).phone = "023-7070 7070"
        session.add(Township(code="500230999", bureau_id=bureau.id, name="新立镇"))
    after = client.get("/report").text
    assert "新立镇" not in before
    assert "新立镇" in after
    assert "023-7070 7070" in after


def test_each_language_has_its_own(team: Team, client: FlaskClient) -> None:
    chinese, english = client.get("/report").text, client.get("/report?lang=en").text
    assert 'lang="zh-CN"' in chinese
    assert '<html lang="en"' in english
    assert "What happened" in english
    assert "What happened" not in chinese
