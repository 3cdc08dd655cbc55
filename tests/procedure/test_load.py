"""The procedure file: whole as shipped, and refused with its line when it is not."""

import re
from pathlib import Path

import pytest
from flask import Flask

from casework.acts.startup_check import check_procedure
from casework.procedure.draw import picture, text
from casework.procedure.load import FILE, ProcedureError, parse_procedure, procedure

SHIPPED = FILE.read_text("utf-8")


def test_the_shipped_procedure_holds() -> None:
    check_procedure(procedure())


ASSIGN = 'roles = ["head"]\nasks = "officers.Assign"'
DEFENCE = 'setting = "defence.period"'
# what stands in the file, what somebody wrote instead, the table it is in, what the check says of
# it
FAULTS = [
    (ASSIGN, ASSIGN.replace("head", "boss"), "step.assign", "unknown role «boss»"),
    (ASSIGN, ASSIGN.replace('"head"', ""), "step.assign", "nobody may take it"),
    (ASSIGN, ASSIGN.replace("Assign", "Nothing"), "step.assign", "no form «officers.Nothing»"),
    ('group = "terms"', 'group = "time"', "step.extend_verification", "unknown group «time»"),
    (ASSIGN, f'approvals = ["boss"]\n{ASSIGN}', "step.assign", "unknown role «boss»"),
    (ASSIGN, f'ends = ["nothing"]\n{ASSIGN}', "step.assign", "unknown track «nothing»"),
    (ASSIGN, f'pauses = ["nothing"]\n{ASSIGN}', "step.assign", "unknown clock «nothing»"),
    (ASSIGN, f'extends = "nothing"\n{ASSIGN}', "step.assign", "unknown clock «nothing»"),
    (
        ASSIGN,
        f'meets = [{{ clock = "verify", when = "luck" }}]\n{ASSIGN}',
        "step.assign",
        "unknown condition «luck»",
    ),
    ('checks = ["two_fit_officers"]', 'checks = ["hope"]', "step.assign", "unknown check «hope»"),
    ('does = ["assign"]', 'does = ["magic"]', "step.assign", "unknown effect «magic»"),
    ('track = "main"', 'track = "side"', None, "unknown track «side»"),
    (
        'prints = ["reminder"]',
        'prints = ["nothing"]',
        "step.remind_filing",
        "unknown paper «nothing»",
    ),
    ('prints = ["reminder"]', "prints = []", "paper.reminder", "no step prints it"),
    (
        'starts = ["case_90", "case_limit"]',
        'starts = ["case_91", "case_limit"]',
        "step.file",
        "unknown clock «case_91»",
    ),
    (
        'starts = ["case_90", "case_limit"]',
        'starts = ["case_limit"]',
        "clock.case_90",
        "no step starts it",
    ),
    (
        'leads_to = "conclude"',
        'leads_to = "nowhere"',
        "step.investigation_report",
        "unknown stage «nowhere»",
    ),
    (
        'letter = "inspection_notice"',
        'letter = "poem"',
        "paper.inspection_notice",
        "no letter «poem»",
    ),
    (DEFENCE, 'setting = "defence.nothing"', "clock.defence", "unknown setting «defence.nothing»"),
    (
        DEFENCE,
        f'color = "red"\n{DEFENCE}',
        "clock.defence",
        "unknown field `color`",
    ),
    ('cure = "assign"', 'cure = "hope"', "check.two_officers", "unknown step «hope»"),
    ("[check.nothing_decided]", "[check.somehow]", "check.somehow", "no function of that name"),
    ("[step.assign]\n", '[step.assign]\ncolor = "red"\n', "step.assign", "unknown field `color`"),
]


@pytest.mark.parametrize(("find", "put", "table", "complaint"), FAULTS, ids=lambda x: str(x)[:40])
def test_a_fault_stops_the_program_and_names_its_line(
    find: str, put: str, table: str | None, complaint: str
) -> None:
    assert find in SHIPPED
    broken = SHIPPED.replace(find, put, 1)
    table = table or re.findall(r"^\[(step\.\w+)\]", broken[: broken.index(put)], re.M)[-1]
    line = broken[: broken.index(f"[{table}]")].count("\n") + 1
    with pytest.raises(ProcedureError) as error:
        check_procedure(parse_procedure(broken))
    said = [f for f in error.value.faults if complaint in f]
    assert said, error.value.faults
    assert said[0].startswith(f"line {line}: {table.replace('.', ' ')}: ")


LIMBO = '  { id = "limbo", zh = "x", en = "y" },'


