"""The docket page (the heart of the desk), its step pages, approvals and conflicts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from casework.acts import preview
from casework.acts.errors import Conflict, NotAllowed, Refused
from casework.acts.intent import NEW, Intent
from casework.acts.perform import Done, perform
from casework.acts.printed_answers import may_open_paper
from casework.desk import (
    docket_rows,
    journal_rows,
    missing,
    naming,
    proposals,
    substituted_characters,
)
from casework.desk.context import Here, known_step, me, on_docket, today
from casework.desk.form_answers import entry_rows, seen_answers
from casework.desk.journal_kinds import kinds_of_entries, of_kind
from casework.desk.phrases import offer_phrases, put_phrase
from casework.desk.saved_views import draft_of, drop_draft
from casework.desk.step_files import StepFiles, files_of, files_of_page, unreadable_sentence
from casework.desk.tips import linked_tips, tip_of
from casework.desk.unit_choice import asked_for_unit
from casework.people.may import may
from casework.procedure.facts import ProposalFacts
from casework.procedure.load import procedure
from casework.procedure.model import Step
from casework.text import unless_blank
from casework.web.downloads import answer_file
from casework.web.errors import refuse
from casework.web.language import current
from casework.web.numbers import whole_number
from casework.web.uploads_in_memory import keeps_words
from forms.base import StepForm
from forms.registry import form_class
from letters.base import FalseSum, MissingField, WrongOrder
from letters.labels import label
from letters.words import WordingError

JUDGEMENTS = {"approve": "approve", "return": "return", "refuse": "return", "withdraw": "withdraw"}
PAPER_FAULTS = (MissingField, WrongOrder, FalseSum, WordingError)
# what a step or a judgement may be refused with, beside a conflict
REFUSALS = (Refused, NotAllowed, *PAPER_FAULTS)
bp = Blueprint("dockets", __name__, url_prefix="/desk/dockets")


@bp.app_context_processor
def _for_pages() -> dict[str, Any]:
    return {"faces_missing": substituted_characters.faces_missing}


@bp.get("/<code>")
@on_docket
def docket(here: Here) -> str:
    """Everything about one docket, and what can be done next."""
    files = files_of(here.docket.id) if may(me(), "file.open", today()) else []
    kind, page = request.args.get("journal", ""), docket_rows.docket_page(here.facts)
    acts = of_kind(here.facts.acts, kind)
    page["journal"] = [journal_rows.act_row(here.facts, a) for a in reversed(acts)]
    return render_template(
        "desk/docket.html",
        here=here,
        page=page,
        files=files,
        kind=kind,
        kinds=kinds_of_entries(here.facts.acts),
        tip=tip_of(here),
        tips=linked_tips(here),
    )


@bp.get("/<code>/next")
@on_docket
def next_act(here: Here) -> Any:
    """To the form of the act that the docket waits for from whoever looks; where it waits for none,
    to the docket."""
    code, now = here.docket.code, docket_rows.act_now(here.facts)
    if now is None:
        return redirect(url_for("dockets.docket", code=code))
    return redirect(url_for("dockets.step", code=code, track=now["track"], step=now["step"]))


@bp.get("/<code>/<track>/<step>")
@on_docket
def step(here: Here, track: str, step: str) -> str:
    """The page of one step."""
    found = known_step(step)
    draft = draft_of((here.docket.id, track, step))
    return _step_page(
        here, track, found, _form(here, found, draft), files_of_page(here), draft=draft is not None
    )


@bp.post("/<code>/<track>/<step>")
@on_docket
@keeps_words
def take(here: Here, track: str, step: str) -> Any:
    """Take or propose it; whatever is refused, what was typed is still there."""
    found = known_step(step)
    form, files = _form(here, found, request.form), files_of_page(here)
    if _shown_again(form, found):
        return _step_page(
            here, track, found, form, files, files.refused
        ), 422 if files.refused else 200
    if not form.validate() or files.refused:
        return _step_page(here, track, found, form, files, files.refused), 422
    intent = Intent(
        here.docket.id,
        found.id,
        me().id,
        form.day(),
        track,
        "take",
        form.payload(),
        _seen(),
        tuple(files.uploads),
    )
    try:
        if request.form.get("action") == "preview":
            return _preview(intent)
        done = _performed(intent, form)
    except Conflict as error:
        return _conflict_page(here, track, found, form, files, error), 409
    except REFUSALS as error:
        sentences, status = _refused(error, here, form)
        return _step_page(here, track, found, form, files, sentences), status
    drop_draft((here.docket.id, track, step))
    unread = unreadable_sentence(files.uploads)
    says = docket_rows.done_sentence(found, done) + _drawn_otherwise(
        here, found.id, form.payload(), done
    )
    flash(f"{says} {unread}".strip(), "warning" if unread else "message")
    where = "next_act" if request.form.get("action") == "next" else "docket"
    return redirect(url_for(f"dockets.{where}", code=here.docket.code))


def _performed(intent: Intent, form: StepForm) -> Done:
    """Take the step, and after it what the same form records of further papers. What is refused of
    those is said on the page that follows; what was taken before stands."""
    done = perform(intent)
    for answers in form.further_payloads():
        try:
            done = perform(replace(intent, answers=answers, seen=None, files=()))
        except REFUSALS as error:
            why = "；".join(_refused(error)[0])
            flash(_("One of the papers was not recorded: %(why)s", why=why), "warning")
    return done


def _refused(
    error: Exception, here: Here | None = None, form: StepForm | None = None
) -> tuple[list[str], int]:
    """The sentences of a refusal and the status of the answer. `error`: one of REFUSALS."""
    if isinstance(error, Refused):
        return naming.sentences(error.refusals), 422
    if isinstance(error, NotAllowed):
        return [_(error.reason)], 403
    return [paper_fault(error, here, form)], 422


@bp.get("/<code>/proposals/<int:seq>")
@on_docket
def proposal(here: Here, seq: int) -> str:
    """A proposal, what it rests on, and the opinion field."""
    return _proposal_page(here, seq)


@bp.post("/<code>/proposals/<int:seq>")
@on_docket
def judge(here: Here, seq: int) -> Any:
    """同意 · 退回补正 · 撤回."""
    shown = next((p for p in here.facts.proposals if p.seq == seq), None)
    if shown is None:
        return _proposal_gone(here, seq), 409
    verb = request.form.get("verb", "")
    opinion = unless_blank(request.form.get("opinion"))
    if verb not in JUDGEMENTS:
        abort(400)
    if verb in ("return", "refuse") and not opinion:
        return _proposal_page(
            here, seq, [_("Say what has to be mended, or why you disagree.")]
        ), 422
    intent = Intent(
        here.docket.id,
        shown.step,
        me().id,
        here.facts.today,
        shown.track,
        JUDGEMENTS[verb],
        _judgement(verb, opinion),
        _seen(),
    )
    try:
        done = perform(intent)
    except Conflict:
        return _proposal_gone(here, seq), 409
    except REFUSALS as error:
        sentences, status = _refused(error, here)
        return _proposal_page(here, seq, sentences), status
    flash(
        proposals.judged_sentence(known_step(shown.step), verb)
        + _drawn_otherwise(here, shown.step, {}, done)
    )
    return redirect(url_for("dockets.docket", code=here.docket.code))


def _judgement(verb: str, opinion: str) -> dict[str, Any]:
    """What a judgement says: the opinion, or the phrase chosen with an approval, and whether it is
    a no."""
    if verb == "approve" and not opinion:
        opinion = request.form.get("phrase", "")
    payload: dict[str, Any] = {"opinion": opinion} if opinion else {}
    if verb == "refuse":
        payload["refused"] = True
    return payload


@bp.get("/<code>/proposals/<int:seq>/draft.pdf")
@on_docket
def proposal_paper(here: Here, seq: int) -> Response:
    """The paper that the approval would make, marked 草稿; 404 where there is none or a field is
    still missing."""
    shown = next((p for p in here.facts.proposals if p.seq == seq), None)
    if shown is None:
        abort(404)
    try:
        answer = _preview(_as_proposed(here, shown))
    except PAPER_FAULTS:
        abort(404)
    return answer if answer.data else abort(404)


def _as_proposed(here: Here, shown: ProposalFacts) -> Intent:
    """The step as it would be taken today with what was proposed."""
    asked = next(a.asked for a in here.facts.acts if a.seq == shown.seq)
    return Intent(
        here.docket.id, shown.step, shown.proposer, here.facts.today, shown.track, "take", asked
    )


def _preview(intent: Intent) -> Response:
    """The first paper, marked 草稿, in a page of its own. 403 where the step prints an answer that
    the person may not see."""
    if not all(may_open_paper(me(), b.to, today()) for b in procedure().steps[intent.step].prints):
        refuse(403, "Your role does not allow this.")
    return answer_file(preview.preview(intent) or b"", "preview.pdf", "application/pdf", shown=True)


def _drawn_otherwise(here: Here, step: str, asked: Mapping[str, Any], done: Done) -> str:
    """Which characters of which words stand on the papers otherwise than they were written: the
    message's second sentence."""
    if not done.otherwise:
        return ""
    return " " + substituted_characters.substitution_sentence(
        substituted_characters.substitution_rows(here.facts, done.otherwise, asked, step)
    )


