"""Where reconsideration is asked for and a suit is brought: by name and address, as the bureau has
them. Pure.

行政处罚法 §59第五项 asks for them on a decision.
"""

from __future__ import annotations

from casework.procedure.facts import Facts
from casework.text import is_blank

Body = tuple[str, str]  # name and address; "" where the bureau has not said it


def remedy_bodies(facts: Facts) -> tuple[Body, Body]:
    """The body for reconsideration, then the court. «有管辖权的人民法院» names none."""
    bureau, settings = facts.bureau, facts.settings
    court = "" if "有管辖权" in bureau.court or bureau.court.strip() == "人民法院" else bureau.court
    return _body(bureau.government, settings.text("remedy.body_address")), _body(
        court, settings.text("remedy.court_address")
    )


def _body(name: str, address: str) -> Body:
    return ("" if is_blank(name) else name.strip(), "" if is_blank(address) else address.strip())
