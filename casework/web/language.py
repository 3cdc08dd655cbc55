"""Which language a page speaks: ``?lang=``, then the person's own, then Chinese. No cookie is
needed."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from babel import Locale
from flask import Flask, g, has_request_context, request, url_for
from flask_babel import Babel, get_locale, get_translations
from flask_login import current_user
from werkzeug.exceptions import HTTPException

LANGUAGES = ("zh_Hans_CN", "en")
babel = Babel()
_LOCALES = {name: Locale.parse(name) for name in LANGUAGES}  # read once, not at every request


def request_language() -> str:
    """The language of this request, one of ``LANGUAGES``; the first outside a request."""
    if not has_request_context():
        return LANGUAGES[0]
    asked = request.args.get("lang") or _posted()
    if asked.startswith("en"):
        return "en"
    if asked.startswith("zh"):
        return LANGUAGES[0]
    return getattr(current_user, "language", None) or LANGUAGES[0]


def _posted() -> str:
    """The language of a form that was sent; nothing where the form is too large or broken to be
    read."""
    try:
        return request.form.get("lang", "")
    except HTTPException:
        return ""


def current() -> str:
    """The name of this request's locale, e.g. «zh_Hans_CN», for labels that are data."""
    return str(get_locale() or LANGUAGES[0])


_found: ContextVar[Any] = ContextVar("words", default=None)


def _words() -> Any:
    """The translations of this request, looked up once: a page asks for forty messages."""
    found = _found.get()
    if found is None:
        found = get_translations()
        if has_request_context():
            _found.set(found)
    return found


def _forget(_error: BaseException | None = None) -> None:
    _found.set(None)


def init_app(app: Flask) -> None:
    """Set up translations; links of a page that was asked for in English stay in English."""
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", app.root_path + "/translations")
    zone = {"default_locale": LANGUAGES[0], "default_timezone": "Asia/Shanghai"}
    babel.init_app(app, locale_selector=lambda: _LOCALES[request_language()], **zone)
    app.before_request(_forget)  # server threads live on from request to request
    app.teardown_request(_forget)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda s: _words().ugettext(s),
        ngettext=lambda s, p, n: _words().ungettext(s, p, n),
        newstyle=True,
    )

    @app.url_defaults
    def keep_language(endpoint: str, values: dict[str, object]) -> None:
        if (
            has_request_context()
            and endpoint != "static"
            and "lang" not in values
            and "lang" in request.args
        ):
            values["lang"] = request.args["lang"]

    @app.context_processor
    def words() -> dict[str, object]:
        return {"language": current(), "other_language_url": other_language_url}


def other_language_url() -> str:
    """The address of this page in the other language."""
    # «/list/1?number=x» is about the first
    args = {**request.args.to_dict(), **(request.view_args or {})}
    args["lang"] = "zh" if current().startswith("en") else "en"
    g.language_switched = True
    return (
        url_for(request.endpoint or "public.home", **args)
        if request.endpoint
        else "/?lang=" + args["lang"]
    )
