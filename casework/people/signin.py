"""Sign-in, sign-out, first password, second factor; and the session's rules."""

from __future__ import annotations

import json
import logging
import secrets
import unicodedata
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pyotp
from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_login import LoginManager, current_user, login_required, login_user, logout_user
from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session, lazyload

from casework.people import guessing, passwords
from casework.people.facts import by_login, is_sealed, with_bureau
from casework.people.models import Person, SignIn
from casework.people.role_words import role_word
from casework.store import db, utcnow, writing
from casework.web.errors import refuse
from letters import qr

log = logging.getLogger("casework")
bp = Blueprint("people", __name__)
manager = LoginManager()
IDLE = 3600  # seconds without a request
LONGEST = 10 * 3600  # seconds after which everybody signs in anew


def init_app(app: Flask) -> None:
    """Pages, the loader of signed-in people, and the clock of their sessions."""
    manager.login_view = "people.signin"
    manager.login_message = None
    manager.session_protection = None
    manager.init_app(app)
    app.register_blueprint(bp)
    app.context_processor(lambda: {"session_left": session_left})
    app.before_request(_session_rules)


@manager.user_loader
def _load(token: str) -> Person | None:
    """The person of a session that goes on; a raised session number ends all of a person's."""
    number, _dot, session_no = token.partition(".")
    person = with_bureau(int(number), session.get("key", ""))
    good = person is not None and person.active and str(person.session_no) == session_no
    return person if good else None


def _session_rules() -> Any:
    """Idle for an hour or older than ten: sign in anew. A one-time password is changed before
    anything else."""
    if not current_user.is_authenticated:
        return None
    now = int(utcnow().timestamp())
    if now - session.get("seen", 0) > IDLE or now - session.get("since", 0) > LONGEST:
        logout_user()
        session.clear()
        return None
    if now - session["seen"] > 60:
        session["seen"] = now
    if current_user.must_change and request.endpoint not in (
        "people.password",
        "people.signout",
        "static",
    ):
        return redirect(url_for("people.password"))
    return None


def session_left() -> int:
    """Seconds until this session ends unless something is done: the shorter of idling and the
    longest session."""
    return max(0, min(IDLE, session.get("since", 0) + LONGEST - int(utcnow().timestamp())))


@bp.get("/still-here")
@login_required
def still_here() -> Any:
    """A request that only says that the person is there; a signed-out one is led to sign-in."""
    return "", 204


@bp.get("/signin")
def signin() -> Any:
    """The form; with the demonstration data, its people below."""
    if current_user.is_authenticated:
        return redirect(safe_next() or url_for("desk.home"))
    return _signin_page("")


def _signin_page(error: str, login: str = "") -> str:
    return render_template(
        "people/signin.html",
        error=error,
        login=login,
        next=safe_next(),
        demo=demo_people(),
        role_word=role_word,
    )


@bp.post("/signin")
def signin_post() -> Any:
    """Name and password, then the code where one is set. One sentence for every failure; once a
    name was guessed at too often another for all of them, and only a password with its code opens
    it."""
    login, code = request.form.get("login", "").strip(), request.form.get("code", "")
    if not guessing.sender_open():
        refuse(
            429,
            "There were too many wrong sign-ins from where you are. "
            "Wait ten minutes and try again.",
        )
    held = not guessing.name_open(login)
    if not (held and not code) and _entered(login, request.form.get("password", ""), code, held):
        return redirect(safe_next() or url_for("desk.home"))
    return _signin_page(
        _too_many() if held else _("Name, password or code is not right."), login
    ), 422


def _too_many() -> str:
    return _(
        "There were too many attempts. Wait ten minutes and try again, or "
        "ask your administrator. Whoever has set up the "
        "second factor gets in at once, with the password and the code."
    )


