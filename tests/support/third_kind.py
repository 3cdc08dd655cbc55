"""The program with a third kind of docket, which stands in the data files alone: opened, listed,
searched, shown, acted on. A process of its own, because addresses are made of the kinds when the
program is loaded: ``python -m tests.support.third_kind INSTANCE FOLDER``."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from casework.procedure import help as step_help
from casework.procedure import kinds, load, roles

KIND = """
[matter]
name = { zh = "事项", en = "Matter" }
many = { zh = "事项", en = "Matters" }
list = "matters"
letter = "M"
track = "matter"
put_away = ["settled"]
counted_by = ["stage"]
opened_by = "open_matter"
"""
PROCEDURE = """
[track.matter]
docket = "matter"
name = { zh = "事项", en = "Matter" }
stages = [
  { id = "begun", zh = "已提起", en = "Begun" },
  { id = "settled", zh = "已办结", en = "Settled", final = true },
]

[step.open_matter]
name = { zh = "提起事项", en = "Open a matter" }
track = "matter"
leads_to = "begun"
roles = ["clerk"]
asks = "intake.OpenDirectly"
numbers = "事"
does = ["index"]
basis = "设计"

[step.settle_matter]
name = { zh = "办结事项", en = "Settle the matter" }
track = "matter"
stages = ["begun"]
leads_to = "settled"
roles = ["clerk"]
asks = "common.Note"
basis = "设计"
"""
HELP = """
[open_matter]
purpose = { zh = "来函请求查询时提起。", en = "Taken when somebody asks for figures." }
then = { zh = "随后答复来函单位。", en = "Then the body that asked is answered." }

[settle_matter]
purpose = { zh = "已答复时办结。", en = "Taken once the answer is given." }
then = { zh = "办结后不再办理。", en = "Nothing follows." }
"""
NAME = "丰都县名山街道便民服务中心"
ASKED = {
    "channel": "random",
    "party_name": NAME,
    "party_kind": "institution",
    "township": "",
    "credit_code": "",
    "cause": "申请查询统计资料",
    "narrative": "来函查询。",
}


def longer(folder: Path) -> None:
    """The data files with the third kind; clerks see all of them."""
    before = 'en = "clerk"\nsees = { report = "all", '
    seen = roles.FILE.read_text("utf-8").replace(before, before + 'matter = "all", ')
    for module, text in (
        (kinds, kinds.FILE.read_text("utf-8") + KIND),
        (load, load.FILE.read_text("utf-8") + PROCEDURE),
        (roles, seen),
        (step_help, step_help.FILE.read_text("utf-8") + HELP),
    ):
        file = folder / module.FILE.name
        file.write_text(text, "utf-8")
        vars(module)["FILE"] = file


def walk(instance: str) -> None:
    """What a clerk does with a matter, on the pages alone; whoever sees none of them finds none."""
    from app import create_app
    from casework.upkeep.demo import PASSWORD

    app = create_app(instance, TESTING=True, WTF_CSRF_ENABLED=False)
    client = app.test_client()

    def sign_in(login: str) -> None:
        client.post("/signout")
        assert (
            client.post("/signin", data={"login": login, "password": PASSWORD}).status_code == 302
        )

    def page(address: str) -> str:
        answer = client.get(address, follow_redirects=True)
        assert answer.status_code == 200, (address, answer.status_code)
        return answer.text

    sign_in("clerk")
    assert '/desk/matters/new">提起事项' in page("/desk/").replace("\n", "")
    assert "提起事项" in page("/desk/matters/new")
    opened = client.post("/desk/matters/new", data=ASKED)
    assert opened.status_code == 302, opened.text
    address = opened.location
    code = address.rpartition("/")[2]
    assert re.fullmatch(r"M\d{4}-1", code), code
    with app.app_context():
        from casework.upkeep.tick import tick

        tick()
    assert NAME in page("/desk/matters")
    assert NAME in page("/desk/matters?stage=begun")
    assert NAME in page("/desk/")  # it waits for a clerk
    assert NAME not in page("/desk/matters?stage=settled")
    assert NAME in page(f"/desk/search?q={NAME[:6]}")
    assert "事项（按阶段）" in page("/desk/statistics/")
    assert "已提起" in page(f"/desk/search?q={code}")
    shown = page(address)
    assert "已提起" in shown
    assert f"{address}/matter/settle_matter" in shown
    step = f"{address}/matter/settle_matter"
    assert "办结事项" in page(step)
    taken = client.post(step, data={"note": "已答复。"})
    assert taken.status_code == 302, taken.text
    assert "已答复。" in page(address)
    assert NAME in page("/desk/matters?stage=settled")
    page(f"/desk/casefile/{code}/review")
    with app.app_context():
        tick()  # nobody declared how long it is kept: the archive room leaves it alone
    page("/desk/archive/?which=all")
    sign_in("officer1")
    assert client.get(address).status_code == 404
    assert NAME not in page("/desk/matters")
    assert client.get("/desk/matters/new").status_code == 403


if __name__ == "__main__":
    longer(Path(sys.argv[2]))
    walk(sys.argv[1])
