"""Files that come with a step: sealed at once, carried from try to try in a signed field, given to
the act that takes effect.

Nothing uploaded is lost when something else on the page is refused; what never becomes part of an
act is swept as an orphan.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from flask import current_app, request
from flask_babel import gettext as _
from itsdangerous import BadSignature
from sqlalchemy import select

from casework.archive.contents import looked_at
from casework.desk.context import Here, me
from casework.evidence.models import Attachment
from casework.evidence.uploads import Upload, title
from casework.intake import upload_limits
from casework.procedure.load import procedure
from casework.store import db
from casework.web.language import current
from casework.web.signed_token import signer


@dataclass
class StepFiles:
    """Files of one page, and sentences for those that were refused."""

    salt: str
    # of the field for new ones; what is kept stands in another, «kept» before it
    name: str = "files"
    uploads: list[Upload] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    @property
    def field(self) -> str:
        """The hidden input that carries the token."""
        return "kept" if self.name == "files" else f"kept_{self.name}"

    @property
    def token(self) -> str:
        """The files as the page's hidden field holds them; only this person can use it, on this
        docket."""
        return signer(self.salt).dumps([u.plain() for u in self.uploads])


def files_of_page(here: Here) -> StepFiles:
    """What earlier tries of this page brought, less what was ticked off, and what comes now."""
    return _kept(here.docket.id)


def kept_for_new(name: str = "files") -> StepFiles:
    """The same for a tip that has no docket yet."""
    return _kept(0, name)


def _kept(docket_id: int, name: str = "files") -> StepFiles:
    found = StepFiles(f"kept {name}:{me().id}:{docket_id}", name)
    if request.method != "POST":
        return found
    removed = set(request.form.getlist("remove"))
    found.uploads = [u for u in _before(found) if u.stored not in removed]
    held = [(u.title, u.size) for u in found.uploads]
    limits = upload_limits.limits_of(me().bureau_id, public=False)
    taken, found.refused = upload_limits.take_all(request.files.getlist(name), held, limits)
    store = current_app.extensions["sealed_store"]
    found.uploads += [looked_at(store, u) for u in taken]
    return found


def unreadable_sentence(uploads: Iterable[Upload]) -> str:
    """Which of the files that came cannot be bound, and what to do; "" where all can."""
    titles = "、".join(u.title for u in uploads if u.unbound)
    if not titles:
        return ""
    step = procedure().steps["replace_copy"].name.in_language(current())
    return _(
        "%(titles)s cannot be read and so not bound into the case file. It is "
        "sealed as it came; bring a readable copy and "
        "take «%(step)s».",
        titles=titles,
        step=step,
    )


def _before(found: StepFiles) -> list[Upload]:
    try:
        return [Upload(**u) for u in signer(found.salt).loads(request.form.get(found.field, ""))]
    except BadSignature:
        return []


def files_of(docket_id: int) -> list[tuple[Attachment, str]]:
    """A docket's files with their names, oldest first; one statement."""
    rows = db.session.scalars(
        select(Attachment).where(Attachment.docket_id == docket_id).order_by(Attachment.id)
    )
    return [(f, title(f)) for f in rows]
