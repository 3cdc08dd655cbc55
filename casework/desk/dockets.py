"""The docket page (the heart of the desk), its step pages, approvals and conflicts."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from casework.acts.errors import Conflict, NotAllowed, Refused
from casework.acts.intent import NEW, Intent
from casework.acts.perform import perform
from casework.acts.preview import preview
from casework.desk import journal_rows, naming, present, proposals
from casework.desk.asked import entry_rows
from casework.desk.context import Here, known_step, me, on_docket, today
from casework.desk.journal_kinds import kinds, of_kind
from casework.desk.kept import Kept, files_of, kept
from casework.desk.own import draft_of, drop_draft
from casework.people.may import may
from casework.procedure.facts import ProposalFacts
from casework.procedure.model import Step
from casework.web.language import current
from forms.base import StepForm
from forms.registry import form_class
from letters.base import FalseSum, MissingField, WrongOrder
from letters.fonts import MissingGlyph
from letters.labels import label
from letters.words import WordingError

JUDGEMENTS = {"approve": "approve", "return": "return", "refuse": "return", "withdraw": "withdraw"}
PAPER_FAULTS = (MissingField, MissingGlyph, WrongOrder, FalseSum, WordingError)
bp = Blueprint("dockets", __name__, url_prefix="/desk/dockets")


@bp.get("/<code>")
@on_docket
def docket(here: Here) -> str:
    """Everything about one docket, and what can be done next."""
    files = files_of(here.docket.id) if may(me(), "file.open", today()) else []
    kind, page = request.args.get("journal", ""), present.docket_page(here.facts)
    page["journal"] = [journal_rows.act_row(here.facts, a) for a in reversed(of_kind(here.facts.acts, kind))]
    return render_template("desk/docket.html", here=here, page=page, files=files, kind=kind, kinds=kinds(here.facts.acts))


@bp.get("/<code>/<track>/<step>")
@on_docket
def step(here: Here, track: str, step: str) -> str:
    """The page of one step."""
    found = known_step(step)
    draft = draft_of((here.docket.id, track, step))
    return _step_page(here, track, found, _form(here, found, draft), kept(here), draft=draft is not None)


@bp.post("/<code>/<track>/<step>")
@on_docket
def take(here: Here, track: str, step: str) -> Any:
    """Take or propose it; whatever is refused, what was typed is still there."""
    found = known_step(step)
    form, files = _form(here, found, request.form), kept(here)
    if _wants_row(form) or request.form.get("action") in ("upload", "reply", "show"):
        return _step_page(here, track, found, form, files, files.refused), 422 if files.refused else 200
    if not form.validate() or files.refused:
        return _step_page(here, track, found, form, files, files.refused), 422
    intent = Intent(here.docket.id, found.id, me().id, form.day(), track, "take", form.payload(), _seen(), tuple(files.uploads))
    try:
        if request.form.get("action") == "preview":
            return _preview(intent)
        done = perform(intent)
    except Conflict as error:
        return _conflict_page(here, track, found, form, files, error), 409
    except Refused as error:
        return _step_page(here, track, found, form, files, naming.sentences(error.refusals)), 422
    except NotAllowed as error:
        return _step_page(here, track, found, form, files, [_(error.reason)]), 403
    except PAPER_FAULTS as error:
        return _step_page(here, track, found, form, files, [paper_fault(error)]), 422
    drop_draft((here.docket.id, track, step))
    flash(present.done_sentence(found, done))
    return redirect(url_for("dockets.docket", code=here.docket.code))


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
    opinion = request.form.get("opinion", "").strip()
    if verb not in JUDGEMENTS:
        abort(400)
    if verb in ("return", "refuse") and not opinion:
        return _proposal_page(here, seq, [_("Say what has to be mended, or why you disagree.")]), 422
    opinion = opinion or (request.form.get("phrase", "") if verb == "approve" else "")
    payload = {**({"opinion": opinion} if opinion else {}), **({"refused": True} if verb == "refuse" else {})}
    intent = Intent(here.docket.id, shown.step, me().id, here.facts.today, shown.track, JUDGEMENTS[verb], payload, _seen())
    try:
        perform(intent)
    except Conflict:
        return _proposal_gone(here, seq), 409
    except Refused as error:
        return _proposal_page(here, seq, naming.sentences(error.refusals)), 422
    except NotAllowed as error:
        return _proposal_page(here, seq, [_(error.reason)]), 403
    except PAPER_FAULTS as error:
        return _proposal_page(here, seq, [paper_fault(error)]), 422
    flash(proposals.judged_sentence(known_step(shown.step), verb))
    return redirect(url_for("dockets.docket", code=here.docket.code))


@bp.get("/<code>/proposals/<int:seq>/draft.pdf")
@on_docket
def proposal_paper(here: Here, seq: int) -> Response:
    """The paper that the approval would make, marked 草稿; 404 where there is none or a field is still missing."""
    shown = next((p for p in here.facts.proposals if p.seq == seq), None)
    act = next((a for a in here.facts.acts if a.seq == seq), None)
    if shown is None or act is None:
        abort(404)
    intent = Intent(here.docket.id, shown.step, shown.proposer, here.facts.today, shown.track, "take", act.asked)
    try:
        answer = _preview(intent)
    except PAPER_FAULTS:
        abort(404)
    return answer if answer.data else abort(404)


def _preview(intent: Intent) -> Response:
    """The first paper, marked 草稿, in a page of its own."""
    return Response(preview(intent) or b"", mimetype="application/pdf", headers={"Content-Disposition": "inline"})


def paper_fault(error: Exception) -> str:
    """What is missing on a paper, in words; nothing was numbered."""
    if isinstance(error, MissingField):
        return _("The paper still needs: %(field)s.", field=label(error.field.split(".")[-1]))
    if isinstance(error, MissingGlyph):
        return _("No typeface has a character of this text: %(text)s", text=str(error))
    if isinstance(error, FalseSum):
        where = label(error.field.split(".")[-1])
        return _("A sum on the paper is one in capitals and another in figures; look at: %(field)s.", field=where)
    if isinstance(error, WordingError):
        return _("The bureau's wording of this paper has a fault: %(text)s", text=str(error))
    return _("Two dates on the paper contradict each other: %(text)s", text=str(error))


# -- pages
def _form(here: Here, step: Step, formdata: Any) -> StepForm:
    start = {k: request.args[k] for k in ("paper", "act") if request.args.get(k, "").isdecimal()}
    return form_class(step.asks)(here.facts, formdata, officers=step.officers, only_today=step.only_today, data=start)


def _wants_row(form: StepForm) -> bool:
    """The «one more row» button of a table."""
    for name in request.form:
        table = form._fields.get(name.removeprefix("add-")) if name.startswith("add-") else None
        if table is not None and hasattr(table, "append_entry"):
            table.append_entry()
            return True
    return False


def _seen() -> int | None:
    text = request.form.get("seen", "")
    return int(text) if text.isdigit() else None


def _step_page(
    here: Here,
    track: str,
    step: Step,
    form: StepForm,
    files: Kept,
    refused: list[str] | None = None,
    draft: bool = False,
) -> str:
    page = present.step_page(here.facts, step, track if track != NEW else NEW)
    seen = request.form.get("seen") or here.docket.last_seq
    stands = entry_rows(here.facts, form[form.stands_for].data) if form.stands_for else []
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
    )


def _conflict_page(here: Here, track: str, step: Step, form: StepForm, files: Kept, error: Conflict) -> str:
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
    return render_template(
        "desk/proposal.html", here=here, proposal=shown, page=page, refused=refused or [], seen=here.docket.last_seq,
        language=current(), to_informant=_to_informant(here, shown),
    )  # fmt: skip


def _to_informant(here: Here, shown: ProposalFacts) -> str | None:
    """What the informant would be told with the approval; None for a step that tells them nothing."""
    reads = form_class(known_step(shown.step).asks).informant_reads
    asked = next(a.asked for a in here.facts.acts if a.seq == shown.seq)
    return str(asked.get(reads) or "") if reads else None


def _proposal_gone(here: Here, seq: int) -> str:
    acts = [journal_rows.act_row(here.facts, a) for a in here.facts.acts if a.seq > seq]
    return render_template("desk/proposal_gone.html", here=here, acts=acts)
