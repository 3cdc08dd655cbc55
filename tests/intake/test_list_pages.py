"""Lists on the page, by the command, and over the real server."""

import re
import time
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

from sqlalchemy import select

from casework.docket.models import Docket
from casework.people.models import Bureau
from casework.store import db
from casework.upkeep.demo import PASSWORD
from tests.intake.books import HEADS, HERE, book, case, saved, tip
from tests.public.served import serving
from tests.support.intake import SOURCE, SignIn, command, sent, waited
from tests.support.mail import facts_of
from tests.support.ports import PAUSE, TRIES
from tests.support.public import hidden


# -- the page and the command
def key_of(page: str) -> str:
    found = re.search(r'name="key" value="([^"]+)"', page)
    assert found
    return found[1]


def test_the_page_asks_first_what_to_do_with_hidden_rows(bureau: Bureau, sign_in: SignIn) -> None:
    client = sign_in("clerk")
    page = sent(client, case("hidden_row.xlsx")).text  # type: ignore[attr-defined]
    assert "“Sheet”中隐藏的行：3" in page
    assert "/desk/reports/import/confirm" not in page
    key = key_of(page)
    assert client.post("/desk/reports/import/confirm", data={"key": key}).status_code == 409
    again = client.post("/desk/reports/import/decide", data={"key": key})
    assert (again.status_code, "请选择如何处理" in again.text) == (422, True)
    decided = client.post("/desk/reports/import/decide", data={"key": key, "rows": "leave"})
    assert decided.status_code == 200
    assert "不纳入" in decided.text
    begun = client.post("/desk/reports/import/confirm", data={"key": key_of(decided.text)})
    assert "已接收 1 件线索" in waited(client, begun.location)


def test_a_choice_that_leaves_no_list_says_so(bureau: Bureau, sign_in: SignIn) -> None:
    made, client = book(tip("某公司")), sign_in("clerk")
    made.active.column_dimensions["C"].hidden = True
    made.active.row_dimensions[2].hidden = True
    page = sent(client, saved(made))
    assert page.status_code == 422  # type: ignore[attr-defined]
    assert "反映内容" in page.text  # type: ignore[attr-defined]


def test_another_persons_list_cannot_be_decided_about(bureau: Bureau, sign_in: SignIn) -> None:
    key = key_of(sent(sign_in("clerk"), case("hidden_row.xlsx")).text)  # type: ignore[attr-defined]
    answer = sign_in("officer1").post(
        "/desk/reports/import/decide", data={"key": key, "rows": "take"}
    )
    assert answer.status_code in (403, 409)


def test_the_command_asks_for_the_same_choice(bureau: Bureau, instance: Path) -> None:
    said = ["--body", SOURCE.body, "--number", SOURCE.number, "--day", SOURCE.day]
    refused = command(instance, str(HERE / "hidden_row.xlsx"), *said)
    assert refused.returncode == 1
    assert "--hidden" in refused.stderr
    done = command(instance, str(HERE / "hidden_row.xlsx"), "--hidden", "leave", *said)
    assert "left out: 1" in done.stdout, done.stderr
    db.session.rollback()
    assert [d.title for d in db.session.scalars(select(Docket))] == ["丰都壬公司"]


# -- over the real server, as a browser sends it
def body_with(fields: dict[str, str], name: str, data: bytes) -> tuple[bytes, str]:
    """A multipart body with a file of a Chinese name, written as browsers write it."""
    boundary = "----listboundary"
    parts = [
        f'Content-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode()
        for k, v in fields.items()
    ]
    head = (
        'Content-Disposition: form-data; name="file"; '
        f'filename="{name}"\r\nContent-Type: text/csv\r\n\r\n'
    )
    parts.append(head.encode() + data + b"\r\n")
    body = b"".join(b"--" + boundary.encode() + b"\r\n" + part for part in parts)
    return body + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


class Clerk:
    """A clerk with a plain HTTP client and its cookies."""

    def __init__(self, port: int) -> None:
        self.at = f"http://127.0.0.1:{port}"
        self.opener = build_opener(HTTPCookieProcessor())
        self.form("/signin", {"login": "clerk", "password": PASSWORD})

    def ask(
        self, path: str, data: bytes | None = None, kind: str = "application/x-www-form-urlencoded"
    ) -> str:
        request = Request(self.at + path, data, {"Content-Type": kind} if data is not None else {})
        with self.opener.open(request, timeout=300) as answer:
            text: str = answer.read().decode()
        return text

    def token(self, path: str) -> str:
        return hidden(self.ask(path), "csrf_token")

    def form(self, path: str, fields: dict[str, str], page: str = "") -> str:
        token = hidden(page, "csrf_token") if page else self.token(path)
        return self.ask(path, urlencode({"csrf_token": token, **fields}).encode())


def test_a_list_with_a_chinese_name_and_two_line_cells_over_the_real_server(
    bureau: Bureau, instance: Path, tmp_path: Path
) -> None:
    rows = ",".join(HEADS) + '\r\n汇锦公司,,"多报产值\r\n少报人数",2026年11月20日,2026年10月\r\n'
    source = {"body": SOURCE.body, "number": SOURCE.number, "day_of_document": SOURCE.day}
    with serving(instance, tmp_path) as running:
        clerk = Clerk(running.port)
        token = {"csrf_token": clerk.token("/desk/reports/import")}
        body, kind = body_with(token | source, "移交清单（第一批）.csv", rows.encode("gb18030"))
        page = clerk.ask("/desk/reports/import", body, kind)
        assert "移交清单（第一批）.csv" in page
        clerk.form("/desk/reports/import/confirm", {"key": key_of(page)}, page)
        for _ in range(TRIES):
            db.session.rollback()
            if db.session.query(Docket).count():
                break
            time.sleep(PAUSE)
    payload = facts_of(db.session.scalars(select(Docket)).one().id)
    assert payload["narrative"] == "多报产值\n少报人数"
    assert payload["original_at"] == "移交清单（第一批）.csv #2"
