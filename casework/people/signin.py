"""Sign-in, sign-out, first password, second factor; and the session's rules."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pyotp
from flask import Blueprint, Flask, Response, current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import LoginManager, current_user, login_required, login_user, logout_user

from casework.people import passwords
from casework.people.facts import by_login, with_bureau
from casework.people.models import Person
from casework.store import db, utcnow, writing
from letters import qr

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
    """The person of a session; a raised session number ends it."""
    number, _dot, session_no = token.partition(".")
    person = with_bureau(int(number))
    good = person is not None and person.active and str(person.session_no) == session_no
    return person if good else None


def _session_rules() -> Any:
    """Idle for an hour or older than ten: sign in anew. A one-time password is changed before anything else."""
    if not current_user.is_authenticated:
        return None
    now = int(utcnow().timestamp())
    if now - session.get("seen", 0) > IDLE or now - session.get("since", 0) > LONGEST:
        logout_user()
        session.clear()
        return None
    if now - session["seen"] > 60:
        session["seen"] = now
    if current_user.must_change and request.endpoint not in ("people.password", "people.signout", "static"):
        return redirect(url_for("people.password"))
    return None


def session_left() -> int:
    """Seconds until this session ends unless something is done: the shorter of idling and the longest session."""
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
    return render_template("people/signin.html", error=error, login=login, next=safe_next(), demo=demo_people())


@bp.post("/signin")
def signin_post() -> Any:
    """Name and password, then the code where one is set. One sentence for every failure."""
    login = request.form.get("login", "").strip()
    person = by_login(login)
    good = passwords.matches(person, request.form.get("password", ""))
    if person is not None and passwords.locked(person):
        return _signin_page(_("Too many attempts. Please wait a while, or ask your administrator."), login), 422
    step = _code_step(person) if good and person else 0
    if not good or step is None:
        if person is not None:
            with writing() as s:
                passwords.note_failure(s.get_one(Person, person.id))
        return _signin_page(_("Name, password or code is not right."), login), 422
    assert person is not None  # noqa: S101 - for the type checker: good implies somebody
    _begin(person, step)
    return redirect(safe_next() or url_for("desk.home"))


def _code_step(person: Person) -> int | None:
    """0 where no code is asked; the code's step; None when it is wrong or was used."""
    if not person.totp:
        return 0
    return passwords.code_step(passwords.totp_secret(person), request.form.get("code", ""), person.totp_step)


def _begin(person: Person, step: int) -> None:
    """A new session: nothing of the old one is kept."""
    with writing() as s:
        row = s.get_one(Person, person.id)
        passwords.note_success(row)
        row.totp_step = max(row.totp_step, step)
    session.clear()
    now = int(utcnow().timestamp())
    session["since"] = session["seen"] = now
    session.permanent = True
    login_user(db.session.get_one(Person, person.id))


def safe_next() -> str:
    """Where to go after signing in: a path of ours, or nothing."""
    wanted = request.values.get("next", "")
    parts = urlsplit(wanted)
    local = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return wanted if local else ""


@bp.post("/signout")
@login_required
def signout() -> Any:
    """Leave this session; «everywhere» ends all of them."""
    if request.form.get("everywhere"):
        with writing() as s:
            s.get_one(Person, current_user.id).session_no += 1
    logout_user()
    session.clear()
    return redirect(url_for("people.signin"))


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
    new = request.form.get("new", "")
    if not passwords.matches(current_user, request.form.get("old", "")):
        return _("The present password is not right.")
    if passwords.too_weak(new, current_user.login):
        return _("The new password needs twelve characters or more, and not your name in it.")
    if new != request.form.get("again", ""):
        return _("The two new passwords differ.")
    with writing() as s:
        row = s.get_one(Person, current_user.id)
        row.password_hash, row.must_change, row.session_no = passwords.hashed(new), False, row.session_no + 1
    _begin(db.session.get_one(Person, current_user.id), 0)
    return ""


# -- second factor
@bp.route("/second-factor", methods=["GET", "POST"])
@login_required
def second_factor() -> Any:
    """Set up an authenticator: scan, then prove with a code."""
    session.setdefault("totp", pyotp.random_base32())
    error = ""
    if request.method == "POST":
        step = passwords.code_step(session["totp"], request.form.get("code", ""), 0)
        if step is not None:
            with writing() as s:
                row = s.get_one(Person, current_user.id)
                passwords.set_totp(row, session.pop("totp"))
                row.totp_step = step
            flash(_("The second factor is set up."))
            return redirect(url_for("desk.home"))
        error = _("The code is not right. Look at the present one.")
    return render_template("people/second_factor.html", secret=session["totp"], error=error), 422 if error else 200


@bp.get("/second-factor.png")
@login_required
def second_factor_png() -> Response:
    """The QR code as a picture of its own address: no data: pictures are allowed."""
    uri = pyotp.TOTP(session.get("totp", "")).provisioning_uri(name=current_user.login, issuer_name="Casework")
    return Response(qr.png(uri), mimetype="image/png")


def demo_people() -> list[dict[str, str]]:
    """Roles and passwords of the demonstration bureau, when this is one."""
    file = Path(current_app.instance_path) / "demo"
    if not current_app.config["DEMO"] or not file.exists():
        return []
    people: list[dict[str, str]] = json.loads(file.read_text("utf-8"))
    return people
