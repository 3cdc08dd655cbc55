"""The procedure file: whole as shipped, and refused with its line when it is not."""

import re
from pathlib import Path

import pytest

from casework.acts.soundness import check_procedure
from casework.procedure.draw import picture, text
from casework.procedure.load import FILE, ProcedureError, procedure, read

SHIPPED = FILE.read_text("utf-8")


def test_the_shipped_procedure_holds() -> None:
    check_procedure(procedure())


TABLE = """
register link_report unlink_report absorb_case undo_absorb accept decline transfer_back object_transfer
transfer_out report_up assign recuse plan_verification verify_figures extend_verification verification_report
file not_file remind_filing order_correction check_correction inspection_notice inquire inquiry_answered
on_site_record interview add_evidence preserve dispose_preserved obstruction seek_help extend_case suspend
resume withdraw_filing admonish on_the_spot investigation_report send_back prior_notice defence_heard
defence_waived defence_review hearing_request hearing_refuse hearing_notice hearing_held hearing_given_up
hearing_report legal_review review_not_due panel decide_penalty decide_no_penalty circulate serve serve_failed
serve_public deemed_served redo terminate close answer_informant archive correct_act pay instal demand
answer_demand apply_court court_result agree remit_surcharge pause_execution end_execution remedy_start
remedy_end propose_discipline send_discipline chase_discipline extend_reply discipline_reply report_no_reply
end_discipline send_prosecution prosecution_back prosecution_taken approve_publication not_public publish
unpublish withdraw_entry assess_dishonesty dishonesty_notice dishonesty_defence determine not_determined
list_entry delist repair extend_listing withdraw_listing
"""


def table_rows() -> list[str]:
    """Ids that the design's table of steps names."""
    return TABLE.split()


@pytest.mark.parametrize("step", table_rows())
def test_every_row_of_the_table_is_a_step(step: str) -> None:
    assert step in procedure().steps


@pytest.mark.parametrize(
    ("find", "put", "complaint"),
    [
        ('roles = ["head"]\nasks = "intake.Assign"', 'roles = ["boss"]\nasks = "intake.Assign"', "unknown role «boss»"),
        ('asks = "intake.Assign"', 'asks = "intake.Nothing"', "no form «intake.Nothing»"),
        ('prints = ["reminder"]', 'prints = ["nothing"]', "unknown paper «nothing»"),
        ('starts = ["case_90", "case_limit"]', 'starts = ["case_91"]', "unknown clock «case_91»"),
        ('leads_to = "conclude"', 'leads_to = "nowhere"', "unknown stage «nowhere»"),
        ('checks = ["two_fit_officers"]', 'checks = ["hope"]', "unknown check «hope»"),
        ('does = ["assign"]', 'does = ["magic"]', "unknown effect «magic»"),
        ('letter = "inspection_notice"', 'letter = "poem"', "no letter «poem»"),
        ('setting = "defence.period"', 'setting = "defence.nothing"', "unknown setting"),
    ],
)
def test_a_fault_is_named(find: str, put: str, complaint: str) -> None:
    assert find in SHIPPED
    with pytest.raises(ProcedureError) as error:
        check_procedure(read(SHIPPED.replace(find, put, 1)))
    assert complaint in str(error.value)


def test_a_fault_names_its_line() -> None:
    broken = SHIPPED.replace('asks = "intake.Assign"', 'asks = "intake.Nothing"', 1)
    line = broken[: broken.index("[step.assign]")].count("\n") + 1
    with pytest.raises(ProcedureError, match=f"line {line}: step assign"):
        check_procedure(read(broken))


def test_an_unreachable_stage_stops_the_program() -> None:
    broken = SHIPPED.replace('{ id = "absorbed", zh', '{ id = "limbo", zh = "x", en = "y" },\n  { id = "absorbed", zh', 1)
    with pytest.raises(ProcedureError, match="nobody can reach stage «limbo»"):
        check_procedure(read(broken))


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(ProcedureError, match="unknown key «color»"):
        read(SHIPPED.replace("[step.assign]\n", '[step.assign]\ncolor = "red"\n', 1))


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