def _entered(login: str, password: str, code: str, held: bool) -> bool:
    """Whether the person is in. ``held``: only with a code. The code is used up and the session
    begun in one write."""
    number, stored = by_login(login)
    good = passwords.password_matches(stored, password)
    try:
        begin = _begun(login, code, held, _still(number, stored) if good else None)
    except guessing.CANNOT_WRITE:
        if good:
            guessing.was_right(login)
        raise
    if begin:
        begin()
    return begin is not None


def _begun(
    login: str, code: str, held: bool, still: Select[Any] | None
) -> Callable[[], None] | None:
    """The session, in one write with the code that is used up; None for who is not in. ``still``:
    who had the password."""
    with writing() as s:
        row: Person | None = None if still is None else s.scalars(still).one_or_none()
        if row is not None and not is_sealed(row):
            log.error(
                "person %s is not what was sealed, and does not get in: "
                "the row, a role or a card was changed",
                row.id,
            )
            row = None
        if row is None or not _second_factor_good(s, row, code, held):
            guessing.wrong(s, login, row if row is not None and row.totp and code else None)
            return None
        guessing.entered(s, login)
        return _new_session(s, row)


def _still(number: int | None, stored: str | None) -> Select[Any]:
    """The person, if account and password are what they were before it was judged."""
    same = (Person.id == number, Person.password_hash == stored, Person.active)
    found = select(Person).where(*same).options(lazyload("*")).with_for_update()
    return found.execution_options(populate_existing=True)


def _second_factor_good(s: Session, row: Person, code: str, held: bool) -> bool:
    if not row.totp:
        return not held
    return guessing.codes_open(s, row.login) and passwords.take_code(s, row, code)


def _new_session(s: Session, row: Person) -> Callable[[], None]:
    """A session's row, in the caller's write; answers what fills the cookie after it. Nothing of an
    earlier session is kept."""
    key, person_id = secrets.token_urlsafe(24), row.id
    _end_session(s)
    s.add(SignIn(key=key, person_id=person_id))

    def fill() -> None:
        session.clear()
        now = int(utcnow().timestamp())
        session["since"] = session["seen"] = now
        session["key"] = key
        session.permanent = True
        login_user(db.session.get_one(Person, person_id))

    return fill


def _end_session(s: Session) -> None:
    """Whoever has a copy of this session's cookie is out as well."""
    s.execute(delete(SignIn).where(SignIn.key == session.get("key", "")))


def sweep(s: Session) -> None:
    """Delete sessions that are over, whoever forgot to sign out."""
    s.execute(delete(SignIn).where(SignIn.at < utcnow() - timedelta(seconds=LONGEST)))


def safe_next() -> str:
    """Where to go after signing in: a path of ours, or nothing. None with control characters:
    browsers leave them out."""
    wanted = request.values.get("next", "")
    if any(unicodedata.category(c) == "Cc" for c in wanted):
        return ""
    parts = urlsplit(wanted)
    local = (
        wanted.startswith("/")
        and not wanted.startswith(("//", "/\\"))
        and not parts.netloc
        and not parts.scheme
    )
    return wanted if local else ""


@bp.post("/signout")
@login_required
def signout() -> Any:
    """Leave this session; «everywhere» ends all of them."""
    with writing() as s:
        _end_session(s)
        if request.form.get("everywhere"):
            s.get_one(Person, current_user.id).session_no += 1
    logout_user()
    session.clear()
    return redirect(url_for("people.signin"))


@bp.app_errorhandler(guessing.TooManyGuesses)
def guessed_too_often(_error: guessing.TooManyGuesses) -> Any:
    """Whoever guesses within a session is out of it."""
    with writing() as s:
        _end_session(s)
    logout_user()
    session.clear()
    said = _(
        "There were too many wrong attempts, and you are signed out. Wait "
        "ten minutes before you sign in and try again."
    )
    return _signin_page(said), 429


@bp.route("/password", methods=["GET", "POST"])
@login_required
def password() -> Any:
    """Change the password; all other sessions end."""
    error = _change_password() if request.method == "POST" else ""
    if request.method == "POST" and not error:
        flash(_("Your password is changed."))
        return redirect(url_for("desk.home"))
    return render_template("people/password.html", error=error), 422 if error else 200