@pytest.mark.parametrize(
    ("put", "complaint"),
    [
        (
            {'  { id = "absorbed", zh': f'{LIMBO}\n  {{ id = "absorbed", zh'},
            "nobody can reach this stage",
        ),
        (
            {
                '  { id = "absorbed", zh': f'{LIMBO}\n  {{ id = "absorbed", zh',
                'leads_to = "conclude"': 'leads_to = "limbo"',
            },
            "nobody can leave this stage",
        ),
    ],
)
def test_a_stage_that_leads_nowhere_names_its_own_line(put: dict[str, str], complaint: str) -> None:
    broken = SHIPPED
    for find, instead in put.items():
        assert find in broken
        broken = broken.replace(find, instead, 1)
    line = broken.splitlines().index(LIMBO) + 1
    with pytest.raises(ProcedureError) as error:
        check_procedure(parse_procedure(broken))
    assert f"line {line}: track main limbo: {complaint}" in error.value.faults


@pytest.mark.parametrize(
    ("find", "put", "complaint"),
    [
        ("[step.assign]", "[step.assigned]", "unknown step «assign»"),
        ("[track.dishonesty]", "[track.dishonest]", "unknown track «dishonesty»"),
        ('{ id = "verify"', '{ id = "verified"', "unknown stage «verify»"),
        ("[clock.case_90]", "[clock.case_91]", "unknown clock «case_90»"),
        ("[paper.reminder]", "[paper.reminders]", "unknown paper «reminder»"),
        ("[check.only_once]", "[check.once]", "unknown check «only_once»"),
    ],
)
def test_a_name_that_python_writes_stands_in_the_file(find: str, put: str, complaint: str) -> None:
    assert find in SHIPPED
    with pytest.raises(ProcedureError) as error:
        check_procedure(parse_procedure(SHIPPED.replace(find, put, 1)))
    assert f"ids.py: {complaint}" in error.value.faults


def test_what_comes_before_the_next_stage_is_a_step_that_there_is() -> None:
    broken = SHIPPED.replace('{ step = "verify_figures"', '{ step = "verify_figure"', 1)
    with pytest.raises(ProcedureError, match="track main verify: unknown step «verify_figure»"):
        check_procedure(parse_procedure(broken))


def test_what_comes_before_hangs_on_a_condition_that_there_is() -> None:
    broken = SHIPPED.replace("about_an_offence", "about_a_firm", 1)
    with pytest.raises(ProcedureError, match="track main verify: unknown condition «about_a_firm»"):
        check_procedure(parse_procedure(broken))


def test_a_table_that_lacks_what_it_needs_and_a_file_that_is_none() -> None:
    broken = SHIPPED.replace("[clock.defence]\nname", "[clock.defence]\n#", 1)
    line = broken[: broken.index("[clock.defence]")].count("\n") + 1
    with pytest.raises(ProcedureError) as error:
        parse_procedure(broken)
    assert error.value.faults == [
        f"line {line}: clock defence: Object missing required field `name`"
    ]
    with pytest.raises(ProcedureError, match="line 3"):
        parse_procedure('version = "1"\n\nthis is no table')


def test_the_program_does_not_start_with_a_fault(
    monkeypatch: pytest.MonkeyPatch, instance: Path
) -> None:
    from app import create_app
    from casework import rooms

    broken = parse_procedure(SHIPPED.replace(ASSIGN, ASSIGN.replace("Assign", "Nothing"), 1))
    monkeypatch.setattr(rooms, "procedure", lambda: broken)
    with pytest.raises(ProcedureError, match=r"line \d+: step assign: no form «officers.Nothing»"):
        create_app(str(instance), TESTING=True)


@pytest.mark.parametrize("command", ["check", "check broken"])
def test_the_command_line_says_the_same(app: Flask, tmp_path: Path, command: str) -> None:
    file = tmp_path / "broken.toml"
    file.write_text(SHIPPED.replace(ASSIGN, ASSIGN.replace("head", "boss"), 1), "utf-8")
    asked = ["procedure", "check", *([str(file)] if "broken" in command else [])]
    answer = app.test_cli_runner().invoke(args=asked)
    assert (answer.exit_code, "unknown role «boss»" in answer.output) == (
        (1, True) if "broken" in command else (0, False)
    )


def test_every_step_names_its_basis_and_both_languages() -> None:
    for step in procedure().steps.values():
        assert step.basis
        assert step.name.zh
        assert step.name.en
        assert not re.search(r"[a-z]{3}", step.name.zh)


def test_proposer_and_last_approver_are_never_the_same_single_role_of_one() -> None:
    for step in procedure().steps.values():
        assert not set(step.roles) & set(step.approvals[:1]) or len(step.roles) > 1, step.id


def test_the_picture_has_every_track_and_stage() -> None:
    svg = picture(procedure(), "zh")
    for track in procedure().tracks.values():
        assert track.name.zh in svg
        assert all(s.name.zh in svg for s in track.stages.values())
    assert "style=" not in svg
    assert "prior_notice" in text(procedure())


def test_the_file_ships_beside_the_code() -> None:
    assert Path(FILE).name == "procedure.toml"
