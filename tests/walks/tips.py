"""How dockets begin: tips by every channel, findings of the bureau's own; and informants who come
back with their codes."""

from __future__ import annotations

from typing import Any

from casework.docket.models import Docket
from casework.procedure.load import procedure
from forms.registry import form_class
from tests.conftest import Browser
from tests.desk.by_hand import complaints
from tests.support.public import Person, code_of
from tests.walks.answers import FIRMS, TOLD, Hand
from tests.walks.browsers import Browsers
from tests.walks.page import read


class Tips(Browsers):
    """The bureau's people, and its informants with their codes."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.codes: list[str] = []

    def _tip(self, live: list[Docket]) -> None:
        """A clerk takes a tip in on the page of one of its channels."""
        first = read(self.open("clerk", "/desk/reports/new") or "")
        ways = [x for x in first.links if "channel=" in x]
        where = self.chance.choice(ways)
        form = read(self.open("clerk", where) or "").form_with("narrative")
        if form is None:
            self.broken(f"{where} has no form")
        hand = Hand(
            self.chance, self.day, None, form_class(procedure().steps["receive"].asks), "receive"
        )
        for _ in range(2):
            answer = self.send("clerk", "/desk/reports/new", form, hand.fill(form), "receive")
            if answer.status_code in (200, 302) and 'name="narrative"' not in answer.text:
                self.took("receive", f"clerk receive {where}")
                return
            self.refused("receive", complaints(answer.text)[0])
            form, hand.careful = read(answer.text).form_with("narrative") or form, True

    def _finding(self, live: list[Docket]) -> None:
        form = read(self.open("head", "/desk/cases/new") or "").form_with("party_name")
        if form is None:
            self.broken("a case of the bureau's own has no form")
        hand = Hand(
            self.chance,
            self.day,
            None,
            form_class(procedure().steps["open_case_directly"].asks),
            "open_case_directly",
        )
        answer = self.send("head", "/desk/cases/new", form, hand.fill(form))
        if answer.status_code == 302:
            self.took("open_case_directly", "head open_case_directly")
        else:
            self.refused("open_case_directly", complaints(answer.text)[0])

    def _web_tip(self, live: list[Docket]) -> None:
        """Somebody of the public sends a tip, and keeps nothing but the code."""
        person = Person(Browser(self.app, self.app.response_class))
        told = {"subject": self.chance.choice(FIRMS), "narrative": self.chance.choice(TOLD["area"])}
        if self.chance.random() < 0.5:
            told |= {"identity": "named", "name": "钱示例", "contact": "13800000001"}
        person.post("preview", **told)
        status, page = person.send()
        if status != 200:
            self.broken(f"a tip of the public was not taken: {status} {complaints(page)}")
        self.codes.append(code_of(page))
        self.took("receive", "web tip")

    def _informant(self, live: list[Docket]) -> None:
        """Who has a code looks at the progress, and perhaps writes, or takes back what nobody has
        read."""
        self.browsers.pop(("", 0), None)  # another person's browser each time
        form = read(self.open("", "/progress") or "").form_with("code")
        if form is None:
            self.broken("the page of progress has no form")
        answer = self.send(
            "", "/progress", form, {**form.standing(), "code": [self.chance.choice(self.codes)]}
        )
        writes = read(answer.text).form_with("text")
        self.note(f"   informant looks: {answer.status_code}")
        if writes is not None and self.chance.random() < 0.6:
            data = Hand(self.chance, self.day, None, None, "receive").fill(writes)
            sent = self.send("", "/progress", writes, {**data, "action": ["answer"]})
            self.note(f"   informant writes: {sent.status_code}")
            back = next(
                (f for f in read(sent.text).forms if ("action", "withdraw") in f.buttons), None
            )
            if back is not None and self.chance.random() < 0.4:
                gone = self.send("", "/progress", back, {**back.standing(), "action": ["withdraw"]})
                self.account.acts[f"message taken back {gone.status_code}"] += 1