def paper_fault(error: Exception, here: Here | None = None, form: StepForm | None = None) -> str:
    """What is missing on a paper, in words, with a link to where it is written down; nothing was
    numbered."""
    if isinstance(error, MissingField):
        said = _("The paper still needs: %(field)s.", field=naming.missing_name(error.field))
        return (
            Markup("{} {}").format(
                said, missing.where(here.facts, here.docket.code, error.field, form)
            )
            if here
            else said
        )
    if isinstance(error, FalseSum):
        where = label(error.field.split(".")[-1])
        return _(
            "A sum on the paper is one in capitals and another in figures; look at: %(field)s.",
            field=where,
        )
    if isinstance(error, WordingError):
        return _("The bureau's wording of this paper has a fault: %(text)s", text=str(error))
    return _("Two dates on the paper contradict each other: %(text)s", text=str(error))


# -- pages
def _form(here: Here, step: Step, formdata: Any) -> StepForm:
    """The form of a step: with what was typed, else with what its address chooses beforehand: a
    paper, an entry, or that on which other fields hang."""
    asked, given = form_class(step.asks), request.args
    start = {k: given[k] for k in ("paper", "act") if given.get(k, "").isdecimal()}
    start |= {c.field: given[c.field] for c in asked.only_where.values() if c.field in given}
    return asked(
        here.facts, formdata, officers=step.officers, only_today=step.only_today, data=start
    )


