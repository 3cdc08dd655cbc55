"""The handbook says of every step, once and in the order of the road, what its page says."""

import io
import re
from datetime import date
from functools import cache
from pathlib import Path

import pypdfium2
import pytest
from flask import Flask

from casework.people.models import Bureau
from casework.procedure.chapters import chapters
from casework.procedure.help import step_help
from casework.procedure.load import procedure
from letters.handbook import LANGUAGES, handbook_pdf

DAY = date(2026, 12, 1)


@cache
def pages(language: str) -> list[str]:
    """The text of each page, without blanks and line breaks."""
    data = handbook_pdf(procedure(), "丰都县统计局", language, DAY)
    book = pypdfium2.PdfDocument(io.BytesIO(data))
    return [re.sub(r"\s|\ufffe", "", page.get_textpage().get_text_bounded()) for page in book]


def packed(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_every_step_stands_in_one_section() -> None:
    found = [s.id for c in chapters(procedure()) for section in c.sections for s in section.steps]
    assert sorted(found) == sorted(procedure().steps)


def test_a_stage_names_its_ordinary_course() -> None:
    main = chapters(procedure())[1]
    course = {s.stage.id: [m.step.id for m in s.course] for s in main.sections if s.stage}
    assert course["verify"] == ["verify_figures", "verification_report", "file"]
    assert course["decide"] == ["panel", "decide_penalty"]
    assert course["serve"] == ["serve"]
    lead = next(s for s in chapters(procedure())[0].sections if s.stage)
    assert [m.step.id for m in lead.course][:2] == ["register", "instruct_report"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_handbook_holds_name_and_article_of_every_step(language: str) -> None:
    text = "".join(pages(language))
    for step in procedure().steps.values():
        assert packed(step.name.in_language(language)) in text, step.id
        assert packed(step.basis)[:12] in text, step.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_contents_name_the_page_on_which_a_chapter_begins(language: str) -> None:
    contents, book = "".join(pages(language)[:4]), pages(language)
    for number, chapter in enumerate(chapters(procedure()), 1):
        if chapter.name:
            name = packed(f"{number}{chapter.name.in_language(language)}")
            begins = [i for i, text in enumerate(book, 1) if text.startswith(f"{name}{number}.1")]
            assert len(begins) == 1, name
            assert f"{name}{begins[0]}" in contents


def test_the_same_procedure_gives_the_same_bytes() -> None:
    twice = [handbook_pdf(procedure(), "丰都县统计局", "zh", DAY) for _ in range(2)]
    assert twice[0] == twice[1]


def test_the_command_writes_it(app: Flask, bureau: Bureau, tmp_path: Path) -> None:
    file = tmp_path / "handbook.pdf"
    done = app.test_cli_runner().invoke(args=["papers", "handbook", str(file), "--language", "en"])
    assert done.exit_code == 0, done.output
    book = pypdfium2.PdfDocument(file)
    assert "Handbook of tips and enforcement" in book[0].get_textpage().get_text_bounded()


def test_every_sentence_of_help_is_printed() -> None:
    text = "".join(pages("zh"))
    said = [row.purpose.zh for row in step_help().values()]
    assert [s for s in said if packed(s)[:14] not in text] == []
