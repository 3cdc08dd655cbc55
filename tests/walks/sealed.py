"""What is sealed, and what goes for good: identities are asked for, granted and opened; ripe files
are destroyed by two."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import func, select

from casework.docket.models import Docket
from casework.informants.models import Identity, IdentityOpening
from casework.store import db
from casework.upkeep.demo import KEY_PASSWORD, PASSWORD
from tests.desk.by_hand import complaints
from tests.walks.answers import SAYS
from tests.walks.page import Form, read
from tests.walks.tips import Tips

OPENED = "open an identity"  # the word of the account for it
ASKERS = ("officer1", "officer2", "officer3", "head", "leader")
CODE = re.compile(r'id="code">([\d ]+)<')


class Sealed(Tips):
    """Custodians at their desk, and the archive room."""

    def _identity(self, live: list[Docket]) -> None:
        """Somebody asks who the informant is; the custodian answers; who asked opens it, or finds
        it refused."""
        named = set(db.session.scalars(select(Identity.docket_id).where(Identity.named)))
        dockets = [d for d in live if d.id in named]
        if not dockets:
            return
        docket, login = self.chance.choice(dockets), self.chance.choice(ASKERS)
        where, number = f"/desk/dockets/{docket.code}/identity", docket.number
        html = self.open(login, where, may_fail=(404, 403))
        form = read(html).form_with("reason") if html else None
        if form is None:  # recused, or asked already
            return
        asked = self.send(
            login, where, form, {**form.standing(), "reason": [self.chance.choice(SAYS)]}
        )
        code = CODE.search(asked.text)
        if asked.status_code != 200 or code is None:
            self.refused("ask for an identity", complaints(asked.text)[0])
            return
        self.took("ask for an identity", f"{login} asks who is behind {docket.code}")
        granted = self.answered(number)
        html = self.open(login, where, may_fail=(404, 403))
        form = read(html).form_with("code") if html else None
        if (form is not None) != granted:
            self.broken(
                f"the identity of {docket.code} is "
                f"{'open' if form else 'shut'} to {login}, and granted: "
                f"{granted}"
            )
        if form is not None:
            self.opened(login, where, form, code[1])

    def answered(self, number: str) -> bool:
        """The custodian's answer to the request about that tip; whether it was granted."""
        page = self.open("custodian", "/desk/custody/") or ""
        for where in [x for x in read(page).links if x.startswith("/desk/custody/requests/")]:
            form = read(self.open("custodian", where) or "").form_with("word")
            if form is None:
                continue
            verdict = self.chance.choices(["grant", "refuse"], [4, 1])[0]
            word = {"word": [KEY_PASSWORD], "note": ["不必知道姓名。"], "verdict": [verdict]}
            answer = self.send("custodian", where, form, {**form.standing(), **word})
            if answer.status_code != 302:
                self.broken(
                    f"the custodian cannot answer about {number}: {complaints(answer.text)}"
                )
            self.took(f"identity: {verdict}", f"custodian {verdict} {number}")
            if verdict == "grant":
                return True
        return False

    def opened(self, login: str, where: str, form: Form, code: str) -> None:
        """With the code that was shown once; another code opens nothing."""
        other = code[:-4] + ("0000" if code[-4:] != "0000" else "1111")
        wrong = self.send(login, where, form, {**form.standing(), "code": [other]})
        if wrong.status_code != 422:
            self.broken(
                f"{login} opens an identity at {where} with a wrong code: {wrong.status_code}"
            )
        answer = self.send(login, where, form, {**form.standing(), "code": [code]})
        if answer.status_code != 200 or "138" not in answer.text:
            self.broken(
                f"{login} cannot open the identity at {where}: "
                f"{answer.status_code} {complaints(answer.text)}"
            )
        self.took(OPENED, f"{login} opens the identity at {where}")

    def all_openings_logged(self) -> None:
        """As many openings stand in the program's own log as this walk has made."""
        logged = db.session.scalar(select(func.count()).select_from(IdentityOpening))
        if logged != self.account.taken[OPENED]:
            self.broken(
                f"{self.account.taken[OPENED]} identities were opened, and {logged} are logged"
            )

    # -- for good
    def destroy(self) -> None:
        """What is ripe is proposed by the clerk and destroyed by the leader; then its pages are
        gone, and nothing else is."""
        page = self.open("clerk", "/desk/archive/") or ""
        form = next((f for f in read(page).forms if "report" in f.fields), None)
        if form is None:
            self.note("   nothing is ripe")
            return
        chosen = form.fields["docket"].options if "docket" in form.fields else []
        data = {**form.standing(), "docket": chosen, "report": ["丰统鉴〔2057〕1号"]}
        asked = self.send("clerk", "/desk/archive/", form, data)
        if asked.status_code != 302:
            self.refused("propose a destruction", complaints(asked.text)[0])
            return
        self.took("propose a destruction", f"clerk proposes to destroy {len(chosen)}")
        where = asked.location
        sure = read(self.open("leader", where) or "").form_with("password")
        if sure is None:
            self.broken(f"the leader cannot confirm {where}")
        answer = self.send("leader", where, sure, {**sure.standing(), "password": [PASSWORD]})
        if answer.status_code != 302:
            self.broken(
                f"the leader cannot destroy what the clerk proposed: {complaints(answer.text)}"
            )
        self.took("destroy", f"leader destroys {len(chosen)}")

    def gone(self) -> None:
        """After a round: what was confirmed is destroyed, its page says nothing of it."""
        db.session.rollback()
        db.session.expire_all()
        for docket in db.session.scalars(select(Docket).where(Docket.data_key == b"")).all():
            self.account.acts["destroyed"] += 1
            found: Any = self.open("head", f"/desk/dockets/{docket.code}", may_fail=(404, 410))
            if found and docket.title:
                self.broken(
                    f"the page of {docket.code} stands after its "
                    f"destruction, and names {docket.title}"
                )