def _shown_again(form: StepForm, step: Step) -> bool:
    """Whether a button was pressed that changes the form or shows more, and takes nothing."""
    shows = request.form.get("action") in ("upload", "reply", "show")
    return _wants_row(form) or asked_for_unit(form) or put_phrase(form, step) or shows


def _wants_row(form: StepForm) -> bool:
    """The «one more row» button of a table."""
    for name in request.form:
        table = form._fields.get(name.removeprefix("add-")) if name.startswith("add-") else None
        if table is not None and hasattr(table, "append_entry"):
            table.append_entry()
            return True
    return False


def _seen() -> int | None:
    return whole_number(request.form.get("seen", ""))


def _step_page(
    here: Here,
    track: str,
    step: Step,
    form: StepForm,
    files: StepFiles,
    refused: list[str] | None = None,
    draft: bool = False,
) -> str:
    page = docket_rows.step_page(here.facts, step, track if track != NEW else NEW)
    seen = request.form.get("seen") or here.docket.last_seq
    stands = entry_rows(here.facts, form[form.stands_for].data) if form.stands_for else []
    page["otherwise"] = substituted_characters.recorded(here.facts) if page["papers"] else []
    offer_phrases(form, step)
    return render_template(
        "desk/step.html",
        here=here,
        track=track,
        step=step,
        form=form,
        files=files,
        page=page,
        refused=refused or [],
        seen=seen,
        draft=draft,
        stands=stands,
        tip=tip_of(here),
    )


def _conflict_page(
    here: Here, track: str, step: Step, form: StepForm, files: StepFiles, error: Conflict
) -> str:
    acts = [journal_rows.act_row(here.facts, a) for a in error.acts]
    return render_template(
        "desk/conflict.html",
        here=here,
        track=track,
        step=step,
        form=form,
        files=files,
        acts=acts,
        seen=here.docket.last_seq,
    )


def _proposal_page(here: Here, seq: int, refused: list[str] | None = None) -> str:
    shown = next((p for p in here.facts.proposals if p.seq == seq), None)
    if shown is None:
        return _proposal_gone(here, seq)
    page = proposals.proposal_page(here.facts, shown)
    page["otherwise"] = substituted_characters.substitution_rows(
        here.facts, preview.otherwise(_as_proposed(here, shown))
    )
    return render_template(
        "desk/proposal.html",
        here=here,
        proposal=shown,
        page=page,
        refused=refused or [],
        seen=here.docket.last_seq,
        language=current(),
        to_informant=_to_informant(here, shown),
        tip=tip_of(here),
        tips=linked_tips(here),
    )


def _to_informant(here: Here, shown: ProposalFacts) -> str | None:
    """What the informant would be told with the approval; None for a step that tells them nothing,
    and for a reader who does not see it."""
    step = known_step(shown.step)
    reads = form_class(step.asks).informant_reads
    asked = next(a.asked for a in here.facts.acts if a.seq == shown.seq)
    seen = seen_answers(here.facts, step, {reads: asked.get(reads)})
    return str(seen[reads] or "") if reads and reads in seen else None


def _proposal_gone(here: Here, seq: int) -> str:
    acts = [journal_rows.act_row(here.facts, a) for a in here.facts.acts if a.seq > seq]
    return render_template("desk/proposal_gone.html", here=here, acts=acts)