def _change_password() -> str:
    old, new = request.form.get("old", ""), request.form.get("new", "")
    if not guessing.guarded(_myself(), "password", lambda: passwords.matches(_myself(), old)):
        return _("The present password is not right.")
    if passwords.too_weak(new, _myself()):
        return _(
            "The new password needs twelve characters or more that "
            "nobody guesses: no names, common wor"
            "ds, years or rows of keys alone."
        )
    if new == old:
        return _("The new password is the present one. Choose another.")
    if new != request.form.get("again", ""):
        return _("The two new passwords differ.")
    stored = passwords.hashed(new)
    with writing() as s:
        row = s.get_one(Person, current_user.id)
        row.password_hash, row.must_change, row.session_no = stored, False, row.session_no + 1
        begin = _new_session(s, row)
    begin()
    return ""


def _myself() -> Person:
    """The person signed in, as a row."""
    return db.session.get_one(Person, current_user.id)


# -- second factor
@bp.route("/second-factor", methods=["GET", "POST"])
@login_required
def second_factor() -> Any:
    """Set up an authenticator: scan, then prove with a code that it works, and who you are with the
    password and, where there is one, a code of the present authenticator. All other sessions
    end."""
    secret = _secret_in_the_making() or _new_secret()
    error = _set_second_factor(secret) if request.method == "POST" else ""
    if request.method == "POST" and not error:
        flash(_("The second factor is set up."))
        return redirect(url_for("desk.home"))
    page = render_template(
        "people/second_factor.html", secret=secret, error=error, replaces=bool(_myself().totp)
    )
    return page, 422 if error else 200


def _new_secret() -> str:
    """Kept in the cookie until a code proves that it works, and sealed: a cookie is signed, and
    whoever has it can read it."""
    secret, sealer = pyotp.random_base32(), current_app.extensions["vault"]
    session["totp"] = sealer.seal(
        "second factor in the making", str(current_user.id), secret.encode()
    ).hex()
    return secret


def _secret_in_the_making() -> str:
    """The one that this session was shown; "" for none."""
    try:
        sealed, opener = bytes.fromhex(session.get("totp", "")), current_app.extensions["vault"]
        return str(
            opener.open("second factor in the making", str(current_user.id), sealed), "ascii"
        )
    except ValueError:  # Tampered is one
        return ""


def _set_second_factor(secret: str) -> str:
    step = passwords.code_step(secret, request.form.get("code", ""), 0)
    if step is None:
        return _("The code is not right. Look at the present one.")
    if not guessing.guarded(_myself(), "password", _proves_who):
        return _("The password, or the code of the present authenticator, is not right.")
    with writing() as s:
        row = s.get_one(Person, current_user.id)
        passwords.set_totp(row, secret)
        row.totp_step, row.session_no = step, row.session_no + 1
        begin = _new_session(s, row)
    begin()
    return ""


def _proves_who() -> bool:
    """The password and, where there is a second factor, a code of it, which is used up."""
    if not passwords.matches(_myself(), request.form.get("password", "")):
        return False
    with writing() as s:
        row = s.get_one(Person, current_user.id, with_for_update=True, populate_existing=True)
        return not row.totp or passwords.take_code(s, row, request.form.get("present", ""))


@bp.get("/second-factor.png")
@login_required
def second_factor_png() -> Response:
    """The QR code as a picture of its own address: no data: pictures are allowed. 404 before the
    page made a secret."""
    uri = pyotp.TOTP(_secret_in_the_making() or abort(404)).provisioning_uri(
        name=current_user.login, issuer_name="Casework"
    )
    return Response(qr.png(uri), mimetype="image/png")


def demo_people() -> list[dict[str, str]]:
    """Roles and passwords of the demonstration bureau, when this is one."""
    file = Path(current_app.instance_path) / "demo"
    if not current_app.config["DEMO"] or not file.exists():
        return []
    people: list[dict[str, str]] = json.loads(file.read_text("utf-8"))
    return people
