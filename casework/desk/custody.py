"""举报人身份保管: a custodian's key, sealing anew, and the answers to requests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import (
    Blueprint,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_babel import ngettext

from casework.desk.context import me, today
from casework.identity import custody, requests
from casework.people.may import may, require
from casework.people.models import Person
from casework.people.office import NotPossible
from casework.store import db

bp = Blueprint("custody", __name__, url_prefix="/desk/custody")


@bp.app_context_processor
def _waiting() -> dict[str, Any]:
    return {
        "requests_for_me": _open_requests,
        "my_key": lambda: custody.key_of(me()),
        "my_waiting_key": lambda: custody.waiting_of(me()),
    }


def waiting_requests() -> str:
    """How many requests wait for this custodian, for the menu."""
    return f" {n}" if (n := len(_open_requests())) else ""


def _open_requests() -> list[requests.ShownRequest]:
    if not may(me(), "identity.grant", today()):
        return []
    return [
        r
        for r in requests.of_bureau(me().bureau_id)
        if r.state == requests.WAITING and me().id not in r.judges
    ]


def _myself() -> Person:
    return db.session.get_one(Person, me().id)


def _page(error: str = "", at: str = "") -> Any:
    """The custodian's page; an error stands beside the form it belongs to."""
    person, bureau = _myself(), me().bureau_id
    page = render_template(
        "custody/home.html",
        key=custody.key_of(person),
        draft=custody.draft_of(person),
        new=_new(person),
        count=custody.count(bureau),
        waiting=_open_requests(),
        answered=requests.of_bureau(bureau),
        keys=len(custody.present_keys(bureau)),
        wanted=custody.needed(bureau),
        others=custody.others(person),
        error=error,
        at=at,
    )
    return page, 422 if error else 200


def _new(person: Person) -> str:
    """The digits of a key that waits for others, which they compare."""
    waiting = custody.waiting_of(person)
    return custody.key_fingerprint(waiting.record) if waiting else ""


@bp.get("/")
@require("identity.grant")
def home() -> Any:
    """My key, how the identities stand, and the requests."""
    return _page()


def _try(at: str, change: Callable[[], Any], said: Callable[[Any], str]) -> Any:
    try:
        answer = change()
    except NotPossible as error:
        return _page(_(str(error)), at)
    flash(said(answer))
    return redirect(url_for("custody.home"))


def _word(name: str) -> str:
    return request.form.get(name, "")


@bp.post("/key")
@require("identity.grant")
def new_key() -> Any:
    """Make a key: its recovery key is shown once, and comes back typed."""
    try:
        recovery = custody.make_key(_myself(), _word("new"), _word("again"))
    except NotPossible as error:
        return _page(_(str(error)), "key")
    answer = make_response(
        render_template("custody/recovery.html", recovery=recovery, person=me(), day=today())
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/confirm")
@require("identity.grant")
def confirm() -> Any:
    """The recovery key, typed back from the paper: the key comes into use."""
    said = _("Your key waits until others accept it. Keep the paper where only you get at it.")
    return _try(
        "confirm", lambda: custody.confirm_key(_myself(), _word("recovery")), lambda _none: said
    )


@bp.post("/password")
@require("identity.grant")
def password() -> Any:
    """Another password for the key; the recovery key serves where the old one is lost."""
    change = lambda: custody.change_password(_myself(), _word("old"), _word("new"), _word("again"))  # noqa: E731
    return _try("password", change, lambda _none: _("The password of your key is changed."))


@bp.post("/reseal")
@require("identity.grant")
def reseal() -> Any:
    """Seal what stands under earlier keys, or without a new custodian, to those of today."""

    def said(done: int) -> str:
        return ngettext("%(num)d identity sealed anew.", "%(num)d identities sealed anew.", done)

    return _try("reseal", lambda: custody.reseal(_myself(), _word("word"), beside=_beside()), said)


def _beside() -> tuple[Person, str] | None:
    """The other custodian at this desk, and the password that they have typed themselves."""
    wanted = request.form.get("beside", 0, int)
    other = next((p for p in custody.others(_myself()) if p.id == wanted), None)
    return (other, _word("other_word")) if other else None


@bp.route("/requests/<int:number>", methods=["GET", "POST"])
@require("identity.grant")
def answer(number: int) -> Any:
    """Grant or refuse one request."""
    asked, error = requests.find(me().bureau_id, number), ""
    if asked is None:
        abort(404)
    if request.method == "POST":
        try:
            flash(_answered(number))
            return redirect(url_for("custody.home"))
        except NotPossible as refused:
            error = _(str(refused))
    wanted = custody.needed(me().bureau_id)
    page = render_template("custody/request.html", asked=asked, error=error, wanted=wanted)
    return page, 422 if error else 200


def _answered(number: int) -> str:
    if request.form.get("verdict") == "refuse":
        requests.refuse_request(_myself(), number, _word("note"))
        return _("Refused; the person who asked sees your reason.")
    if requests.grant(_myself(), number, _word("word"), _word("note")):
        return _("Granted. The person who asked opens it with the code that was shown to them.")
    return _("Your agreement is kept. Another custodian must agree too.")
