"""An outsider who sends anything to anything: an answer of the house each time, no fault, no
cookie, nothing echoed raw."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.upkeep.walk import Team
from tests.support.public import hidden

pytestmark = pytest.mark.values

MARK = "<script>alert(1)</script>"
NASTY = [
    "",
    "\0",
    "\ud7ff",
    "A" * 3000,
    MARK,
    "'\"><img src=x>",
    "{{7*7}}",
    "%s%n",
    "../../etc/passwd",
    "1e999",
    "-1",
    "9" * 400,
    "٣" * 24,
    "１" * 24,
    "NaN",
    "[]",
    "\r\nSet-Cookie: a=b",
    "zh",
    "en",
    "\u202e",
    "preview",
    "upload",
    "find",
    "resume",
    "save",
    "answer",
    "named",
]
FIELDS = [
    "token",
    "draft",
    "action",
    "subject",
    "subject_kind",
    "township",
    "kinds",
    "form",
    "period",
    "narrative",
    "identity",
    "answer_wanted",
    "name",
    "contact",
    "unit",
    "remove",
    "resume",
    "rev",
    "code",
    "number",
    "first",
    "last",
    "text",
    "wait",
    "work",
    "size",
    "offset",
    "lang",
    "login",
    "password",
    "next",
    "q",
    "kind",
    "bureau",
]
ADDRESSES = [
    "/",
    "/report",
    "/report/send",
    "/report/piece",
    "/report/keep",
    "/progress",
    "/receipt/check",
    "/receipt/slip",
    "/receipt/slip.pdf",
    "/receipt/change",
    "/check",
    "/list",
    "/list/1",
    f"/list/{10**25}",
    "/signin",
    "/nowhere",
]
HEADERS = st.dictionaries(
    st.sampled_from(
        [
            "Origin",
            "Sec-Fetch-Site",
            "X-Forwarded-For",
            "Accept-Language",
            "Cookie",
            "Range",
            "If-None-Match",
        ]
    ),
    st.sampled_from(
        ["null", "http://[bad", "same-origin", "x", "127.0.0.1", "casework=.eJw", "bytes=0-"]
    ),
    max_size=2,
)
WORDS = st.dictionaries(st.sampled_from(FIELDS), st.sampled_from(NASTY), max_size=10)
KINDS = st.sampled_from(
    ["multipart/form-data", "application/x-www-form-urlencoded", "application/json", "text/plain"]
)


@pytest.fixture
def outsider(team: Team, client: FlaskClient, app: Flask) -> tuple[FlaskClient, dict[str, str]]:
    page = client.get("/report").text
    app.config["PROPAGATE_EXCEPTIONS"] = False  # as in life: a fault is a 500
    return client, {"token": hidden(page, "token"), "draft": hidden(page, "draft")}


@pytest.mark.parametrize(
    "where", ["/list?q=%00", "/list?%00=1", "/?bureau=%00", "/signin?next=/%00"]
)
def test_a_nul_is_a_sign_like_any_other(team: Team, client: FlaskClient, where: str) -> None:
    """PostgreSQL keeps none: it must not come as far as there."""
    assert client.get(where).status_code in (200, 400, 404)


def test_no_address_has_a_nul(
    team: Team, client: FlaskClient, sign_in: Callable[[str], FlaskClient]
) -> None:
    assert client.get("/list/%00").status_code == 404
    assert sign_in("head").get("/desk/dockets/%00").status_code == 404


def test_whatever_is_sent_passes_one_border(app: Flask) -> None:
    """Line ends of machines as one, no NUL, no half pairs; all else as it came."""
    data = {"a\0": "甲\0乙\r\n 丙\r丁\t\u200b ", "file": (io.BytesIO(b"x"), "账\0.pdf")}
    with app.test_request_context(
        "/?q=1%002", method="POST", data=data, content_type="multipart/form-data"
    ):
        assert dict(request.form) == {"a": "甲乙\n 丙\n丁\t\u200b "}
        assert request.args["q"] == request.values["q"] == "12"
        assert "\0" not in str(request.files["file"].filename)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(ADDRESSES),
    st.sampled_from(["GET", "POST", "PUT", "HEAD"]),
    WORDS,
    HEADERS,
    KINDS,
    st.booleans(),
    st.sampled_from([None, b"", b"\0\xff", b"MZ", b"%PDF-1.4"]),
)
def test_nothing_an_outsider_sends_is_a_fault(
    outsider: tuple[FlaskClient, dict[str, str]],
    path: str,
    method: str,
    words: dict[str, str],
    headers: dict[str, str],
    kind: str,
    fixed: bool,
    file: bytes | None,
) -> None:
    client, ours = outsider
    fields: dict[str, object] = {**words, **(ours if fixed else {})}
    if file is not None and kind == "multipart/form-data":
        fields |= {name: (io.BytesIO(file), "../a.jpg") for name in ("files", "piece", "file")}
    sent = {"data": fields, "content_type": kind} if method == "POST" and "form" in kind else {}
    answer = client.open(
        path, method=method, query_string={} if sent else words, headers=headers, **sent
    )
    assert answer.status_code < 500, (method, path, fields, headers)
    if path != "/signin":
        assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    assert MARK not in answer.get_data(as_text=True)
