"""Staff of another bureau: whatever address they try, nothing of ours is there, and nothing of ours
changes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import product

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.routing import Rule

from casework.docket.models import Act, Docket
from casework.evidence.models import Attachment
from casework.evidence.uploads import take_in
from casework.informants.models import IdentityRequest, Message, Receipt
from casework.intake.receive import receive
from casework.papers.models import Paper
from casework.people.may import today
from casework.people.models import Bureau, Person, PersonRole
from casework.procedure.roles import roles as all_roles
from casework.store import db, writing
from casework.upkeep.demo import PASSWORD
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import FIRM
from tests.evidence.made import pdf
from tests.informants.sealed import WHO, asked, make_key, somebody

SECRETS = (FIRM["name"], "欧阳举报", "只有我们知道的材料")
THERE = {
    "code": ["R", "C"],
    "track": ["main", "report"],
    "step": ["register", "file", "renew_code"],
    "number": range(1, 6),
    "page": [1],
    "seq": range(1, 6),
    "which": [0],
    "run": ["1"],
}


@pytest.fixture
def ours(team: Team, bureau: Bureau, docketed: tuple[Walk, Walk]) -> list[str]:
    """A report with file, papers and a sealed identity that somebody asked for, and a case; their
    codes."""
    make_key(somebody(team, "custodian"))
    file = take_in(FileStorage(io.BytesIO(pdf()), "只有我们知道的材料.pdf"), 10**6)
    payload = {
        "channel": "visit",
        "subject": FIRM["name"],
        "subject_kind": "enterprise",
        "narrative": "只有我们知道的材料",
    }
    named = receive(db.session.get_one(Bureau, bureau.id), payload, who=WHO, files=[file])
    asked(team, named)
    tick()
    assert db.session.scalar(select(func.count()).select_from(Paper))
    return list(db.session.scalars(select(Docket.code).order_by(Docket.id)))


@pytest.fixture
def strangers(ours: list[str]) -> dict[str, str]:
    """A person of every role in another bureau: role → login."""
    with writing() as session:
        other = Bureau(code="other", name="另一统计局", prefix="另统")
        session.add(other)
        session.flush()
        hashed = session.scalars(select(Person.password_hash).where(Person.login == "clerk")).one()
        people = {
            r: Person(bureau_id=other.id, login=f"other-{r}", name=f"外{r}", password_hash=hashed)
            for r in all_roles()
        }
        for role, person in people.items():
            person.roles = [PersonRole(role=role, from_day=today())]
        session.add_all(people.values())
    return {role: f"other-{role}" for role in all_roles()}


def addresses(app: Flask, rule: Rule, codes: list[str]) -> Iterator[str]:
    """A page with every name and number that could be one of ours."""
    values = [
        codes
        if name == "code"
        else list(getattr(rule._converters[name], "items", None) or THERE[name])
        for name in sorted(rule.arguments)
    ]
    with app.test_request_context():
        adapter = app.create_url_adapter(None) or app.url_map.bind("localhost")
        for chosen in product(*values):
            yield adapter.build(
                rule.endpoint,
                dict(zip(sorted(rule.arguments), chosen, strict=True)),
                method="GET" if "GET" in (rule.methods or ()) else "POST",
            )


OWN = {
    "own.save_view",
    "own.delete_view",
    "triage.seen",
    "desk.listing",
    "desk.new_docket",
    "office.setting",
    "phrases.lists",
}  # about oneself, or one's own bureau


def counts() -> list[int | None]:
    db.session.rollback()
    tables = (Act, Docket, Paper, Attachment, Message, IdentityRequest, Receipt, Person)
    return [db.session.scalar(select(func.count()).select_from(t)) for t in tables]


@pytest.mark.parametrize("role", sorted(all_roles()))
def test_no_address_leads_another_bureau_to_ours(
    app: Flask, client: FlaskClient, ours: list[str], strangers: dict[str, str], role: str
) -> None:
    assert (
        client.post("/signin", data={"login": strangers[role], "password": PASSWORD}).status_code
        == 302
    )
    before, tried = counts(), 0
    for rule in app.url_map.iter_rules():
        if (
            not rule.rule.startswith("/desk")
            or rule.endpoint in OWN
            or not rule.arguments - {"key", "what"}
        ):
            continue
        for address in addresses(app, rule, ours):
            for method in sorted({"GET", "POST"} & (rule.methods or set())):
                answer = client.open(
                    address,
                    method=method,
                    data={"on": today().isoformat()} if method == "POST" else None,
                )
                tried += 1
                assert answer.status_code in (403, 404), (role, method, address, answer.status_code)
    assert tried > 200
    assert counts() == before


LISTS = (
    "",
    "cases",
    "reports",
    "papers",
    "reports/burst",
    "print/",
    "archive/",
    "archive/batches",
    "archive/destroyed",
    "custody/",
    "statistics/",
    "many/",
    "office/audit",
    "office/people",
    "casefile/sample",
)


@pytest.mark.parametrize("role", sorted(all_roles()))
def test_no_list_no_search_and_no_figure_of_theirs_names_ours(
    client: FlaskClient, ours: list[str], strangers: dict[str, str], role: str
) -> None:
    client.post("/signin", data={"login": strangers[role], "password": PASSWORD})
    for path in (*LISTS, f"search?q={FIRM['name'][:4]}", f"search?q={ours[0]}"):
        answer = client.get(f"/desk/{path}")
        assert answer.status_code in (200, 302, 403, 404), path
        for secret in (*SECRETS, *(f"/{code}" for code in ours)):
            assert secret not in answer.text.replace(f'value="{FIRM["name"][:4]}"', ""), (
                role,
                path,
                secret,
            )
