"""The approval page: the paper as a draft, standard phrases, three answers; and the journal by
kinds of entries."""

import re
import subprocess
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from casework.acts.intent import Intent
from casework.acts.perform import perform
from casework.docket.models import Act, Docket, Proposal
from casework.papers.models import Paper
from casework.people.may import today
from casework.people.models import Bureau
from casework.store import db, writing
from casework.upkeep import road
from casework.upkeep.walk import Walk
from tests.conftest import need
from tests.support.desk import SignIn, code


def address(client: FlaskClient, walk: Walk) -> str:
    found = re.search(
        r'href="(/desk/dockets/[^"]+/proposals/\d+)"',
        client.get(f"/desk/dockets/{code(walk)}").text,
    )
    assert found
    return found[1]


def test_the_paper_is_seen_before_it_is_approved(
    docketed: tuple[Walk, Walk],
    sign_in: SignIn,
    tmp_path: Path,
) -> None:
    need("pdftotext", Path("/usr/bin/pdftotext").exists())
    client = sign_in("leader")
    path = address(client, docketed[1])
    assert f'href="{path}/draft.pdf"' in client.get(path).text
    papers = db.session.query(Paper).count()
    answer = client.get(f"{path}/draft.pdf")
    (tmp_path / "d.pdf").write_bytes(answer.data)
    text = subprocess.run(
        ["pdftotext", tmp_path / "d.pdf", "-"], check=True, capture_output=True, text=True
    ).stdout
    assert "立案审批表" in "".join(text.split())
    # the watermark stands aslant: its signs are read one by one
    assert {"草", "稿"} <= set(text.split())
    assert db.session.query(Paper).count() == papers
    assert (
        client.get(path.replace("/proposals/", "/proposals/99") + "/draft.pdf").status_code == 404
    )


@pytest.mark.parametrize(
    ("typed", "said"), [("", "同意，请按程序办理。"), ("同意，罚款另议。", "同意，罚款另议。")]
)
def test_a_standard_phrase_stands_in_for_words(
    docketed: tuple[Walk, Walk],
    sign_in: SignIn,
    typed: str,
    said: str,
) -> None:
    client = sign_in("leader")
    path = address(client, docketed[1])
    assert client.get(path).text.count('name="phrase"') == 3
    data = {"verb": "approve", "opinion": typed, "phrase": "同意，请按程序办理。"}
    assert said in client.post(path, data=data, follow_redirects=True).text


def test_who_disagrees_says_why_and_the_track_is_free_again(
    docketed: tuple[Walk, Walk],
    sign_in: SignIn,
) -> None:
    client = sign_in("leader")
    path = address(client, docketed[1])
    stage = db.session.get_one(Docket, docketed[1].docket_id).stage
    assert client.post(path, data={"verb": "refuse", "phrase": "同意。"}).status_code == 422
    page = client.post(
        path, data={"verb": "refuse", "opinion": "事实不清，不同意立案。"}, follow_redirects=True
    ).text
    assert "未获同意" in page
    assert "不同意</" in page or "· 不同意" in page
    assert "事实不清" in page
    assert db.session.scalars(select(Proposal.state)).all()[-1] == "returned"
    assert db.session.get_one(Docket, docketed[1].docket_id).stage == stage


def test_another_verb_is_nothing(docketed: tuple[Walk, Walk], sign_in: SignIn) -> None:
    client = sign_in("leader")
    assert client.post(address(client, docketed[1]), data={"verb": "done"}).status_code == 400


def test_the_journal_by_kinds(docketed: tuple[Walk, Walk], sign_in: SignIn) -> None:
    client = sign_in("officer1")
    path = f"/desk/dockets/{code(docketed[1])}"

    def entries(kind: str) -> int:
        page = client.get(f"{path}?journal={kind}").text
        return page.split('<ol class="journal">', 1)[1].split("</ol>", 1)[0].count("<li")

    count = db.session.query(Act).filter(Act.docket_id == docketed[1].docket_id).count()
    assert entries("") == entries("nonsense") == count
    links = dict(re.findall(r"journal=(\w+)#journal\"[^>]*>[^<]+ (\d+)</a>", client.get(path).text))
    assert {"papers", "approvals", "stages"} <= set(links)
    for kind, n in links.items():
        assert entries(kind) == int(n) <= count


def test_each_hand_keeps_its_own_words_on_the_page(
    docketed: tuple[Walk, Walk],
    sign_in: SignIn,
) -> None:
    """The journal of the tip shows what the clerk proposed and what the head said to it, one beside
    the other."""
    client = sign_in("head")
    journal = (
        client.get(f"/desk/dockets/{code(docketed[0])}")
        .text.split('<ol class="journal">', 1)[1]
        .split("</ol>", 1)[0]
    )
    entries = [x.split("<details")[0] for x in journal.split("<li")[1:] if "受理</strong>" in x]
    judged, proposed = (re.sub(r"<[^>]+>", "", x) for x in entries)
    assert "受理" in proposed.rsplit("：", 1)[1]
    assert judged.rsplit("：", 1)[1].strip() == "同意。"


def test_a_paper_that_lacks_something_stops_the_approval_with_a_sentence(
    docketed: tuple[Walk, Walk],
    sign_in: SignIn,
) -> None:
    case = docketed[1]
    perform(
        Intent(case.docket_id, "file", case.team.leader, case.day, "main", "approve", {}), case.now
    )
    begins = road.later(today(), 4).isoformat()  # the leader approves today
    case.propose("inspection_notice", {**road.inspection(case), "begins": begins})
    with writing() as session:  # the proposer was told of what lacked then; this has gone since
        session.scalars(select(Bureau)).one().phone = ""
    client = sign_in("leader")
    answer = client.post(address(client, case), data={"verb": "approve", "opinion": "同意。"})
    assert answer.status_code == 422
    assert "文书还缺少" in answer.text
    assert (
        db.session.scalars(
            select(Proposal.state).where(Proposal.docket_id == case.docket_id)
        ).all()[-1]
        == "open"
    )


def test_what_was_returned_waits_on_the_home_page_of_its_proposer(
    docketed: tuple[Walk, Walk],
    sign_in: SignIn,
) -> None:
    """Until something else happens; the docket says why, and nobody else is told to mend it."""
    case = docketed[1]
    path = address(sign_in("leader"), case)
    sign_in("leader").post(path, data={"verb": "return", "opinion": "请补充证据。"})
    assert "补正后重新呈报：立案" in sign_in("officer1").get("/desk/").text
    assert (
        "“立案”被退回：请补充证据。" in sign_in("officer1").get(f"/desk/dockets/{code(case)}").text
    )
    assert "补正后重新呈报" not in sign_in("officer2").get("/desk/").text
    case.propose("file", road.filing(case.day))
    assert "补正后重新呈报" not in sign_in("officer1").get("/desk/").text
