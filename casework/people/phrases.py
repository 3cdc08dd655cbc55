"""Standard phrases (常用语) of a bureau: for a step and a text of its form, what is often written
there. Where a bureau keeps no list of its own, what ships with the program stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from casework.people.office_journal import enter
from casework.procedure.phrases import shipped_phrases
from casework.store import Model, db

MOST, LONGEST = 30, 500  # phrases of a list, characters of a phrase


class PhraseList(Model):
    """A bureau's own phrases for one text: a line each. No line: the bureau wants none."""

    __tablename__ = "phrase_list"
    bureau_id: Mapped[int] = mapped_column(ForeignKey("bureau.id"), primary_key=True)
    step: Mapped[str] = mapped_column(String(40), primary_key=True)
    field: Mapped[str] = mapped_column(String(40), primary_key=True)
    lines: Mapped[str] = mapped_column(Text)


def phrases_of(bureau_id: int, step: str) -> Mapping[str, Sequence[str]]:
    """The phrases of a step, by the name of the field they are for."""
    own = select(PhraseList).where(PhraseList.bureau_id == bureau_id, PhraseList.step == step)
    kept = {row.field: row.lines.splitlines() for row in db.session.scalars(own)}
    return {**shipped_phrases().get(step, {}), **kept}


def as_phrases(typed: str) -> list[str]:
    """Phrases as somebody typed them, a line each, each once, without empty lines."""
    return list(dict.fromkeys(line.strip() for line in typed.splitlines() if line.strip()))


def keep_phrases(
    session: Session, bureau_id: int, actor_id: int, step: str, kept: Mapping[str, Sequence[str]]
) -> None:
    """A step's lists of a bureau, in the caller's transaction; the office's journal has what
    changed."""
    before = phrases_of(bureau_id, step)
    for field, phrases in kept.items():
        if list(before.get(field, ())) == list(phrases):
            continue
        lines = "\n".join(phrases)
        session.merge(PhraseList(bureau_id=bureau_id, step=step, field=field, lines=lines))
        enter(session, bureau_id, actor_id, "phrases", step, {"field": field, "phrases": lines})
