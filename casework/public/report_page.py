"""The pages on which a tip is written and looked over: the form, its preview, and what is shown
instead where a draft was changed, thrown away, or is no longer there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _
from markupsafe import Markup

from casework.evidence.uploads import NotTaken, Upload
from casework.identity import custody
from casework.intake import drafts, upload_limits
from casework.people.facts import townships
from casework.people.public_bureau import public_bureau
from casework.public import form_token, one_time_pages, page_cache, preview_digest
from casework.text import as_sent
from casework.web.filters import size
from forms.tip import FormAnswer, TipForm


class Draft:
    """What the person's form and the server hold together; what the server holds is read when it is
    first asked for."""

    def __init__(self, key: str, content: dict[str, Any] | None = None) -> None:
        self.key, self._content = key, content

    @property
    def content(self) -> dict[str, Any]:
        """Words and files kept so far; nothing of a draft that is gone."""
        if self._content is None:
            self._content = drafts.load_draft(self.key) or {}
        return self._content

    @content.setter
    def content(self, kept: dict[str, Any]) -> None:
        self._content = kept

    @property
    def files(self) -> list[Upload]:
        """Files uploaded so far."""
        return [Upload(**f) for f in self.content.get("files", [])]

    @property
    def refused(self) -> list[RefusedFile]:
        """Files that were chosen and not taken; each stands on the pages until the person takes it
        off the list."""
        limits = upload_limits.limits_of(public_bureau().id)
        listed = self.content.get("refused", [])
        return [
            RefusedFile(title, upload_limits.why_refused(NotTaken(why, title), limits))
            for title, why in listed
        ]


@dataclass(frozen=True)
class RefusedFile:
    """A file that was not taken, and the sentence that says why."""

    title: str
    why: str


@dataclass(frozen=True)
class Differs:
    """An answer that is not what the person's page showed."""

    label: Any
    seen: str
    now: str


def form_of(formdata: Any, content: dict[str, Any] | None = None) -> TipForm:
    """The form as posted, or as a draft holds it; it asks for a name only where a custodian can
    keep one."""
    here = public_bureau()
    may_name = custody.may_name(here.id)
    form = TipForm(formdata, townships=townships(here.id), may_name=may_name, data=content or {})
    form.files.description = upload_limits.limits_in_words(upload_limits.upload_limits(here.id))
    return form


def blank_form() -> str:
    """The form before anything is written; all but its key and token is drawn once."""
    return page_cache.filled(
        "report", public_bureau(), _draw_blank, key=drafts.new_draft_key(), token=form_token.token()
    )


def _draw_blank(key: str, token: str) -> str:
    return _drawn_form(Draft(key, {}), form_of(None), token=token)


def written(
    draft: Draft,
    form: TipForm,
    said: str = "",
    found: Any = None,
    refused: Sequence[str] = (),
    differing: Sequence[Differs] = (),
) -> str:
    """The form with what was typed. ``refused``: why files were not taken just now; ``differing``:
    what else the person's page showed. ``said`` is what was done just now and is confirmed where
    the person looks: save · upload · resumed · gone (no such draft) · full (no room, nothing was
    kept) · busy (nobody could write, nothing was kept) · long (too long, nothing was kept) · large
    (the files were too much for one go) · old (the page was open for more than a day) · changed
    (since it was looked over)."""
    return _drawn_form(draft, form, said=said, found=found, refused=refused, differing=differing)


def _drawn_form(draft: Draft, form: TipForm, **more: Any) -> str:
    shown = {
        "said": "",
        "found": None,
        "refused": (),
        "differing": (),
        "token": form_token.token(),
        **more,
    }
    if draft.content.get("rev"):
        one_time_pages.of_draft(draft.key)
    shown |= {"note": drafts.grouped_draft_code(draft.key), "posted": posted()}
    return render_template("public/report.html", form=form, draft=draft, **shown)


def preview(draft: Draft, once: str, anew: str = "") -> str:
    """All that would be sent, drawn from what the draft holds, with the proof that this page showed
    it. ``anew``: why it is shown once more: changed (what the person's page showed stands beside
    it) · nameless (nobody can keep a name now)."""
    form = form_of(None, draft.content)
    one_time_pages.of_draft(draft.key, once)
    shown = {
        "form": form,
        "draft": draft,
        "token": form_token.token(),
        "once": once,
        "seen": preview_digest.proof(draft.key, draft.content),
        "answers": form.answers(_lines(draft.files)),
        "files": _lines(draft.files),
        "words": words_in(form),
        "anew": anew,
        "differing": differing(draft) if anew else (),
        "posted": posted(),
    }
    # drawn with autoescape
    body = Markup(render_template("public/preview_body.html", **shown))  # noqa: S704
    return page_cache.filled("preview", public_bureau(), _draw_preview, body=body)


def _draw_preview(body: str) -> str:
    return render_template("public/preview.html", body=body)


def differing(draft: Draft) -> list[Differs]:
    """The answers of the draft that are not those which the posted page showed; none where the page
    brought no words."""
    if not posted():
        return []
    seen = {a.name: a for a in form_of(request.form).answers(request.form.getlist("file"))}
    now = {a.name: a for a in form_of(None, draft.content).answers(_lines(draft.files))}
    return [
        Differs((seen.get(name) or now[name]).label, _said(seen.get(name)), _said(now.get(name)))
        for name in {**seen, **now}
        if _said(seen.get(name)) != _said(now.get(name))
    ]


def _said(answer: FormAnswer | None) -> str:
    return as_sent(answer.text).strip() if answer else ""


def posted() -> list[tuple[str, str]]:
    """The words that the posted page bore, to be offered again."""
    if request.method != "POST" or "narrative" not in request.form:
        return []
    return words_in(form_of(request.form))


def note_walk(content: dict[str, Any]) -> None:
    """Note in a draft the walk in which it is shown: somebody may go on with it in another."""
    others = [walk for walk in content.get("walks", []) if walk != form_token.walk()]
    content["walks"] = [*others, form_token.walk()][-one_time_pages.MOST_WALKS :]


def words_in(form: TipForm) -> list[tuple[str, str]]:
    """All words of a form as names and values of hidden fields."""
    return [
        (name, value)
        for name, held in form.plain().items()
        for value in (held if isinstance(held, list) else [held or ""])
    ]


def no_draft() -> str:
    """There is no such draft: only that is known. The words that the page bore are offered
    again."""
    return render_template(
        "public/no_draft.html",
        posted=posted(),
        files=request.form.getlist("file"),
        draft=drafts.new_draft_key(),
        token=form_token.token(),
    )


def discarded(draft: Draft) -> str:
    """Delete the draft, its files, and the pages that were made of it and wait to be fetched."""
    there = drafts.discard(draft.key)
    for walk in {*draft.content.get("walks", []), form_token.walk()}:
        one_time_pages.drop(walk)
    return render_template("public/discarded.html", there=there)


def _lines(files: Sequence[Upload]) -> list[str]:
    """A line for each file: its name and what it weighs."""
    return [_("%(name)s (%(size)s)", name=f.title, size=size(f.size)) for f in files]


def named_in_vain(content: Mapping[str, Any]) -> bool:
    """Whether a name stands in the draft that nobody could open any more."""
    return content.get("identity") == "named" and not custody.may_name(public_bureau().id)
